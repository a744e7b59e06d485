"""What changed between two versions of a component, in words, and the version number that says so.

Semantic versioning (https://semver.org) of an interface: a changed or removed input or output, or a new input that must
be given, is major; a new optional input or a new output is minor; other code is patch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec

Level = Literal["major", "minor", "patch", "none"]
_ORDER: tuple[Level, ...] = ("none", "patch", "minor", "major")


@dataclass(frozen=True)
class Change:
    """One difference. level: what it means for whoever uses the component."""

    level: Level
    words: str


def differences(old: ComponentSpec, new: ComponentSpec) -> list[Change]:
    """What changed from `old` to `new`, the interface first."""
    changes = [*_inputs(old, new), *_outputs(old, new)]
    if old.digest != new.digest:
        changes.append(Change("patch", "the code changed"))
    if old.requirements != new.requirements:
        changes.append(Change("patch", f"requirements: {_moved(old.requirements, new.requirements)}"))
    return changes


def next_version(old: ComponentSpec, new: ComponentSpec) -> str:
    """The version that `new` must have, counted from the version of `old`."""
    level = max((change.level for change in differences(old, new)), key=_ORDER.index, default="none")
    major, minor, patch = _numbers(old.version)
    if level == "none":
        return old.version
    if level == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if level == "minor" else f"{major}.{minor}.{patch + 1}"


def _inputs(old: ComponentSpec, new: ComponentSpec) -> list[Change]:
    changes = []
    for port in old.inputs:
        other = new.input(port.name)
        if other is None:
            changes.append(Change("major", f"input {port.name!r} was removed"))
        else:
            changes += _changed_input(port, other)
    for port in new.inputs:
        if old.input(port.name) is None:
            level: Level = "minor" if port.optional else "major"
            words = "new optional input" if port.optional else "new input that must be given"
            changes.append(Change(level, f"{words} {port.name!r} ({port.type})"))
    return changes


def _changed_input(old: InputSpec, new: InputSpec) -> list[Change]:
    changes = []
    if old.type != new.type:
        wider = new.port_type.kind == old.port_type.kind == "parameter" and new.port_type.reads(old.port_type)
        changes.append(Change("minor" if wider else "major", f"input {old.name!r}: {old.type} became {new.type}"))
    if old.optional and not new.optional:
        changes.append(Change("major", f"input {old.name!r} must now be given"))
    elif new.optional and not old.optional:
        changes.append(Change("minor", f"input {old.name!r} may now be left out"))
    elif old.default != new.default and new.kind == "parameter":
        changes.append(Change("patch", f"input {old.name!r}: the default {old.default!r} became {new.default!r}"))
    return changes


def _outputs(old: ComponentSpec, new: ComponentSpec) -> list[Change]:
    changes = []
    for port in old.outputs:
        other: OutputSpec | None = new.output(port.name)
        if other is None:
            changes.append(Change("major", f"output {port.name!r} was removed"))
        elif other.type != port.type:
            changes.append(Change("major", f"output {port.name!r}: {port.type} became {other.type}"))
    known = {port.name for port in old.outputs}
    changes += [
        Change("minor", f"new output {port.name!r} ({port.type})") for port in new.outputs if port.name not in known
    ]
    return changes


def _moved(old: tuple[str, ...], new: tuple[str, ...]) -> str:
    added = [f"+{item}" for item in new if item not in old]
    removed = [f"-{item}" for item in old if item not in new]
    return ", ".join(removed + added)


def _numbers(version: str) -> tuple[int, int, int]:
    parts = [int(part) if part.isdigit() else 0 for part in version.split(".")[:3]]
    major, minor, patch = (*parts, 0, 0, 0)[:3]
    return major, minor, patch

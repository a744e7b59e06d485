"""What a component needs, pinned with all that it brings along, as it is installed here."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from claimed_jlab.component.installed import here, of_kernel, public

FILE_NAME = "requirements.lock"
_REPOSITORY = re.compile(r"git\+(https|ssh)://[A-Za-z0-9._~:/@%+=-]+(#egg=[A-Za-z0-9._-]+)?")


@dataclass(frozen=True)
class Unpinned:
    """A requirement that could not be pinned. line: how pip may be asked for it; empty when it may not."""

    name: str
    why: str
    line: str = ""

    @property
    def comment(self) -> str:
        return f"# {_one_line(self.name)}: {_one_line(self.why)}"


@dataclass(frozen=True)
class Lock:
    """Pins (`pandas==2.3.3`), sorted, and what is missing among them. python: the version that they are for."""

    python: str
    pins: tuple[str, ...]
    unpinned: tuple[Unpinned, ...]

    def text(self) -> str:
        """The lock file: pins only; what is not installed here is a comment."""
        return self._text([])

    def install_text(self) -> str:
        """The same for building an image: what could not be pinned is asked for as the notebook does."""
        return self._text([item.line for item in self.unpinned if item.line])

    def _text(self, asked: list[str]) -> str:
        head = f"# As installed with Python {self.python} when the component was made."
        comments = [item.comment for item in self.unpinned]
        return "\n".join([head, *comments, *asked, *self.pins]) + "\n"


def lock(requirements: Iterable[str], kernel: str = "") -> Lock:
    """Pins `requirements`, and what they require in turn, to the versions of the environment that `kernel` runs in.

    That of this interpreter where no such kernel is installed.
    """
    environment = of_kernel(kernel) or here()
    pins: dict[str, str] = {}
    unpinned: dict[str, Unpinned] = {}
    waiting = deque((text, "") for text in requirements)
    visited: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        text, parent = waiting.popleft()
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            line = text if _REPOSITORY.fullmatch(text) else ""
            unpinned.setdefault(text, Unpinned(text, "can't be pinned: it names no version of a package", line))
            continue
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in visited:
            continue
        visited.add((name, extras))
        distribution = environment.distribution(wanted.name)
        why = _objection(wanted, distribution, parent)
        if distribution is None or why:
            unpinned.setdefault(name, Unpinned(name, why, "" if parent else str(wanted)))
            continue
        pins[name] = f"{name}=={public(distribution.version)}"
        waiting.extend((needed, name) for needed in _requires(distribution, extras))
    return Lock(environment.python, tuple(sorted(pins.values())), tuple(unpinned[name] for name in sorted(unpinned)))


def _objection(wanted: Requirement, distribution: metadata.Distribution | None, parent: str) -> str:
    if distribution is None:
        return "not installed here, so not pinned" + (f" ({parent} asks for it)" if parent else "")
    if not parent and wanted.url:
        return "comes from an address, so not pinned"
    if not parent and not wanted.specifier.contains(distribution.version, prereleases=True):
        return f"{distribution.version} is installed here, which is not what the notebook asks for"
    return ""


def _requires(distribution: metadata.Distribution, extras: frozenset[str]) -> list[str]:
    """What an installed distribution requires on this machine, with the given extras."""
    found = []
    for text in distribution.requires or []:
        try:
            needed = Requirement(text)
        except InvalidRequirement:
            continue
        marker = needed.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
            needed.marker = None
            found.append(str(needed))
    return found


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)

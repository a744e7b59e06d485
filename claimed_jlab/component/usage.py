"""Types by use: what the code does with a parameter's value says what it is.

A file that is read is an input artifact, one that is written an output; the table is `readers_writers.yaml`. A value
that is handed over as a password is a secret. One that is only compared to a fixed set is a choice. Values are followed
through assignments, f-strings, `+`, `os.path.join` and `Path(…) /`: the last part of a path names the file, what stands
before it is a prefix. Only what no annotation and no cast declares is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from claimed_jlab.component.comparisons import compared_sets
from claimed_jlab.component.dataflow import Flow, read_flow
from claimed_jlab.component.environment import Code
from claimed_jlab.component.files import FileCall, artifact_of, file_calls
from claimed_jlab.component.secrets import has_password, names_used_as_secrets, written
from claimed_jlab.component.source import at
from claimed_jlab.component.spec import Diagnostic, InputSpec, OutputSpec
from claimed_jlab.component.types import PortType


@dataclass
class _Uses:
    """How an input's value is used."""

    reads: str | None = None
    writes: str | None = None
    secret: bool = False
    prefix: bool = False
    choices: tuple[Any, ...] = ()


def infer_types(
    code: Code, inputs: list[InputSpec], outputs: list[OutputSpec], diagnostics: list[Diagnostic]
) -> tuple[list[InputSpec], list[OutputSpec]]:
    """Gives inferred inputs the type that their use shows; those whose file is written become outputs."""
    uses = _uses(code)
    kept: list[InputSpec] = []
    made = list(outputs)
    for port in inputs:
        use = uses.get(port.name, _Uses())
        if not port.inferred or port.type != "str":
            kept.append(port)
        elif use.writes:
            if use.reads:
                diagnostics.append(_both(port))
            made.append(_as_output(port, use.writes))
        else:
            kept.append(_typed(port, use, diagnostics))
    return kept, made


def _typed(port: InputSpec, use: _Uses, diagnostics: list[Diagnostic]) -> InputSpec:
    if use.reads:
        optional = port.optional and port.default in (None, "")
        return port.model_copy(update={"type": f"Input[{artifact_of(use.reads, port.default)}]", "optional": optional})
    if use.secret and not _open_address(port.default):
        if port.default:
            diagnostics.append(written(port.name, port.cell, port.line))
        return port.model_copy(update={"type": "Secret", "default": None, "optional": False})
    if use.choices and (port.default is None or port.default in use.choices):
        return port.model_copy(update={"type": str(PortType("Literal", choices=use.choices))})
    return port.model_copy(update={"prefix": use.prefix})


def _open_address(value: object) -> bool:
    """An address that needs no password, such as `sqlite:///table.db`."""
    return isinstance(value, str) and "://" in value and not has_password(value)


def _as_output(port: InputSpec, title: str) -> OutputSpec:
    return OutputSpec(
        name=port.name,
        type=f"Output[{artifact_of(title, port.default)}]",
        description=port.description,
        default=port.default,
        inferred=True,
        convention=port.convention,
        cell=port.cell,
        line=port.line,
    )


def _both(port: InputSpec) -> Diagnostic:
    message = f"the file {port.name!r} is read and written: taken as an output; annotate it if it is an input"
    return Diagnostic(
        level="warning", code="read-and-written", message=message, field=port.name, **at(port.cell, port.line)
    )


def _uses(code: Code) -> dict[str, _Uses]:
    flow = read_flow(code)
    found: dict[str, _Uses] = {}
    for cell in code.cells:
        for call in file_calls(cell, code.aliases):
            _note_file(call, flow, found)
        for variable in names_used_as_secrets(cell):
            for name in flow.holds.get(variable, ()):
                found.setdefault(name, _Uses()).secret = True
        for variable, choices in compared_sets(cell):
            for name in flow.holds.get(variable, ()):
                found.setdefault(name, _Uses()).choices = choices
    return found


def _note_file(call: FileCall, flow: Flow, found: dict[str, _Uses]) -> None:
    for place in call.paths:
        names, before = flow.path(place)
        for name in names:
            use = found.setdefault(name, _Uses())
            if call.way == "reads":
                use.reads = use.reads or call.artifact
            else:
                use.writes = use.writes or call.artifact
        if names:
            for name in before:
                found.setdefault(name, _Uses()).prefix = True

"""Types by use: what the code does with a parameter's value says what it is.

A file that is read is an input artifact, one that is written an output; the table is `readers_writers.yaml`. A value
that is handed over as a password is a secret. One that is only compared to a fixed set is a choice. Values are followed
through assignments, f-strings, `+`, `os.path.join` and `Path(…) /`: the last part of a path names the file, what stands
before it is a prefix. Only what no annotation and no cast declares is looked at.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.component.comparisons import compared_sets
from claimed_jlab.component.environment import Code, bound_names
from claimed_jlab.component.files import FileCall, file_calls
from claimed_jlab.component.names import dotted
from claimed_jlab.component.parameters import assignments
from claimed_jlab.component.secrets import names_used_as_secrets, written
from claimed_jlab.component.source import at
from claimed_jlab.component.spec import Diagnostic, InputSpec, OutputSpec
from claimed_jlab.component.types import PortType

_JOINS = ("join", "Path", "PurePath", "str", "open", "abspath", "expanduser", "fspath", "resolve")


@dataclass
class _Uses:
    """How an input's value is used."""

    reads: str | None = None
    writes: str | None = None
    secret: bool = False
    prefix: bool = False
    choices: tuple[Any, ...] = ()


@dataclass
class _Flow:
    """Variables to the inputs whose value they hold, and to the inputs that only stand before it."""

    holds: dict[str, set[str]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)


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
        return port.model_copy(update={"type": f"Input[{use.reads}]", "optional": optional})
    if use.secret:
        if port.default:
            diagnostics.append(written(port.name, port.cell, port.line))
        return port.model_copy(update={"type": "Secret", "default": None, "optional": False})
    if use.choices and (port.default is None or port.default in use.choices):
        return port.model_copy(update={"type": str(PortType("Literal", choices=use.choices))})
    return port.model_copy(update={"prefix": use.prefix})


def _as_output(port: InputSpec, title: str) -> OutputSpec:
    return OutputSpec(
        name=port.name,
        type=f"Output[{title}]",
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
    flow = _flow(code)
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


def _note_file(call: FileCall, flow: _Flow, found: dict[str, _Uses]) -> None:
    for place in call.paths:
        names, before = _path(place, flow)
        for name in names:
            use = found.setdefault(name, _Uses())
            if call.way == "reads":
                use.reads = use.reads or call.artifact
            else:
                use.writes = use.writes or call.artifact
        if names:
            for name in before:
                found.setdefault(name, _Uses()).prefix = True


def _path(node: ast.expr, flow: _Flow) -> tuple[set[str], set[str]]:
    """(inputs that name the file, inputs that stand before it) in the expression of a path."""
    if isinstance(node, ast.Name):
        return flow.holds.get(node.id, set()), flow.before.get(node.id, set())
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
        return _joined(parts, flow)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
        return _joined([node.left, node.right], flow)
    if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in _JOINS:
        return _joined(list(node.args), flow)
    return set(), set()


def _joined(parts: list[ast.expr], flow: _Flow) -> tuple[set[str], set[str]]:
    """The last part that an input has a share in names the file; a literal end (`+ '.csv'`) leaves it so."""
    names: set[str] = set()
    before: set[str] = set()
    for part in parts:
        inner, inner_before = _path(part, flow)
        before |= inner_before
        if inner:
            before |= names
            names = inner
        elif isinstance(part, ast.Constant) and names and "/" in str(part.value):
            before |= names  # `data_dir + '/x.csv'`: a folder, not the file
            names = set()
    return names, before


def _flow(code: Code) -> _Flow:
    flow = _Flow()
    for cell in code.cells:
        bound = bound_names(code.reads[cell.number])
        for item in assignments(cell):
            if item.name in bound:
                flow.holds[item.name] = {bound[item.name]}
            elif "parameters" in cell.tags:
                flow.holds[item.name] = {item.name}
            elif item.value is not None:
                names, before = _path(item.value, flow)
                if names:
                    flow.holds[item.name], flow.before[item.name] = names, before
    return flow

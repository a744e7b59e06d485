"""Inputs and outputs by papermill's convention: cells tagged `parameters` and `outputs`."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from claimed_jlab.component.secrets import has_password, is_secret, written
from claimed_jlab.component.source import CodeCell, NotebookSource, at
from claimed_jlab.component.spec import Diagnostic, InputSpec, OutputSpec
from claimed_jlab.component.types import PortType, UnknownType, type_of_annotation, type_of_value

NO_VALUE = object()


@dataclass(frozen=True)
class Assignment:
    """`name: annotation = value` in a cell."""

    name: str
    cell: CodeCell
    node: ast.Assign | ast.AnnAssign
    annotation: ast.expr | None
    value: ast.expr | None

    @property
    def description(self) -> str:
        return self.cell.description_of(self.node)

    @property
    def place(self) -> dict[str, int]:
        """The `cell` and the `line` of a port that it declares."""
        return place(self.cell, self.node.lineno)


def place(cell: CodeCell, line: int) -> dict[str, int]:
    """The `cell` and the `line` of a port that is declared there."""
    return {"cell": cell.number, "line": cell.line_written(line)}


def assignments(cell: CodeCell) -> Iterator[Assignment]:
    """The plain assignments at a cell's top level, in order."""
    for node in cell.tree.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield Assignment(node.target.id, cell, node, node.annotation, node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield Assignment(target.id, cell, node, None, node.value)


def literal(node: ast.expr | None) -> Any:
    """The value an expression of literals has (`60*60` too), or NO_VALUE."""
    if node is None:
        return NO_VALUE
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        pass
    if isinstance(node, ast.BinOp):
        left, right = literal(node.left), literal(node.right)
        numbers = all(isinstance(side, int | float) for side in (left, right))
        if numbers and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
            try:
                return ast.literal_eval(repr(_calculate(node.op, left, right)))
            except (ArithmeticError, ValueError):
                return NO_VALUE
    return NO_VALUE


def read_tagged(
    source: NotebookSource, diagnostics: list[Diagnostic], elsewhere: Container[tuple[int, int]] = ()
) -> tuple[list[InputSpec], list[OutputSpec]]:
    """The inputs and artifact outputs that `parameters` cells declare, and the values `outputs` cells name.

    elsewhere: (cell, line) of assignments that the other convention reads.
    """
    inputs: dict[str, InputSpec] = {}
    outputs: dict[str, OutputSpec] = {}
    for cell in source.tagged("parameters"):
        for item in assignments(cell):
            if (cell.number, item.node.lineno) in elsewhere:
                continue
            if item.name in inputs or item.name in outputs:
                _note(
                    diagnostics,
                    item,
                    "declared-twice",
                    f"{item.name!r} is declared twice: the last one counts",
                )
            port = _declared(item, diagnostics)
            if isinstance(port, InputSpec):
                inputs[item.name] = port
            else:
                outputs[item.name] = port
    for cell in source.tagged("outputs"):
        for item in assignments(cell):
            if not item.name.startswith("_"):
                outputs[item.name] = _output_parameter(item, diagnostics)
    return list(inputs.values()), list(outputs.values())


def _declared(item: Assignment, diagnostics: list[Diagnostic]) -> InputSpec | OutputSpec:
    default = literal(item.value)
    if default is NO_VALUE and item.value is not None:
        message = f"the default of {item.name!r} is no literal, so the notebook's own code decides it"
        _note(diagnostics, item, "default-not-literal", message)
    plain = None if default is NO_VALUE else jsonable(default)
    declared = _annotated(item, diagnostics)
    guessed = PortType("Secret") if is_secret(item.name, plain) else type_of_value(plain)
    kind = declared or guessed
    common = {"name": item.name, "type": str(kind), "description": item.description, "default": plain, **item.place}
    if kind.kind == "artifact" and kind.direction == "output":
        return OutputSpec(**common, inferred=declared is None)
    secret = kind.name == "Secret"
    if secret and plain and not has_password(plain):  # which is an error of its own
        diagnostics.append(written(item.name, item.cell, item.node.lineno))
    optional = item.value is not None and (kind.kind != "artifact" or plain in (None, ""))
    return InputSpec(
        **{**common, "default": None if secret else plain},
        optional=optional and not secret,
        inferred=declared is None,
    )


def _output_parameter(item: Assignment, diagnostics: list[Diagnostic]) -> OutputSpec:
    declared = _annotated(item, diagnostics)
    value = literal(item.value)
    kind = declared or type_of_value(None if value is NO_VALUE else value)
    return OutputSpec(
        name=item.name,
        type=str(kind),
        description=item.description,
        inferred=declared is None,
        **item.place,
    )


def _annotated(item: Assignment, diagnostics: list[Diagnostic]) -> PortType | None:
    if item.annotation is None:
        return None
    try:
        return type_of_annotation(item.annotation)
    except (UnknownType, SyntaxError) as error:
        _note(diagnostics, item, "unknown-type", f"{item.name!r}: {error}")
        return None


def note(
    diagnostics: list[Diagnostic],
    cell: CodeCell,
    line: int,
    code: str,
    message: str,
    *,
    field: str | None = None,
    level: str = "warning",
) -> None:
    """Adds a finding at a line of a cell."""
    finding = {"level": level, "code": code, "message": message, "field": field, **at(cell, line)}
    diagnostics.append(Diagnostic.model_validate(finding))


def _note(diagnostics: list[Diagnostic], item: Assignment, code: str, message: str) -> None:
    note(diagnostics, item.cell, item.node.lineno, code, message, field=item.name)


def jsonable(value: Any) -> Any:
    """A literal as JSON holds it: a tuple or a set is a list."""
    if isinstance(value, tuple | set | frozenset):
        return [jsonable(item) for item in value]
    if isinstance(value, list):
        return [jsonable(item) for item in value]
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _calculate(op: ast.operator, left: float, right: float) -> float:
    if isinstance(op, ast.Add):
        return left + right
    if isinstance(op, ast.Sub):
        return left - right
    return left * right if isinstance(op, ast.Mult) else left / right

"""The types that an input or an output can have, read from the text of an annotation.

Parameters: str, int, float, bool, list, dict, Literal[...], Secret.  Artifacts: Input[T] and Output[T], where T is
one of KFP's own (Artifact, Dataset, Model, Metrics, ClassificationMetrics, HTML, Markdown).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from claimed_jlab.errors import ClaimedError

ARTIFACTS = ("Artifact", "Dataset", "Model", "Metrics", "ClassificationMetrics", "HTML", "Markdown")
PARAMETERS: dict[str, type] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list": list,
    "dict": dict,
}
# How else people spell them in annotations.
_SPELLINGS = {"List": "list", "Dict": "dict", "Path": "str", "tuple": "list", "Tuple": "list", "set": "list"}


class UnknownType(ClaimedError):
    """An annotation that names no type of ours."""

    code = "unknown-type"


@dataclass(frozen=True)
class PortType:
    """One type, taken apart.

    name: `int`, `Secret`, `Literal` or, for an artifact, its schema title (`Dataset`).
    """

    name: str
    kind: Literal["parameter", "artifact"] = "parameter"
    direction: Literal["input", "output"] = "input"
    choices: tuple[Any, ...] = ()
    optional: bool = False

    def __str__(self) -> str:
        if self.kind == "artifact":
            return f"{self.direction.title()}[{self.name}]"
        if self.choices:
            return f"Literal[{', '.join(repr(choice) for choice in self.choices)}]"
        return self.name

    def reads(self, other: PortType) -> bool:
        """Whether a value of type `other` can feed an input of this type."""
        if self.kind != other.kind:
            return False
        if self.kind == "artifact":
            return "Artifact" in (self.name, other.name) or self.name == other.name
        if self.choices:
            return all(choice in self.choices for choice in other.choices) if other.choices else True
        ours = "str" if self.name == "Secret" else self.name
        theirs = {type(choice).__name__ for choice in other.choices} or {other.name}
        return theirs <= ({"int", "float"} if ours == "float" else {ours})

    def accepts(self, value: Any) -> bool:
        """Whether a literal (as JSON gives it) is a value of this parameter type."""
        if self.kind == "artifact":
            return isinstance(value, str)
        if value is None:
            return self.optional
        if self.choices:
            return any(value == choice and type(value) is type(choice) for choice in self.choices)
        if self.name == "float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        wanted = PARAMETERS.get(self.name, str)
        return isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))


@lru_cache(maxsize=1024)
def parse_type(text: str) -> PortType:
    """Reads a type from its text. Raises UnknownType."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UnknownType(f"{text!r} is no type", hint=_hint()) from error
    return type_of_annotation(node)


def type_of_annotation(node: ast.expr) -> PortType:
    """The type an annotation means, given as syntax (also a string in the syntax). Raises UnknownType."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return parse_type(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right])
    name = _last_name(node.value if isinstance(node, ast.Subscript) else node)
    arguments = _arguments(node) if isinstance(node, ast.Subscript) else []
    if name == "Optional" and len(arguments) == 1:
        return _union([arguments[0], ast.Constant(None)])
    if name == "Union" and arguments:
        return _union(arguments)
    if name == "Literal" and arguments:
        return _literal(arguments)
    if name in ("Input", "Output") and len(arguments) == 1:
        return _artifact(name, arguments[0])
    name = _SPELLINGS.get(name, name)
    if name in PARAMETERS or (name == "Secret" and not arguments):
        return PortType(name)
    raise UnknownType(f"{ast.unparse(node)!r} is no type", hint=_hint())


def type_of_value(value: Any) -> PortType:
    """The parameter type of a default; str when it says nothing."""
    for name in ("bool", "int", "float", "list", "dict"):
        if isinstance(value, PARAMETERS[name]):
            return PortType(name)
    return PortType("list" if isinstance(value, tuple | set) else "str")


def _union(parts: list[ast.expr]) -> PortType:
    some = [part for part in parts if not (isinstance(part, ast.Constant) and part.value is None)]
    if len(some) != 1:
        raise UnknownType(f"a union of {len(some)} types is no type", hint=_hint())
    inner = type_of_annotation(some[0])
    return PortType(inner.name, inner.kind, inner.direction, inner.choices, optional=len(some) < len(parts))


def _literal(arguments: list[ast.expr]) -> PortType:
    try:
        choices = tuple(ast.literal_eval(argument) for argument in arguments)
    except ValueError as error:
        raise UnknownType("Literal[…] takes values such as 'a' or 1", hint=_hint()) from error
    return PortType("Literal", choices=choices)


def _artifact(direction: str, argument: ast.expr) -> PortType:
    title = _last_name(argument)
    if title not in ARTIFACTS:
        raise UnknownType(f"{ast.unparse(argument)!r} is no artifact type", hint=f"use one of {', '.join(ARTIFACTS)}")
    return PortType(title, kind="artifact", direction="input" if direction == "Input" else "output")


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    inner = node.slice
    if (
        isinstance(inner, ast.Constant)
        and isinstance(inner.value, str)
        and _last_name(node.value) in ("Input", "Output")
    ):
        inner = ast.parse(inner.value, mode="eval").body
    return list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _hint() -> str:
    return "use str, int, float, bool, list, dict, Literal[…], Secret, Input[T] or Output[T]"

"""`when` as KFP's `dsl.If`: comparisons of two sides, all of which must hold."""

from __future__ import annotations

import ast
from dataclasses import dataclass

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a name (`seed`, `train.accuracy`), or a literal as it is written."""

    text: str
    named: bool


@dataclass(frozen=True)
class Comparison:
    """Two sides, one of which at least is known only in the run."""

    left: Side
    sign: str
    right: Side

    def __str__(self) -> str:
        return f"{self.left.text} {self.sign} {self.right.text}"


def comparisons(text: str) -> list[Comparison] | None:
    """The comparisons that an expression asks for; None where KFP's DSL can't ask for it."""
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return _conjunction(node, text.strip())


def opposite(text: str) -> str | None:
    """What holds where a comparison doesn't; None for what is not one comparison."""
    found = comparisons(text)
    if not found or len(found) != 1:
        return None
    return str(Comparison(found[0].left, _OPPOSITE[found[0].sign], found[0].right))


def _conjunction(node: ast.expr, text: str) -> list[Comparison] | None:
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        parts = [_conjunction(part, text) for part in node.values]
        return None if None in parts else [item for part in parts for item in part or []]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = _conjunction(node.operand, text)
        if inner is None or len(inner) != 1:
            return None
        return [Comparison(inner[0].left, _OPPOSITE[inner[0].sign], inner[0].right)]
    return _compare(node, text) if isinstance(node, ast.Compare) else None


def _compare(node: ast.Compare, text: str) -> list[Comparison] | None:
    sides = [_side(side, text) for side in (node.left, *node.comparators)]
    found = []
    for number, operator in enumerate(node.ops):
        left, right, sign = sides[number], sides[number + 1], _SIGNS.get(type(operator))
        if left is None or right is None or sign is None or not (left.named or right.named):
            return None
        found.append(Comparison(left, sign, right))
    return found


def _side(node: ast.expr, text: str) -> Side | None:
    written = ast.get_source_segment(text, node) or ast.unparse(node)
    if "\n" in written:
        return None
    if isinstance(node, ast.Name):
        return Side(written, named=True)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return Side(f"{node.value.id}.{node.attr}", named=True)
    inner = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) else node
    if isinstance(inner, ast.Constant) and isinstance(inner.value, str | int | float):
        return Side(written, named=False)
    return None

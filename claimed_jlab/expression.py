"""Safe expressions over named values, such as `accuracy > 0.7 and disparate_impact_sex > 0.8`.

Numbers, strings, booleans, None, lists, names (`accuracy`, `train.accuracy`), comparisons (chained too), `and`, `or`,
`not`, `in`, and `+ - * /` on numbers. No calls, no subscripts, no attributes of values: `train.accuracy` is one name,
looked up whole. What is not on the list is refused.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from claimed_jlab.errors import ClaimedError


class ExpressionError(ClaimedError):
    """The text is no expression of this language, or names a value that is not there."""

    code = "bad-expression"


@dataclass(frozen=True)
class Reason:
    """One comparison that decided the answer: its text, the value on its left, whether it held."""

    text: str
    value: Any
    holds: bool


@dataclass(frozen=True)
class Verdict:
    """What an expression answered, and the comparisons it was made of."""

    value: Any
    reasons: tuple[Reason, ...]


_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, box: item in box,
    ast.NotIn: lambda item, box: item not in box,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


_ALLOWED = (ast.Constant, ast.List, ast.Tuple, ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare)


def names(text: str) -> set[str]:
    """The names an expression reads. Raises ExpressionError, also for what only evaluating it would refuse."""
    found = set()
    waiting: list[ast.AST] = [_parse(text).body]
    while waiting:
        node = waiting.pop()
        name = _dotted(node)
        if name is not None:
            found.add(name)
        elif isinstance(node, ast.expr) and not isinstance(node, _ALLOWED):
            raise _refusal(node, text)
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def evaluate(text: str, values: Mapping[str, Any]) -> Verdict:
    """Answers an expression over `values`, with the comparisons that were looked at.

    Every comparison is evaluated, also those that `and` and `or` could pass over, so that the reasons
    are complete. Raises ExpressionError: no expression, something not allowed, or an unknown name.
    """
    reasons: list[Reason] = []
    value = _Evaluator(text, values, reasons).visit(_parse(text).body)
    return Verdict(value, tuple(reasons))


def _parse(text: str) -> ast.Expression:
    try:
        return ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"{text!r} is no expression", hint="for example: accuracy > 0.7") from error


def _dotted(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else None


class _Evaluator:
    def __init__(self, text: str, values: Mapping[str, Any], reasons: list[Reason]) -> None:
        self._text = text.strip()
        self._values = values
        self._reasons = reasons

    def visit(self, node: ast.expr) -> Any:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            raise self._refuse(node)
        try:
            return method(node)
        except (TypeError, ZeroDivisionError, OverflowError) as error:
            raise ExpressionError(f"{self._source(node)!r}: {error}") from error

    def _constant(self, node: ast.Constant) -> Any:
        if node.value is None or isinstance(node.value, str | int | float | bool):
            return node.value
        raise self._refuse(node)

    def _name(self, node: ast.Name | ast.Attribute) -> Any:
        name = _dotted(node)
        if name is None:
            raise self._refuse(node)
        if name not in self._values:
            known = ", ".join(sorted(self._values)) or "none"
            raise ExpressionError(f"{name!r} in {self._text!r} is not known", hint=f"known: {known}")
        return self._values[name]

    _attribute = _name

    def _list(self, node: ast.List | ast.Tuple) -> list[Any]:
        return [self.visit(item) for item in node.elts]

    _tuple = _list

    def _boolop(self, node: ast.BoolOp) -> bool:
        answers = [bool(self.visit(part)) for part in node.values]
        return all(answers) if isinstance(node.op, ast.And) else any(answers)

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return not value
        if isinstance(node.op, ast.USub | ast.UAdd) and isinstance(value, int | float):
            return -value if isinstance(node.op, ast.USub) else value
        raise self._refuse(node)

    def _binop(self, node: ast.BinOp) -> Any:
        calculate = _ARITHMETIC.get(type(node.op))
        left, right = self.visit(node.left), self.visit(node.right)
        # Numbers only: a string times a large number would be a way to fill the memory.
        if calculate is None or not isinstance(left, int | float) or not isinstance(right, int | float):
            raise self._refuse(node)
        return calculate(left, right)

    def _compare(self, node: ast.Compare) -> bool:
        first = left = self.visit(node.left)
        holds = True
        for op, right_node in zip(node.ops, node.comparators, strict=True):
            compare = _COMPARE.get(type(op))
            if compare is None:
                raise self._refuse(node)
            right = self.visit(right_node)
            holds = holds and bool(compare(left, right))
            left = right
        self._reasons.append(Reason(self._source(node), first, holds))
        return holds

    def _source(self, node: ast.expr) -> str:
        return _source(node, self._text)

    def _refuse(self, node: ast.expr) -> ExpressionError:
        return _refusal(node, self._text)


def _source(node: ast.expr, text: str) -> str:
    return ast.get_source_segment(text.strip(), node) or ast.unparse(node)


def _refusal(node: ast.expr, text: str) -> ExpressionError:
    return ExpressionError(
        f"{_source(node, text)!r} is not allowed in an expression",
        hint="use names, numbers, strings, comparisons, and, or, not, in, + - * /",
    )

"""The fixed set that a value is compared to: `if kind not in ("a", "b"): raise`, or a chain of ifs that ends so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from claimed_jlab.component.source import CodeCell


def compared_sets(cell: CodeCell) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(variable, choices) wherever code refuses every other value."""
    for node in cell.nodes:
        if isinstance(node, ast.Assert):
            yield from _membership(node.test, ast.In)
        elif isinstance(node, ast.If):
            if _raises(node.body):
                yield from _membership(node.test, ast.NotIn)
            yield from _chain(node)


def _membership(test: ast.expr, op: type[ast.cmpop]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and isinstance(test.ops[0], op):
        try:
            choices = tuple(ast.literal_eval(test.comparators[0]))
        except (ValueError, TypeError):
            return
        if len(choices) > 1 and all(isinstance(choice, str) for choice in choices):
            yield test.left.id, tuple(sorted(choices)) if isinstance(test.comparators[0], ast.Set) else choices


def _chain(node: ast.If) -> Iterator[tuple[str, tuple[Any, ...]]]:
    variables: set[str] = set()
    choices: list[Any] = []
    current: ast.stmt = node
    while isinstance(current, ast.If):
        test = current.test
        if not (isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and isinstance(test.ops[0], ast.Eq)):
            return
        if not isinstance(test.comparators[0], ast.Constant) or not isinstance(test.comparators[0].value, str):
            return
        variables.add(test.left.id)
        choices.append(test.comparators[0].value)
        if len(current.orelse) != 1 or not isinstance(current.orelse[0], ast.If):
            if len(variables) == 1 and len(choices) > 1 and _raises(current.orelse):
                yield variables.pop(), tuple(choices)
            return
        current = current.orelse[0]


def _raises(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)

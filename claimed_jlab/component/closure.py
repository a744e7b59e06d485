"""A function with all that it uses of its module, as code that stands alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def standing_alone(tree: ast.Module, function: ast.FunctionDef, text: str) -> str:
    """The source of a function without its decorators, below the statements of its module that it needs.

    Annotations are not needed: who runs it puts `from __future__ import annotations` above.
    """
    wanted = set(_used(function))
    kept: set[int] = set()
    moved = True
    while moved:
        moved = False
        for number, node in enumerate(tree.body):
            if node is not function and number not in kept and wanted & set(_bound(node)):
                kept.add(number)
                wanted |= set(_used(node))
                moved = True
    lines = text.split("\n")
    parts = ["\n".join(_lines(node, lines)) for number, node in enumerate(tree.body) if number in kept]
    return "\n".join([*parts, "\n".join(lines[function.lineno - 1 : function.end_lineno])])


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name: `component` of `dsl.component`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _lines(node: ast.stmt, lines: list[str]) -> list[str]:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(item.lineno for item in decorators)])
    return lines[first - 1 : node.end_lineno]


def _used(node: ast.AST) -> Iterator[str]:
    """The names that a statement reads; annotations and a function's decorators aside."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns") or (name == "decorator_list" and isinstance(node, ast.FunctionDef)):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Name):
                yield child.id
            elif isinstance(child, ast.AST):
                yield from _used(child)


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement of a module gives a meaning."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        if getattr(node, "module", None) != "__future__":
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
    elif isinstance(node, ast.If | ast.Try):
        yield from (
            name for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.stmt) for name in _bound(inner)
        )

"""What a name in a notebook stands for: modules and functions under any import alias."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from claimed_jlab.component.source import CodeCell


def import_aliases(cells: Iterable[CodeCell]) -> dict[str, str]:
    """Local names to what they import: `np` -> `numpy`, `env` -> `os.environ`."""
    found: dict[str, str] = {}
    for cell in cells:
        for node in cell.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    head = alias.name.split(".")[0]
                    found[alias.asname or head] = alias.name if alias.asname else head
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def dotted(node: ast.expr) -> str:
    """The dotted text of a name or attribute; a call or subscript in it leaves an empty head (`.to_csv`)."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def full_name(node: ast.expr, aliases: dict[str, str]) -> str:
    """The dotted text with the import alias at its head resolved: `e.get` -> `os.environ.get`."""
    head, dot, rest = dotted(node).partition(".")
    return f"{aliases.get(head, head)}{dot}{rest}"

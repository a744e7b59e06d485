"""Nodes of lineage as lines for people: kind, id, name, type, state, when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from claimed_jlab.lineage import FoundNode

_HEAD = ("KIND", "ID", "NAME", "TYPE", "STATE", "WHEN")


def print_nodes(nodes: Sequence[FoundNode]) -> None:
    """Prints a table on standard output. Nothing is cut, so that it can be searched."""
    if not nodes:
        return click.echo("nothing is found")
    rows = [_HEAD, *(_cells(node) for node in nodes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return None


def _cells(node: FoundNode) -> tuple[str, ...]:
    when = datetime.fromisoformat(node.created.replace("Z", "+00:00")).astimezone()
    cells = (node.kind, node.id, node.name, node.type, node.state or "", f"{when:%Y-%m-%d %H:%M}")
    # A name comes from anywhere: what would move a terminal's cursor is shown as a question mark.
    return tuple("".join(letter if letter.isprintable() else "?" for letter in cell) for cell in cells)

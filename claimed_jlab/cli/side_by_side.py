"""Runs side by side, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from claimed_jlab.run.compare import ComparedCode, ComparedRow, Comparison, TaskOutcome

_PLAIN_WIDTH = 160
_STYLES = {"+": "green", "-": "red", "@": "dim"}


def print_comparison(comparison: Comparison, *, everything: bool) -> None:
    """Prints what differs between runs; with `everything` also what is the same."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PLAIN_WIDTH)
    table = Table(box=None)
    table.add_column("")
    for run in comparison.runs:
        seconds = "" if run.seconds is None else f", {run.seconds:.1f} s"
        table.add_column(f"{run.run_id}\n{run.pipeline}: {run.state}{seconds}", overflow="fold")
    for title, rows in _sections(comparison):
        shown = [row for row in rows if everything or row.differs]
        if shown:
            table.add_row(f"[bold]{title}[/]", *([""] * len(comparison.runs)))
        for row in shown:
            sign = "≠ " if row.differs else "  "
            table.add_row(escape(sign + row.name), *(escape(_text(value)) for value in row.values))
    if table.row_count:
        console.print(table)
    _print_code(console, comparison.code)
    if not table.row_count and not comparison.code:
        console.print("Nothing differs but the times.")


def _print_code(console: Console, code: list[ComparedCode]) -> None:
    for one in code:
        console.print(f"[bold]code of {escape(one.task)}[/] in {one.run_id}: {escape(one.problem or '')}".rstrip(": "))
        for change in one.changes:
            console.print(f"  {change.where} {change.kind}")
            for line in change.text.split("\n"):
                console.print(f"    {line}", markup=False, highlight=False, style=_STYLES.get(line[:1], ""))


def _sections(comparison: Comparison) -> Iterator[tuple[str, list[ComparedRow]]]:
    yield "parameters", comparison.parameters
    yield "metrics", comparison.metrics
    yield "inputs", comparison.inputs
    yield "outputs", comparison.outputs
    yield "environment", comparison.environment
    yield (
        "tasks",
        [
            ComparedRow(name=task.name, values=[_outcome(value) for value in task.values], differs=task.differs)
            for task in comparison.tasks
        ],
    )


def _outcome(value: TaskOutcome | None) -> str | None:
    if value is None:
        return None
    seconds = "" if value.seconds is None else f" {value.seconds:.1f} s"
    return f"{value.state}{seconds}  {value.component}"


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

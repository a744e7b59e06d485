"""Runs side by side, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from claimed_jlab.run.codediff import CodeChange
from claimed_jlab.run.compare import ComparedRow, Comparison, TaskOutcome
from claimed_jlab.run.compare_nodes import ComparedNodes

_PLAIN_WIDTH = 160
_STYLES = {"+": "green", "-": "red", "@": "dim"}


def print_comparison(comparison: Comparison, *, everything: bool) -> None:
    """Prints what differs between runs; with `everything` also what is the same."""
    heads = []
    for run in comparison.runs:
        seconds = "" if run.seconds is None else f", {run.seconds:.1f} s"
        heads.append(f"{run.run_id}\n{run.pipeline}: {run.state}{seconds}")
    console = _console()
    any_ = _print_rows(console, heads, _sections(comparison), everything=everything)
    for one in comparison.code:
        _print_code(console, f"code of {one.task} in {one.run_id}", one.changes, one.problem)
    if not any_ and not comparison.code:
        console.print("Nothing differs but the times.")


def print_nodes_side_by_side(found: ComparedNodes, *, everything: bool) -> None:
    """Prints what differs between nodes; with `everything` also what is the same."""
    console = _console()
    heads = [f"{node.id}\n{node.name}" for node in found.nodes]
    sections = [(section.title, section.rows) for section in found.sections]
    any_ = _print_rows(console, heads, sections, everything=everything)
    for section in found.sections:
        if section.diff or section.note:
            _print_code(console, section.title, section.diff, section.note)
            any_ = True
    if not any_:
        console.print("Nothing differs.")


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PLAIN_WIDTH)


def _print_rows(
    console: Console, heads: list[str], sections: Iterable[tuple[str, list[ComparedRow]]], *, everything: bool
) -> bool:
    """A column for each head; whether there was any row."""
    table = Table(box=None)
    table.add_column("")
    for head in heads:
        table.add_column(escape(head), overflow="fold")
    for title, rows in sections:
        shown = [row for row in rows if everything or row.differs]
        if shown:
            table.add_row(f"[bold]{title}[/]", *([""] * len(heads)))
        for row in shown:
            sign = "≠ " if row.differs else "  "
            table.add_row(escape(sign + row.name), *(escape(_text(value)) for value in row.values))
    if table.row_count:
        console.print(table)
    return bool(table.row_count)


def _print_code(console: Console, title: str, changes: list[CodeChange], problem: str | None) -> None:
    console.print(f"[bold]{escape(title)}[/]{escape(': ' + problem if problem else '')}")
    for change in changes:
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

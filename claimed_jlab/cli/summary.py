"""What a run found, for a terminal: fairness side by side, the verdict, where things are, the model's lineage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from claimed_jlab.run.record import RunRecord
from claimed_jlab.run.results import final_model, reports_of

if TYPE_CHECKING:
    from claimed_jlab.report import BlessingReport, Comparison, Report

_TREE_LINES = 24
_PLAIN_WIDTH = 120


def print_summary(record: RunRecord) -> None:
    """Prints the end of a run on standard output."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PLAIN_WIDTH)  # a file or a pipe wraps nothing
    reports = reports_of(record)
    if reports:
        _print_reports(console, list(reports.values()))
    _print_places(console, record)
    if record.state == "COMPLETE":
        _print_lineage(console, record)


def _print_reports(console: Console, reports: list[Report]) -> None:
    from claimed_jlab.report import BlessingReport, compare

    comparison = compare(reports)
    if comparison is not None:
        console.print()
        console.print(_comparison(comparison))
    for report in reports:
        if isinstance(report, BlessingReport):
            _print_blessing(console, report)


def _comparison(comparison: Comparison) -> Table:
    content = comparison.table()
    table = Table(title=content.caption, title_justify="left", header_style="bold")
    for number, header in enumerate(content.headers):
        table.add_column(header, justify="left" if number == 0 else "right")
    for row in content.rows:
        table.add_row(*(_cell(cell.text, cell.mark) for cell in row))
    return table


def _cell(text: str, mark: str) -> Text:
    if mark == "inside":
        return Text(f"{text} inside ", style="green")
    return Text(f"{text} outside", style="bold red") if mark == "outside" else Text(text)


def _print_blessing(console: Console, report: BlessingReport) -> None:
    verdict = "[bold green]blessed[/]" if report.blessed else "[bold red]not blessed[/]"
    console.print(f"\n{verdict}: {report.expression}", highlight=False)
    for reason in report.reasons:
        console.print(
            f"  {'holds' if reason.holds else 'fails'}  {reason.text}  (measured: {reason.value})", highlight=False
        )


def _print_places(console: Console, record: RunRecord) -> None:
    notebook = next((task.notebook for task in record.tasks.values() if task.notebook), None)
    rows = [
        ("report", record.report),
        ("notebooks", str(Path(notebook).parent) if notebook else None),
        ("lineage store", record.lineage),
        ("run", f"{record.run_id}  {record.state}  {record.seconds or 0:.1f} s"),
    ]
    console.print()
    for name, value in rows:
        if value:
            console.print(f"{name:<14} {value}", highlight=False, soft_wrap=True, markup=False)


def _print_lineage(console: Console, record: RunRecord) -> None:
    model = final_model(record)
    if model is None or record.lineage is None:
        return
    task, output = model
    artifact = record.tasks[task].outputs[output].get("artifact_id")
    if artifact is None:
        return
    from claimed_jlab.errors import ClaimedError
    from claimed_jlab.lineage import open_store, tree, upstream

    try:
        answer = upstream(open_store(Path(record.lineage)), artifact)
        lines = tree(answer, f"artifact/{artifact}")
    except ClaimedError as error:
        console.print(f"lineage: {error}")
        return
    console.print(f"\nlineage of {task}.{output}")
    for line in lines[:_TREE_LINES]:
        console.print(f"  {line}", highlight=False, soft_wrap=True, markup=False)
    if len(lines) > _TREE_LINES:
        console.print(f"  … {len(lines) - _TREE_LINES} more: jupyter claimed lineage show artifact/{artifact}")


def print_reasons(tasks: Mapping[str, tuple[str, str]]) -> None:
    """A line for each task: its name, its state, and why."""
    width = max((len(name) for name in tasks), default=0)
    for name, (state, reason) in tasks.items():
        click.echo(f"{name:{width}}  {state:<9}  {reason}".rstrip())

"""What a run found, for a terminal: fairness side by side, the verdict, the lineage of the model."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage import open_store, tree, upstream
from claimed_jlab.lineage.location import reopened
from claimed_jlab.report import BlessingReport, Comparison, Report, compare
from claimed_jlab.run.record import RunRecord

_TREE_LINES = 24
_PLAIN_WIDTH = 120


def print_reports(reports: list[Report]) -> None:
    """Prints reports on standard output, those that can be compared side by side."""
    console = _console()
    comparison = compare(reports)
    if comparison is not None:
        console.print()
        console.print(_comparison(comparison))
    for report in reports:
        if isinstance(report, BlessingReport):
            _print_blessing(console, report)


def print_lineage(record: RunRecord, task: str, output: str) -> None:
    """Prints what an output of a run came from."""
    artifact = record.tasks[task].outputs[output].get("artifact_id")
    if artifact is None or record.lineage is None:
        return
    console = _console()
    try:
        answer = upstream(open_store(reopened(record.lineage)), artifact)
        lines = tree(answer, f"artifact/{artifact}")
    except ClaimedError as error:
        console.print(f"lineage: {error}")
        return
    console.print(f"\nlineage of {task}.{output}")
    for line in lines[:_TREE_LINES]:
        console.print(f"  {line}", highlight=False, soft_wrap=True, markup=False)
    if len(lines) > _TREE_LINES:
        console.print(f"  … {len(lines) - _TREE_LINES} more: jupyter claimed lineage show artifact/{artifact}")


def _console() -> Console:
    console = Console()
    return console if console.is_terminal else Console(width=_PLAIN_WIDTH)  # a file or a pipe wraps nothing


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

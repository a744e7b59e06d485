"""The end of a run, for a terminal: what it found, and where things are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from claimed_jlab.run.record import RunRecord
from claimed_jlab.run.results import final_model, reports_of


def print_summary(record: RunRecord) -> None:
    """Prints the end of a run on standard output."""
    reports = reports_of(record)
    if reports:
        from claimed_jlab.cli.found import print_reports  # brings what most runs have no use for

        print_reports(list(reports.values()))
    _print_places(record)
    model = final_model(record)
    if record.state == "COMPLETE" and model is not None:
        from claimed_jlab.cli.found import print_lineage

        print_lineage(record, *model)


def _print_places(record: RunRecord) -> None:
    notebook = next((task.notebook for task in record.tasks.values() if task.notebook), None)
    rows = [
        ("report", record.report),
        ("notebooks", str(Path(notebook).parent) if notebook else None),
        ("lineage store", record.lineage),
        ("run", f"{record.run_id}  {record.state}  {record.seconds or 0:.1f} s"),
    ]
    click.echo()
    for name, value in rows:
        if value:
            click.echo(f"{name:<14} {value}")


def print_reasons(tasks: Mapping[str, tuple[str, str]]) -> None:
    """A line for each task: its name, its state, and why."""
    width = max((len(name) for name in tasks), default=0)
    for name, (state, reason) in tasks.items():
        click.echo(f"{name:{width}}  {state:<9}  {reason}".rstrip())

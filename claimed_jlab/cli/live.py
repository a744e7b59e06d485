"""A table of a run's tasks that redraws itself on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.table import Table

from claimed_jlab.run.forecast import remaining_seconds
from claimed_jlab.run.local.capacity import available_cores
from claimed_jlab.run.record import FINAL, RunRecord, apply_events
from claimed_jlab.run.runs import Order, Run

STYLES = {
    "NEW": "dim",
    "RUNNING": "cyan",
    "COMPLETE": "green",
    "CACHED": "blue",
    "FAILED": "bold red",
    "CANCELED": "yellow",
}


def show_live(run: Run, events: Callable[[], Iterator[dict[str, Any]]]) -> None:
    """Shows a run on standard error until it ends. events: all of it, from the beginning."""
    console = Console(stderr=True)
    record = run.blank_record()
    began: dict[str, float] = {}
    with _live_table(console, record, began, run.order) as live:
        for event in events():
            apply_events(record, [event])
            if event.get("task") and event["state"] == "RUNNING":
                began[event["task"]] = time.monotonic()
            live.refresh()


@contextmanager
def _live_table(console: Console, record: RunRecord, began: dict[str, float], order: Order) -> Iterator[Live]:
    with Live(console=console, get_renderable=lambda: _table(record, began, order), refresh_per_second=8) as live:
        yield live


def _table(record: RunRecord, began: dict[str, float], order: Order) -> Table:
    done = sum(task.state in FINAL for task in record.tasks.values())
    title = f"{record.pipeline}  {done}/{len(record.tasks)}{_left(record, began, order)}"
    table = Table(title=title, title_justify="left", box=None)
    table.add_column("state", width=9)
    table.add_column("seconds", justify="right", width=8)
    table.add_column("task", no_wrap=True)
    table.add_column("", style="dim", overflow="ellipsis", no_wrap=True)
    for name, task in record.tasks.items():
        running = task.state == "RUNNING" and name in began
        seconds = time.monotonic() - began[name] if running else task.seconds
        shown = "" if seconds is None or task.state == "CACHED" else f"{seconds:.1f}"
        said = task.error or (task.title if task.state in ("NEW", "RUNNING", "COMPLETE") else task.reason)
        table.add_row(f"[{STYLES[task.state]}]{task.state}[/]", shown, name, said)
    return table


def _left(record: RunRecord, began: dict[str, float], order: Order) -> str:
    """How long it will still take, where all its tasks ran before."""
    states = {name: task.state for name, task in record.tasks.items()}
    ran = {name: time.monotonic() - since for name, since in began.items() if states[name] == "RUNNING"}
    seconds = remaining_seconds(order.plan, states, ran, order.expected, order.jobs or available_cores())
    return f", about {seconds:.0f} s left" if seconds and seconds >= 1 else ""

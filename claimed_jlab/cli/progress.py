"""Live progress of a run: a line a task. A table that redraws itself on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time

from claimed_jlab.cli.printing import note
from claimed_jlab.run.follow import follow
from claimed_jlab.run.record import FINAL, RunRecord
from claimed_jlab.run.runs import Run


def watch(run: Run) -> RunRecord:
    """Shows a run on standard error until it ends; the first Ctrl-C cancels it. Returns its record."""
    show = _live if sys.stderr.isatty() else _plain
    while True:
        try:
            show(run)
            return run.record()
        except KeyboardInterrupt:
            if run.cancel_request.exists():
                raise
            note("canceling…  (Ctrl-C again leaves the run to itself)")
            run.request_cancel()


def _live(run: Run) -> None:
    from claimed_jlab.cli.live import show_live  # brings rich

    show_live(run)


def _plain(run: Run) -> None:
    note(f"run {run.run_id}")
    seconds: dict[str, float] = {}
    for event in follow(run):
        name = event.get("task")
        if name is None:
            continue
        if event["state"] == "RUNNING":
            seconds[name] = time.monotonic()
        if event["state"] in FINAL:
            taken = event.get("seconds")
            if taken is None and name in seconds and event["state"] != "CACHED":
                taken = time.monotonic() - seconds[name]
            took = " " * 9 if taken is None else f"{taken:7.1f} s"
            note(f"{event['state']:<9} {took}  {name}{_why(event.get('error') or event.get('reason'))}")


def _why(text: str | None) -> str:
    return f"  {text}" if text else ""

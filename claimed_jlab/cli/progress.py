"""Live progress of a run: a line a task. A table that redraws itself on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from claimed_jlab.cli.printing import note
from claimed_jlab.run.engines import Engine
from claimed_jlab.run.follow import follow
from claimed_jlab.run.record import FINAL, RunRecord
from claimed_jlab.run.runs import Run

Events = Callable[[], Iterator[dict[str, Any]]]


def watch(run: Run, engine: Engine) -> RunRecord:
    """Shows a run on standard error until it ends; the first Ctrl-C cancels it. Returns its record."""
    events = follower(run, engine)
    show = _live if sys.stderr.isatty() else _plain
    while True:
        try:
            show(run, events)
            return run.record()
        except KeyboardInterrupt:
            if run.cancel_request.exists():
                raise
            note("canceling…  (Ctrl-C again leaves the run to itself)")
            engine.cancel(run)


def follower(run: Run, engine: Engine) -> Callable[[], Iterator[dict[str, Any]]]:
    """Follows a run from the beginning; says once what keeps the news of one that lives elsewhere."""
    told: set[str] = set()

    def refresh(run: Run) -> None:
        engine.refresh(run)
        notice = engine.standing(run, run.record()).get("notice")
        if notice and notice not in told:
            told.add(notice)
            note(f"{notice}; still trying")

    return lambda: follow(run, refresh=refresh if engine.remote else None)


def _live(run: Run, events: Events) -> None:
    from claimed_jlab.cli.live import show_live  # brings rich

    show_live(run, events)


def _plain(run: Run, events: Events) -> None:
    note(f"run {run.run_id}")
    seconds: dict[str, float] = {}
    for event in events():
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

"""Following a run: its events as they happen, wherever it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from claimed_jlab.run.eventlog import read_events_from
from claimed_jlab.run.record import FINAL
from claimed_jlab.run.runs import Run

_LOOK_SECONDS = 0.02
_LIFE_SECONDS = 1.0


def follow(run: Run, *, start: int = 0, refresh: Callable[[Run], None] | None = None) -> Iterator[dict[str, Any]]:
    """The run's events as they happen, up to the one that ends it; ends also if its worker dies.

    start: byte of the event log to begin at.  refresh: brings news of a run that lives elsewhere; asked every second.
    """
    offset, looked = start, 0.0 if refresh else time.monotonic()
    while True:
        if refresh is not None and time.monotonic() - looked > _LIFE_SECONDS:
            refresh(run)
        for event, after in read_events_from(run.events, offset):
            offset = after
            yield event
            if event["kind"] == "run" and event["state"] in FINAL:
                return
        if time.monotonic() - looked > _LIFE_SECONDS:
            looked = time.monotonic()
            if run.record().ended:
                yield from (event for event, _ in read_events_from(run.events, offset))
                return
        time.sleep(_LOOK_SECONDS)

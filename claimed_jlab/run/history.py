"""Many runs at once: one that another process removes meanwhile is passed over, and spoils nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from claimed_jlab.run.record import RunRecord
from claimed_jlab.run.runs import Run, UnknownRun, all_runs

T = TypeVar("T")


def each(runs: Iterable[Run], read: Callable[[Run], T]) -> Iterator[T]:
    """What `read` gives of each run that is still there. Raises UnknownRun for one whose plan can't be read."""
    for run in runs:
        try:
            found = read(run)
        except (UnknownRun, OSError):
            if run.exists:
                raise
        else:
            yield found


def records(runs: Iterable[Run]) -> Iterator[tuple[Run, RunRecord]]:
    """Each run with how it stands. Raises UnknownRun."""
    return each(runs, lambda run: (run, run.record()))


def runs_of(path: str) -> Iterator[Run]:
    """Every run of the document at a path, the newest first. Raises UnknownRun."""
    paths = each(all_runs(), lambda run: (run, run.order.plan.path))
    return (run for run, run_path in paths if run_path == path)

"""Runs that live elsewhere: which of them are not over, and when each is to be looked at again.

`$CLAIMED_HOME/remote/<run id>` is there from before a run is sent until its end is here, so that any process finds
what is to be followed, also after a restart, without reading every run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from claimed_jlab.errors import ClaimedError
from claimed_jlab.paths import home
from claimed_jlab.run.engines import Engine
from claimed_jlab.run.runs import Run

_SOONEST_SECONDS = 1.0
_LATEST_SECONDS = 30.0
# A run is looked at again after this part of the time in which nothing happened in it.
_PART = 0.1
_DISCOVER_SECONDS = 20.0
# Of all runs together, so that many cost no more than some.
_LOOKS_A_SECOND = 5.0


def mark(run: Run) -> None:
    """The run is to be followed."""
    folder = run.folder.parents[1] / "remote"
    folder.mkdir(exist_ok=True)
    (folder / run.run_id).touch()


def unmark(run: Run) -> None:
    """The run is over."""
    (run.folder.parents[1] / "remote" / run.run_id).unlink(missing_ok=True)


def living(folder: Path | None = None) -> Iterator[Run]:
    """The runs that are to be followed."""
    root = folder or home()
    try:
        names = sorted(path.name for path in (root / "remote").iterdir())
    except OSError:
        return
    for name in names:
        if (root / "runs" / name / "plan.json").exists():
            yield Run(root / "runs" / name)
        else:
            (root / "remote" / name).unlink(missing_ok=True)


class Poller:
    """Looks at runs that live elsewhere, the less often the longer nothing happens.

    find: the engine of a name.  names: of all engines.
    """

    def __init__(self, find: Callable[[str], Engine], names: Callable[[], Iterable[str]]) -> None:
        self._find = find
        self._names = names
        self._due: dict[str, float] = {}
        self._discovered = 0.0

    def look(self) -> None:
        """Refreshes the runs whose time has come. Raises nothing for an engine that fails: another run may do."""
        now = time.monotonic()
        self._discover(now)
        runs = {run.run_id: run for run in living()}
        self._due = {name: due for name, due in self._due.items() if name in runs}
        for name, run in runs.items():
            if self._due.get(name, 0.0) > now:
                continue
            with suppress(ClaimedError):  # an engine that was taken away: the run waits for it
                self._find(run.order.engine).refresh(run)
            self._due[name] = time.monotonic() + max(pause(run), len(runs) / _LOOKS_A_SECOND)

    def _discover(self, now: float) -> None:
        """Looks for what schedules have started, for each engine that has some."""
        if now < self._discovered or not (home() / "schedules").is_dir():
            return
        self._discovered = now + _DISCOVER_SECONDS
        for name in self._names():
            with suppress(ClaimedError):
                self._find(name).discover()


def pause(run: Run) -> float:
    """Seconds until a run is worth another look, by how long nothing has happened in it."""
    try:
        quiet = time.time() - run.events.stat().st_mtime
    except OSError:
        quiet = 0.0
    return min(_LATEST_SECONDS, max(_SOONEST_SECONDS, quiet * _PART))

"""Tells browsers what happens in runs, whoever started them: follows the event logs of those that live.

Runs that live elsewhere are looked at too, and what is new there comes into their event logs.

A look is one listing of the runs' folder; only runs whose worker lives are read, from where they were left.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimed_jlab.paths import home

if TYPE_CHECKING:
    from claimed_jlab.run.engines import Engine

SCHEMA = "https://claimed-framework.github.io/claimed-jlab/events/run/v1"
_YOUNG_SECONDS = 15.0
_LIFE_SECONDS = 2.0


class RunWatch:
    """Emits jupyter_events for runs. `look` is called every `interval_ms`."""

    interval_ms = 300

    def __init__(self, events: Any, root: Path) -> None:
        self._events = events
        self._root = root.absolute()
        self._seen: set[str] = set()
        self._left: set[str] = set()
        self._offsets: dict[Path, int] = {}
        self._stamp = 0
        self._looked = 0.0

    def look(self) -> None:
        """Emits what happened since the last look."""
        folder = home() / "runs"
        try:
            stamp = folder.stat().st_mtime_ns
        except OSError:
            return
        if stamp != self._stamp:
            self._stamp = stamp
            self._find_new(folder)
        self._find_remote(folder)
        if self._offsets:
            self._read()

    def _find_new(self, folder: Path) -> None:
        names = {path.name for path in folder.iterdir()}
        for name in names - self._seen:
            if _is_young(folder / name) or _has_worker(folder / name):
                self._offsets[folder / name] = 0
        self._seen = names

    def _find_remote(self, folder: Path) -> None:
        """Runs elsewhere live on while this server is away, and one that ended may be tried again."""
        try:
            names = [path.name for path in (folder.parent / "remote").iterdir()]
        except OSError:
            return
        for name in names:
            log = folder / name / "events.jsonl"
            if folder / name not in self._offsets:
                self._offsets[folder / name] = log.stat().st_size if log.exists() and name in self._left else 0
                self._left.add(name)

    def _read(self) -> None:
        from claimed_jlab.run.eventlog import read_events_from
        from claimed_jlab.run.record import FINAL
        from claimed_jlab.run.runs import Run

        look_for_dead = time.monotonic() - self._looked > _LIFE_SECONDS
        if look_for_dead:
            self._looked = time.monotonic()
        for folder in list(self._offsets):
            run = Run(folder)
            if not (folder / "plan.json").exists():
                if not _is_young(folder):
                    del self._offsets[folder]  # it was removed by hand
                continue
            if look_for_dead:
                run.record()  # marks it FAILED when its worker has died
            for event, offset in read_events_from(run.events, self._offsets[folder]):
                self._offsets[folder] = offset
                self._emit(run, event)
                if event["kind"] == "run" and event["state"] in FINAL:
                    del self._offsets[folder]
                    break

    def _emit(self, run: Any, event: dict[str, Any]) -> None:
        plan = run.order.plan
        try:
            path: str | None = Path(plan.path).relative_to(self._root).as_posix()
        except ValueError:
            path = None
        data = {"run_id": run.run_id, "pipeline": plan.pipeline, "path": path, "kind": event["kind"]}
        data |= {key: event.get(key) for key in ("task", "seconds", "error")}
        data |= {"state": event["state"], "time": event["time"], "cached": bool(event.get("cached", False))}
        self._events.emit(schema_id=SCHEMA, data=data)


class RemoteWatch:
    """Looks at runs that live elsewhere, away from the event loop. `look` is called every `interval_ms`."""

    interval_ms = 1000

    def __init__(self, find: Callable[[str], Engine], names: Callable[[], list[str]]) -> None:
        self._find = find
        self._names = names
        self._poller: Any = None
        self._busy = False

    async def look(self) -> None:
        """Looks once; not while the last look still waits for a cluster."""
        root = home()
        if self._busy or not ((root / "remote").is_dir() or (root / "schedules").is_dir()):
            return  # a server of somebody who uses no cluster imports nothing
        self._busy = True
        try:
            await asyncio.to_thread(self._poll)
        finally:
            self._busy = False

    def _poll(self) -> None:
        if self._poller is None:
            from claimed_jlab.run.remote import Poller

            self._poller = Poller(self._find, self._names)
        self._poller.look()


def _is_young(folder: Path) -> bool:
    try:
        return time.time() - folder.stat().st_ctime < _YOUNG_SECONDS
    except OSError:
        return False


def _has_worker(folder: Path) -> bool:
    lock = folder / "worker.lock"
    if not lock.exists():
        return False
    from claimed_jlab.lock import life_lock

    with life_lock(lock) as free:
        return not free

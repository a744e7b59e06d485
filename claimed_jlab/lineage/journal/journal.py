"""The journal of one store: appending to it, and applying what all processes appended."""

from __future__ import annotations

import atexit
import hashlib
import heapq
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.journal.access import Access
from claimed_jlab.lineage.journal.apply import Refusal, apply
from claimed_jlab.lineage.journal.entry import RecordedRun, run_entry
from claimed_jlab.lineage.journal.segment import (
    REFUSED,
    SUFFIX,
    Line,
    SegmentWriter,
    encoded,
    failed,
    lines,
    remove_finished,
    segments,
)
from claimed_jlab.lineage.location import file_of, shown
from claimed_jlab.lineage.read_only import refusal
from claimed_jlab.lineage.store import Store
from claimed_jlab.lock import life_lock
from claimed_jlab.paths import home

# Lines of one transaction: many, because its end costs most; few enough that a reader's view stays small.
_BATCH = 1000
_PATIENCE_SECONDS = 5.0
_LOOK_SECONDS = 0.005
_LARGEST_SEGMENT = 32 << 20


class Place(NamedTuple):
    """Where a line ends."""

    segment: str
    end: int


class Journal:
    """Threads may share it; after a fork the child writes a segment of its own."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.folder = folder
        self._store = store
        self._lock = threading.Lock()
        self._writer: SegmentWriter | None = None
        self._last = 0
        self._access = Access.like(file_of(store.location))

    def append(self, entry: Mapping[str, Any]) -> Place:
        """Write a line; when this returns, it survives the death of every process. Raises StoreUnavailable."""
        if self._store.is_read_only:
            raise refusal(self._store.location)
        with self._lock:
            if self._writer is None or self._writer.process != os.getpid():
                if self._writer is None:
                    atexit.unregister(self._at_exit)
                    atexit.register(self._at_exit)
                self._writer = SegmentWriter(self.folder, self._access)
            place = Place(self._writer.path.name, self._writer.append(entry))
            if place.end > _LARGEST_SEGMENT:
                self._writer.close()
                self._writer = None
            return place

    def moment(self, at: int | None = None) -> int:
        """Now, or the moment `at`, in milliseconds since 1970; never less than before in this process."""
        self._last = max(self._last, time.time_ns() // 1_000_000 if at is None else at)
        return self._last

    def record_run(self, run: RecordedRun) -> Place:
        """Write down a whole run. Raises StoreUnavailable."""
        return self.append(run_entry(run, self.moment()))

    def drain(self, patience: float = _PATIENCE_SECONDS) -> bool:
        """Apply everything that was written before this call; False when another process still does so.

        Of a store that we may not write nothing is applied: whether nothing waits.
        patience: seconds to wait for the turn.  Raises StoreUnavailable when the store can't be written now: nothing
        is lost then.
        """
        if self._store.is_read_only:
            return self._nothing_waits()
        wanted = _sizes(self.folder)
        done = self._until(lambda: self._behind(wanted), patience)
        if done and wanted:
            with self._turn() as mine:
                if mine:
                    self._sweep(self._applied())
        return done

    def settle(self, place: Place, patience: float = _PATIENCE_SECONDS) -> bool:
        """Apply until the line is in the store; False when that was not reached in time. Raises StoreUnavailable."""
        return self._until(lambda: self._behind({place.segment: place.end}), patience)

    def waiting(self) -> int:
        """Bytes that are not applied yet."""
        applied = self._applied()
        return sum(max(0, size - applied.get(name, 0)) for name, size in _sizes(self.folder).items())

    def _nothing_waits(self) -> bool:
        """As far as we may see; a line that only begins does not count."""
        try:
            return not self._behind(_sizes(self.folder))
        except LineageError:
            return False

    def refused(self) -> list[dict[str, Any]]:
        """Lines that could not be applied, with the reason in `why`."""
        found = (line.entry for line in lines(self._refused, 0))
        return [entry for entry in found if entry is not None]

    def unreadable(self) -> list[str]:
        """Segments that wait for somebody who may read them."""
        return [path.name for path in segments(self.folder) if path.exists() and not os.access(path, os.R_OK)]

    def close(self) -> None:
        """Give the segment up, and apply what is written as far as nobody else does. Raises StoreUnavailable."""
        with self._lock:
            if self._writer is not None and self._writer.process == os.getpid():
                self._writer.close()
            self._writer = None
        with _opening:
            _opened.pop((str(self.folder), os.getpid()), None)
        self.drain(patience=0)

    def _at_exit(self) -> None:
        with suppress(LineageError):  # what is written is kept; the next who drains applies it
            self.close()

    @property
    def _refused(self) -> Path:
        return self.folder / f"{REFUSED}{SUFFIX}"

    def _until(self, behind: Any, patience: float) -> bool:
        end = time.monotonic() + patience
        while behind():
            with self._turn() as mine:
                if mine:
                    self._apply_all()
                    continue
            if time.monotonic() >= end:
                return False
            time.sleep(_LOOK_SECONDS)
        return True

    def _behind(self, wanted: Mapping[str, int]) -> bool:
        if not wanted:
            return False
        applied = self._applied()
        # A segment that is gone was applied to its end.
        left = (path for path in (self.folder / name for name in wanted) if path.exists())
        return any(_next_end(path, applied.get(path.name, 0)) <= wanted[path.name] for path in left)

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        """The turn to apply, for one at a time; whether it is ours. Raises StoreUnavailable."""
        path = self.folder / "turn.lock"
        with ExitStack() as stack:
            try:
                mine = stack.enter_context(life_lock(path))
            except OSError as error:
                raise failed(self.folder, error) from error
            self._access.give(path)
            yield mine

    def _apply_all(self) -> None:
        """With the turn: apply all lines, and remove the segments that are finished."""
        applied = self._applied()
        while self._apply_some(applied):
            pass
        self._sweep(applied)

    def _sweep(self, applied: dict[str, int]) -> None:
        """With the turn: remove the segments that are finished."""
        gone = [path for path in segments(self.folder) if remove_finished(path, applied.get(path.name, 0))]
        left = {path.name for path in segments(self.folder)}
        if gone or not applied.keys() <= left:
            self._note({name: end for name, end in applied.items() if name in left})

    def _apply_some(self, applied: dict[str, int]) -> bool:
        """Apply the lines that are there now; whether there were any."""
        found = [_named(path, applied.get(path.name, 0)) for path in segments(self.folder)]
        merged = heapq.merge(*found, key=lambda one: one[1].at)
        any_ = False
        while batch := list(islice(merged, _BATCH)):
            any_ = True
            refusals = apply(self._store, [(line.at, line.entry) for _, line in batch])
            self._keep(batch, refusals)
            applied.update((name, line.end) for name, line in batch)
            self._note(applied)
        return any_

    def _applied(self) -> dict[str, int]:
        try:
            found = json.loads((self.folder / "applied.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            # Applying again changes nothing.
            return {}
        return found if isinstance(found, dict) else {}

    def _note(self, applied: Mapping[str, int]) -> None:
        draft = self.folder / ".applied"
        try:
            # What a dead one left may be another user's.
            draft.unlink(missing_ok=True)
            draft.write_text(json.dumps(applied), encoding="utf-8")
            self._access.give(draft)
            draft.replace(self.folder / "applied.json")
        except OSError as error:
            raise failed(self.folder, error) from error

    def _keep(self, batch: list[tuple[str, Line]], refusals: Mapping[int, Refusal]) -> None:
        """Put what could not be applied aside."""
        if not refusals:
            return
        try:
            with self._refused.open("ab") as file:
                for number, refusal in refusals.items():
                    name, line = batch[number]
                    about = line.entry if line.entry is not None else {"line": line.text.decode("utf-8", "replace")}
                    file.write(encoded({"at": line.at, "why": refusal.why, "segment": name, "entry": about}))
        except OSError as error:
            raise failed(self.folder, error) from error
        self._access.give(self._refused)


def _sizes(folder: Path) -> dict[str, int]:
    found = {}
    for path in segments(folder):
        with suppress(FileNotFoundError):  # it was applied to its end meanwhile
            found[path.name] = path.stat().st_size
    return found


def _next_end(path: Path, applied: int) -> float:
    """Where the first line ends that is not applied yet."""
    line = next(lines(path, applied), None)
    return float("inf") if line is None else line.end


def _named(path: Path, offset: int) -> Iterator[tuple[str, Line]]:
    for line in lines(path, offset):
        yield path.name, line


_opened: dict[tuple[str, int], Journal] = {}
_opening = threading.Lock()


def open_journal(store: Store) -> Journal:
    """The journal of a store, the same one for all of a process."""
    folder = journal_folder(store.location)
    with _opening:
        return _opened.setdefault((str(folder), os.getpid()), Journal(store, folder))


def journal_folder(location: str) -> Path:
    """Beside a file; of a store on a server, in the CLAIMED home."""
    path = file_of(location)
    if path is not None:
        return path.with_name(f"{path.name}.pending")
    return home() / "pending" / hashlib.sha256(shown(location).encode()).hexdigest()[:16]

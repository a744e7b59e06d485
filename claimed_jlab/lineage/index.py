"""The graph in memory: all events of a store, both ways, as flat arrays.

A process that asks often opens the index of a store once (`open_index`); from then on all its questions about that
store are answered from it, and by SQL where there is none (a single command is sooner done without). Both have one
meaning: `closure.walk` goes through either.

**Following the store.** Ids of events only grow, so a question first reads what came after the last one known. In a
SQLite store that nobody has touched since the last question, that is known without reading. Deleted events are
noticed by their number; on a server, where counting all takes long, that is done twice a minute, and each question
counts the latest only: there an event may also come to light after one with a higher id. Events that were changed in
place, which ML Metadata never does, are noticed by a sum over all of them (`check`), and wherever the names of edges
are read for an answer (`Index.doubt`). When in doubt the index is thrown away, and SQL answers until it is built again.

**Exactness.** The index may be ahead of the moment that a reader sees; `graph.py` compares the events of an answer,
which it reads for their names anyway, and asks by SQL if they differ.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from typing import Any

from sqlalchemy import BigInteger, Connection, cast, func, select

from claimed_jlab.lineage import index_file, schema
from claimed_jlab.lineage.adjacency import Adjacency
from claimed_jlab.lineage.compact import WEIGHTS, Graph
from claimed_jlab.lineage.index_file import Contents
from claimed_jlab.lineage.store import Store

_EVENT = schema.event.c
_LAST = select(func.max(_EVENT.id))
_COUNT = select(func.count()).select_from(schema.event)
_TOTAL = select(
    func.count(),
    func.sum(
        cast(_EVENT.artifact_id, BigInteger) * WEIGHTS[0]
        + cast(_EVENT.execution_id, BigInteger) * WEIGHTS[1]
        + _EVENT.type
    ).label("total"),
)
_LATER = select(_EVENT.id, _EVENT.artifact_id, _EVENT.execution_id, _EVENT.type).order_by(_EVENT.id)
# So many events a question reads to catch up; more of them are left to `open_index`.
_AT_ONCE = 20_000
_BLOCK = 100_000
# Nodes for each event; above it, ids are so sparse that the arrays would be mostly holes.
_HOLES = 8
_LATEST = 10_000
_COUNT_SECONDS = 30.0
_KNOWN = "claimed_index"


class Index:
    """The index of one store, for all threads of a process."""

    def __init__(self, location: str, *, is_read_only: bool = False) -> None:
        """is_read_only: whether the store is a file of somebody else's, whose own index we may read and not write."""
        self._place = index_file.place(location, beside=not is_read_only)
        self._theirs = index_file.place(location) if is_read_only else None
        self._lock = threading.Lock()
        self._graph = Graph()
        self._contents = Contents()
        self._pending = 0
        self._usable = True
        self._latest: deque[int] = deque(maxlen=_LATEST)
        self._counted = -_COUNT_SECONDS
        # Rises whenever what is known changes, so that a connection's moment belongs to one state.
        self._serial = 0

    @property
    def contents(self) -> Contents:
        """How far the index has come."""
        return self._contents

    def open(self, connection: Connection) -> None:
        """Load what is on disk, read all that is missing, and keep it. The connection must not have read yet."""
        with self._lock:
            if self._contents.count == 0 and (loaded := self._load()) is not None:
                self._contents, adjacencies = loaded
                self._graph = Graph(adjacencies)
                self._serial += 1
            if not self._read_all(connection) or not self._is_of(connection):
                # Events were deleted, or it is another store's index: from the beginning, once.
                self._forget()
                self._read_all(connection)

    def _load(self) -> tuple[Contents, list[Adjacency]] | None:
        loaded = index_file.load(self._place)
        return index_file.load(self._theirs) if loaded is None and self._theirs is not None else loaded

    def unchanged(self, store: Store) -> Graph | None:
        """The graph, where one look at a file tells that nobody has changed it; else None: `graph` knows.

        Raises StoreUnavailable.
        """
        if not store.is_file or not self._lock.acquire(blocking=False):
            return None
        try:
            with store.driver() as connection:
                known = connection.info.get(_KNOWN) == (id(self), self._serial, _moment(connection.driver_connection))
            return self._graph if known else None
        finally:
            self._lock.release()

    def graph(self, connection: Connection) -> Graph | None:
        """The graph as the connection sees the store; None when it is being built, or too far behind.

        The connection must not have read yet: what it sees is then no older than what is known here.
        """
        if not self._lock.acquire(blocking=False):
            return None
        try:
            is_file = connection.dialect.name == "sqlite"
            moment = _moment(connection.connection.driver_connection) if is_file else None
            known = None if moment is None else (id(self), self._serial, moment)
            if known is None or connection.info.get(_KNOWN) != known:
                if not self._follow(connection):
                    return None
                connection.info[_KNOWN] = (id(self), self._serial, moment)
            return self._graph
        finally:
            self._lock.release()

    def check(self, connection: Connection) -> bool:
        """Whether the sum over all events is as it should be; else the index is forgotten. Reads all events."""
        with self._lock:
            if self._follow(connection):
                count, total = connection.execute(_TOTAL).one()
                if (count, total or 0) == (self._contents.count, self._contents.total):
                    return True
            self._forget()
            return False

    def doubt(self) -> None:
        """Forget everything: an answer was not as the store has it."""
        with self._lock:
            self._forget()

    def _follow(self, connection: Connection) -> bool:
        """Read what came since; False when that is too much for now, or something is wrong."""
        last = connection.execute(_LAST).scalar() or 0
        if not self._usable or last - self._contents.last > _AT_ONCE:
            return False
        if last > self._contents.last:
            self._read(connection, None)
        if not self._is_whole(connection):
            self._forget()
            if last > _AT_ONCE:
                return False
            self._read(connection, None)
        if self._pending > _AT_ONCE:
            self._merge()
            self._save()
        return self._usable

    def _read_all(self, connection: Connection) -> bool:
        known = self._contents.count
        while self._read(connection, _BLOCK) == _BLOCK:
            self._merge()
        if not self._counts(connection):
            return False
        if self._usable and self._contents.count - known >= _AT_ONCE:
            self._merge()
            self._save()
        return True

    def _read(self, connection: Connection, limit: int | None) -> int:
        """Add the events after the last one known, `limit` at most; returns their number."""
        query = _LATER.where(_EVENT.id > self._contents.last).limit(limit)
        rows = connection.execute(query).all()
        if rows and self._usable:
            known = self._contents
            self._serial += 1
            self._pending += len(rows)
            try:
                total = self._graph.add(rows)
            except ValueError:
                self._usable = False
                return 0
            self._latest.extend(row.id for row in rows)
            self._contents = Contents(rows[-1].id, known.count + len(rows), known.total + total)
        return len(rows)

    def _is_of(self, connection: Connection) -> bool:
        """Whether what was loaded is about this store: what lies beside a file is, what lies elsewhere may not be."""
        if not self._usable or (connection.dialect.name == "sqlite" and self._theirs is None):
            return True
        return (connection.execute(_TOTAL).one().total or 0) == self._contents.total

    def _is_whole(self, connection: Connection) -> bool:
        """Whether no event went away, and none came late."""
        now = time.monotonic()
        if connection.dialect.name == "sqlite" or now - self._counted > _COUNT_SECONDS:
            self._counted = now
            return self._counts(connection)
        # All after the first of the latest: the first itself stands for those that are no longer remembered.
        begin = self._latest[0] if self._latest else self._contents.last
        later = select(func.count()).where(_EVENT.id > begin, _EVENT.id <= self._contents.last)
        return not self._usable or connection.execute(later).scalar() == max(len(self._latest) - 1, 0)

    def _counts(self, connection: Connection) -> bool:
        return not self._usable or connection.execute(_COUNT).scalar() == self._contents.count

    def _merge(self) -> None:
        if self._graph.nodes > _HOLES * self._contents.count + _BLOCK:
            self._usable = False
            self._graph = Graph()
            return
        self._graph = self._graph.merged()
        self._pending = 0

    def _save(self) -> None:
        if not self._usable or not index_file.save(self._place, self._contents, self._graph.adjacencies):
            return
        # The file's pages are shared and can be given back; the arrays just made are not.
        if (loaded := index_file.load(self._place)) is not None and loaded[0] == self._contents:
            self._graph = Graph(loaded[1])

    def _forget(self) -> None:
        index_file.drop(self._place)
        self._graph = Graph()
        self._contents = Contents()
        self._pending = 0
        self._latest.clear()
        self._usable = True
        self._serial += 1


def _moment(driver: Any) -> tuple[int, int]:
    """Changes when anybody has changed the file; asked of the driver, since every question pays for it."""
    (version,) = driver.execute("PRAGMA data_version").fetchone()
    return version, driver.total_changes


_opened: dict[tuple[str, int, int], Index] = {}


def open_index(store: Store) -> Index:
    """The index of the store, complete; from now on this process answers questions about the store from it.

    Takes milliseconds when it lies on disk, else reads all events (a second for a million) and keeps it beside the
    store if it is worth it and the folder can be written.  Raises StoreUnavailable.
    """
    index = _opened.setdefault(_identity(store), Index(store.location, is_read_only=store.is_read_only))
    with store.read() as connection:
        index.open(connection)
    return index


def index_of(store: Store) -> Index | None:
    """The index that this process has opened for the store."""
    return _opened.get(_identity(store)) if _opened else None


def close_index(store: Store) -> None:
    """Answer questions about the store by SQL again."""
    _opened.pop(_identity(store), None)


def _identity(store: Store) -> tuple[str, int, int]:
    """A file put in the store's place is another store."""
    try:
        status = os.stat(store.location)  # noqa: PTH116 - every question pays for it
    except OSError:
        return store.location, 0, 0
    return store.location, status.st_dev, status.st_ino

"""The lineage store: an ML Metadata database, opened.

**What it holds.** An *artifact* is a file somebody may ask about: a table, a model, a report. An *execution* is
one task of one run; it read some artifacts and wrote others. An *event* is such a reading (INPUT) or writing
(OUTPUT), under the name the task has for it; artifacts, executions and events are the lineage graph. A *context*
groups: each run belongs to its pipeline, and everything a run touched is associated with both.

    data.csv --INPUT data--> split --OUTPUT train--> train.csv --INPUT data--> fit --OUTPUT model--> model.joblib
    system.Pipeline "Credit"  ⊃  system.PipelineRun "r1"  ⊃  execution run/r1 (root), split, fit, and all the files

**Names** are those Kubeflow Pipelines writes (`names.py`), so its tools read our stores and we read theirs; what
has no name there lies under `claimed.`.

**Transactions.** `Store.write` runs a function in one transaction begun with BEGIN IMMEDIATE: a writer takes its
turn before it looks, so what it read is still true when it writes, and no two can wait for each other. When the
turn does not come in time the whole function is tried again; all writers here are idempotent, so that is safe.
`Store.read` gives one consistent view, and in WAL mode never waits.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from claimed_jlab.lineage import sqlite
from claimed_jlab.lineage.errors import StoreUnavailable

T = TypeVar("T")
_PATIENCE_SECONDS = 90.0


class Store:
    """An open store. Threads may share it; after a fork the child gets connections of its own."""

    def __init__(self, engine: Engine, location: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(claimed_begin="BEGIN IMMEDIATE")
        self._process = os.getpid()
        self.location = location

    def __repr__(self) -> str:
        return f"Store({self.location!r})"

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees the store as it was at its first query. Raises StoreUnavailable."""
        self._own_connections()
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise sqlite.translate(error.orig or error, self.location) from error

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction; all of it is kept or nothing.

        `work` may be called again when another writer was in the way.  Raises StoreUnavailable.
        """
        self._own_connections()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                with self._writer.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                cause = error.orig or error
                if not sqlite.is_busy(cause) or time.monotonic() > deadline:
                    raise sqlite.translate(cause, self.location) from error
                time.sleep(random.uniform(0.005, 0.05))

    def close(self) -> None:
        """Give the connections back. The store may be used again."""
        self._engine.dispose()

    def _own_connections(self) -> None:
        # A SQLite connection must not cross a fork; the parent's stay with the parent.
        if self._process != os.getpid():
            self._engine.dispose(close=False)
            self._process = os.getpid()


def open_store(target: str | os.PathLike[str]) -> Store:
    """Open a lineage store, and make it when it is absent.

    target: path of a SQLite file, or a URL (`sqlite:////data/lineage.db`).
    Raises NotAStore (an empty or foreign file), NewerStore, OlderStore or StoreUnavailable; none of them has
    changed anything.
    """
    path = _path_of(os.fspath(target))
    return Store(sqlite.open_engine(path), str(path))


def _path_of(target: str) -> Path:
    if "://" not in target:
        return Path(target)
    try:
        url = make_url(target)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "sqlite" or not url.database:
        scheme = target.split("://", 1)[0]
        raise StoreUnavailable(
            f"a lineage store can't be opened by {scheme}://", hint="give a path or a sqlite:/// URL"
        )
    return Path(url.database)

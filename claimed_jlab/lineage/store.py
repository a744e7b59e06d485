"""The lineage store: an ML Metadata database, opened.

**What it holds.** An *artifact* is a file somebody may ask about: a table, a model, a report. An *execution* is
one task of one run; it read some artifacts and wrote others. An *event* is such a reading (INPUT) or writing
(OUTPUT), under the name the task has for it; artifacts, executions and events are the lineage graph. A *context*
groups: each run belongs to its pipeline, and everything a run touched is associated with both.

    data.csv --INPUT data--> split --OUTPUT train--> train.csv --INPUT data--> fit --OUTPUT model--> model.joblib
    system.Pipeline "Credit"  ⊃  system.PipelineRun "r1"  ⊃  execution run/r1 (root), split, fit, and all the files

**Names** are those Kubeflow Pipelines writes (`names.py`), so its tools read our stores and we read theirs; what
has no name there lies under `claimed.`.

**Transactions.** `Store.write` runs a function in one transaction that begins with the writers' turn: a writer takes
its turn before it looks, so what it read is still true when it writes, and no two can wait for each other. When the
turn does not come in time, the connection broke, or another program wrote the same, the whole function is tried
again; all writers here are idempotent, so that is safe. `Store.read` gives one consistent view and waits for nobody.

**Databases.** SQLite, PostgreSQL, MySQL and MariaDB, with the tables that the official library makes in each
(`sqlite.py`, `postgresql.py`, `mysql.py`).
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeVar, cast

from sqlalchemy import Connection, Engine, PoolProxiedConnection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from claimed_jlab.lineage import read_only
from claimed_jlab.lineage.errors import LineageError, StoreUnavailable
from claimed_jlab.lineage.location import is_url, shown

T = TypeVar("T")
_PATIENCE_SECONDS = 90.0
# A server that is started anew is waited for.
_LOST_SECONDS = 15.0
_CONFLICTS = 3
_BACKENDS = {"sqlite": "sqlite", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


class Backend(Protocol):
    """What a module brings that knows a kind of database."""

    def open_engine(self, location: str) -> Engine:
        """An engine on the store, which is made when absent. Raises LineageError."""

    def open_source(self, location: str) -> Engine:
        """An engine on a store that is there, only to read it. Raises LineageError."""

    def reader(self, engine: Engine) -> Engine:
        """The same, for transactions that see one moment."""

    def writer(self, engine: Engine) -> Engine:
        """The same, for transactions that take the writers' turn."""

    def translate(self, error: BaseException, where: str) -> LineageError:
        """What the driver's error means, in one line."""

    def is_busy(self, error: BaseException) -> bool:
        """Whether the turn did not come."""

    def is_lost(self, error: BaseException) -> bool:
        """Whether the connection broke."""

    def is_conflict(self, error: BaseException) -> bool:
        """Whether somebody without the turn wrote the same key."""


class Store:
    """An open store. Threads may share it; after a fork the child gets connections of its own."""

    def __init__(self, backend: Backend, engine: Engine, location: str) -> None:
        self._backend = backend
        self._engine = engine
        self._reader = backend.reader(engine)
        self._writer = backend.writer(engine)
        self._process = os.getpid()
        # A path, or a URL without its password.
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
            with self._reader.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._backend.translate(error.orig or error, self.location) from error

    @property
    def is_file(self) -> bool:
        """Whether the store is a SQLite file, not a server's."""
        return self._engine.dialect.name == "sqlite"

    @property
    def is_read_only(self) -> bool:
        """Whether the store is a file that we may not write, when it was opened: `write` then is refused."""
        return read_only.OPTION in self._engine.get_execution_options()

    @contextlib.contextmanager
    def driver(self) -> Iterator[PoolProxiedConnection]:
        """The driver's own connection, outside of any transaction. Raises StoreUnavailable."""
        self._own_connections()
        try:
            connection = self._engine.raw_connection()
            try:
                yield connection
            finally:
                connection.close()
        except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as error:
            raise self._backend.translate(getattr(error, "orig", None) or error, self.location) from error

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction; all of it is kept or nothing.

        `work` may be called again when another writer was in the way.  Raises StoreUnavailable.
        """
        self._own_connections()
        began, conflicts = time.monotonic(), 0
        while True:
            try:
                with self._writer.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                cause = error.orig or error
                conflicts += self._backend.is_conflict(cause)
                if not self._may_help(cause, time.monotonic() - began, conflicts):
                    raise self._backend.translate(cause, self.location) from error
                time.sleep(random.uniform(0.005, 0.05) if time.monotonic() - began < 1 else 0.3)

    def _may_help(self, cause: BaseException, seconds: float, conflicts: int) -> bool:
        """Whether to try again after so long."""
        if self._backend.is_conflict(cause):
            return conflicts <= _CONFLICTS
        if self._backend.is_busy(cause):
            return seconds < _PATIENCE_SECONDS
        return self._backend.is_lost(cause) and seconds < _LOST_SECONDS

    def close(self) -> None:
        """Give the connections back. The store may be used again."""
        self._engine.dispose()

    def _own_connections(self) -> None:
        # A SQLite connection must not cross a fork; the parent's stay with the parent.
        if self._process != os.getpid():
            self._engine.dispose(close=False)
            self._process = os.getpid()


def open_store(target: str | os.PathLike[str]) -> Store:
    """Open a lineage store, and make it when its file is absent or its database is empty.

    A file that we may not write, or put others beside, is opened to be read only.

    target: path of a SQLite file, or a URL (`sqlite:////data/lineage.db`, `postgresql://user@host/database`,
    `mysql://user@host/database`). Without a password in the URL the driver looks where it always does.
    Raises NotAStore (an empty or foreign file, a foreign database), NewerStore, OlderStore or StoreUnavailable; none
    of them has changed anything.
    """
    backend, location, where = backend_of(os.fspath(target))
    return Store(backend, backend.open_engine(location), where)


def backend_of(location: str) -> tuple[Backend, str, str]:
    """What knows the database there; the location as it wants it; and as it may be shown. Raises StoreUnavailable."""
    kind = location.split("://", 1)[0].lower() if is_url(location) else "sqlite"
    # SQLAlchemy's spelling with a driver is taken, too; the driver is ours to choose.
    name = _BACKENDS.get(kind.partition("+")[0])
    if name is None:
        raise _unknown(kind)
    if name == "sqlite" and is_url(location):
        location = _sqlite_file(location)
    backend = cast(Backend, import_module(f"claimed_jlab.lineage.{name}"))
    return backend, location, str(Path(location)) if name == "sqlite" else shown(location)


def _sqlite_file(location: str) -> str:
    try:
        database = make_url(location).database
    except ArgumentError:
        database = None
    if not database:
        raise _unknown("sqlite")
    return database


def _unknown(kind: str) -> StoreUnavailable:
    return StoreUnavailable(
        f"a lineage store can't be opened by {kind}://",
        hint="give a path, or a sqlite:///, postgresql:// or mysql:// URL",
    )

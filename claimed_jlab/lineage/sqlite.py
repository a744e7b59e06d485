"""How a lineage store lives in one SQLite file.

WAL mode: readers never wait for the writer nor the writer for them, and a commit costs one append. In it
`synchronous=NORMAL` survives the death of any process; only a power cut may lose the last moments, and those
are in the run's own event log. A new file is completed beside its place and then linked into it, so that no
other process ever meets half a store.

A file that we may not write is only read: `read_only.py`.

What another database must bring to take this module's part: `store.Backend`.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from claimed_jlab.lineage import read_only, schema, sqlite_file
from claimed_jlab.lineage.errors import NotAStore, StoreUnavailable
from claimed_jlab.lineage.sqlite_file import examine, explained, translate

__all__ = ["is_busy", "is_conflict", "is_lost", "open_engine", "open_source", "reader", "translate", "writer"]


def open_engine(location: str) -> Engine:
    """An engine on the store in the file, which is made when absent.

    Raises NotAStore, NewerStore, OlderStore or StoreUnavailable; whatever else is in the file stays as it is.
    """
    path = Path(location).expanduser().absolute()
    with explained(str(path)):
        if not path.exists():
            _create(path)
        _refuse_half(path, examine(path))
        if not read_only.may_write(path):
            return _still_engine(path)
        engine = _engine(path)
        _use_wal(engine)
    return engine


def open_source(location: str) -> Engine:
    """An engine on a store that is there, only to read it. Raises as `open_engine` does."""
    path = Path(location).expanduser().absolute()
    with explained(str(path)):
        _refuse_half(path, examine(path))
    return _engine(path, "ro") if read_only.may_write(path) else _still_engine(path)


def reader(engine: Engine) -> Engine:
    """The connections as they are."""
    return engine


def writer(engine: Engine) -> Engine:
    """The same file, for transactions that take the writers' turn."""
    return engine.execution_options(claimed_begin="BEGIN IMMEDIATE")


def is_lost(error: BaseException) -> bool:
    """A file has no connection to lose."""
    return False


def is_conflict(error: BaseException) -> bool:
    """All who write to a file take turns."""
    return False


def is_busy(error: BaseException) -> bool:
    """Whether trying the same transaction again can help."""
    return "locked" in str(error) or "busy" in str(error)


def _create(path: Path) -> None:
    """Complete a new store beside its place, then put it there unless somebody else was faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        engine = _engine(draft)
        try:
            with writer(engine).begin() as connection:
                schema.create(connection)
            _use_wal(engine)
        except Exception as error:
            cause = getattr(error, "orig", None)
            raise (cause if isinstance(cause, sqlite3.Error) else error) from None
        finally:
            engine.dispose()
        draft.chmod(0o666 & ~_umask())
        _place(draft, path)
    finally:
        for leftover in (draft, Path(f"{name}-wal"), Path(f"{name}-shm"), Path(f"{name}-journal")):
            leftover.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        # No hard links on this file system: O_EXCL chooses the one who may put the file there.
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            return
        draft.replace(path)


def _refuse_half(path: Path, names: set[str]) -> None:
    lost = sorted(name for name in schema.metadata.tables if name.lower() not in names)
    if lost:
        raise NotAStore(f"the database lacks the tables {', '.join(lost)}", where=str(path), hint="choose another file")


def _engine(path: Path, mode: str = "rw") -> Engine:
    """mode: `rw` or `ro`. Never one that makes a file: an empty one would be refused ever after."""
    # Not a URL of SQLAlchemy's: SQLite's own can say how to open the file.
    return _pooled(
        path,
        lambda: sqlite3.connect(
            f"{path.as_uri()}?mode={mode}", uri=True, timeout=sqlite_file.BUSY_SECONDS, check_same_thread=False
        ),
    )


def _pooled(path: Path, connect: Callable[[], sqlite3.Connection], **options: Any) -> Engine:
    opened: list[tuple[int, int]] = []
    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=16, execution_options=options
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # We begin and end transactions ourselves; the driver's own way can't say BEGIN IMMEDIATE.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=NORMAL")
        opened.append(_which(path))

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if _which(path) != opened[0]:
            # The connection still has the file that was there: what is written into it nobody ever reads.
            raise StoreUnavailable(
                "the lineage store was removed or replaced while it was open", where=str(path), hint="open it again"
            )
        options = connection.get_execution_options()
        if read_only.OPTION in options and "claimed_begin" in options:
            raise read_only.refusal(str(path))
        connection.exec_driver_sql(options.get("claimed_begin", "BEGIN"))

    return engine


def _still_engine(path: Path) -> Engine:
    """An engine on a store that we may not write; see `read_only.py`."""
    engine = _pooled(path, lambda: read_only.connect(path, sqlite_file.BUSY_SECONDS), **{read_only.OPTION: True})

    @event.listens_for(engine, "checkout")
    def _look(connection: Any, _record: object, _proxy: object) -> None:
        with explained(str(path)):
            stale = read_only.is_stale(connection, path)
        if stale:
            # The pool opens another one.
            raise DisconnectionError

    @event.listens_for(engine, "commit")
    def _look_back(connection: Any) -> None:
        if read_only.is_disturbed(connection.connection.driver_connection, path):
            raise read_only.changed(str(path))

    @event.listens_for(engine, "handle_error")
    def _explain(context: Any) -> None:
        held = context.connection and context.connection.connection.driver_connection
        if held is not None and read_only.is_disturbed(held, path):
            raise read_only.changed(str(path))

    return engine


def _which(path: Path) -> tuple[int, int]:
    """Which file lies there; (0, 0) without any."""
    try:
        status = os.stat(path)  # noqa: PTH116 - half the time, at each transaction
    except OSError:
        return (0, 0)
    return (status.st_dev, status.st_ino)


def _use_wal(engine: Engine) -> None:
    """Switch the file to WAL mode, which it then keeps. Some network file systems refuse: they stay as they are."""
    raw = engine.raw_connection()
    try:
        deadline = time.monotonic() + sqlite_file.BUSY_SECONDS
        while True:
            try:
                if raw.cursor().execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    raw.cursor().execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                # SQLite does not wait by itself for this lock.
                if not is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
    finally:
        raw.close()

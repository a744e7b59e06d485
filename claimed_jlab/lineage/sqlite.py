"""How a lineage store lives in one SQLite file.

WAL mode: readers never wait for the writer nor the writer for them, and a commit costs one append. In it
`synchronous=NORMAL` survives the death of any process; only a power cut may lose the last moments, and those
are in the run's own event log. A new file is completed beside its place and then linked into it, so that no
other process ever meets half a store.

What another database must bring to take this module's part: `open_engine`, `translate` and `is_busy`.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event

from claimed_jlab.lineage import schema
from claimed_jlab.lineage.errors import LineageError, NewerStore, NotAStore, OlderStore, StoreUnavailable

_BUSY_SECONDS = 30.0
# SQLite takes any shorter file for an empty database of its own.
_SMALLEST = 512
# A database of ML Metadata before it knew versions.
_FIRST_TABLES = frozenset({"artifact", "event", "execution", "type"})


def open_engine(path: Path) -> Engine:
    """An engine on the store in the file, which is made when absent.

    Raises NotAStore, NewerStore, OlderStore or StoreUnavailable; whatever else is in the file stays as it is.
    """
    path = path.expanduser().absolute()
    with explained(str(path)):
        if not path.exists():
            _create(path)
        _examine(path)
        engine = _engine(path)
        _use_wal(engine)
    return engine


@contextlib.contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what SQLite and the system say into one clear line."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"can't use the lineage store: {error.strerror or error}",
            where=where,
            hint="free some space or choose a folder you may write to",
        ) from error
    except sqlite3.Error as error:
        raise translate(error, where) from error


def translate(error: BaseException, where: str) -> LineageError:
    """The LineageError that says what SQLite's error means."""
    said = str(error)
    if "not a database" in said:
        return _no_database(where)
    if "malformed" in said:
        return StoreUnavailable(
            "the lineage store is damaged", where=where, hint="restore it from a copy, or move it away"
        )
    for sign, message, hint in (
        ("full", "no space left for the lineage store", "free some space on its disk"),
        ("readonly", "the lineage store can't be written", "check the permissions of the file and its folder"),
        ("unable to open", "the lineage store can't be opened", "check the folder and its permissions"),
        ("locked", "another process keeps the lineage store locked", "try again when it has finished"),
        ("disk I/O", "the disk failed the lineage store", "check its free space and its file system"),
    ):
        if sign in said:
            return StoreUnavailable(message, where=where, hint=hint)
    return StoreUnavailable(f"the lineage store failed: {said}", where=where)


def _no_database(where: str) -> NotAStore:
    return NotAStore("the file is not a SQLite database; it was left as it is", where=where, hint="choose another file")


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
            with engine.execution_options(claimed_begin="BEGIN IMMEDIATE").begin() as connection:
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


def _examine(path: Path) -> None:
    """Raise unless the file holds an ML Metadata database of our version. Changes nothing."""
    where = str(path)
    if not path.is_file():
        raise NotAStore("not a file", where=where, hint="give the path of a database file")
    _refuse_empty(path)
    if path.stat().st_size < _SMALLEST:
        raise _no_database(where)
    # mode=rw never creates. Reading the header with open() would drop this process's own SQLite locks on close.
    uri = f"{path.as_uri()}?mode=rw"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)) as connection:
        names = {str(row[0]).lower() for row in connection.execute("SELECT name FROM sqlite_master")}
        version = _version(connection) if "mlmdenv" in names else None
    if version is None:
        if names >= _FIRST_TABLES:
            raise _older(where, "0")
        raise NotAStore(
            "the database belongs to another program; it was left as it is", where=where, hint="choose another file"
        )
    if version > schema.SCHEMA_VERSION:
        raise NewerStore(
            f"the lineage store has schema version {version}, newer than {schema.SCHEMA_VERSION}",
            where=where,
            hint="update claimed-jlab, or choose another file",
        )
    if version < schema.SCHEMA_VERSION:
        raise _older(where, str(version))
    lost = sorted(name for name in schema.metadata.tables if name.lower() not in names)
    if lost:
        raise NotAStore(f"the database lacks the tables {', '.join(lost)}", where=where, hint="choose another file")


def _refuse_empty(path: Path) -> None:
    # Where _place had no hard links, its winner's file is empty for a moment.
    for _ in range(5):
        if path.stat().st_size:
            return
        time.sleep(0.02)
    raise NotAStore(
        "the file is empty and was not made here; it was left as it is",
        where=str(path),
        hint="remove it, or choose another file",
    )


def _older(where: str, version: str) -> OlderStore:
    return OlderStore(
        f"the lineage store has schema version {version}, older than {schema.SCHEMA_VERSION}",
        where=where,
        hint="upgrade a copy of it with ml-metadata's enable_upgrade_migration",
    )


def _version(connection: sqlite3.Connection) -> int | None:
    try:
        row = connection.execute("SELECT max(schema_version) FROM MLMDEnv").fetchone()
    except sqlite3.OperationalError as error:
        if "no such column" in str(error):
            return None
        raise
    return int(row[0]) if isinstance(row[0], int) else None


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        pool_size=4,
        max_overflow=16,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # We begin and end transactions ourselves; the driver's own way can't say BEGIN IMMEDIATE.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("claimed_begin", "BEGIN"))

    return engine


def _use_wal(engine: Engine) -> None:
    """Switch the file to WAL mode, which it then keeps. Some network file systems refuse: they stay as they are."""
    raw = engine.raw_connection()
    try:
        deadline = time.monotonic() + _BUSY_SECONDS
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

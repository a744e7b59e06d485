"""What a SQLite file must be to be a lineage store, and what SQLite's own errors mean. Plain sqlite3: it is asked
before every run, and SQLAlchemy takes a tenth of a second to import.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from claimed_jlab.lineage import read_only
from claimed_jlab.lineage.errors import LineageError, NewerStore, NotAStore, OlderStore, StoreUnavailable
from claimed_jlab.lineage.names import SCHEMA_VERSION

BUSY_SECONDS = 30.0
# SQLite takes any shorter file for an empty database of its own.
_SMALLEST = 512
# A database of ML Metadata before it knew versions.
_FIRST_TABLES = frozenset({"artifact", "event", "execution", "type"})


def examine(path: Path) -> set[str]:
    """The names of the tables of a store, in lower case. Changes nothing.

    Raises NotAStore, NewerStore or OlderStore unless it is an ML Metadata database of our version; StoreUnavailable.
    """
    with explained(str(path)):
        return _tables(path)


def _tables(path: Path) -> set[str]:
    where = str(path)
    if not path.is_file():
        raise NotAStore("not a file", where=where, hint="give the path of a database file")
    _refuse_empty(path)
    if path.stat().st_size < _SMALLEST:
        raise _no_database(where)
    with contextlib.closing(_connected(path)) as connection:
        names = {str(row[0]).lower() for row in connection.execute("SELECT name FROM sqlite_master")}
        version = _version(connection) if "mlmdenv" in names else None
    if version is None:
        if names >= _FIRST_TABLES:
            raise _older(where, "0")
        raise NotAStore(
            "the database belongs to another program; it was left as it is", where=where, hint="choose another file"
        )
    if version > SCHEMA_VERSION:
        raise NewerStore(
            f"the lineage store has schema version {version}, newer than {SCHEMA_VERSION}",
            where=where,
            hint="update claimed-jlab, or choose another file",
        )
    if version < SCHEMA_VERSION:
        raise _older(where, str(version))
    return names


def _connected(path: Path) -> sqlite3.Connection:
    if not read_only.may_write(path):
        return read_only.connect(path, BUSY_SECONDS)
    # mode=rw never creates. Reading the header with open() would drop this process's own SQLite locks on close.
    return sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS)


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
        f"the lineage store has schema version {version}, older than {SCHEMA_VERSION}",
        where=where,
        hint="jupyter claimed lineage upgrade",
    )


def _version(connection: sqlite3.Connection) -> int | None:
    try:
        row = connection.execute("SELECT max(schema_version) FROM MLMDEnv").fetchone()
    except sqlite3.OperationalError as error:
        if "no such column" in str(error):
            return None
        raise
    return int(row[0]) if isinstance(row[0], int) else None


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

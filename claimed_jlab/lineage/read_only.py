"""A SQLite store that one may read and not write: a colleague's, in a folder into which others only look.

SQLite puts files beside one that it opens (`-wal`, `-shm`). Where we may not write that fails, and where we may write
the folder but not the file it would do harm: files of ours would lock the owner out. So none is ever made:

- While somebody has the store open for writing, those files are there, and we read through them as any other reader
  (`mode=ro`): one moment of the store, however much is written meanwhile.
- While nobody has, the file is all there is. It is read as one that does not change (`immutable=1`), without locks.
  Whoever begins to write then puts it into the `-wal` first, so that we go on seeing our moment, until that is moved
  into the file. Therefore how the file is (its size and time) is looked at when it is opened, before each transaction
  (another one is opened anew) and at the end of each: an answer that was read while the file changed is thrown away.

Plain sqlite3: it is needed before every run, and SQLAlchemy takes a tenth of a second to import.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import NamedTuple

from claimed_jlab.lineage.errors import StoreUnavailable

# Of an engine's execution options: that its store can only be read.
OPTION = "claimed_read_only"
_ATTEMPTS = 5
_EFFECTIVE = os.access in os.supports_effective_ids


class Look(NamedTuple):
    """How the file was found.

    still: whether nobody writes to it, so that it can be read as it lies there.  face: what is another when it was
    replaced or written to.
    """

    still: bool
    face: tuple[int, ...]


class StillConnection(sqlite3.Connection):
    """A connection that knows how its file was when it was opened."""

    look: Look


def may_write(path: Path) -> bool:
    """Whether we may write the file, and put others beside it; a file that is absent may be made, for all we know."""
    real = Path(os.path.realpath(path))
    if not real.exists():
        return True
    return _access(real, os.W_OK) and _access(real.parent, os.W_OK | os.X_OK)


def refusal(where: str) -> StoreUnavailable:
    """What is said to who wants to write."""
    return StoreUnavailable(
        "the lineage store can't be written, only read: the file or its folder is not yours to write",
        where=where,
        hint="ask its owner for that right, or record in a store of your own: CLAIMED_LINEAGE says which",
    )


def connect(path: Path, timeout: float) -> StillConnection:
    """A connection that changes nothing and makes no file.

    Raises StoreUnavailable when what lies in the `-wal` of a program that died can't be read; OSError, sqlite3.Error.
    """
    real = Path(os.path.realpath(path))
    for _ in range(_ATTEMPTS):
        look = look_at(real)
        how = "immutable=1" if look.still else "readonly_shm=1"
        connection = sqlite3.connect(
            f"{real.as_uri()}?mode=ro&{how}",
            uri=True,
            timeout=timeout,
            check_same_thread=False,
            factory=StillConnection,
        )
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError:
            connection.close()
            if look_at(real) == look:
                raise
            continue
        connection.look = look
        return connection
    raise changed(str(path))


def look_at(path: Path) -> Look:
    """How the file is now. Raises OSError, and StoreUnavailable as `connect`."""
    real = os.path.realpath(path)
    waiting, shared = _size(f"{real}-wal"), _size(f"{real}-shm")
    if waiting and shared is None:
        raise StoreUnavailable(
            "a program that died left writes beside the lineage store, which only who may write it can bring in",
            where=str(path),
            hint=f"ask its owner for `jupyter claimed lineage doctor`, or copy it with {Path(real).name}-wal",
        )
    busy = waiting is not None and shared is not None
    face = _face(real)
    return Look(not busy and not _size(f"{real}-journal"), face)


def is_stale(connection: StillConnection, path: Path) -> bool:
    """Whether a connection no longer shows the store as it is. Raises as `look_at`."""
    look = look_at(path)
    return look.still != connection.look.still or (look.still and look != connection.look)


def is_disturbed(connection: StillConnection, path: Path) -> bool:
    """Whether what was read may be half old and half new: the file changed, and no lock kept it from that."""
    if not connection.look.still:
        return False
    try:
        return _face(os.path.realpath(path)) != connection.look.face
    except OSError:
        return True


def changed(where: str) -> StoreUnavailable:
    """What is said when the file changed while it was read."""
    return StoreUnavailable("the lineage store was written to while it was read", where=where, hint="ask again")


def _face(real: str) -> tuple[int, ...]:
    status = os.stat(real)  # noqa: PTH116 - before and after each transaction
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _access(path: Path, how: int) -> bool:
    return os.access(path, how, effective_ids=_EFFECTIVE)


def _size(path: str) -> int | None:
    """None for a file that is not there."""
    try:
        return os.stat(path).st_size  # noqa: PTH116
    except OSError:
        return None

"""Locks between processes, which the system frees when their holder dies, however it does."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claimed_jlab.errors import ClaimedError

_WAIT_SECONDS = 10.0
_LOOK_SECONDS = 0.02

if sys.platform == "win32":
    import msvcrt

    def try_lock(descriptor: int) -> bool:
        """Takes the lock of an open file until it is closed; False when another process holds it."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Takes the lock of an open file until it is closed; False when another process holds it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def life_lock(path: Path) -> Iterator[bool]:
    """Tries to take a lock that a process holds while it lives; yields whether it was free: then its holder is dead."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        yield try_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def change_lock(path: Path) -> Iterator[None]:
    """Holds a lock while the file `path` is read, changed and written again; the lock is `<path>.lock`.

    Raises ClaimedError when another process holds it for 10 s.
    """
    beside = path.with_name(f"{path.name}.lock")
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        with life_lock(beside) as free:
            if free:
                yield
                return
        if time.monotonic() > end:
            raise ClaimedError("another program holds it", where=str(beside), hint="try again", code="locked")
        time.sleep(_LOOK_SECONDS)

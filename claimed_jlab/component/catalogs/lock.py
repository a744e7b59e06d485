"""A lock between processes, for a file that is read, changed and written again."""

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

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock of the file `path` (it is `<path>.lock`). Raises ClaimedError when another holds it for 10 s."""
    beside = path.with_name(f"{path.name}.lock")
    descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        end = time.monotonic() + _WAIT_SECONDS
        while not _try_lock(descriptor):
            if time.monotonic() > end:
                raise ClaimedError("another program holds it", where=str(beside), hint="try again", code="locked")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(descriptor)

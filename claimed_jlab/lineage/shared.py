"""One store and one index for all questions of a long-lived process.

The index is opened by a thread of its own, so that no question ever waits for it (SQL answers meanwhile), and looked
after now and then while questions come: what is far behind is read, and the sum over all events is checked.

Answers of thousands of nodes set the garbage collector off every dozen questions, and each time it would go through
all that a server has loaded, which takes it a tenth of a second. What is there when the index opens stays for the
life of the process, and is taken out of its rounds.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from functools import cache

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.index import close_index, open_index
from claimed_jlab.lineage.journal import open_journal
from claimed_jlab.lineage.location import file_of, store_location
from claimed_jlab.lineage.store import Store, open_store

_LOOK_AFTER_SECONDS = 60.0
_lock = threading.Lock()


class _Shared:
    def __init__(self, store: Store, file: tuple[int, int]) -> None:
        self.store = store
        self.file = file
        self.process = os.getpid()
        self._looked_after: float | None = None

    def look_after(self) -> None:
        """Start to look after the index, unless that was done lately."""
        now = time.monotonic()
        if self._looked_after is None or now - self._looked_after > _LOOK_AFTER_SECONDS:
            self._looked_after = now
            threading.Thread(target=self._open, name="lineage-index", daemon=True).start()

    def _open(self) -> None:
        try:
            # What a writer that died left in the journal is missed by nobody else.
            open_journal(self.store).drain()
            index = open_index(self.store)
            with self.store.read() as connection:
                right = index.check(connection)
            if not right:
                open_index(self.store)
            _settle()
        except LineageError:
            # The store has gone or can't be read now: whoever asks is told, and SQL needs no index.
            return


@cache
def _settle() -> None:
    gc.collect()
    gc.freeze()


_stores: dict[str, _Shared] = {}


def shared_store(target: str | os.PathLike[str] | None = None) -> Store:
    """The store there, the same one for every caller as long as it lies in the same file; made when absent.

    target: a path or a URL; by default the store that this installation is configured to use.
    Raises what `open_store` and `store_location` do.
    """
    location = store_location() if target is None else os.fspath(target)
    with _lock:
        known = _stores.get(location)
        if known is None or known.process != os.getpid() or known.file != _file(location):
            if known is not None and known.process == os.getpid():
                close_index(known.store)
                known.store.close()
            store = open_store(location)
            known = _stores[location] = _Shared(store, _file(location))
        known.look_after()
        return known.store


def _file(location: str) -> tuple[int, int]:
    """Which file it is; a server's store is always the same."""
    path = file_of(location)
    try:
        status = path.stat() if path is not None else None
    except OSError:
        status = None
    return (status.st_dev, status.st_ino) if status is not None else (0, 0)

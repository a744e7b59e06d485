"""One store and one index for all questions of a long-lived process.

The index is opened by a thread of its own, so that no question ever waits for it (SQL answers meanwhile), and looked
after now and then while questions come: what is far behind is read, and the sum over all events is checked.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.index import close_index, open_index
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
            index = open_index(self.store)
            with self.store.read() as connection:
                right = index.check(connection)
            if not right:
                open_index(self.store)
        except LineageError:
            # The store has gone or can't be read now: whoever asks is told, and SQL needs no index.
            return


_stores: dict[Path, _Shared] = {}


def shared_store(path: Path) -> Store:
    """The store in the file, the same one for every caller as long as the file is the same; made when absent.

    Raises what `open_store` does.
    """
    with _lock:
        known = _stores.get(path)
        if known is None or known.process != os.getpid() or known.file != _file(path):
            if known is not None and known.process == os.getpid():
                close_index(known.store)
                known.store.close()
            store = open_store(path)
            known = _stores[path] = _Shared(store, _file(path))
        known.look_after()
        return known.store


def _file(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_dev, status.st_ino

"""What the stand-in knows: resources by their ids, kept in a file so that a restart keeps them."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

KINDS = ("experiments", "pipelines", "versions", "runs", "recurring", "cache", "sessions")


class State:
    """Resources by kind and id; each is a plain JSON object. `lock` guards all of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.RLock()
        self.kinds: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        self._path = folder / "state.json"
        self._dirty = threading.Event()
        self._closed = False
        self.before_save: Callable[[], None] = lambda: None
        folder.mkdir(parents=True, exist_ok=True)
        if self._path.exists():
            self.kinds |= json.loads(self._path.read_text(encoding="utf-8"))
        self._saver = threading.Thread(target=self._keep_saving, daemon=True)
        self._saver.start()

    def __getitem__(self, kind: str) -> dict[str, Any]:
        return self.kinds[kind]

    def touch(self) -> None:
        """Says that something changed; it is written soon."""
        self._dirty.set()

    def close(self) -> None:
        self._closed = True
        self._dirty.set()
        self._saver.join(5)
        self.save()

    def save(self) -> None:
        """Writes the file now, whole or not at all."""
        with self.lock:
            self.before_save()
            text = json.dumps(self.kinds)
        partial = self._path.with_suffix(".partial")
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, self._path)

    def _keep_saving(self) -> None:
        while not self._closed:
            self._dirty.wait()
            self._dirty.clear()
            if not self._closed:
                began = time.monotonic()
                self.save()
                # What is large is written more seldom: no more than a sixth of the time goes into it.
                time.sleep(max(0.2, 5 * (time.monotonic() - began)))


def new_id() -> str:
    return str(uuid.uuid4())

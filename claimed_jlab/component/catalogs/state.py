"""A small JSON file of state that several processes change: read whole, written by rename under a lock."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from claimed_jlab.component.catalogs.errors import CatalogError
from claimed_jlab.lock import change_lock
from claimed_jlab.paths import home, writable_home

M = TypeVar("M", bound=BaseModel)
FileStamp = tuple[int, int, int] | None


class StateFile(Generic[M]):
    """`$CLAIMED_HOME/<name>`, as the model says. An absent file is the model's defaults."""

    def __init__(self, name: str, model: type[M]) -> None:
        self._name = name
        self._model = model
        self._known: tuple[Path, FileStamp, M] | None = None

    @property
    def path(self) -> Path:
        return home() / self._name

    def stamp(self) -> FileStamp:
        """Moves when the file does; None while there is none."""
        try:
            about = self.path.stat()
        except OSError:
            return None
        return about.st_mtime_ns, about.st_size, about.st_ino

    def read(self) -> M:
        """What it holds; read again only when the file changed. Raises CatalogError when it can't be read."""
        path, stamp = self.path, self.stamp()
        if self._known is None or self._known[:2] != (path, stamp):
            self._known = (path, stamp, self._model() if stamp is None else self._parse(path))
        return self._known[2]

    def change(self, changing: Callable[[M], M]) -> M:
        """Writes what `changing` makes of the content; nobody else changes it in between.

        Raises CatalogError, what `changing` raises, and ClaimedError when the home can't be written to.
        """
        path = writable_home() / self._name
        with change_lock(path):
            changed = changing(self._model() if self.stamp() is None else self._parse(path))
            self._write(path, changed)
        return changed

    def _parse(self, path: Path) -> M:
        try:
            return self._model.model_validate(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, ValidationError) as error:
            reason = "is not what CLAIMED wrote" if isinstance(error, ValueError) else f"can't be read: {error}"
            raise CatalogError(reason, where=str(path), hint="mend it, or move it away to begin anew") from error

    def _write(self, path: Path, content: M) -> None:
        text = content.model_dump_json(indent=2) + "\n"
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=f".{path.name}-", delete=False, encoding="utf-8"
        ) as target:
            target.write(text)
            target.flush()
            os.fsync(target.fileno())
        Path(target.name).replace(path)

"""`/claimed/components/<name>/code`: all that a component could run, to be read before it is let run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.server.handler import ClaimedHandler

_FILE_BYTES = 256 * 1024
_MOST_FILES = 100


class ComponentCodeHandler(ClaimedHandler):
    """The notebook of a component and the files beside it that code could be loaded from.

    Wherever its catalog is; in the version asked for, or the newest. A file that is long, no text or a link elsewhere
    is named without its text.
    """

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        version = self.get_query_argument("version", None)
        reference = f"{name}@{version}" if version else name
        self.finish(await self.work(lambda: self._read(reference)))

    def _read(self, reference: str) -> dict[str, Any]:
        from claimed_jlab.component.source import read_notebook

        notebook = Path(self.claimed.catalog.resolve(reference).path)
        files = list(islice(_files(notebook), _MOST_FILES + 1))
        return {
            "notebook": read_notebook(notebook),
            "files": files[:_MOST_FILES],
            "truncated": len(files) > _MOST_FILES,
        }


def _files(notebook: Path) -> Iterator[dict[str, Any]]:
    from claimed_jlab.component.catalogs.trust import loadable_files

    for path in loadable_files(notebook):
        name = path.relative_to(notebook.parent).as_posix().encode("utf-8", "replace").decode()
        yield {"name": name, "text": _text(path)}


def _text(path: Path) -> str | None:
    if path.is_symlink() or path.stat().st_size > _FILE_BYTES:
        return None
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None

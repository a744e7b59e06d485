"""`/claimed/lineage/export`: lineage as a file of a standard, kept beside the user's files or handed over."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler

if TYPE_CHECKING:
    from claimed_jlab.lineage.standards.export import Exported

_BLOCK = 1 << 20
_SELECTORS = ("query", "run", "artifact")


class ExportHandler(ClaimedHandler):
    """Writes the lineage of a run, of what an artifact came from, of what a query finds, or all there is."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Answers about a file in the contents folder that is named; without one, with the file itself.

        What is to be said about a file that is handed over is in the header `Claimed-Exported`, as JSON in ASCII.
        """
        body = self.body()
        _check(body)
        folder = body.get("folder")
        if folder is not None:
            place = self._folder(folder)
            exported = await self.work(lambda: _export(body, place))
            exported.path = self.contents_path(str(exported.path))
            self.set_status(201)
            self.give(exported.model_dump_json())
            return
        with TemporaryDirectory(prefix="claimed-export-") as temporary:
            await self._hand_over(await self.work(lambda: _export(body, Path(temporary))))

    def _folder(self, folder: str) -> Path:
        found = self.os_path(folder) if folder.strip("/") else self.root
        if not found.is_dir():
            raise ClaimedError("there is no such folder", where=folder, code="no-such-file")
        return found

    async def _hand_over(self, exported: Exported) -> None:
        path, exported.path = Path(str(exported.path)), None
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Length", str(exported.size))
        self.set_header("Claimed-Exported", json.dumps(exported.model_dump(mode="json")))
        self.set_attachment_header(exported.name)
        # A crate may be larger than memory.
        with path.open("rb") as file:
            while block := await self.work(lambda: file.read(_BLOCK)):
                self.write(block)
                await self.flush()
        self.finish(set_content_type="application/octet-stream")


def _check(body: dict[str, Any]) -> None:
    from claimed_jlab.lineage.standards.files import STANDARDS

    if body.get("to") not in STANDARDS:
        raise ClaimedError(f"must be one of {', '.join(STANDARDS)}", where="to", code="bad-request")
    for name in (*_SELECTORS, "name", "folder"):
        if not isinstance(body.get(name, ""), str | None):
            raise ClaimedError("must be a text", where=name, code="bad-request")
    if not isinstance(body.get("with_files", False), bool):
        raise ClaimedError("must be true or false", where="with_files", code="bad-request")
    if body.get("with_files") and body["to"] != "ro-crate":
        raise ClaimedError("only an RO-Crate has room for files", where="with_files", code="bad-request")


def _export(body: dict[str, Any], folder: Path) -> Exported:
    from claimed_jlab.lineage import shared_store
    from claimed_jlab.lineage.standards.choose import chosen
    from claimed_jlab.lineage.standards.export import export

    store = shared_store()
    executions = chosen(store, query=body.get("query"), run_id=body.get("run"), artifact=body.get("artifact"))
    name, with_files = body.get("name") or "lineage", body.get("with_files", False)
    return export(store, executions, body["to"], folder, name, with_files=with_files)

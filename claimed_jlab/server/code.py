"""`/claimed/components/<name>/notebook`: the code of a component, to be read before it is let run."""

from __future__ import annotations

import json
from pathlib import Path

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.server.handler import ClaimedHandler


class ComponentNotebookHandler(ClaimedHandler):
    """The notebook of a component, wherever its catalog is, in the version asked for or the newest."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        from claimed_jlab.component.source import read_notebook

        version = self.get_query_argument("version", None)
        reference = f"{name}@{version}" if version else name
        path = await self.work(lambda: self.claimed.catalog.resolve(reference).path)
        content = await self.work(lambda: read_notebook(Path(path)))
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(content))

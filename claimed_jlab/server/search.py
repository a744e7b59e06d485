"""`/claimed/lineage/find` and `/complete`: the query language of lineage."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.server.handler import ClaimedHandler

_LISTED = 50


class FindHandler(ClaimedHandler):
    """The nodes that a query finds, a page at a time; with `full`, as the explorer shows them."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.get_query_argument("q", "", strip=False)
        limit, cursor = self.number("limit"), self.get_query_argument("cursor", None)
        full = self.get_query_argument("full", "") in ("1", "true")

        def ask() -> dict[str, Any]:
            from claimed_jlab.lineage import find, shared_store
            from claimed_jlab.lineage.explore.part import shown_nodes

            store = shared_store()
            found = find(store, query, limit=_LISTED if limit is None else limit, cursor=cursor)
            if not full:
                return asdict(found)
            nodes = shown_nodes(store, [node.id for node in found.nodes])
            return {"nodes": [node.model_dump(mode="json") for node in nodes], "next": found.next}

        self.finish(await self.work(ask))


class CompleteHandler(ClaimedHandler):
    """What may come next in a query; `at` is the cursor, by default at the end."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        query = self.get_query_argument("q", "", strip=False)
        at = self.number("at")

        def ask() -> dict[str, Any]:
            from claimed_jlab.lineage import complete, shared_store

            store = shared_store()
            found = complete(store, query, len(query) if at is None else at)
            return {"suggestions": [asdict(suggestion) for suggestion in found]}

        self.finish(await self.work(ask))

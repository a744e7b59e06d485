"""`/claimed/lineage`: what an artifact was made from, and what was made of it."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler

_DIRECTIONS = ("upstream", "downstream", "both")


class LineageHandler(ClaimedHandler):
    """The lineage of one artifact."""

    @web.authenticated
    @authorized
    async def get(self, artifact: str) -> None:
        direction = self.get_query_argument("direction", "upstream")
        if direction not in _DIRECTIONS:
            raise ClaimedError("must be upstream, downstream or both", where="direction", code="bad-request")
        depth, limit = self.number("depth"), self.number("limit")

        def ask() -> bytes:
            from claimed_jlab.lineage import around, downstream, find_artifact, shared_store, upstream
            from claimed_jlab.lineage.view import answer_json

            store = shared_store()
            question = {"upstream": upstream, "downstream": downstream, "both": around}[direction]
            answer = question(store, find_artifact(store, artifact), depth=depth, limit=limit)
            return answer_json(answer)

        self.give(await self.work(ask))

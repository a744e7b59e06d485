"""`/claimed/lineage/compare` and what can be done with one artifact: its card, and making it again."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.server.handler import ClaimedHandler
from claimed_jlab.server.runs import RunHandlerBase


class CompareNodesHandler(ClaimedHandler):
    """Nodes side by side: `?node=artifact/1&node=artifact/2`."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        ids = self.get_query_arguments("node")

        def ask() -> str:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.paths import home
            from claimed_jlab.run.compare_nodes import compare_nodes

            return compare_nodes(shared_store(), ids, home()).model_dump_json()

        self.give(await self.work(ask))


class CardHandler(ClaimedHandler):
    """The card of an artifact, in Markdown."""

    @web.authenticated
    @authorized
    async def get(self, node: str) -> None:
        def ask() -> dict[str, str]:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.run.card import card

            return {"markdown": card(shared_store(), node)}

        self.finish(await self.work(ask))


class ReproduceHandler(RunHandlerBase):
    """Makes an artifact again, as a new run."""

    @web.authenticated
    @authorized
    async def post(self, node: str) -> None:
        def start() -> dict[str, Any]:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.paths import home
            from claimed_jlab.run.local.engine import submit
            from claimed_jlab.run.reproduce import plan_again

            run = submit(plan_again(shared_store(), node, home()), cache=False)
            return {"run": self.answer(run)}

        self.set_status(201)
        self.finish(await self.work(start))


class ReproducedHandler(ClaimedHandler):
    """What became of it."""

    @web.authenticated
    @authorized
    async def get(self, node: str) -> None:
        run_id = self.get_query_argument("run")

        def ask() -> str:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.run.reproduce import reproduction
            from claimed_jlab.run.runs import find_run

            return reproduction(shared_store(), node, find_run(run_id)).model_dump_json()

        self.give(await self.work(ask))

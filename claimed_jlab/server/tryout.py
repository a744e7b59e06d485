"""`/claimed/components/try`: runs a notebook once, as the component that it would become."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.runs import RunHandlerBase


class TryHandler(RunHandlerBase):
    """One task in a fresh kernel, from the notebook on the disk; never from the cache."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        body = self.body()
        path, inputs = self.os_path(body.get("path")), body.get("inputs") or {}
        if not isinstance(inputs, dict):
            raise ClaimedError("the inputs must be an object", where="inputs", code="bad-request")

        def start() -> dict[str, Any]:
            from claimed_jlab.run.local.engine import submit
            from claimed_jlab.run.tryout import plan_try

            return self.answer(submit(plan_try(path, inputs), jobs=1, cache=False))

        self.set_status(201)
        self.finish(await self.work(start))

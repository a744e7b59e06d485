"""`/claimed/pipelines`: validates and describes a document, saved or not."""

from __future__ import annotations

from pathlib import Path

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler


class DescribeHandler(ClaimedHandler):
    """What an editor draws."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.pipeline.describe import describe_text

        path, text = self._document()
        answer = await self.work(lambda: describe_text(text, path.parent, self.claimed.catalog))
        self.finish(answer.model_dump(mode="json"))

    def _document(self) -> tuple[Path, str]:
        """The document's file, and its text as the editor has it."""
        from claimed_jlab.pipeline.document import read_text

        body = self.body()
        path, source = self.os_path(body.get("path")), body.get("source")
        if source is None:
            source = read_text(path)
        if not isinstance(source, str):
            raise ClaimedError("the source must be text", where="source", code="bad-request")
        return path, source


class ValidateHandler(DescribeHandler):
    """The one validator's word."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.pipeline.describe import validate_text

        path, text = self._document()
        answer = await self.work(lambda: validate_text(text, path.parent, self.claimed.catalog))
        self.finish(answer.model_dump(mode="json"))

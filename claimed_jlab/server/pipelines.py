"""`/claimed/pipelines`: documents, saved or not: checked, described, compared, as Python and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
        findings = self.findings_of()
        answer = await self.work(lambda: describe_text(text, path.parent, self.claimed.catalog, findings))
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

    def findings_of(self) -> Any:
        """What finds all that is wrong for the engine that the request names; None where it names none."""
        name = self.text_of("engine", optional=True)
        return None if name is None else lambda checked: self.claimed.engine(name).findings(checked)

    def text_of(self, name: str, *, optional: bool = False) -> str | None:
        """A text of the request. Raises ClaimedError when it is none, or not there and not optional."""
        given = self.body().get(name)
        if isinstance(given, str) or (given is None and optional):
            return given
        raise ClaimedError(f"{name} must be text", where=name, code="bad-request")


class ValidateHandler(DescribeHandler):
    """The one validator's word."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.pipeline.describe import validate_text

        path, text = self._document()
        findings = self.findings_of()
        answer = await self.work(lambda: validate_text(text, path.parent, self.claimed.catalog, findings))
        self.finish(answer.model_dump(mode="json"))


class PythonHandler(DescribeHandler):
    """The document as a module of KFP's DSL; into the module that is beside it, where one is given."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.pipeline.python.both_ways import as_python

        path, text = self._document()
        present = self.text_of("python", optional=True)
        answer = await self.work(lambda: as_python(text, path, self.claimed.catalog, present))
        self.finish(answer.model_dump(mode="json"))


class FromPythonHandler(DescribeHandler):
    """The document of a module; where it was a document before, that one with what the module says."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.pipeline.python.both_ways import from_python

        path = self.os_path(self.body().get("path"))
        module, source = self.text_of("python"), self.text_of("source", optional=True)
        base = self.text_of("base", optional=True)
        answer = await self.work(lambda: from_python(module or "", path, self.claimed.catalog, source, base))
        self.finish(answer.model_dump(mode="json"))


class DifferenceHandler(DescribeHandler):
    """What differs between two versions of a document."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.pipeline.difference import difference
        from claimed_jlab.pipeline.document import parse_object

        _, text = self._document()
        other = self.text_of("other") or ""
        before, after = parse_object(text, where="source"), parse_object(other, where="other")
        answer = await self.work(lambda: difference(before, after))
        self.finish(answer.model_dump(mode="json"))

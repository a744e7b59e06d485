"""`/claimed/lineage/graph`, `/nodes/…` and `/used`: what the lineage explorer shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler

_STEPS, _NODES = 2, 400


class GraphHandler(ClaimedHandler):
    """What is around some nodes."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        start = self.get_query_arguments("start")
        # A whole run stands for itself.
        steps = 0 if any(one.startswith(("run:", "context/")) for one in start) else _STEPS
        up, down, limit = self.number("up"), self.number("down"), self.number("limit")
        await self._answer(start, steps if up is None else up, steps if down is None else down, limit or _NODES, [])

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """The same, with edges to the nodes that are `known` already."""
        body = self.body()
        start, known = (_texts(body, name) for name in ("start", "known"))
        up, down, limit = (
            _number(body, name, otherwise) for name, otherwise in (("up", _STEPS), ("down", _STEPS), ("limit", _NODES))
        )
        await self._answer(start, up, down, limit, known)

    async def _answer(self, start: list[str], up: int, down: int, limit: int, known: list[str]) -> None:
        if not start:
            raise ClaimedError("say of which node, as start=artifact/12", where="start", code="bad-request")

        def ask() -> str:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.part import graph_part

            part = graph_part(shared_store(), start, up=up, down=down, limit=limit, known=known)
            return part.model_dump_json()

        self.give(await self.work(ask))


class BetweenHandler(ClaimedHandler):
    """All ways between two nodes."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        first, second = self.get_query_argument("first"), self.get_query_argument("second")
        limit = self.number("limit")

        def ask() -> str:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.part import ways_between

            return ways_between(shared_store(), first, second, limit=limit or _NODES).model_dump_json()

        self.give(await self.work(ask))


class UsedHandler(ClaimedHandler):
    """Where a file was used."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        path = self.os_path(self.get_query_argument("path", ""))

        def ask() -> dict[str, Any]:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.usage import used

            return {"nodes": [node.model_dump(mode="json") for node in used(shared_store(), path)]}

        self.finish(await self.work(ask))


class NodeHandler(ClaimedHandler):
    """One node in full."""

    @web.authenticated
    @authorized
    async def get(self, node: str) -> None:
        def ask() -> str:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.detail import node_detail

            detail = node_detail(shared_store(), node)
            # A browser knows contents paths; what is outside its root it can't open.
            detail.path = self.contents_path(detail.path) if detail.path else None
            return detail.model_dump_json()

        self.give(await self.work(ask))


class VersionsHandler(ClaimedHandler):
    """All versions of a node."""

    @web.authenticated
    @authorized
    async def get(self, node: str) -> None:
        def ask() -> str:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.history import versions_of

            return versions_of(shared_store(), node).model_dump_json()

        self.give(await self.work(ask))


class TagsHandler(ClaimedHandler):
    """The tags of a node."""

    @web.authenticated
    @authorized
    async def put(self, node: str) -> None:
        tags = self.body().get("tags")
        if not isinstance(tags, dict) or not all(isinstance(text, str) for text in tags.values()):
            raise ClaimedError("must be an object of texts", where="tags", code="bad-request")

        def write() -> dict[str, Any]:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.marks import set_tags

            return {"tags": set_tags(shared_store(), node, tags)}

        self.finish(await self.work(write))


class NoteHandler(ClaimedHandler):
    """The note of a node."""

    @web.authenticated
    @authorized
    async def put(self, node: str) -> None:
        text = self.body().get("text")
        if not isinstance(text, str):
            raise ClaimedError("must be a text", where="text", code="bad-request")

        def write() -> dict[str, Any]:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.marks import set_note
            from claimed_jlab.run.runs import user_name

            note = set_note(shared_store(), node, text, user_name())
            return {"note": None if note is None else note.model_dump(mode="json")}

        self.finish(await self.work(write))


class PreviewHandler(ClaimedHandler):
    """An artifact for the eye, as a MIME bundle."""

    @web.authenticated
    @authorized
    async def get(self, node: str) -> None:
        def ask() -> dict[str, Any]:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.detail import artifact_value
            from claimed_jlab.run.preview import preview
            from claimed_jlab.run.record import ArtifactValue

            value = ArtifactValue.model_validate(artifact_value(shared_store(), node))
            return preview(value).model_dump(mode="json")

        self.finish(await self.work(ask))


class ExecutedCodeHandler(ClaimedHandler):
    """The notebook as an execution left it."""

    @web.authenticated
    @authorized
    async def get(self, node: str) -> None:
        def ask() -> Any:
            from claimed_jlab.lineage import shared_store
            from claimed_jlab.lineage.explore.detail import notebook_path

            path: Path = notebook_path(shared_store(), node)
            return json.loads(path.read_text(encoding="utf-8"))

        self.finish(await self.work(ask))


def _texts(body: dict[str, Any], name: str) -> list[str]:
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ClaimedError("must be a list of texts", where=name, code="bad-request")
    return value


def _number(body: dict[str, Any], name: str, otherwise: int) -> int:
    value = body.get(name, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ClaimedError("must be a whole number", where=name, code="bad-request")
    return value

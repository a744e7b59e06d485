"""`/claimed/pipelines/task-schema` and `/claimed/components/<name>/newer`: what the form of a task asks and tells."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler


class TaskSchemaHandler(ClaimedHandler):
    """The JSON Schema of a task's form, by the component and the document that names it."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        component = self.get_query_argument("component", "")
        path = self.os_path(self.get_query_argument("path", None))

        def read() -> dict[str, Any]:
            from claimed_jlab.pipeline.document import Pipeline, Task
            from claimed_jlab.pipeline.task_schema import task_schema
            from claimed_jlab.pipeline.validate import check

            # As the validator finds it: in a catalog, beside the document, or another pipeline.
            alone = Pipeline(name="", tasks={"task": Task(component=component)})
            spec = check(alone, path.parent, self.claimed.catalog, path).components.get("task")
            return {"schema": task_schema(spec), "known": spec is not None}

        self.finish(await self.work(read))


class NewerHandler(ClaimedHandler):
    """Whether a component has a newer version, and what changed since the one that is asked about."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        version = self.get_query_argument("version", None)
        if not version:
            raise ClaimedError("the version is missing", where="version", code="bad-request")

        def read() -> dict[str, Any]:
            from claimed_jlab.component.catalog import version_key
            from claimed_jlab.component.difference import differences

            catalog = self.claimed.catalog
            old, new = catalog.resolve(f"{name}@{version}"), catalog.resolve(name)
            if version_key(new.version) <= version_key(old.version):
                return {"newer": None, "differences": []}
            changes = [{"level": change.level, "words": change.words} for change in differences(old, new)]
            return {"newer": new.reference, "differences": changes}

        self.finish(await self.work(read))

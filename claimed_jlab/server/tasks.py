"""`/claimed/runs/<run>/tasks/<task>/…`: what a task printed, its executed notebook, its outputs."""

from __future__ import annotations

import json
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler

_LOG_BYTES = 256 * 1024


class TaskHandlerBase(ClaimedHandler):
    """Finds a task of a run."""

    def find(self, run_id: str, task: str) -> tuple[Any, Any]:
        """The run and the task's record. Raises UnknownRun, or ClaimedError for a task it has not."""
        from claimed_jlab.run.runs import find_run

        run = find_run(run_id)
        record = run.record().tasks.get(task)
        if record is None:
            raise ClaimedError(f"the run has no task {task!r}", where=run_id, code="unknown-task")
        return run, record


class LogHandler(TaskHandlerBase):
    """The end of what a task printed."""

    @web.authenticated
    @authorized
    async def get(self, run_id: str, task: str) -> None:
        def read() -> dict[str, Any]:
            run, _ = self.find(run_id, task)
            path = run.log(task)
            if not path.exists():
                return {"log": "", "truncated": False}
            with path.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, size - _LOG_BYTES))
                return {"log": file.read().decode("utf-8", "replace"), "truncated": size > _LOG_BYTES}

        self.finish(await self.work(read))


class NotebookHandler(TaskHandlerBase):
    """The notebook as it ran, or as far as it has run."""

    @web.authenticated
    @authorized
    async def get(self, run_id: str, task: str) -> None:
        def read() -> Any:
            run, _ = self.find(run_id, task)
            try:
                return json.loads(run.notebook(task).read_text(encoding="utf-8"))
            except FileNotFoundError:
                message = f"the task {task!r} has not begun"
                raise ClaimedError(message, where=run_id, code="unknown-output") from None

        self.finish(await self.work(read))


class OutputHandler(TaskHandlerBase):
    """One output of a task, as a MIME bundle."""

    @web.authenticated
    @authorized
    async def get(self, run_id: str, task: str, name: str) -> None:
        """`?fetch=true` first brings one that is elsewhere here."""
        fetch = self.get_query_argument("fetch", "") in ("1", "true")

        def read() -> dict[str, Any]:
            from claimed_jlab.run.preview import preview, value_preview
            from claimed_jlab.run.record import ArtifactValue

            run, record = self.find(run_id, task)
            if name not in record.outputs:
                raise ClaimedError(f"the task {task!r} has no output {name!r}", where=run_id, code="unknown-output")
            if fetch:
                self.claimed.engine(run.order.engine).fetch(run, task, name)
                _, record = self.find(run_id, task)
            value = record.outputs[name]
            if isinstance(value, dict) and "uri" in value:
                return preview(ArtifactValue.model_validate(value)).model_dump(mode="json")
            return value_preview(name, value).model_dump(mode="json")

        self.finish(await self.work(read))

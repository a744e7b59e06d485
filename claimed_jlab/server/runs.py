"""`/claimed/runs`: starts, lists, shows and cancels runs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler

_LISTED = 50


class RunHandlerBase(ClaimedHandler):
    """How a run is answered."""

    def answer(self, run: Any) -> dict[str, Any]:
        """The run's JSON, with the contents path of its document, and how far it is."""
        from claimed_jlab.run.outlook import outlook
        from claimed_jlab.run.standing import standing

        record = run.record()
        beside = {
            "contents_path": self.contents_path(record.path),
            **outlook(run, record).model_dump(mode="json"),
            **standing(run, record, self.engine_of(run)).model_dump(mode="json"),
        }
        return {**record.model_dump(mode="json"), **beside}

    def engine_of(self, run: Any) -> Any:
        """The engine of a run; None where it is no longer installed."""
        from claimed_jlab.run.engines import UnknownEngine

        try:
            return self.claimed.engine(run.order.engine)
        except UnknownEngine:
            return None

    def act(self, run_id: str, work: Callable[[Any, Any], None]) -> dict[str, Any]:
        """Does something with a run and its engine, and answers how the run then stands. Raises ClaimedError."""
        from claimed_jlab.run.runs import find_run

        run = find_run(run_id)
        work(self.claimed.engine(run.order.engine), run)
        return self.answer(run)


class RunsHandler(RunHandlerBase):
    """The runs, newest first; and a new one."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        from claimed_jlab.run.history import each, runs_of
        from claimed_jlab.run.runs import all_runs

        limit = self.number("limit") or _LISTED
        path = self.get_query_argument("path", None)
        document = str(self.os_path(path)) if path else None
        archived = self.get_query_argument("archived", "") in ("1", "true")

        def read() -> list[dict[str, Any]]:
            every = all_runs() if document is None else runs_of(document)
            wanted = (run for run in every if archived or not run.archived)
            return list(islice(each(wanted, self.answer), limit))

        self.finish({"runs": await self.work(read)})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Starts a run, or a part of one; with `dry_run` it only tells what each task would do, and why."""
        body = self.body()
        path, asked = self.os_path(body.get("path")), _asked(body)

        def prepared() -> tuple[Any, Any]:
            from claimed_jlab.run.preparing import prepare
            from claimed_jlab.run.select import part

            engine = self.claimed.engine(asked["engine"])
            work = prepare(
                path,
                asked["parameters"],
                self.claimed.catalog,
                engine=engine,
                jobs=asked["jobs"],
                cache=asked["cache"],
            )
            return engine, engine.part(work, lambda plan: part(plan, asked["ways"], failed=asked["failed"]))

        def foresee() -> dict[str, Any]:
            from claimed_jlab.run.local.foresee import foresee

            _, work = prepared()
            return {name: task.model_dump(mode="json") for name, task in foresee(work.plan, cache=work.cache).items()}

        def start() -> dict[str, Any]:
            engine, work = prepared()
            return self.answer(engine.submit(work))

        if body.get("dry_run"):
            self.finish({"tasks": await self.work(foresee)})
        else:
            self.set_status(201)
            self.finish(await self.work(start))


def _asked(body: dict[str, Any]) -> dict[str, Any]:
    """What a request for a run asks for. Raises ClaimedError for what can't be."""
    parameters, jobs = body.get("parameters") or {}, body.get("jobs")
    if not isinstance(parameters, dict):
        raise ClaimedError("the parameters must be an object", where="parameters", code="bad-request")
    if jobs is not None and (not isinstance(jobs, int) or isinstance(jobs, bool) or jobs < 1):
        raise ClaimedError("must be a whole number above 0", where="jobs", code="bad-request")
    ways = {way: body.get(way) for way in ("only", "to", "from")}
    for way, task in ways.items():
        if task is not None and not isinstance(task, str):
            raise ClaimedError("must be the name of a task", where=way, code="bad-request")
    engine = body.get("engine", "local")
    if not isinstance(engine, str):
        raise ClaimedError("must be the name of an engine", where="engine", code="bad-request")
    return {
        "engine": engine,
        "parameters": parameters,
        "jobs": jobs,
        "cache": bool(body.get("cache", True)),
        "ways": ways,
        "failed": bool(body.get("failed", False)),
    }


class RerunHandler(RunHandlerBase):
    """An old run again, with the code and the parameters that it had."""

    @web.authenticated
    @authorized
    async def post(self, run_id: str) -> None:
        body = self.body()

        def start() -> dict[str, Any]:
            from claimed_jlab.run.runs import find_run

            run = find_run(run_id)
            engine = self.claimed.engine(run.order.engine)
            return self.answer(engine.rerun(run, cache=bool(body.get("cache", False))))

        self.set_status(201)
        self.finish(await self.work(start))


class RunHandler(RunHandlerBase):
    """One run."""

    @web.authenticated
    @authorized
    async def get(self, run_id: str) -> None:
        from claimed_jlab.run.runs import find_run

        self.finish(await self.work(lambda: self.answer(find_run(run_id))))

    @web.authenticated
    @authorized
    async def delete(self, run_id: str) -> None:
        """Removes a run that has ended."""
        from claimed_jlab.run.removal import delete
        from claimed_jlab.run.runs import find_run

        await self.work(lambda: delete(find_run(run_id)))
        self.set_status(204)
        self.finish()


class CompareHandler(ClaimedHandler):
    """Runs side by side: `?run=…&run=…`."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        from claimed_jlab.lineage import shared_store
        from claimed_jlab.paths import home
        from claimed_jlab.run.compare import compare_runs
        from claimed_jlab.run.facts import find_facts

        ids = self.get_query_arguments("run")
        found = await self.work(lambda: compare_runs([find_facts(run_id, shared_store) for run_id in ids], home()))
        self.finish(found.model_dump(mode="json"))


class CancelHandler(RunHandlerBase):
    """Asks a run to stop; it stops soon after."""

    @web.authenticated
    @authorized
    async def post(self, run_id: str) -> None:
        def cancel(engine: Any, run: Any) -> None:
            if not run.record().ended:
                engine.cancel(run)

        found = await self.work(lambda: self.act(run_id, cancel))
        self.set_status(202)
        self.finish(found)


class RetryHandler(RunHandlerBase):
    """What failed runs again, in the same run."""

    @web.authenticated
    @authorized
    async def post(self, run_id: str) -> None:
        found = await self.work(lambda: self.act(run_id, lambda engine, run: engine.retry(run)))
        self.set_status(202)
        self.finish(found)


class ArchiveHandler(RunHandlerBase):
    """A run is put away: kept, and left out of lists."""

    archived = True

    @web.authenticated
    @authorized
    async def post(self, run_id: str) -> None:
        self.finish(await self.work(lambda: self.act(run_id, lambda engine, run: engine.archive(run, self.archived))))


class UnarchiveHandler(ArchiveHandler):
    """A run is taken back."""

    archived = False


class ReportHandler(ClaimedHandler):
    """All the reports of a run as one page, which may run no script and reach nothing of the server's."""

    @web.authenticated
    @authorized
    async def get(self, run_id: str) -> None:
        from claimed_jlab.run.results import report_page
        from claimed_jlab.run.runs import find_run

        page = await self.work(lambda: report_page(find_run(run_id).record()))
        if page is None:
            raise ClaimedError("the run has no reports", where=run_id, code="unknown-output")
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header(
            "Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        )
        self.finish(page)

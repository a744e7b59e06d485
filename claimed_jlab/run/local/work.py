"""One task, from its inputs to its outputs: skipped when nothing changed, else executed, again when it may be.

Every change of state is a line in the event log before anything is built on it; lineage is told next.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimed_jlab import expression
from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.local.capacity import Share
from claimed_jlab.run.local.kernels import KernelPool
from claimed_jlab.run.local.moment import with_moment
from claimed_jlab.run.local.objects import ObjectStore
from claimed_jlab.run.local.recording import Lineage
from claimed_jlab.run.local.result import MASK, Result, result_of, shown
from claimed_jlab.run.local.skipping import Entry, Memory, never_skipped, parts_of
from claimed_jlab.run.planned import PlannedInput, PlannedTask
from claimed_jlab.run.record import ArtifactValue, State
from claimed_jlab.run.runs import Order, Run, find_run

if TYPE_CHECKING:
    from claimed_jlab.run.local.task import TaskRun


@dataclass
class Shop:
    """What all tasks of a run work with. results: what the tasks that ended well gave."""

    run: Run
    order: Order
    objects: ObjectStore
    memory: Memory
    pool: KernelPool
    lineage: Lineage
    log: EventLog
    states: dict[str, State] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    attempts: dict[str, TaskRun] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def change(self, name: str, state: State, **fields: Any) -> None:
        """A task is in another state: one line of the log."""
        self.log.append(kind="task", task=name, state=state, **fields)
        self.states[name] = state

    async def cancel(self, name: str, reason: str) -> None:
        """A task will not run."""
        self.change(name, "CANCELED", reason=reason)
        await self.lineage.cancel_task(name, reason)

    async def fail(self, name: str, error: Exception) -> None:
        """A task ended badly."""
        message = in_words(error)
        executed = self.run.notebook(name)
        notebook = executed if executed.exists() else None
        fields = {"cell": getattr(error, "cell", None), "traceback": getattr(error, "traceback", None)}
        self.change(name, "FAILED", error=message, notebook=str(notebook) if notebook else None, **fields)
        with suppress(ClaimedError):
            await self.lineage.fail_task(name, message, notebook)

    def refusal(self, task: PlannedTask) -> str:
        """The first condition of a task that does not hold; empty where it is to run. Raises ExpressionError."""
        for condition in task.conditions:
            values = {name: self._value(source) for name, source in condition.names.items()}
            if not expression.evaluate(condition.text, values).value:
                return condition.text
        return ""

    def _value(self, source: PlannedInput) -> Any:
        return self.output(source, "when") if source.kind == "output" else source.value

    def output(self, source: PlannedInput, where: str) -> Any:
        """The output that an input takes. Raises ClaimedError where the task gave none."""
        assert source.output is not None
        task, name = source.output
        try:
            return self.results[task].output(name)
        except KeyError:
            raise ClaimedError(f"task {task!r} gave no output {name!r}", where=where) from None


class TaskWork:
    """Does tasks, many at once. ahead: how many kernels will be wanted soon."""

    def __init__(self, shop: Shop, ahead: Callable[[], int]) -> None:
        self._shop = shop
        self._ahead = ahead
        self._files: dict[str, asyncio.Task[ArtifactValue]] = {}

    async def do(self, task: PlannedTask, share: Share) -> None:
        """One task, all attempts, to an end. Raises what made it fail, and what its log could not take."""
        if task.reuse is not None:
            return await self._take_over(task, task.reuse)
        inputs = await self._inputs(task)
        parts = parts_of(task, inputs)
        entry, why = self._remembered(task, parts)
        changed = self._shop.memory.changed(self._shop.order.plan.path, task.name, parts)
        self._shop.memory.look(self._shop.order.plan.path, task.name, parts)
        secrets = {name: MASK for name, source in task.inputs.items() if source.kind == "secret"}
        self._shop.change(
            task.name,
            "RUNNING",
            inputs={**{name: shown(value) for name, value in inputs.items()}, **secrets},
            reason=why or changed or "it never finished before",
            log=str(self._shop.run.log(task.name)),
        )
        recorded = asyncio.ensure_future(self._shop.lineage.start_task(task, {**inputs, **secrets}, parts))
        if entry is not None:
            return await self._reuse(task.name, entry, await recorded)
        self._shop.pool.expect(self._ahead())
        execution_id, result = await _both(recorded, asyncio.ensure_future(self._execute(task, inputs, share)))
        await self._shop.lineage.finish_task(task.name, result)
        if task.cache:
            self._remember(parts, result, execution_id)
        used = {"cpu_seconds": result.cpu_seconds, "memory_bytes": result.memory_bytes}
        self._finish(task.name, "COMPLETE", result, execution_id, seconds=result.seconds, **used)

    async def _execute(self, task: PlannedTask, inputs: Mapping[str, Any], share: Share) -> Result:
        # Late, because it brings nbclient: a run in which nothing changed needs no kernel.
        from claimed_jlab.run.local.container import ContainerRun
        from claimed_jlab.run.local.task import TaskRun

        runner = TaskRun if task.component.container is None else ContainerRun
        shop = self._shop
        environment = {**share.environment, **shop.environment}
        tries = 1 + (task.retry.attempts if task.retry else 0)
        for attempt in range(1, tries + 1):
            one = shop.attempts[task.name] = runner(shop.run, task, inputs, shop.objects, shop.pool, environment)
            try:
                return await asyncio.wait_for(one.execute(), task.timeout)
            except asyncio.TimeoutError:
                error: Exception = ClaimedError(f"took longer than its timeout of {task.timeout:g} s", code="timeout")
            except (ClaimedError, OSError) as failed:
                error = failed
            finally:
                shop.attempts.pop(task.name, None)
            if attempt == tries or not _is_retried(task, error):
                raise error
            backoff = (task.retry.backoff if task.retry else 0) * 2 ** (attempt - 1)
            shop.change(task.name, "RUNNING", attempt=attempt + 1, reason=f"again in {backoff:g} s: {error}")
            await asyncio.sleep(backoff)
        raise AssertionError("a task has at least one attempt")

    async def _take_over(self, task: PlannedTask, run_id: str) -> None:
        """The result of an earlier run, as it stands in its record. Raises ClaimedError where it is gone."""
        record = find_run(run_id).record().tasks[task.name]
        result = result_of(record)
        reason = f"taken from the run {run_id}"
        for name, artifact in result.files:
            if not self._shop.objects.holds(artifact.digest, artifact.name):
                raise ClaimedError(f"its {name} in the run {run_id} was deleted or changed", code="no-earlier-result")
        self._shop.change(task.name, "RUNNING", reason=reason, inputs=record.inputs)
        execution_id = await self._shop.lineage.start_task(task, {}, {"run": run_id})
        earlier = record.execution_id or execution_id
        await self._shop.lineage.finish_task(task.name, result, cached=True, cached_execution_id=earlier)
        self._shop.results[task.name] = result
        self._shop.change(
            task.name,
            "CACHED",
            cached=True,
            outputs=result.outputs,
            notebook=record.notebook,
            execution_id=execution_id,
        )

    async def _reuse(self, name: str, entry: Entry, execution_id: int | None) -> None:
        result = Result(entry.artifacts, entry.parameters, entry.notebook, entry.log, 0.0)
        earlier = entry.execution_id or execution_id
        await self._shop.lineage.finish_task(name, result, cached=True, cached_execution_id=earlier)
        self._shop.run.log(name).write_text(entry.log, encoding="utf-8")
        self._finish(name, "CACHED", result, execution_id, cached=True)

    def _remembered(self, task: PlannedTask, parts: Mapping[str, str]) -> tuple[Entry | None, str]:
        if why := never_skipped(task, self._shop.order.cache):
            return None, why
        return self._shop.memory.find(parts)

    def _remember(self, parts: Mapping[str, str], result: Result, execution_id: int | None) -> None:
        entry = Entry(
            artifacts=result.artifacts,
            parameters=result.parameters,
            notebook=result.notebook,
            log=result.log,
            execution_id=execution_id,
            run_id=self._shop.run.run_id,
        )
        self._shop.memory.remember(parts, entry)

    async def _inputs(self, task: PlannedTask) -> dict[str, Any]:
        """What goes in: values, artifacts of other tasks, and files, which are stored before they are read."""
        found: dict[str, Any] = {}
        for name, source in task.inputs.items():
            if source.kind not in ("secret", "item"):
                found[name] = await self._input(task, name, source)
        return found

    async def _input(self, task: PlannedTask, name: str, source: PlannedInput) -> Any:
        if source.kind == "output":
            return self._shop.output(source, f"input {name!r}")
        if source.kind == "list":
            return [await self._input(task, name, part) for part in source.parts]
        if source.kind == "file":
            port = task.component.input(name)
            kind = port.port_type.name if port and port.kind == "artifact" else "Artifact"
            return await self._file(task.name, kind, Path(source.value))
        return with_moment(source.value, self._shop.order, task.name)

    async def _file(self, task: str, kind: str, path: Path) -> ArtifactValue:
        """Stores a file that comes from outside; once a run, however many tasks read it."""
        if not path.exists():
            raise ClaimedError("there is no such file", where=str(path))
        key = f"{kind}:{path}"
        if key not in self._files:
            self._files[key] = asyncio.create_task(self._import(task, kind, path))
        return await asyncio.shield(self._files[key])

    async def _import(self, task: str, kind: str, path: Path) -> ArtifactValue:
        item = await asyncio.to_thread(self._shop.objects.put, path)
        value = ArtifactValue(type=kind, uri=item.uri, name=path.name, digest=item.digest, size=item.size)
        value.artifact_id = await self._shop.lineage.import_file(task, value, path)
        return value

    def _finish(self, name: str, state: State, result: Result, execution_id: int | None, **fields: Any) -> None:
        shop = self._shop
        shop.results[name] = result
        notebook = shop.run.notebook(name)
        if not notebook.exists() and result.notebook is not None:
            shutil.copyfile(shop.objects.path(result.notebook.digest, result.notebook.name), notebook)
        seen = str(notebook) if notebook.exists() else None
        shop.change(name, state, outputs=result.outputs, notebook=seen, execution_id=execution_id, **fields)


def in_words(error: Exception) -> str:
    """An error in one line."""
    if isinstance(error, OSError) and error.strerror:
        place = error.filename2 or error.filename
        return f"{place}: {error.strerror}" if place else error.strerror
    return str(error) if isinstance(error, ClaimedError) else f"{type(error).__name__}: {error}"


async def _both(recorded: asyncio.Future[int | None], working: asyncio.Future[Result]) -> tuple[int | None, Result]:
    """What both give. Where one fails, the other is not waited for: nothing runs that can't be recorded."""
    try:
        return await asyncio.gather(recorded, working)
    finally:
        working.cancel()
        await asyncio.gather(recorded, working, return_exceptions=True)


def _is_retried(task: PlannedTask, error: Exception) -> bool:
    """Whether an error is one of those that the task is tried again for: by the name it was raised by, or its code."""
    if task.retry is None or not task.retry.on:
        return True
    raised = error.message.partition(":")[0].strip() if isinstance(error, ClaimedError) else type(error).__name__
    code = error.code if isinstance(error, ClaimedError) else ""
    return raised.rsplit(".", 1)[-1] in task.retry.on or raised in task.retry.on or code in task.retry.on

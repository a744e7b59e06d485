"""Runs a plan: starts each task when what it needs is there, as many at once as allowed, and logs every change.

Every change of state is a line in the event log before anything is built on it; lineage is told next.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from claimed_jlab import expression
from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.local.kernels import KernelPool
from claimed_jlab.run.local.objects import ObjectStore
from claimed_jlab.run.local.recording import Lineage
from claimed_jlab.run.local.result import MASK, Result
from claimed_jlab.run.local.skipping import Entry, Memory, parts_of
from claimed_jlab.run.plan import PlannedTask
from claimed_jlab.run.record import FINAL, GOOD, ArtifactValue, State
from claimed_jlab.run.runs import Order, Run

if TYPE_CHECKING:
    from claimed_jlab.run.local.task import TaskRun

_LOOK_SECONDS = 0.2
_GRACE_SECONDS = 1.0


class Scheduler:
    """One run, from its first task to its last."""

    def __init__(
        self, run: Run, order: Order, objects: ObjectStore, memory: Memory, pool: KernelPool, lineage: Lineage
    ) -> None:
        self._run = run
        self._order = order
        self._objects = objects
        self._memory = memory
        self._pool = pool
        self._lineage = lineage
        self._log = EventLog(run.events)
        self._states: dict[str, State] = {task.name: "NEW" for task in order.plan.tasks}
        self._results: dict[str, Result] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._attempts: dict[str, TaskRun] = {}
        self._canceled = False
        self._jobs = 1
        self._files: dict[str, asyncio.Task[ArtifactValue]] = {}

    async def run(self, jobs: int) -> State:
        """Runs everything; `jobs` tasks at once. Returns how the run ended."""
        canceled = False
        self._jobs = jobs
        try:
            while not canceled:
                await self._begin_ready()
                if not self._running:
                    break
                await asyncio.wait(self._running.values(), timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                for task in [task for task in self._running.values() if task.done()]:
                    task.result()  # nothing leaves a task but what stops the run, such as a log that can't be written
                self._running = {name: task for name, task in self._running.items() if not task.done()}
                canceled = self._run.cancel_request.exists()
        finally:
            self._canceled = canceled
            await self._stop_running()
        if canceled:
            await self._cancel_rest("canceled")
            return "CANCELED"
        return "FAILED" if "FAILED" in self._states.values() else "COMPLETE"

    async def _begin_ready(self) -> None:
        for task in self._order.plan.tasks:
            if self._states[task.name] != "NEW" or task.name in self._running:
                continue
            blocking = [name for name in task.needs if self._states[name] in ("FAILED", "CANCELED")]
            if blocking:
                states = ", ".join(f"{name} {self._states[name]}" for name in blocking)
                await self._cancel(task.name, f"not run: {states}")
            elif len(self._running) < self._jobs and all(self._states[name] in GOOD for name in task.needs):
                self._running[task.name] = asyncio.create_task(self._do(task))

    async def _do(self, task: PlannedTask) -> None:
        """One task, all attempts, to a final state. No exception leaves it but a cancellation."""
        try:
            if not self._wanted(task):
                return await self._cancel(task.name, f"not run: {task.when} is false")
            inputs = await self._inputs(task)
            await self._attempt(task, inputs)
        except asyncio.CancelledError:
            with suppress(ClaimedError):
                await asyncio.shield(self._cancel(task.name, "canceled"))
            raise
        except Exception as error:
            # An interrupted cell raises KeyboardInterrupt in the notebook: that is no failure of the task.
            await (self._cancel(task.name, "canceled") if self._canceled else self._fail(task.name, error))

    async def _attempt(self, task: PlannedTask, inputs: Mapping[str, Any]) -> None:
        parts = parts_of(task, inputs)
        entry, why = self._remembered(task, parts)
        changed = self._memory.changed(self._order.plan.path, task.name, parts)
        shown = {name: _shown(value) for name, value in inputs.items()}
        secrets = {name: MASK for name, source in task.inputs.items() if source.kind == "secret"}
        reason = why or changed or "it never finished before"
        self._change(
            task.name, "RUNNING", inputs={**shown, **secrets}, reason=reason, log=str(self._run.log(task.name))
        )
        execution_id = await self._lineage.start_task(task, {**inputs, **secrets}, parts)
        if entry is not None:
            return await self._reuse(task.name, entry, execution_id)
        self._pool.expect(min(self._jobs, self._unstarted() + 1))
        result = await self._execute(task, inputs)
        await self._lineage.finish_task(task.name, result)
        self._remember(task, parts, result, execution_id)
        self._finish(task.name, "COMPLETE", result, execution_id, seconds=result.seconds)

    def _unstarted(self) -> int:
        return sum(1 for name, state in self._states.items() if state == "NEW" and name not in self._running)

    async def _execute(self, task: PlannedTask, inputs: Mapping[str, Any]) -> Result:
        # Late, because it brings nbclient: a run in which nothing changed needs no kernel.
        from claimed_jlab.run.local.task import TaskRun

        tries = 1 + (task.retry.attempts if task.retry else 0)
        for attempt in range(1, tries + 1):
            one = self._attempts[task.name] = TaskRun(self._run, task, inputs, self._objects, self._pool)
            try:
                return await asyncio.wait_for(one.execute(), task.timeout)
            except asyncio.TimeoutError:
                error: Exception = ClaimedError(f"took longer than its timeout of {task.timeout:g} s", code="timeout")
            except (ClaimedError, OSError) as failed:
                error = failed
            finally:
                self._attempts.pop(task.name, None)
            if attempt == tries:
                raise error
            backoff = (task.retry.backoff if task.retry else 0) * 2 ** (attempt - 1)
            self._change(task.name, "RUNNING", attempt=attempt + 1, reason=f"again in {backoff:g} s: {error}")
            await asyncio.sleep(backoff)
        raise AssertionError("a task has at least one attempt")

    async def _reuse(self, name: str, entry: Entry, execution_id: int) -> None:
        result = Result(entry.artifacts, entry.parameters, entry.notebook, entry.log, 0.0)
        await self._lineage.finish_task(name, result, cached_execution_id=entry.execution_id or execution_id)
        self._run.log(name).write_text(entry.log, encoding="utf-8")
        self._finish(name, "CACHED", result, execution_id, cached=True)

    def _remembered(self, task: PlannedTask, parts: Mapping[str, str]) -> tuple[Entry | None, str]:
        if not self._order.cache:
            return None, "skipping was switched off for this run"
        if not task.cache:
            return None, "the task is marked cache: false"
        if any(source.kind == "secret" for source in task.inputs.values()):
            return None, "it takes a secret"
        return self._memory.find(parts)

    def _remember(self, task: PlannedTask, parts: Mapping[str, str], result: Result, execution_id: int) -> None:
        entry = Entry(
            artifacts=result.artifacts,
            parameters=result.parameters,
            notebook=result.notebook,
            log=result.log,
            execution_id=execution_id,
            run_id=self._run.run_id,
        )
        self._memory.remember(parts, entry)

    def _wanted(self, task: PlannedTask) -> bool:
        if not task.when:
            return True
        values = dict(self._order.plan.parameters)
        for name, result in self._results.items():
            values.update({f"{name}.{output}": value for output, value in result.parameters.items()})
        return bool(expression.evaluate(task.when, values).value)

    async def _inputs(self, task: PlannedTask) -> dict[str, Any]:
        """What goes in: values, artifacts of other tasks, and files, which are stored before they are read."""
        found: dict[str, Any] = {}
        for name, source in task.inputs.items():
            if source.kind == "output" and source.output:
                result = self._results[source.output[0]]
                output = source.output[1]
                found[name] = result.artifacts.get(output) or result.parameters.get(output)
                if output not in result.artifacts and output not in result.parameters:
                    raise ClaimedError(f"task {source.output[0]!r} gave no output {output!r}", where=f"input {name!r}")
            elif source.kind == "file":
                port = task.component.input(name)
                kind = port.port_type.name if port else "Artifact"
                found[name] = await self._file(task.name, kind, Path(source.value))
            elif source.kind == "value":
                found[name] = source.value
        return found

    async def _file(self, task: str, kind: str, path: Path) -> ArtifactValue:
        """Stores a file that comes from outside; once a run, however many tasks read it."""
        if not path.exists():
            raise ClaimedError("there is no such file", where=str(path))
        key = f"{kind}:{path}"
        if key not in self._files:
            self._files[key] = asyncio.create_task(self._import(task, kind, path))
        return await asyncio.shield(self._files[key])

    async def _import(self, task: str, kind: str, path: Path) -> ArtifactValue:
        item = await asyncio.to_thread(self._objects.put, path)
        value = ArtifactValue(type=kind, uri=item.uri, name=path.name, digest=item.digest, size=item.size)
        value.artifact_id = await self._lineage.import_file(task, value)
        return value

    def _finish(self, name: str, state: State, result: Result, execution_id: int, **fields: Any) -> None:
        self._results[name] = result
        outputs = {key: _shown(value) for key, value in {**result.artifacts, **result.parameters}.items()}
        notebook = self._run.notebook(name)
        if not notebook.exists():
            shutil.copyfile(self._objects.path(result.notebook.digest, result.notebook.name), notebook)
        self._change(name, state, outputs=outputs, notebook=str(notebook), execution_id=execution_id, **fields)

    async def _fail(self, name: str, error: Exception) -> None:
        message = _in_words(error)
        notebook = self._run.notebook(name)
        fields = {"cell": getattr(error, "cell", None), "traceback": getattr(error, "traceback", None)}
        self._change(name, "FAILED", error=message, notebook=str(notebook) if notebook.exists() else None, **fields)
        with suppress(ClaimedError):
            await self._lineage.fail_task(name, message)

    async def _cancel(self, name: str, reason: str) -> None:
        self._change(name, "CANCELED", reason=reason)
        await self._lineage.cancel_task(name, reason)

    async def _cancel_rest(self, reason: str) -> None:
        for name, state in self._states.items():
            if state not in FINAL:
                await self._cancel(name, reason)

    async def _stop_running(self) -> None:
        if not self._running:
            return
        for attempt in list(self._attempts.values()):
            if attempt.kernel is not None:
                await attempt.kernel.interrupt()
        await asyncio.wait(self._running.values(), timeout=_GRACE_SECONDS)
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        self._running = {}

    def _change(self, name: str, state: State, **fields: Any) -> None:
        self._log.append(kind="task", task=name, state=state, **fields)
        self._states[name] = state


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        place = error.filename2 or error.filename
        return f"{place}: {error.strerror}" if place else error.strerror
    return str(error) if isinstance(error, ClaimedError) else f"{type(error).__name__}: {error}"


def _shown(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, ArtifactValue) else value

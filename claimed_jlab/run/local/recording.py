"""Tells the lineage store what a run does. Store calls wait for a disk, so they have one thread of their own.

They go through the journal: a store that somebody else holds delays a run by seconds at most and loses nothing of it.
What has no id then gets it at the run's end.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from claimed_jlab import __version__
from claimed_jlab.component.requirements import environment_versions
from claimed_jlab.lineage import names
from claimed_jlab.run.local.result import Result
from claimed_jlab.run.local.skipping import key_of
from claimed_jlab.run.planned import PlannedTask
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.revision import revision
from claimed_jlab.run.runs import Order

if TYPE_CHECKING:
    from claimed_jlab.lineage import ArtifactRecord
    from claimed_jlab.lineage.journal import JournaledRecorder

T = TypeVar("T")
_AT_THE_END_SECONDS = 30.0


class Lineage:
    """The lineage of one run. Artifacts that go out get their ids here."""

    def __init__(self, location: str, order: Order) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lineage")
        self._location = location
        self._order = order
        self._run_id = order.run_id
        self._opened: JournaledRecorder | None = None

    @property
    def _recorder(self) -> JournaledRecorder:
        # Opened and imported in the thread: SQLAlchemy takes a while, and tasks begin meanwhile.
        if self._opened is None:
            from claimed_jlab.lineage import open_store
            from claimed_jlab.lineage.journal import JournaledRecorder

            self._opened = JournaledRecorder(open_store(self._location))
        return self._opened

    async def start(self) -> None:
        """Records the run. Raises LineageError when the store is not to be used; so does all that follows then."""
        about = {
            names.USER: self._order.user,
            names.HOST: socket.gethostname(),
            names.ENGINE: self._order.engine,
            names.PIPELINE_PATH: self._order.plan.path,
            names.VERSION: __version__,
        }
        plan = self._order.plan
        await self._call(
            lambda: self._recorder.start_run(
                self._run_id, plan.pipeline, parameters=plan.parameters, properties={**about, **revision(plan.path)}
            )
        )

    async def import_file(self, task: str, artifact: ArtifactValue, source: Path) -> int | None:
        """Records a file that came in from outside the run; returns its artifact's id, when it is known already."""
        return await self._call(
            lambda: self._recorder.import_artifact(
                self._run_id, task, artifact_record(artifact, {names.SOURCE: str(source)})
            )
        )

    async def start_task(self, task: PlannedTask, inputs: Mapping[str, Any], parts: Mapping[str, str]) -> int | None:
        """Records that a task begins, with what goes in; returns its execution's id, when it is known already."""
        given = dict(one_by_one(inputs))
        artifacts = {
            name: artifact_record(value, {}) if value.artifact_id is None else value.artifact_id
            for name, value in given.items()
            if isinstance(value, ArtifactValue)
        }
        values = {name: value for name, value in given.items() if not isinstance(value, ArtifactValue)}
        secrets = {name: source.value for name, source in task.inputs.items() if source.kind == "secret"}
        spec = task.component
        properties = {
            "cache_fingerprint": key_of(parts),
            names.COMPONENT: spec.reference,
            names.COMPONENT_VERSION: spec.version,
            names.SOURCE: spec.path,
            names.NOTEBOOK_DIGEST: spec.digest,
            names.ENVIRONMENT: _environment(parts),
            names.PACKAGES: environment_versions(spec.requirements, spec.kernel) or None,
            names.SECRETS: secrets or None,
        }
        return await self._call(
            lambda: self._recorder.start_task(
                self._run_id,
                task.name,
                display_name=spec.title or task.name,
                inputs=values,
                artifacts=artifacts,
                properties=properties,
            )
        )

    async def finish_task(
        self, task: str, result: Result, *, cached: bool = False, cached_execution_id: int | None = None
    ) -> None:
        """Records what a task made; gives its artifacts their ids, when they are known already."""
        ids = await self._call(
            lambda: self._recorder.finish_task(
                self._run_id,
                task,
                state="CACHED" if cached else "COMPLETE",
                outputs=result.parameters,
                artifacts={
                    name: artifact_record(item, result.metadata.get(name, {}))
                    for name, item in result.artifacts.items()
                },
                properties={names.EXECUTED_NOTEBOOK: result.notebook.uri} if result.notebook else {},
                cached_execution_id=cached_execution_id,
            )
        )
        for name in result.artifacts:
            result.artifacts[name].artifact_id = ids.get(name)

    async def fail_task(self, task: str, message: str, notebook: Path | None) -> None:
        """Records that a task failed. notebook: as far as it was executed."""
        properties = {names.ERROR: message, **({names.EXECUTED_NOTEBOOK: notebook.as_uri()} if notebook else {})}
        await self._call(
            lambda: self._recorder.finish_task(
                self._run_id, task, state="FAILED", outputs={}, artifacts={}, properties=properties
            )
        )

    async def cancel_task(self, task: str, reason: str) -> None:
        """Records that a task was canceled or never begun."""
        properties = {names.ERROR: reason}
        await self._call(lambda: self._recorder.cancel_task(self._run_id, task, properties=properties))

    async def finish_run(self, state: str) -> None:
        """Records the run's end, and waits until the store knows all of the run."""
        await self._call(lambda: self._recorder.finish_run(self._run_id, state))
        await self._call(lambda: self._recorder.settle(_AT_THE_END_SECONDS))

    async def name_late(self, task: str, result: Result) -> bool:
        """Gives a task's artifacts the ids that were not known when it finished; whether there were such."""
        if all(artifact.artifact_id is not None for artifact in result.artifacts.values()):
            return False
        ids = await self._call(lambda: self._recorder.outputs_of(self._run_id, task))
        for name, artifact in result.artifacts.items():
            artifact.artifact_id = ids.get(name)
        return any(ids)

    async def _call(self, work: Callable[[], T]) -> T:
        called = time.time_ns() // 1_000_000

        def tell() -> T:
            # The thread may be behind: it opens the store, or waits for somebody else who holds it.
            with self._recorder.at(called):
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, tell)


def _environment(parts: Mapping[str, str]) -> str:
    """A digest of what a task runs in: the interpreter, packages and variables that it depends on."""
    around = {name: part for name, part in parts.items() if name != "code" and not name.startswith("input ")}
    return f"blake3:{key_of(around)}"


def one_by_one(inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Inputs with the artifacts of a list apart, as `name.0`, `name.1`, …: an event is of one artifact."""
    for name, value in inputs.items():
        if isinstance(value, list) and any(isinstance(item, ArtifactValue) for item in value):
            yield from ((f"{name}.{number}", item) for number, item in enumerate(value))
        else:
            yield name, value


def artifact_record(artifact: ArtifactValue, metadata: Mapping[str, Any]) -> ArtifactRecord:
    """An artifact as the lineage store takes it."""
    from claimed_jlab.lineage import ArtifactRecord

    return ArtifactRecord(
        type=artifact.type, uri=artifact.uri, name=artifact.name, digest=artifact.digest, metadata=dict(metadata)
    )

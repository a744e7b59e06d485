"""Recording a run as it happens, with the names Kubeflow Pipelines writes.

Every call is one transaction and idempotent: a node is known by its external id (`claimed:<run>/<task>`), so a
call repeated by a worker that was unsure changes nothing, and what is finished stays as it finished.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from sqlalchemy import Connection, select

from claimed_jlab.lineage import names, schema, shapes, write
from claimed_jlab.lineage.model import ArtifactRecord, EventType, ExecutionState, Kind
from claimed_jlab.lineage.values import Json, Struct, Value

T = TypeVar("T")
_RUNS_REMEMBERED = 64


class Writable(Protocol):
    """What a recorder writes into: a store, or a transaction of one that is open already."""

    def read(self) -> AbstractContextManager[Connection]:
        """A connection that sees one moment."""

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction."""


class Recorder:
    """Writes runs into a store. Threads and processes may each have one on the same file.

    types: ids of types that are committed; looked up when they are not given.
    """

    def __init__(self, store: Writable, types: shapes.TypeIds | None = None) -> None:
        self._store = store
        # Ids that never change once they are committed.
        self._remembered = types
        self._runs: OrderedDict[str, shapes.Run] = OrderedDict()

    def start_run(
        self, run_id: str, pipeline: str, *, parameters: Mapping[str, Json], properties: Mapping[str, Json]
    ) -> int:
        """Record that a run began: its contexts and its root execution, RUNNING. Returns the root's id.

        properties: custom properties of the root (`claimed.user`, …); those that Kubeflow keeps on the run's
        context (`namespace`, `pipeline_root`, …) go there.
        """
        types = self._types()

        def work(connection: Connection) -> shapes.Run:
            if write.by_external_id(connection, Kind.EXECUTION, names.run_key(run_id)) is not None:
                return shapes.find_run(connection, run_id)
            return shapes.put_run(connection, types, run_id, pipeline, parameters, properties)

        return self._remember(run_id, self._store.write(work)).root

    def import_artifact(self, run_id: str, task: str, record: ArtifactRecord) -> int:
        """Record that a file came into the run from outside, for a task. Returns the artifact's id.

        The same type, URI and digest are the same artifact, whichever run brought it in or made it: the first
        run to bring it records an importer, to later ones it only belongs.  Raises UnknownRun.
        """
        types = self._types()
        identity = shapes.identity(record)
        key = f"claimed:import/{identity}"
        name = record.name or shapes.tail(record.uri)
        run = self._run(run_id)

        def work(connection: Connection) -> int:
            artifact = shapes.same_artifact(connection, record)
            if artifact is None:
                artifact = write.by_external_id(connection, Kind.ARTIFACT, key)
            if artifact is not None:
                write.attribute(connection, run.contexts, (artifact,))
                return artifact
            artifact = shapes.put_artifact(connection, types, run, record, key, name)
            importer = shapes.put_task(
                connection,
                types,
                run,
                f"{names.task_key(run_id, task)}/import/{identity[:16]}",
                task=f"{task}/{name}",
                display_name=f"Import {name}",
                state=ExecutionState.COMPLETE,
                custom={},
                type_=names.IMPORTER,
            )
            # Kubeflow's importers call their one output so.
            write.put_event(connection, artifact, importer, EventType.OUTPUT, ("artifact",))
            return artifact

        return self._store.write(work)

    def start_task(
        self,
        run_id: str,
        task: str,
        *,
        display_name: str,
        inputs: Mapping[str, Json],
        artifacts: Mapping[str, int],
        properties: Mapping[str, Json],
    ) -> int:
        """Record that a task runs, with what it reads. Returns its execution's id.

        inputs: its parameters by name.  artifacts: ids of what it reads, by input name.
        properties: custom properties (`image`, `cache_fingerprint`, `claimed.component`, …).
        Raises UnknownRun, UnknownArtifact.
        """
        types = self._types()
        key = names.task_key(run_id, task)
        custom = {
            names.INPUTS: Struct(inputs),
            **shapes.values(properties),
            **shapes.further_names(artifacts),
        }
        run = self._run(run_id)

        def work(connection: Connection) -> int:
            known = write.by_external_id(connection, Kind.EXECUTION, key)
            if known is not None:
                return known
            shapes.require_artifacts(connection, artifacts.values())
            running = ExecutionState.RUNNING
            execution = shapes.put_task(
                connection, types, run, key, task=task, display_name=display_name, state=running, custom=custom
            )
            shapes.put_inputs(connection, run, execution, artifacts)
            return execution

        return self._store.write(work)

    def finish_task(
        self,
        run_id: str,
        task: str,
        *,
        state: ExecutionState | str,
        outputs: Mapping[str, Json],
        artifacts: Mapping[str, ArtifactRecord],
        properties: Mapping[str, Json],
        cached_execution_id: int | None = None,
    ) -> dict[str, int]:
        """Record how a task ended and what it made. Returns artifact ids by output name.

        cached_execution_id: for CACHED, the execution whose outputs were taken over; where type, URI and digest
        still agree its very artifacts are used again, else new ones are recorded.
        A task that already ended keeps its end; one that failed before it started is recorded all the same.
        Raises UnknownRun when one that was never started is said to have succeeded.
        """
        types = self._types()
        final = shapes.final_state(state)
        custom: dict[str, Value] = {names.OUTPUTS: Struct(outputs), **shapes.values(properties)}
        if cached_execution_id is not None:
            custom[names.CACHED_EXECUTION_ID] = str(cached_execution_id)
        run = self._run(run_id)

        def work(connection: Connection) -> dict[str, int]:
            execution = shapes.find_task(connection, types, run, run_id, task, final)
            if not shapes.is_unfinished(connection, execution):
                return shapes.outputs_of(connection, execution)
            taken = {} if cached_execution_id is None else shapes.outputs_of(connection, cached_execution_id)
            keys = {name: names.output_key(run_id, task, name) for name in artifacts}
            ids = shapes.put_outputs(connection, types, run, execution, artifacts, keys, taken)
            write.update_execution(connection, execution, final, custom)
            return ids

        return self._store.write(work)

    def cancel_task(self, run_id: str, task: str, *, properties: Mapping[str, Json] | None = None) -> int:
        """Record that a task was canceled, or never triggered. Returns its execution's id. Raises UnknownRun."""
        types = self._types()
        key = names.task_key(run_id, task)
        custom = shapes.values(properties or {})
        state = ExecutionState.CANCELED
        run = self._run(run_id)

        def work(connection: Connection) -> int:
            execution = write.by_external_id(connection, Kind.EXECUTION, key)
            if execution is None:
                return shapes.put_task(
                    connection, types, run, key, task=task, display_name=task, state=state, custom=custom
                )
            shapes.finish(connection, execution, state, custom)
            return execution

        return self._store.write(work)

    def finish_run(self, run_id: str, state: ExecutionState | str, properties: Mapping[str, Json] | None = None) -> int:
        """Record how a run ended. Returns its root execution's id. Raises UnknownRun."""
        final = shapes.final_state(state)
        custom = shapes.values(properties or {})
        run = self._run(run_id)

        def work(connection: Connection) -> int:
            shapes.finish(connection, run.root, final, custom)
            return run.root

        return self._store.write(work)

    def fail_unfinished(self, run_id: str, message: str) -> list[int]:
        """Record that a run's worker died: all of the run that is still NEW or RUNNING is FAILED, with the message.

        Returns the ids of those executions, the root among them.  Raises UnknownRun.
        """
        run = self._run(run_id)

        def work(connection: Connection) -> list[int]:
            table, link = schema.execution, schema.association
            query = (
                select(table.c.id)
                .join(link, link.c.execution_id == table.c.id)
                .where(link.c.context_id == run.contexts[1], table.c.last_known_state.in_(shapes.UNFINISHED))
                .order_by(table.c.id)
            )
            dead = list(connection.scalars(query))
            for execution in dead:
                shapes.finish(connection, execution, ExecutionState.FAILED, {names.ERROR: message})
            return dead

        return self._store.write(work)

    def _run(self, run_id: str) -> shapes.Run:
        run = self._runs.get(run_id)
        if run is None:
            with self._store.read() as connection:
                run = self._remember(run_id, shapes.find_run(connection, run_id))
        return run

    def _remember(self, run_id: str, run: shapes.Run) -> shapes.Run:
        self._runs[run_id] = run
        if len(self._runs) > _RUNS_REMEMBERED:
            self._runs.popitem(last=False)
        return run

    def _types(self) -> shapes.TypeIds:
        # In a transaction of their own: an id may be remembered only when it is committed.
        if self._remembered is None:
            self._remembered = self._store.write(shapes.TypeIds.ensure)
        return self._remembered

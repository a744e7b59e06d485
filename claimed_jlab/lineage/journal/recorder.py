"""The recorder's calls through the journal: what is told is kept at once, and in the store as soon as that can be.

Ids are known when a line is applied. A call waits for that for a moment; when somebody else holds the store longer, it
goes on without: the line is kept, an id comes back as None, and who has none for an artifact names the artifact itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from claimed_jlab.lineage import names, shapes
from claimed_jlab.lineage.errors import StoreUnavailable
from claimed_jlab.lineage.journal.entry import written
from claimed_jlab.lineage.journal.journal import open_journal
from claimed_jlab.lineage.model import ArtifactRecord, ExecutionState, Kind
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.values import Json
from claimed_jlab.lineage.write import by_external_id

PATIENCE_SECONDS = 2.0


class JournaledRecorder:
    """Writes runs into the journal of a store, and applies it. patience: seconds to wait for ids."""

    def __init__(self, store: Store, patience: float = PATIENCE_SECONDS) -> None:
        self._store = store
        self._journal = open_journal(store)
        self._patience = patience
        self._at: int | None = None

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """What is told within happened then, though it is told only now. moment: milliseconds since 1970."""
        self._at = moment
        try:
            yield
        finally:
            self._at = None

    def start_run(
        self, run_id: str, pipeline: str, *, parameters: Mapping[str, Json], properties: Mapping[str, Json]
    ) -> int | None:
        """As `Recorder.start_run`. Raises StoreUnavailable when not even the journal can be written; so do all."""
        given = {"pipeline": pipeline, "parameters": dict(parameters), "properties": dict(properties)}
        return self._execution_after("start_run", names.run_key(run_id), run_id=run_id, **given)

    def import_artifact(self, run_id: str, task: str, record: ArtifactRecord) -> int | None:
        """As `Recorder.import_artifact`."""
        if not self._write("import_artifact", run_id=run_id, task=task, artifact=written(record)):
            return None
        with self._store.read() as connection:
            same = shapes.same_artifact(connection, record)
            return same or by_external_id(connection, Kind.ARTIFACT, f"claimed:import/{shapes.identity(record)}")

    def start_task(
        self,
        run_id: str,
        task: str,
        *,
        display_name: str,
        inputs: Mapping[str, Json],
        artifacts: Mapping[str, int | ArtifactRecord],
        properties: Mapping[str, Json],
    ) -> int | None:
        """As `Recorder.start_task`; an artifact without a known id is given itself."""
        return self._execution_after(
            "start_task",
            names.task_key(run_id, task),
            run_id=run_id,
            task=task,
            display_name=display_name,
            inputs=dict(inputs),
            artifacts={name: one if isinstance(one, int) else written(one) for name, one in artifacts.items()},
            properties=dict(properties),
        )

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
        """As `Recorder.finish_task`; {} when the ids are not known yet."""
        done = self._write(
            "finish_task",
            run_id=run_id,
            task=task,
            state=shapes.final_state(state).name,
            outputs=dict(outputs),
            artifacts={name: written(record) for name, record in artifacts.items()},
            properties=dict(properties),
            cached_execution_id=cached_execution_id,
        )
        return self.outputs_of(run_id, task) if done else {}

    def outputs_of(self, run_id: str, task: str) -> dict[str, int]:
        """{output name: artifact id} of a task, as far as the store knows them. Raises StoreUnavailable."""
        with self._store.read() as connection:
            execution = by_external_id(connection, Kind.EXECUTION, names.task_key(run_id, task))
            return {} if execution is None else shapes.outputs_of(connection, execution)

    def settle(self, patience: float) -> bool:
        """Bring all that is kept into the store; False when that took longer, or can't be done now."""
        try:
            return self._journal.drain(patience)
        except StoreUnavailable:
            return False

    def cancel_task(self, run_id: str, task: str, *, properties: Mapping[str, Json] | None = None) -> int | None:
        """As `Recorder.cancel_task`."""
        key = names.task_key(run_id, task)
        return self._execution_after("cancel_task", key, run_id=run_id, task=task, properties=dict(properties or {}))

    def finish_run(
        self, run_id: str, state: ExecutionState | str, properties: Mapping[str, Json] | None = None
    ) -> int | None:
        """As `Recorder.finish_run`."""
        given = {"state": shapes.final_state(state).name, "properties": dict(properties or {})}
        return self._execution_after("finish_run", names.run_key(run_id), run_id=run_id, **given)

    def fail_unfinished(self, run_id: str, message: str) -> bool:
        """As `Recorder.fail_unfinished`; whether the store knows it already."""
        return self._write("fail_unfinished", run_id=run_id, message=message)

    def _execution_after(self, op: str, key: str, **given: Any) -> int | None:
        if not self._write(op, **given):
            return None
        with self._store.read() as connection:
            return by_external_id(connection, Kind.EXECUTION, key)

    def _write(self, op: str, **given: Any) -> bool:
        """Keep the call; whether it is in the store already."""
        place = self._journal.append({"at": self._journal.moment(self._at), "op": op, **given})
        try:
            return self._journal.settle(place, self._patience)
        except StoreUnavailable:
            # It is kept; whoever drains the journal next brings it into the store.
            return False

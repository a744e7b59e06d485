"""A run on a cluster in our own lineage store, as if it had run here. Every call may be made again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claimed_jlab import __version__
from claimed_jlab.lineage import Recorder, names, open_store
from claimed_jlab.lineage.location import reopened
from claimed_jlab.run.kubeflow.home import Brought
from claimed_jlab.run.kubeflow.state import RemoteRun
from claimed_jlab.run.local.recording import artifact_record, one_by_one
from claimed_jlab.run.local.result import shown
from claimed_jlab.run.local.skipping import key_of
from claimed_jlab.run.planned import PlannedTask
from claimed_jlab.run.record import ArtifactValue, RunRecord
from claimed_jlab.run.revision import revision
from claimed_jlab.run.runs import Run


class RemoteLineage:
    """Records one run. record: as it stands, by which outputs that go into later tasks are known."""

    def __init__(self, run: Run, remote: RemoteRun) -> None:
        self._run = run
        self._remote = remote
        self._opened: Recorder | None = None

    @property
    def _recorder(self) -> Recorder:
        if self._opened is None:
            self._opened = Recorder(open_store(reopened(self._run.lineage)))
            self._start()
        return self._opened

    def start_task(self, task: PlannedTask, inputs: Mapping[str, Any], image: str = "") -> int:
        """Records that a task runs, in a pod of that image; returns its execution's id. Raises LineageError."""
        recorder = self._recorder
        given = dict(one_by_one({name: _artifacts(value) for name, value in inputs.items()}))
        values = {name: value for name, value in given.items() if not isinstance(value, ArtifactValue)}
        artifacts = {name: value for name, value in given.items() if isinstance(value, ArtifactValue)}
        spec = task.component
        return recorder.start_task(
            self._run.run_id,
            task.name,
            display_name=spec.title or task.name,
            inputs=values,
            artifacts={name: self._id(recorder, task.name, value) for name, value in artifacts.items()},
            properties={
                "namespace": self._remote.namespace,
                "image": image,
                names.COMPONENT: spec.reference,
                names.COMPONENT_VERSION: spec.version,
                names.SOURCE: spec.path,
                names.NOTEBOOK_DIGEST: spec.digest,
            },
        )

    def finish_task(
        self, task: PlannedTask, state: str, brought: Brought, pods: list[tuple[str, ...]]
    ) -> dict[str, Any]:
        """Records how a task ended; gives its outputs with the ids of their artifacts. Raises LineageError."""
        outputs = {name: _artifacts(value) for name, value in brought.outputs.items()}
        flat = dict(one_by_one(outputs))
        values = {name: value for name, value in flat.items() if not isinstance(value, ArtifactValue)}
        files = {name: value for name, value in flat.items() if isinstance(value, ArtifactValue)}
        properties: dict[str, Any] = {"pod_name": pods[-1][0] if pods else ""}
        if brought.error:
            properties[names.ERROR] = brought.error
        if brought.environment:  # the interpreter and the packages, as the pod had them
            properties[names.ENVIRONMENT] = f"blake3:{key_of(brought.environment)}"
            properties[names.PACKAGES] = brought.environment
        ids = self._recorder.finish_task(
            self._run.run_id,
            task.name,
            state=state,
            outputs=values,
            artifacts={name: artifact_record(value, brought.metadata.get(name, {})) for name, value in files.items()},
            properties=properties,
            cached_execution_id=brought.taken_from,
        )
        for name, value in files.items():
            value.artifact_id = ids.get(name)
        return {name: shown(value) for name, value in outputs.items()}

    def cancel_task(self, name: str, reason: str) -> None:
        """Records that a task never ran."""
        self._recorder.cancel_task(self._run.run_id, name, properties={names.ERROR: reason})

    def finish_run(self, state: str) -> None:
        """Records the run's end."""
        self._recorder.finish_run(self._run.run_id, state)

    def _start(self) -> None:
        order = self._run.order
        assert self._opened is not None
        self._opened.start_run(
            self._run.run_id,
            order.plan.pipeline,
            parameters=order.plan.parameters,
            properties={
                "namespace": self._remote.namespace,
                names.USER: order.user,
                names.HOST: self._remote.endpoint,
                names.ENGINE: order.engine,
                names.PIPELINE_PATH: order.plan.path,
                names.VERSION: __version__,
                "claimed.remote_run": self._remote.remote_id,
                **revision(order.plan.path),
            },
        )

    def _id(self, recorder: Recorder, task: str, value: ArtifactValue) -> int:
        if value.artifact_id is not None:
            return value.artifact_id
        return recorder.import_artifact(self._run.run_id, task, artifact_record(value, {}))


def inputs_of(task: PlannedTask, record: RunRecord) -> dict[str, Any]:
    """What goes into a task, as far as it is known here."""
    found: dict[str, Any] = {}
    for name, source in task.inputs.items():
        if source.kind == "output" and source.output is not None:
            producer, output = source.output
            given = record.tasks[producer].outputs.get(output) if producer in record.tasks else None
            if given is not None:
                found[name] = given
        elif source.kind == "file":
            port = task.component.input(name)
            kind = port.port_type.name if port is not None else "Artifact"
            uri = str(source.value) if "://" in str(source.value) else Path(source.value).as_uri()
            found[name] = ArtifactValue(type=kind, uri=uri, name=uri.rpartition("/")[2]).model_dump(mode="json")
        elif source.kind == "value":
            found[name] = source.value
    return found


def _artifacts(value: Any) -> Any:
    """A value with the artifacts in it as such."""
    if isinstance(value, dict) and "uri" in value and "type" in value:
        return ArtifactValue.model_validate(value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_artifacts(item) for item in value]
    return value

"""What a task on a cluster gave comes home: outputs, executed notebook and log, reports as files of ours.

Small reports come at once, so that they are drawn where the run is shown; other files stay where they are until they
are asked for.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.run.history import records, runs_of
from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.executors import keys
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.kubeflow.metadata import StoredTask, tasks_of
from claimed_jlab.run.kubeflow.outcome import Outcome, OutcomeFile, notebook_in, outcome_in, without_outcome
from claimed_jlab.run.kubeflow.pods import file_of, log_of
from claimed_jlab.run.kubeflow.state import RemoteRun
from claimed_jlab.run.kubeflow.workflow import Leaf, TaskState
from claimed_jlab.run.local.objects import ObjectStore
from claimed_jlab.run.planned import PlannedTask
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.runs import Run

_SHOWN = ("Metrics", "ClassificationMetrics", "HTML", "Markdown")
_AT_ONCE = 4 << 20
_NOTEBOOK_BYTES = 32 << 20
_MOST = 2 << 30
_NOTEBOOK = "executed_notebook"


@dataclass
class Brought:
    """What a task gave. found: whether anything told of it.  metadata: of artifacts, for lineage.

    taken_from: the execution that made it, where the cluster skipped the task.
    """

    outputs: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: bool = False
    error: str | None = None
    cell: int | None = None
    traceback: str | None = None
    environment: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    taken_from: int | None = None


class Courier:
    """Brings what the tasks of one run gave."""

    def __init__(self, run: Run, remote: RemoteRun, client: Client) -> None:
        self._run = run
        self._remote = remote
        self._client = client
        self._stored: list[StoredTask] | None = None
        self._objects = ObjectStore(run.folder.parents[1] / "objects")

    def bring(self, leaf: Leaf, task: PlannedTask, found: TaskState) -> Brought:
        """What a task gave: by its pods' logs, by the cluster's metadata, by the run that it was taken over from.

        Raises ClusterError where there is none of it because the cluster can't be asked.
        """
        refusal: ClusterError | None = None
        brought = Brought()
        if found.pods and found.state != "CACHED":
            try:
                brought = self._from_logs(task, found.pods, listed=bool(leaf.loops))
            except ClusterError as error:
                refusal = error
        if not brought.found:
            stored = self._from_metadata(leaf, task)
            brought = stored if stored is not None and stored.found else brought
        if not brought.found and found.state == "CACHED":
            brought = from_earlier(self._run, task)
        if not brought.found and refusal is not None:
            raise refusal
        return brought

    def _from_metadata(self, leaf: Leaf, task: PlannedTask) -> Brought | None:
        """None where the cluster has no metadata that can be asked, which it is then not again for a while."""
        if self._client.has_no_metadata:
            return None
        try:
            if self._stored is None:
                self._stored = tasks_of(self._client, self._remote.remote_id)
        except ClusterError:
            self._client.remember_no_metadata()
            return None
        mine = sorted(
            (one for one in self._stored if one.path in (leaf.names, tuple(leaf.path.split(".")[1:]))),
            key=lambda one: one.index,
        )
        brought = Brought(found=bool(mine))
        for one in mine:
            self._add(brought, task, self._given(task.component, one, brought), listed=bool(leaf.loops))
        return brought

    def _given(self, spec: ComponentSpec, stored: StoredTask, brought: Brought) -> dict[str, Any]:
        """What a stored task gave, by the names of its component's ports."""
        names = {key: name for name, key in keys(spec)[1].items()}
        given: dict[str, Any] = {}
        for key, value in stored.outputs.items():
            port = spec.output(names.get(key, key))
            if port is not None and port.kind == "parameter":
                given[port.name] = as_type(port.port_type.name, value)
        for key, artifacts in stored.artifacts.items():
            port = spec.output(names.get(key, key))
            if port is not None and artifacts:
                file = OutcomeFile(path=artifacts[0].uri)
                given[port.name] = self._artifact(spec, port.name, file).model_dump(mode="json")
                brought.metadata[port.name] = artifacts[0].metadata
        return given

    def _from_logs(self, task: PlannedTask, pods: list[tuple[str, ...]], *, listed: bool) -> Brought:
        """What the pods of a task tell. listed: it ran for each item of a list.  Raises ClusterError."""
        logs = [self._log(pod) for pod in pods]
        if any(logs):
            self._run.log(task.name).write_text("".join(map(without_outcome, logs)), encoding="utf-8")
        outcomes = [outcome_in(log) for log in logs]
        found = [one for one in outcomes if one is not None]
        brought = Brought(found=bool(found) and len(found) == len(pods))
        if not found:
            return brought
        for outcome in found:
            self._add(brought, task, self._told(brought, task.component, outcome), listed=listed)
        self._notebook(task.name, found[-1], next(filter(None, map(notebook_in, logs)), None))
        failed = next((one for one in found if one.error), None)
        if failed is not None:
            where = f"cell {failed.cell}: " if failed.cell else ""
            brought.error, brought.cell, brought.traceback = f"{where}{failed.error}", failed.cell, failed.traceback
        brought.environment = {"python": found[-1].python, **found[-1].packages}
        return brought

    def fetch(self, value: ArtifactValue, file_name: str, limit: int = _MOST) -> ArtifactValue:
        """The artifact with a copy here. Raises ClusterError when it can't be had or is larger than `limit` bytes."""
        data = file_of(self._client, value.uri, self._remote.namespace, limit)
        if len(data) > limit:
            raise ClusterError(f"it has more than {limit} bytes", step="API", status=413, where=value.uri)
        with tempfile.TemporaryDirectory(dir=self._run.folder) as folder:
            path = Path(folder) / file_name
            path.write_bytes(data)
            kept = self._objects.put(path, move=True)
        return value.model_copy(update={"local": kept.uri, "size": kept.size, "name": file_name})

    def _log(self, pod: tuple[str, ...]) -> str:
        return log_of(self._client, pod, self._remote.namespace, self._remote.remote_id)

    def _told(self, brought: Brought, spec: ComponentSpec, outcome: Outcome) -> dict[str, Any]:
        given: dict[str, Any] = dict(outcome.outputs)
        for name, file in outcome.artifacts.items():
            if spec.output(name) is not None:
                given[name] = self._artifact(spec, name, file).model_dump(mode="json")
                brought.metadata[name] = file.metadata
        return given

    def _add(self, brought: Brought, task: PlannedTask, given: dict[str, Any], *, listed: bool) -> None:
        for port in task.component.outputs:
            if port.name in given and listed:
                brought.outputs.setdefault(port.name, []).append(given[port.name])
            elif port.name in given:
                brought.outputs[port.name] = given[port.name]

    def _artifact(self, spec: ComponentSpec, name: str, file: OutcomeFile) -> ArtifactValue:
        port = spec.output(name)
        kind = port.port_type.name if port is not None else "Artifact"
        file_name = file_name_of(spec, name)
        value = ArtifactValue(type=kind, uri=file.uri, name=file_name, digest=file.digest, size=file.size)
        if kind in _SHOWN and file.size <= _AT_ONCE:
            with suppress(ClusterError):  # it is known all the same, and can be asked for later
                return self.fetch(value, file_name, _AT_ONCE)
        return value

    def _notebook(self, task: str, outcome: Outcome, told: bytes | None) -> None:
        """Keeps the executed notebook. told: by the log of a failed step, whose files the launcher does not keep."""
        if told is not None:
            self._run.notebook(task).write_bytes(told)
            return
        file = next((one for name, one in outcome.artifacts.items() if name.startswith(_NOTEBOOK)), None)
        if file is None or outcome.error is not None:
            return
        with suppress(ClusterError):  # the run has it on the cluster all the same
            data = file_of(self._client, file.uri, self._remote.namespace, _NOTEBOOK_BYTES)
            self._run.notebook(task).write_bytes(data)


def file_name_of(spec: ComponentSpec, name: str) -> str:
    """The name that the notebook gives an output's file: readers look at its suffix."""
    port = spec.output(name)
    given = PurePosixPath(str(port.default)).name if port is not None and port.default else ""
    return given or name


def from_earlier(run: Run, task: PlannedTask) -> Brought:
    """What KFP took over for a task: that of the newest one here that was the same and into which the same went.

    KFP knows a task again by what goes in, what comes out, and its container, whatever it is called: so it is the same
    code here, too.
    """
    inputs = run.record().tasks[task.name].inputs
    before = (one for one in runs_of(run.order.plan.path) if one.run_id <= run.run_id and one.order.remote)
    for earlier, record in records(before):
        for one in earlier.order.plan.work():
            then = record.tasks.get(one.name)
            if then is None or then.state != "COMPLETE" or one.component.digest != task.component.digest:
                continue
            if then.inputs == inputs:
                reason = f"taken over from {one.name} of the run {earlier.run_id}"
                return Brought(outputs=then.outputs, found=True, reason=reason, taken_from=then.execution_id)
    return Brought()


def as_type(kind: str, value: Any) -> Any:
    """A parameter as its type has it: the store keeps every number as a double."""
    return int(value) if kind == "int" and isinstance(value, float) and value.is_integer() else value

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
from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.kubeflow.outcome import Outcome, OutcomeFile, outcome_in, without_outcome
from claimed_jlab.run.kubeflow.pods import file_of, log_of
from claimed_jlab.run.kubeflow.state import RemoteRun
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
    """What a task gave. found: whether its pods told of it.  metadata: of artifacts, for lineage."""

    outputs: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    found: bool = False
    error: str | None = None
    cell: int | None = None
    traceback: str | None = None
    environment: dict[str, str] = field(default_factory=dict)


class Courier:
    """Brings what the tasks of one run gave."""

    def __init__(self, run: Run, remote: RemoteRun, client: Client) -> None:
        self._run = run
        self._remote = remote
        self._client = client
        self._objects = ObjectStore(run.folder.parents[1] / "objects")

    def bring(self, task: PlannedTask, pods: list[str], *, listed: bool) -> Brought:
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
            self._add(brought, task, outcome, listed)
        self._notebook(task.name, found[-1])
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

    def _log(self, pod: str) -> str:
        return log_of(self._client, pod, self._remote.namespace, self._remote.remote_id)

    def _add(self, brought: Brought, task: PlannedTask, outcome: Outcome, listed: bool) -> None:
        given: dict[str, Any] = dict(outcome.outputs)
        for name, file in outcome.artifacts.items():
            port = task.component.output(name)
            if port is not None:
                given[name] = self._artifact(task.component, name, file).model_dump(mode="json")
                brought.metadata[name] = file.metadata
        for name, value in given.items():
            if listed:
                brought.outputs.setdefault(name, []).append(value)
            else:
                brought.outputs[name] = value

    def _artifact(self, spec: ComponentSpec, name: str, file: OutcomeFile) -> ArtifactValue:
        port = spec.output(name)
        kind = port.port_type.name if port is not None else "Artifact"
        file_name = file_name_of(spec, name)
        value = ArtifactValue(type=kind, uri=file.uri, name=file_name, digest=file.digest, size=file.size)
        if kind in _SHOWN and file.size <= _AT_ONCE:
            with suppress(ClusterError):  # it is known all the same, and can be asked for later
                return self.fetch(value, file_name, _AT_ONCE)
        return value

    def _notebook(self, task: str, outcome: Outcome) -> None:
        file = next((one for name, one in outcome.artifacts.items() if name.startswith(_NOTEBOOK)), None)
        if file is None or self._run.notebook(task).exists():
            return
        with suppress(ClusterError):  # a failed pod's is not kept by the launcher
            data = file_of(self._client, file.uri, self._remote.namespace, _NOTEBOOK_BYTES)
            self._run.notebook(task).write_bytes(data)


def file_name_of(spec: ComponentSpec, name: str) -> str:
    """The name that the notebook gives an output's file: readers look at its suffix."""
    port = spec.output(name)
    given = PurePosixPath(str(port.default)).name if port is not None and port.default else ""
    return given or name

"""What is known of a run on a cluster, beside its event log: `remote.json` in its folder. No credential is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from claimed_jlab.run.runs import Run
from claimed_jlab.wholefile import write_whole

FILE_NAME = "remote.json"


class RemoteRun(BaseModel):
    """Where a run is, and how far it has been followed.

    step: `sending` until the cluster is known to have it.  name: its display name, which no other run has.
    ended: the state in which the cluster's run ended, while what it gave is still on its way.
    missing: since when (Unix time) the outcome of a task that ended is looked for.
    """

    endpoint: str
    namespace: str = ""
    experiment_id: str = ""
    name: str
    pipeline_id: str = ""
    version_id: str = ""
    remote_id: str = ""
    step: Literal["sending", "sent"] = "sending"
    sent: float = 0.0
    workflow: str = ""
    cancel_sent: bool = False
    ended: str = ""
    notice: str | None = None
    missing: dict[str, float] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)


def load(run: Run) -> RemoteRun | None:
    """What is known; None where nothing is, or it can't be read."""
    try:
        return RemoteRun.model_validate_json((run.folder / FILE_NAME).read_bytes())
    except (OSError, ValidationError, ValueError):
        return None


def save(run: Run, state: RemoteRun) -> None:
    """Keeps it. Raises OSError."""
    write_whole(run.folder / FILE_NAME, state.model_dump_json())


def spec(run: Run) -> Path:
    """Its PipelineSpec and PlatformSpec (JSON), from which the names of its nodes follow."""
    return run.folder / "spec.json"

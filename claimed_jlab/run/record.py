"""The record of a run, as `--json`, the server and the browser see it: derived from the plan and the event log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pydantic import BaseModel, Field

State = Literal["NEW", "RUNNING", "COMPLETE", "FAILED", "CACHED", "CANCELED"]
FINAL = frozenset({"COMPLETE", "FAILED", "CACHED", "CANCELED"})
GOOD = frozenset({"COMPLETE", "CACHED"})


class ArtifactValue(BaseModel):
    """An artifact that went into a task or came out of it. local: `file:` URI of its copy here, if it is elsewhere."""

    type: str
    uri: str
    name: str = ""
    digest: str = ""
    size: int = Field(0, description="Bytes")
    artifact_id: int | None = None
    local: str | None = None

    @property
    def path(self) -> Path:
        """The local path of its `file:` URI, or of its copy here."""
        return Path(url2pathname(urlsplit(self.local or self.uri).path))

    @property
    def is_elsewhere(self) -> bool:
        """Whether there is no copy of it here."""
        return self.local is None and not self.uri.startswith("file:")


class TaskRecord(BaseModel):
    """One task of one run."""

    state: State = "NEW"
    cached: bool = False
    seconds: float | None = None
    component: str = ""
    title: str = ""
    reason: str = Field("", description="Why it ran, or was skipped")
    started: str | None = None
    finished: str | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    outputs: dict[str, Any] = Field(default_factory=dict)
    error: str | None = None
    traceback: str | None = None
    cell: int | None = Field(None, description="Number of the cell that failed, from 1")
    notebook: str | None = Field(None, description="Path of the executed notebook")
    log: str | None = None
    execution_id: int | None = None
    attempt: int = 1
    expected: float | None = Field(None, description="Seconds that it took when it last ran to its end")
    cpu_seconds: float | None = Field(None, description="Processor time of its kernel and the children of that")
    memory_bytes: int | None = Field(None, description="The most memory that these had")


class RunRecord(BaseModel):
    """One run of one pipeline."""

    run_id: str
    pipeline: str
    path: str
    state: State = "NEW"
    engine: str = "local"
    started: str | None = None
    finished: str | None = None
    seconds: float | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    user: str = ""
    report: str | None = Field(None, description="Path of the page with the run's reports")
    lineage: str | None = Field(None, description="Where its lineage is kept: a path, or a URL without a password")
    error: str | None = None
    tasks: dict[str, TaskRecord] = Field(default_factory=dict)

    @property
    def ended(self) -> bool:
        return self.state in FINAL


def now() -> str:
    """The time in UTC, ISO 8601, milliseconds."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def apply_events(record: RunRecord, events: Iterable[Mapping[str, Any]]) -> RunRecord:
    """Folds events into a record, in place, and returns it. Unknown fields are left to later versions."""
    for event in events:
        task = event.get("task")
        target: RunRecord | TaskRecord = record
        if task is not None:
            target = record.tasks.setdefault(task, TaskRecord())
        for field, value in event.items():
            if field in type(target).model_fields and field not in ("run_id", "tasks"):
                setattr(target, field, value)
        _stamp(target, event)
    return record


def group_record(members: list[TaskRecord], component: str, title: str) -> TaskRecord:
    """A task that is a pipeline, by the tasks that it became: its state, its times, without outputs."""
    states = {member.state for member in members}
    record = TaskRecord(component=component, title=title, state=_state_of(states))
    record.started = min((member.started for member in members if member.started), default=None)
    if record.state in FINAL:
        record.finished = max((member.finished for member in members if member.finished), default=None)
        record.cached = record.state == "CACHED"
        if record.started and record.finished:
            span = datetime.fromisoformat(record.finished) - datetime.fromisoformat(record.started)
            record.seconds = round(span.total_seconds(), 3)
    record.error = next((f"{member.title}: {member.error}" for member in members if member.state == "FAILED"), None)
    record.reason = next((member.reason for member in members if member.state == "CANCELED"), "")
    return record


def _state_of(states: set[State]) -> State:
    if states <= {"NEW"}:
        return "NEW"
    if "FAILED" in states and states <= FINAL:
        return "FAILED"
    if states <= {"CANCELED"}:
        return "CANCELED"
    if states <= FINAL:
        return "CACHED" if states <= {"CACHED", "CANCELED"} else "COMPLETE"
    return "RUNNING"


def _stamp(target: RunRecord | TaskRecord, event: Mapping[str, Any]) -> None:
    state, time = event.get("state"), event.get("time")
    if state == "RUNNING" and target.started is None:
        target.started = time
    elif state in FINAL:
        target.finished = event.get("finished") or time
        if target.seconds is None and target.started and time:
            span = datetime.fromisoformat(time) - datetime.fromisoformat(target.started)
            target.seconds = round(span.total_seconds(), 3)

"""How far a run is, and how long it will still take: what a list of runs says beside a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from pydantic import BaseModel, Field

from claimed_jlab.run.forecast import remaining_seconds
from claimed_jlab.run.local.capacity import available_cores
from claimed_jlab.run.record import FINAL, RunRecord
from claimed_jlab.run.runs import Order, Run


class Progress(BaseModel):
    """Tasks that have ended, of all tasks of the plan."""

    done: int
    total: int


class Outlook(BaseModel):
    """How far a run is. Seconds are None where a task that is to run never ran before, or the run has ended."""

    progress: Progress
    expected_seconds: float | None = Field(None, description="What all of it takes, as its tasks took before")
    remaining_seconds: float | None = Field(None, description="What is left of that")


def outlook(run: Run, record: RunRecord) -> Outlook:
    """How far `run` is, by its record as it stands now."""
    order = run.order
    names = [task.name for task in order.plan.tasks]
    done = sum(record.tasks[name].state in FINAL for name in names if name in record.tasks)
    progress = Progress(done=done, total=len(names))
    if record.ended:
        return Outlook(progress=progress)
    states = {name: task.state for name, task in record.tasks.items()}
    return Outlook(
        progress=progress,
        expected_seconds=_seconds(order, {}, {}),
        remaining_seconds=_seconds(order, states, _ran(record)),
    )


def _seconds(order: Order, states: Mapping[str, str], ran: Mapping[str, float]) -> float | None:
    seconds = remaining_seconds(order.plan, states, ran, order.expected, order.jobs or available_cores())
    return None if seconds is None else round(seconds, 1)


def _ran(record: RunRecord) -> dict[str, float]:
    """Seconds that the running tasks have taken so far."""
    now = datetime.now(timezone.utc)
    return {
        name: (now - datetime.fromisoformat(task.started)).total_seconds()
        for name, task in record.tasks.items()
        if task.state == "RUNNING" and task.started
    }

"""What can be done with a run now, and what its engine knows of it: what a list shows beside a record."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from claimed_jlab.run.engines import Engine
from claimed_jlab.run.record import RunRecord
from claimed_jlab.run.runs import Run

Action = Literal["cancel", "retry", "rerun", "archive", "unarchive", "delete"]


class Standing(BaseModel):
    """A run among the others."""

    engine_title: str
    archived: bool = False
    link: str | None = Field(None, description="Address of the run in the engine's own user interface")
    notice: str | None = Field(None, description="One line on why its news is late")
    remote_id: str | None = Field(None, description="What the engine calls it")
    actions: list[Action] = Field(default_factory=list)


def standing(run: Run, record: RunRecord, engine: Engine | None) -> Standing:
    """How a run stands. engine: None where it is no longer installed."""
    if engine is None:
        notice = f"its engine {record.engine!r} is not installed here"
        return Standing(engine_title=record.engine, archived=run.archived, notice=notice, actions=["delete"])
    known = engine.standing(run, record)
    actions = _actions(run, record, engine, sent=not engine.remote or bool(known.get("remote_id")))
    return Standing(engine_title=engine.title, archived=run.archived, actions=actions, **known)


def _actions(run: Run, record: RunRecord, engine: Engine, *, sent: bool) -> list[Action]:
    if not record.ended:
        return ["cancel"]
    found: list[Action] = ["rerun"]
    if record.state == "FAILED" and "retry_run" in engine.features and sent:
        found.insert(0, "retry")
    if "archive" in engine.features:
        found.append("unarchive" if run.archived else "archive")
    return [*found, "delete"]

"""The engine that a command is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimed_jlab.run.engines import Engine
    from claimed_jlab.run.local.standby import StandBy
    from claimed_jlab.run.runs import Run


def engine_of(name: str, *, ready: StandBy | None = None) -> Engine:
    """The engine of a name, with what the site's configuration says of it. ready: of the local one.

    Raises UnknownEngine, BadSettings.
    """
    if name == "local":
        from claimed_jlab.run.local.offer import LocalEngine

        return LocalEngine(ready=ready)
    from claimed_jlab.run.engine_settings import site_settings
    from claimed_jlab.run.engines import find_engine

    return find_engine(name, site_settings())


def up_to_date(run: Run) -> Run:
    """A run with the news of its engine, where it lives elsewhere."""
    if run.order.remote and not run.record().ended:
        engine = engine_behind(run.order.engine)
        if engine is not None:
            engine.refresh(run)
    return run


def engine_behind(name: str) -> Engine | None:
    """The engine of a run; None where it is no longer installed."""
    from claimed_jlab.run.engines import UnknownEngine

    try:
        return engine_of(name)
    except UnknownEngine:
        return None


def answer(run: Run, engine: Engine | None) -> dict[str, Any]:
    """A run as `--json` prints it: its record, and how it stands. engine: None where it is no longer installed."""
    from claimed_jlab.run.standing import standing

    record = run.record()
    return {**record.model_dump(mode="json"), **standing(run, record, engine).model_dump(mode="json")}

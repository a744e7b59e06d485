"""The engines as a person chooses among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.engines import Engine


def listed(names: Iterable[str], find: Callable[[str], Engine]) -> list[dict[str, Any]]:
    """Each engine: what it can, whether it is ready, and why not. find: the engine of a name; may raise."""
    return [_one(name, find) for name in names]


def _one(name: str, find: Callable[[str], Engine]) -> dict[str, Any]:
    try:
        engine = find(name)
        problem = engine.problem()
    except ClaimedError as error:
        about = {"title": name, "description": "", "features": [], "configurable": False, "link": None}
        return {"name": name, **about, "ready": False, "problem": str(error)}
    return {
        "name": name,
        "title": engine.title,
        "description": engine.description,
        "features": sorted(engine.features),
        "ready": problem is None,
        "problem": problem,
        "configurable": engine.Settings is not None,
        "link": engine.link(),
    }

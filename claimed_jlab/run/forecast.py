"""How long a run will still take, by what its tasks took in earlier runs."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from itertools import islice

from claimed_jlab.run.history import records, runs_of
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.record import FINAL

_LOOKED_AT = 5


def earlier_seconds(path: str) -> dict[str, float]:
    """What each task of a document took when it last ran to its end, in seconds, by the newest few of its runs."""
    found: dict[str, float] = {}
    for _, record in islice(records(runs_of(path)), _LOOKED_AT):
        for name, task in record.tasks.items():
            if task.state == "COMPLETE" and task.seconds is not None:
                found.setdefault(name, task.seconds)
    return found


def remaining_seconds(
    plan: Plan, states: Mapping[str, str], ran: Mapping[str, float], expected: Mapping[str, float], jobs: int
) -> float | None:
    """Seconds until the last task ends, when `jobs` run at once; None where a task that is to run never ran before.

    states: of all tasks.  ran: seconds that the running ones have taken.  expected: seconds that tasks take.
    """
    ends: dict[str, float] = {}
    waiting = []
    for task in plan.tasks:
        state = states.get(task.name, "NEW")
        if state in FINAL:
            ends[task.name] = 0.0
        elif task.name not in expected:
            return None
        else:
            waiting.append(task)
    slots = [0.0] * max(1, jobs)
    for task in sorted(waiting, key=lambda task: states.get(task.name) != "RUNNING"):
        left = max(0.0, expected[task.name] - ran.get(task.name, 0.0))
        ready = max((ends.get(name, 0.0) for name in task.needs), default=0.0)
        ends[task.name] = max(heapq.heappop(slots), ready) + left
        heapq.heappush(slots, ends[task.name])
    return max(ends.values(), default=0.0)

"""Tasks that stand for several others: one that runs for each item of a list, and one that is a pipeline.

A lineage store knows only the tasks that did something themselves, by names that say what they are part of: `fit.0` and
`fit.1` are items of `fit`, `prepare.split` is in `prepare`, `many.0.fit` in the first item of `many`. What stands for
them is put together again here, as the run itself would tell it. Which task of a pipeline gives an output of the whole
is in no name: a run that is known in full and has a task of the same name tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from claimed_jlab.run.planned import Plan, PlannedTask
from claimed_jlab.run.record import GOOD, RunRecord, TaskRecord, group_record

T = TypeVar("T")


@dataclass(frozen=True)
class Compound:
    """A task that stands for others. gives: its outputs as (task, output); the task by its name in the plan."""

    gives: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def compounds_of(plan: Plan) -> dict[str, Compound]:
    """The compound tasks of a plan, by name."""
    found = {name: Compound(group.outputs) for name, group in plan.groups.items()}
    waiting = [*plan.tasks]
    while waiting:
        task = waiting.pop()
        waiting += task.body
        if task.each is not None:
            found[task.name] = Compound(task.gives)
    return found


def step_of(task: str) -> str:
    """The name that a task has in the plan, for whatever item of a list it ran: `many.fit` of `many.0.fit`."""
    return ".".join(part for part in task.split(".") if not part.isdigit())


def by_step(facts: Mapping[str, T]) -> dict[str, T]:
    """What is known of each task of a run, by its name in the plan; of several items what is known of the first."""
    found: dict[str, T] = {}
    for task in sorted(facts, key=_order):
        found.setdefault(step_of(task), facts[task])
    return found


def name_components(record: RunRecord, work: Iterable[PlannedTask]) -> None:
    """Say of the items of lists what they ran: a run writes that down of the list only."""
    planned = {task.name: task.component for task in work}
    for name, task in record.tasks.items():
        spec = planned.get(step_of(name))
        if spec is not None and not task.component:
            task.component, task.title = spec.reference, task.title or spec.title


def put_together(tasks: Mapping[str, TaskRecord], known: Mapping[str, Compound]) -> dict[str, TaskRecord]:
    """The tasks with those that stand for several of them. known: compound tasks of which more is known, by name."""
    found = dict(tasks)
    names = {prefix for task in tasks for prefix in _compounds_above(task)}
    # The inner ones first: an outer one takes its outputs of them.
    for name in sorted(names, key=lambda name: (-name.count("."), name)):
        record = _compound(name, found, known.get(step_of(name), Compound()).gives)
        there = found.get(name)
        if there is None:
            found[name] = record
        elif not there.component:  # it failed as a whole, which the store does know
            there.component, there.title = record.component, record.title
    return found


def has_members(name: str, tasks: Iterable[str]) -> bool:
    """Whether one of the tasks is part of the compound task."""
    return any(task.startswith(f"{name}.") for task in tasks)


def _compounds_above(task: str) -> list[str]:
    """`many.0.fit` and `many`, for `many.0.fit.1`."""
    parts = task.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts)) if not parts[end - 1].isdigit()]


def _compound(name: str, tasks: Mapping[str, TaskRecord], gives: Mapping[str, tuple[str, str]]) -> TaskRecord:
    inside = {task: record for task, record in tasks.items() if task.startswith(f"{name}.")}
    items = sorted({int(part) for task in inside if (part := task[len(name) + 1 :].partition(".")[0]).isdigit()})
    simple = {number: inside[f"{name}.{number}"] for number in items if f"{name}.{number}" in inside}
    members = [record for task, record in inside.items() if not has_members(task, inside)]
    components = {record.component for record in simple.values()}
    titles = {record.title for record in simple.values()}
    record = group_record(
        members,
        components.pop() if len(components) == 1 else "",
        titles.pop() if len(titles) == 1 else name.rpartition(".")[2],
    )
    if items:
        # A list ends well or not; that all of its items were taken over is said of each of these.
        record.state, record.cached = ("COMPLETE", False) if record.state in GOOD else (record.state, False)
        record.seconds = round(sum(one.seconds or 0 for one in members), 3)
    if record.state in GOOD:
        record.outputs = _listed(name, items, simple, inside, gives) if items else _given(name, name, inside, gives)
    return record


def _listed(
    name: str,
    items: Iterable[int],
    simple: Mapping[int, TaskRecord],
    inside: Mapping[str, TaskRecord],
    gives: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """The outputs of a list: one value an item; None where a task was not run."""
    if simple:
        outputs = [simple[number].outputs if number in simple else {} for number in items]
    else:
        outputs = [_given(name, f"{name}.{number}", inside, gives) for number in items]
    ports = dict.fromkeys(port for one in outputs for port in one)
    return {port: [one.get(port) for one in outputs] for port in ports}


def _given(
    name: str, place: str, inside: Mapping[str, TaskRecord], gives: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """The outputs of a pipeline, whose tasks are called after `place` here, and after its name in the plan."""
    found = {}
    for output, (origin, port) in gives.items():
        task = inside.get(f"{place}.{origin.removeprefix(step_of(name) + '.')}")
        if task is not None and port in task.outputs:
            found[output] = task.outputs[port]
    return found


def _order(task: str) -> list[tuple[int, int, str]]:
    """Items by their numbers."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in task.split(".")]

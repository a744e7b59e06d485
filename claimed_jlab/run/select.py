"""Less than a whole run: one task, up to it, from it on, or what failed. What it needs beside is an earlier run's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from claimed_jlab.component.requirements import environment_versions
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.graph import downstream
from claimed_jlab.run.history import records, runs_of
from claimed_jlab.run.planned import Plan, PlannedTask
from claimed_jlab.run.record import GOOD, RunRecord
from claimed_jlab.run.runs import Run
from claimed_jlab.run.sources import Sources

Way = Literal["only", "to", "from"]


class NoEarlierResult(ClaimedError):
    """A task that is to be taken from an earlier run was never run well."""

    code = "no-earlier-result"


def select(plan: Plan, way: Way, task: str) -> Plan:
    """The part of a plan that is one task, all that leads to it, or all that follows from it.

    Raises NoEarlierResult, or ClaimedError for a task that the pipeline has not.
    """
    if task not in {item.name for item in plan.tasks} and task not in plan.groups:
        known = ", ".join([*(item.name for item in plan.tasks), *plan.groups])
        raise ClaimedError(f"the pipeline has no task {task!r}", hint=f"its tasks are: {known}", code="unknown-task")
    needs = {item.name: set(item.needs) for item in plan.tasks}
    wanted = set(plan.groups[task].tasks) if task in plan.groups else {task}
    if way == "from":
        wanted |= downstream(needs, wanted)
    elif way == "to":
        wanted = _upstream(needs, wanted)
    return _part(plan, wanted, [record for _, record in records(runs_of(plan.path))])


def part(plan: Plan, ways: Mapping[Way, str | None], *, failed: bool) -> Plan:
    """The part of a plan that is asked for: at most one of the ways, or what failed the last time; else all of it.

    Raises ClaimedError for more than one.
    """
    asked = [(way, task) for way, task in ways.items() if task]
    if len(asked) + failed > 1:
        raise ClaimedError("only, to, from and failed exclude each other", code="bad-request")
    if failed:
        return select_failed(plan, last_run(plan.path))
    return select(plan, *asked[0]) if asked else plan


def select_failed(plan: Plan, run: Run) -> Plan:
    """What did not end well in a run; the rest is as it was in that run. Raises NoEarlierResult."""
    record = run.record()
    if not record.ended:
        raise ClaimedError(f"the run {run.run_id} has not ended", hint="wait, or cancel it", code="still-running")
    unfinished = {task.name for task in plan.tasks if _state(record, task.name) not in GOOD}
    if not unfinished:
        raise ClaimedError(f"nothing failed in the run {run.run_id}", code="nothing-failed")
    return _part(plan, unfinished, [record])


def last_run(path: str) -> Run:
    """The newest run of a document that has ended. Raises ClaimedError when there is none."""
    for run, record in records(runs_of(path)):
        if record.ended:
            return run
    raise ClaimedError("it was never run", where=path, code="unknown-run")


def _part(plan: Plan, wanted: Collection[str], earlier: list[RunRecord]) -> Plan:
    needed = {name for task in plan.tasks if task.name in wanted for name in task.needs} - set(wanted)
    tasks = []
    for task in plan.tasks:
        if task.name in needed:
            tasks.append(task.model_copy(update={"reuse": _newest(task, earlier), "needs": []}))
        elif task.name in wanted:
            tasks.append(task)
    return plan.model_copy(update={"tasks": tasks})


def up_to(plan: Plan, task: str) -> Plan:
    """A task and all that leads to it, everything to be run. Raises ClaimedError for a task that the plan has not."""
    if task not in {item.name for item in plan.tasks}:
        raise ClaimedError(f"the pipeline has no task {task!r}", code="unknown-task")
    wanted = _upstream({item.name: set(item.needs) for item in plan.tasks}, {task})
    return plan.model_copy(update={"tasks": [item for item in plan.tasks if item.name in wanted], "groups": {}})


def _newest(task: PlannedTask, earlier: list[RunRecord]) -> str:
    for record in earlier:
        if _state(record, task.name) in GOOD:
            return record.run_id
    raise NoEarlierResult(
        f"there is no earlier result of {task.name!r} to begin from", hint=f"run up to it first: --to {task.name}"
    )


def _state(record: RunRecord, name: str) -> str:
    return record.tasks[name].state if name in record.tasks else "NEW"


def _upstream(needs: dict[str, set[str]], tasks: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(tasks)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs[name]
    return found


def again(run: Run, sources: Sources) -> Plan:
    """The plan of an old run, with the code that it had. Raises SourceGone where that was not kept."""
    plan = run.order.plan
    return plan.model_copy(update={"tasks": [_as_it_was(task, sources) for task in plan.tasks]})


def _as_it_was(task: PlannedTask, sources: Sources) -> PlannedTask:
    if task.body:
        return task.model_copy(update={"body": [_as_it_was(one, sources) for one in task.body]})
    return task.model_copy(update={"component": sources.as_it_was(task.component)})


def environment_changes(plan: Plan, packages: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What has another version now than it had in a run, in words. packages: of that run, by task."""
    changes: set[str] = set()
    for task in plan.work():
        before = packages.get(task.name, {})
        now = environment_versions(task.component.requirements, task.component.kernel)
        changes |= {
            f"{name} was {version}, is {now.get(name, 'missing')}"
            for name, version in before.items()
            if now.get(name, "missing") != version
        }
    return sorted(changes)

"""Can it be got again? An artifact's run once more, with the code and the inputs that it had, and what came out of it.

The run that made the artifact is planned again up to its task: components by the code that was kept of them, files by
the content that was read. Nothing is taken from the cache. What comes out is compared by hashes and values. A run that
is not on this machine, of a colleague say, is planned by what the lineage store tells of it (`retold.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from claimed_jlab.lineage import Store
from claimed_jlab.lineage.explore.part import shown_nodes
from claimed_jlab.run.facts import facts_of
from claimed_jlab.run.planned import Plan, PlannedInput, PlannedTask
from claimed_jlab.run.record import GOOD, ArtifactValue, RunRecord, TaskRecord
from claimed_jlab.run.retold import CannotReproduce, RetoldRun
from claimed_jlab.run.runs import Run, UnknownRun, find_run
from claimed_jlab.run.select import again, environment_changes, up_to
from claimed_jlab.run.sources import Sources


class ReproducedRow(BaseModel):
    """One output, then and now: a hash or a value. why: what may have made the difference."""

    task: str
    output: str
    expected: Any = None
    got: Any = None
    same: bool = False
    why: str | None = None


class Reproduction(BaseModel):
    """What became of a reproduction. text: the verdict in one line."""

    verdict: Literal["running", "reproduced", "different", "failed"]
    text: str
    run_id: str
    original: str
    rows: list[ReproducedRow] = Field(default_factory=list)


def plan_again(store: Store, artifact: str, home: Path) -> Plan:
    """The plan that makes an artifact (`artifact/12`) again. home: the CLAIMED home.

    Raises UnknownArtifact; CannotReproduce when no task made it, or its run or a file is gone; SourceGone when its
    code was not kept.
    """
    original, task = maker(store, artifact)
    if isinstance(original, RetoldRun):
        plan = original.plan_up_to(task, home)
    else:
        plan, record = up_to(again(original, Sources(home / "sources")), task), original.record()
        plan = plan.model_copy(update={"tasks": [_with_contents(one, record) for one in plan.tasks]})
    # Under a name of its own, and nothing for later runs to take: it is no newer version of what it reproduces.
    name = f"Reproduce {plan.pipeline.removeprefix('Reproduce ')}"
    return plan.model_copy(update={"pipeline": name, "tasks": [_apart(one) for one in plan.tasks]})


def _apart(task: PlannedTask) -> PlannedTask:
    """The task, whose result is neither taken from another run nor left for one."""
    return task.model_copy(update={"cache": False, "body": [_apart(one) for one in task.body]})


def maker(store: Store, artifact: str) -> tuple[Run | RetoldRun, str]:
    """The run and the task that made an artifact. Raises UnknownArtifact, CannotReproduce."""
    (node,) = shown_nodes(store, [artifact]) or (None,)
    if node is None:
        raise CannotReproduce(f"there is no {artifact}")
    if node.run is None or node.task is None or node.up == 0:
        raise CannotReproduce(f"no run is known that made {node.name}", where=artifact)
    try:
        run = find_run(node.run)
    except UnknownRun:
        return RetoldRun(store, node.run), node.task
    # An item of a loop, `train.3`, is planned as `train`.
    tasks, task = {one.name for one in run.order.plan.tasks}, node.task
    while task not in tasks and "." in task:
        task = task.rpartition(".")[0]
    if task not in tasks:
        raise CannotReproduce(f"{node.name} came into the run {node.run} from outside: no task made it", where=artifact)
    return run, task


def reproduction(store: Store, artifact: str, run: Run) -> Reproduction:
    """How a run that was to make an artifact again compares with the one that made it."""
    first, _ = maker(store, artifact)
    facts, now = first.facts() if isinstance(first, RetoldRun) else facts_of(first), run.record()
    found = {"run_id": run.run_id, "original": first.run_id}
    if not now.ended:
        return Reproduction(verdict="running", text="It runs.", **found)
    if now.state not in GOOD:
        return Reproduction(verdict="failed", text=f"It failed: {now.error or now.state}", **found)
    changes = environment_changes(run.order.plan, facts.packages)
    rows = list(_rows(facts.record, now, "; ".join(changes) or None))
    taken = {task.name: task.reuse for task in run.order.plan.tasks if task.reuse}
    for row in rows:
        if row.task in taken:
            row.why = f"taken from the run {taken[row.task]}, not made again"
    wrong = [row for row in rows if not row.same]
    if not wrong:
        return Reproduction(verdict="reproduced", text=_praise(rows, changes), rows=rows, **found)
    text = f"{len(wrong)} of {len(rows)} outputs differ, the first is {wrong[0].task}.{wrong[0].output}"
    return Reproduction(verdict="different", text=text, rows=rows, **found)


def _praise(rows: list[ReproducedRow], changes: list[str]) -> str:
    text = f"Reproduced: all {len(rows)} outputs are the same"
    return f"{text}, though {'; '.join(changes)}" if changes else text


def _with_contents(task: PlannedTask, record: RunRecord) -> PlannedTask:
    """The task with files as they were when it read them."""
    if task.body:
        return task.model_copy(update={"body": [_with_contents(one, record) for one in task.body]})
    seen = record.tasks.get(task.name, TaskRecord()).inputs
    inputs = {name: _as_read(task.name, name, source, seen) for name, source in task.inputs.items()}
    return task.model_copy(update={"inputs": inputs})


def _as_read(task: str, name: str, source: PlannedInput, seen: Mapping[str, Any]) -> PlannedInput:
    if source.kind != "file" or not isinstance(seen.get(name), dict):
        return source
    path = ArtifactValue.model_validate(seen[name]).path
    if not path.exists():
        raise CannotReproduce(f"what the input {name!r} held is no longer kept", where=f"{task}: {path}")
    return source.model_copy(update={"value": str(path)})


def _rows(was: RunRecord, now: RunRecord, changes: str | None) -> list[ReproducedRow]:
    rows = []
    first: str | None = None
    for task, record in now.tasks.items():
        before = was.tasks.get(task)
        for output, value in (record.outputs if before is not None else {}).items():
            assert before is not None
            expected, got = _content(before.outputs.get(output)), _content(value)
            same = expected == got
            why = None if same else (f"{first} differs" if first else changes or "it does not come out the same twice")
            rows.append(ReproducedRow(task=task, output=output, expected=expected, got=got, same=same, why=why))
        if first is None and any(not row.same for row in rows):
            first = task
    return rows


def _content(value: Any) -> Any:
    """An artifact by its hash, a value by itself."""
    if isinstance(value, list):
        return [_content(one) for one in value]
    if isinstance(value, dict) and "uri" in value and "type" in value:
        return value.get("digest") or value["uri"]
    return value

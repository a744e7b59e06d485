"""Two or more runs side by side: what went in, what came out, how each task fared, and in which of it they differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.codediff import CodeChange, changes_of
from claimed_jlab.run.compound import by_step, has_members, put_together
from claimed_jlab.run.facts import RunFacts
from claimed_jlab.run.record import ArtifactValue, RunRecord, State, TaskRecord
from claimed_jlab.run.results import reports_of
from claimed_jlab.run.sources import Sources

_DIGEST_LETTERS = 12


class ComparedRun(BaseModel):
    """The head of a column."""

    run_id: str
    pipeline: str
    path: str
    state: State
    started: str | None
    seconds: float | None
    user: str
    engine: str


class ComparedRow(BaseModel):
    """Something that runs have each in their own way. values: one a run, null where it has none."""

    name: str
    values: list[Any]
    differs: bool


class TaskOutcome(BaseModel):
    """How a task fared in one run."""

    state: State
    seconds: float | None
    component: str


class ComparedTask(BaseModel):
    """A task in each run; null where a run has it not. differs: in its state or its component, not in its time."""

    name: str
    values: list[TaskOutcome | None]
    differs: bool


class ComparedCode(BaseModel):
    """What of a task's code is not as in the first run. problem: why that can't be told."""

    task: str
    run_id: str
    changes: list[CodeChange] = Field(default_factory=list)
    problem: str | None = None


class Comparison(BaseModel):
    """Runs side by side.

    code: tasks whose code differs from the first run's.  environment: versions as `task: package`.
    metrics: output parameters as `task.output`, and the numbers of reports as `task.output: number`.
    inputs, outputs: of the tasks as `task.name`; an artifact by its name and the beginning of its digest.
    """

    runs: list[ComparedRun]
    parameters: list[ComparedRow] = Field(default_factory=list)
    metrics: list[ComparedRow] = Field(default_factory=list)
    inputs: list[ComparedRow] = Field(default_factory=list)
    outputs: list[ComparedRow] = Field(default_factory=list)
    tasks: list[ComparedTask] = Field(default_factory=list)
    code: list[ComparedCode] = Field(default_factory=list)
    environment: list[ComparedRow] = Field(default_factory=list)


def compare_runs(runs: Sequence[RunFacts], home: Path) -> Comparison:
    """Compares runs in full, with the code and the versions that they had. home: the CLAIMED home.

    Compound tasks of one that is known by lineage only are put together; those that the lineage of none can tell of
    (lists without items) are left out.  Raises ClaimedError for fewer than two.
    """
    found = compare(_records(runs))
    found.code = [code for run in runs[1:] for code in _code(runs[0], run, Sources(home / "sources"))]
    found.environment = rows_of(
        [
            {f"{task}: {name}": version for task, had in by_step(run.packages).items() for name, version in had.items()}
            for run in runs
        ]
    )
    return found


def _records(runs: Sequence[RunFacts]) -> list[RunRecord]:
    """The runs with all their tasks, compound ones too."""
    known = {name: compound for run in runs for name, compound in run.compounds.items()}
    tasks = [put_together(run.record.tasks, known) if run.is_told else dict(run.record.tasks) for run in runs]
    if any(run.is_told for run in runs):
        of_told = {name for run, some in zip(runs, tasks, strict=True) if run.is_told for name in some}
        empty = {name for name in known if not any(has_members(name, some) for some in tasks)} - of_told
        tasks = [{name: task for name, task in some.items() if name not in empty} for some in tasks]
    return [run.record.model_copy(update={"tasks": some}) for run, some in zip(runs, tasks, strict=True)]


def _code(first: RunFacts, other: RunFacts, sources: Sources) -> Iterator[ComparedCode]:
    before, executed = by_step(first.code), (by_step(first.notebooks), by_step(other.notebooks))
    for task, now in by_step(other.code).items():
        was = before.get(task)
        if was is None or was == now:
            continue
        code = ComparedCode(task=task, run_id=other.record.run_id)
        try:
            changes = changes_of((sources.kept(was), sources.kept(now)), (executed[0].get(task), executed[1].get(task)))
        except ClaimedError as error:
            code.problem = str(error)
        else:
            if changes is None:
                code.problem = "the code of one of them was not kept"
            code.changes = changes or []
        yield code


def compare(records: Sequence[RunRecord]) -> Comparison:
    """Compares runs, in the order given. Raises ClaimedError for fewer than two."""
    if len({record.run_id for record in records}) < 2:
        raise ClaimedError("comparing takes two different runs", code="bad-request")
    return Comparison(
        runs=[
            ComparedRun.model_validate(record.model_dump(include=set(ComparedRun.model_fields))) for record in records
        ],
        parameters=rows_of([record.parameters for record in records]),
        metrics=rows_of([_metrics(record) for record in records]),
        inputs=rows_of([_ports(record, lambda task: task.inputs) for record in records]),
        outputs=rows_of([_artifacts(record) for record in records]),
        tasks=_tasks(records),
    )


def rows_of(columns: Sequence[Mapping[str, Any]]) -> list[ComparedRow]:
    """A row for each name that any of the columns has."""
    names = dict.fromkeys(name for column in columns for name in column)
    rows = []
    for name in names:
        values = [column.get(name) for column in columns]
        there = {name in column for column in columns}
        rows.append(ComparedRow(name=name, values=values, differs=len(there) > 1 or not _alike(values)))
    return rows


def _alike(values: Sequence[Any]) -> bool:
    return all(value == values[0] and type(value) is type(values[0]) for value in values)


def _metrics(record: RunRecord) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for task, task_record in record.tasks.items():
        for name, value in task_record.outputs.items():
            if not _holds_artifacts(value):
                found[f"{task}.{name}"] = value
    for output, report in reports_of(record).items():
        for name, number in report.metrics.items():
            found[f"{output}: {name}"] = number if math.isfinite(number) else None
    return found


def _ports(record: RunRecord, ports: Callable[[TaskRecord], Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{task}.{name}": _short(value)
        for task, task_record in record.tasks.items()
        for name, value in ports(task_record).items()
    }


def _artifacts(record: RunRecord) -> dict[str, Any]:
    return _ports(record, lambda task: {name: value for name, value in task.outputs.items() if _holds_artifacts(value)})


def _is_artifact(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("uri"), str) and "type" in value


def _holds_artifacts(value: Any) -> bool:
    """Whether it is an artifact, or a list of them, as each item of a list gave one."""
    return _is_artifact(value) or (isinstance(value, list) and any(map(_is_artifact, value)))


def _short(value: Any) -> Any:
    """A value as it is; an artifact as `train.csv (1a2b3c4d5e6f)`, in a list too."""
    if _holds_artifacts(value) and isinstance(value, list):
        return [_short(one) for one in value]
    if not _is_artifact(value):
        return value
    artifact = ArtifactValue.model_validate(value)
    digest = artifact.digest.partition(":")[2] or artifact.digest
    return f"{artifact.name} ({digest[:_DIGEST_LETTERS]})" if digest else artifact.uri


def _tasks(records: Sequence[RunRecord]) -> list[ComparedTask]:
    rows = []
    for name in dict.fromkeys(name for record in records for name in record.tasks):
        found = [record.tasks.get(name) for record in records]
        values = [
            task and TaskOutcome(state=task.state, seconds=task.seconds, component=task.component) for task in found
        ]
        states = {value.state if value else None for value in values}
        # Of a nested pipeline lineage does not tell the document.
        components = {value.component for value in values if value and value.component}
        rows.append(ComparedTask(name=name, values=values, differs=len(states) > 1 or len(components) > 1))
    return rows

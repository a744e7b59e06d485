"""What is known of a run that was: how it went, what code it ran, and with what. Of one that is kept here all of it; of
a colleague's, or a cluster's, what the lineage store tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from claimed_jlab.lineage import names
from claimed_jlab.lineage.place import local_path
from claimed_jlab.run.compound import Compound, compounds_of, name_components
from claimed_jlab.run.record import ArtifactValue, RunRecord, State, TaskRecord
from claimed_jlab.run.runs import Run, UnknownRun, find_run

if TYPE_CHECKING:
    from claimed_jlab.lineage import Store
    from claimed_jlab.lineage.standards.story import Ports, StoryRun, StoryTask

T = TypeVar("T")


@dataclass(frozen=True)
class RunFacts:
    """A run, by its tasks.

    code: the digest of what each ran.  packages: what each required, as it was installed, and its `python`.
    notebooks: as they were executed.  compounds: tasks that stand for several others, which lineage knows only as
    those.  is_told: by the lineage store.
    """

    record: RunRecord
    code: Mapping[str, str]
    packages: Mapping[str, Mapping[str, str]]
    notebooks: Mapping[str, Path]
    compounds: Mapping[str, Compound] = field(default_factory=dict)
    is_told: bool = False


def facts_of(run: Run) -> RunFacts:
    """A run that is kept here."""
    order, record = run.order, run.record()
    work = list(order.plan.work())
    name_components(record, work)
    executed = {name: run.notebook(name) for name in record.tasks}
    return RunFacts(
        record=record,
        code={task.name: task.component.digest for task in work},
        packages=order.packages,
        notebooks={name: path for name, path in executed.items() if path.exists()},
        compounds=compounds_of(order.plan),
    )


def find_facts(run_id: str, store: Callable[[], Store]) -> RunFacts:
    """A run that is kept here, or that a lineage store tells of. store: opened only when it is asked.

    Raises UnknownRun; LineageError for a store that can't be read.
    """
    try:
        return facts_of(find_run(run_id))
    except UnknownRun as unknown:
        from claimed_jlab.lineage import UnknownRun as UnknownToLineage
        from claimed_jlab.run.retold import RetoldRun

        try:
            return RetoldRun(store(), run_id).facts()
        except UnknownToLineage:
            raise unknown from None


def told(run: StoryRun, artifacts: Mapping[str, ArtifactValue]) -> RunFacts:
    """A run as a lineage store tells of it. artifacts: what its tasks read and wrote, by their keys."""
    tasks = [task for task in run.tasks if task.type == names.CONTAINER]
    executed = {task.name: local_path(_text(task, names.EXECUTED_NOTEBOOK)) for task in tasks}
    digests = {task.name: _text(task, names.NOTEBOOK_DIGEST) for task in tasks}
    return RunFacts(
        record=_record(run, {task.name: _task_record(task, artifacts) for task in tasks}),
        code={name: digest for name, digest in digests.items() if digest},
        packages={task.name: _mapping(task, names.PACKAGES) for task in tasks},
        notebooks={name: path for name, path in executed.items() if path is not None and path.is_file()},
        is_told=True,
    )


def _record(run: StoryRun, tasks: dict[str, TaskRecord]) -> RunRecord:
    about = run.properties
    return RunRecord(
        run_id=run.id,
        pipeline=run.pipeline,
        path=str(about.get(names.PIPELINE_PATH) or ""),
        engine=str(about.get(names.ENGINE) or ""),
        user=str(about.get(names.USER) or ""),
        parameters=dict(run.parameters),
        tasks=tasks,
        **_course(run),
    )


def _task_record(task: StoryTask, artifacts: Mapping[str, ArtifactValue]) -> TaskRecord:
    def ports(values: Mapping[str, Any], found: Ports) -> dict[str, Any]:
        return {**values, **in_lists({name: artifacts[key].model_dump() for name, key in found})}

    return TaskRecord(
        title=task.title,
        component=_text(task, names.COMPONENT),
        cached=task.state == "CACHED",
        inputs=ports(task.parameters, task.reads),
        outputs=ports(task.outputs, task.writes),
        error=_text(task, names.ERROR) or None,
        **_course(task),
    )


def in_lists(ports: Mapping[str, T]) -> dict[str, T | list[T]]:
    """The artifacts of a list together: an event is of one of them, as `tables.0`."""
    found: dict[str, T | list[T]] = {}
    lists: dict[str, dict[int, T]] = {}
    for name, value in ports.items():
        port, _, number = name.rpartition(".")
        if port and number.isdigit():
            lists.setdefault(port, {})[int(number)] = value
        else:
            found[name] = value
    return found | {port: [items[number] for number in sorted(items)] for port, items in lists.items()}


def _course(one: StoryRun | StoryTask) -> dict[str, Any]:
    """Its state, and when it was."""
    state = one.state if one.state in get_args(State) else "NEW"
    found: dict[str, Any] = {"state": state, "started": _moment(one.began)}
    if one.ended is not None:
        found |= {"finished": _moment(one.ended), "seconds": round((one.ended - one.began) / 1000, 3)}
    return found


def _moment(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).isoformat(timespec="milliseconds")


def _text(task: StoryTask, name: str) -> str:
    return str(task.properties.get(name) or "")


def _mapping(task: StoryTask, name: str) -> dict[str, str]:
    found = task.properties.get(name)
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}

"""What a run would do, and why, without doing it: which tasks would be skipped, which would run and for what change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from claimed_jlab import expression
from claimed_jlab.errors import ClaimedError
from claimed_jlab.paths import home
from claimed_jlab.run.local.hashing import digest_of
from claimed_jlab.run.local.objects import ObjectStore
from claimed_jlab.run.local.result import result_of
from claimed_jlab.run.local.skipping import Entry, Memory, never_skipped, parts_of
from claimed_jlab.run.planned import Condition, Plan, PlannedInput, PlannedTask
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.runs import find_run
from claimed_jlab.run.sources import Sources

_SKIPPED = ("CACHED", "CANCELED")


class Foreseen(BaseModel):
    """A task of a run that is not run. state: CACHED, CANCELED (its `when` is false), or NEW: it would run."""

    state: str
    reason: str


def foresee(plan: Plan, *, cache: bool = True) -> dict[str, Foreseen]:
    """What each task would do, in an order that can be run. Nothing is written."""
    folder = home()
    objects = ObjectStore(folder / "objects")
    return _Foresight(plan, Memory(folder / "cache", objects, Sources(folder / "sources")), cache).tasks()


class _Foresight:
    def __init__(self, plan: Plan, memory: Memory, cache: bool) -> None:
        self._plan = plan
        self._memory = memory
        self._cache = cache
        self._known: dict[str, dict[str, Any]] = {}
        self._found: dict[str, Foreseen] = {}

    def tasks(self) -> dict[str, Foreseen]:
        for task in self._plan.tasks:
            state, reason = self._task(task)
            self._found[task.name] = Foreseen(state=state, reason=reason)
        return self._found

    def _task(self, task: PlannedTask) -> tuple[str, str]:
        if task.reuse is not None:
            self._known[task.name] = _outputs(result_of(find_run(task.reuse).record().tasks[task.name]))
            return "CACHED", f"taken from the run {task.reuse}"
        gone = [name for name in task.needs if self._found[name].state == "CANCELED"]
        if gone:
            return "CANCELED", f"not run: {gone[0]} CANCELED"
        waiting = [name for name in task.needs if self._found[name].state not in _SKIPPED]
        if waiting:
            return "NEW", f"what {', '.join(waiting)} will give is not known yet"
        for condition in task.conditions:
            if not self._holds(condition):
                return "CANCELED", f"not run: {condition.text} is false"
        if task.each is not None:
            return "NEW", "for each item of a list"
        return self._unchanged(task)

    def _unchanged(self, task: PlannedTask) -> tuple[str, str]:
        if why := never_skipped(task, self._cache):
            return "NEW", why
        try:
            parts = parts_of(task, {name: self._value(source) for name, source in task.inputs.items()})
        except ClaimedError as error:
            return "NEW", str(error)
        entry, why = self._memory.find(parts)
        if entry is None:
            changed = self._memory.changed(self._plan.path, task.name, parts)
            return "NEW", why or changed or "it never finished before"
        self._known[task.name] = _outputs(entry)
        return "CACHED", why

    def _value(self, source: PlannedInput) -> Any:
        if source.output is not None:
            return self._known[source.output[0]].get(source.output[1])
        if source.kind == "list":
            return [self._value(part) for part in source.parts]
        if source.kind == "file":
            path = Path(source.value)
            if not path.exists():
                raise ClaimedError("there is no such file", where=str(path))
            return ArtifactValue(type="Artifact", uri=path.as_uri(), name=path.name, digest=digest_of(path))
        return source.value

    def _holds(self, condition: Condition) -> bool:
        values = {name: self._value(source) for name, source in condition.names.items()}
        return bool(expression.evaluate(condition.text, values).value)


def _outputs(given: Any) -> dict[str, Any]:
    if isinstance(given, Entry):
        return {**given.artifacts, **given.parameters}
    return {**given.artifacts, **given.collected, **given.parameters}

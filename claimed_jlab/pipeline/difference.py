"""What differs between two versions of a document: added, removed, changed, moved and renamed tasks, in words too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field

from claimed_jlab.pipeline.rename import Data, find_renames, part, renamed

Change = Literal["added", "removed", "changed", "moved", "renamed"]
_LONGEST = 60
_PLACE = "layout"


class FieldChange(BaseModel):
    """A field, as it was and as it is; None where it was or is not."""

    field: str
    before: Any = None
    after: Any = None


class TaskChange(BaseModel):
    """What became of a task. was: its name before, where it was renamed."""

    name: str
    change: Change
    fields: list[FieldChange] = Field(default_factory=list)
    was: str | None = None


class ParameterChange(BaseModel):
    """What became of a parameter of the pipeline."""

    name: str
    change: Literal["added", "removed", "changed"]
    fields: list[FieldChange] = Field(default_factory=list)


class Difference(BaseModel):
    """All that differs between two versions. lines: the same in words, a line each."""

    tasks: list[TaskChange] = Field(default_factory=list)
    parameters: list[ParameterChange] = Field(default_factory=list)
    document: list[FieldChange] = Field(default_factory=list)
    lines: list[str] = Field(default_factory=list)


def difference(before: Data, after: Data) -> Difference:
    """Compares two versions of a document, given as JSON's data. The order of keys is no difference."""
    names = find_renames(before, after)
    was = renamed(before, names)
    found = Difference(
        tasks=list(_tasks(was, after, {new: old for old, new in names.items()})),
        parameters=list(_parameters(part(was, "parameters"), part(after, "parameters"))),
        document=list(_document(was, after)),
    )
    found.lines = list(_lines(found))
    return found


def _tasks(before: Data, after: Data, olds: Mapping[str, str]) -> Iterator[TaskChange]:
    one, other = part(before, "tasks"), part(after, "tasks")
    for name in other:
        if name not in one:
            yield TaskChange(name=name, change="added", fields=_fields({}, _flat(other[name])))
            continue
        fields = _fields(_flat(one[name]), _flat(other[name]))
        moved = _fields(_place(before, name), _place(after, name))
        if name in olds:
            yield TaskChange(name=name, change="renamed", fields=fields + moved, was=olds[name])
        elif fields:
            yield TaskChange(name=name, change="changed", fields=fields + moved)
        elif moved:
            yield TaskChange(name=name, change="moved", fields=moved)
    for name in one:
        if name not in other:
            yield TaskChange(name=name, change="removed", fields=_fields(_flat(one[name]), {}))


def _place(data: Data, name: str) -> dict[str, Any]:
    places = part(data, _PLACE)
    return {_PLACE: places[name]} if name in places else {}


def _parameters(before: Data, after: Data) -> Iterator[ParameterChange]:
    for name in (*after, *(name for name in before if name not in after)):
        change: Literal["added", "removed", "changed"] = (
            "added" if name not in before else "removed" if name not in after else "changed"
        )
        fields = _fields(_members(before.get(name)), _members(after.get(name)))
        if fields or change != "changed":
            yield ParameterChange(name=name, change=change, fields=fields)


def _document(before: Data, after: Data) -> Iterator[FieldChange]:
    """The pipeline's own fields; of its outputs and of the canvas an entry a member."""
    apart = ("tasks", "parameters", _PLACE, "format")
    sides = []
    for side in (before, after):
        flat = {name: value for name, value in side.items() if name not in (*apart, "outputs", "canvas")}
        flat |= {f"outputs.{name}": value for name, value in part(side, "outputs").items()}
        for kind, members in part(side, "canvas").items():
            flat |= {f"canvas.{kind}.{name}": value for name, value in _members(members).items()}
        sides.append(flat)
    yield from _fields(*sides)


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    names = [*after, *(name for name in before if name not in after)]
    return [
        FieldChange(field=name, before=before.get(name), after=after.get(name))
        for name in names
        if name not in before or name not in after or before[name] != after[name]
    ]


def _flat(task: Any) -> dict[str, Any]:
    """A task's fields, its inputs among them as `inputs.NAME`."""
    members = _members(task)
    inputs = members.pop("inputs", {})
    return {**members, **{f"inputs.{name}": source for name, source in _members(inputs).items()}}


def _members(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _lines(found: Difference) -> Iterator[str]:
    for change in found.document:
        yield _words("pipeline", change)
    for parameter in found.parameters:
        if parameter.change != "changed":
            yield f"parameter {parameter.name}: {parameter.change}"
            continue
        yield from (_words(f"parameter {parameter.name}", change) for change in parameter.fields)
    for task in found.tasks:
        yield from _task_lines(task)


def _task_lines(task: TaskChange) -> Iterator[str]:
    title = f"task {task.name}"
    if task.change in ("added", "removed"):
        component = next((item.after or item.before for item in task.fields if item.field == "component"), None)
        yield f"{title}: {task.change}" + (f" ({component})" if component else "")
        return
    if task.change == "renamed":
        yield f"task {task.was}: renamed to {task.name}"
    yield from (_words(title, change) for change in task.fields)


def _words(title: str, change: FieldChange) -> str:
    field = change.field.removeprefix("inputs.")
    if field == _PLACE:
        return f"{title}: moved"
    if change.before is None:
        return f"{title}: {field} set to {_shown(change.after)}"
    if change.after is None:
        return f"{title}: {field} removed (was {_shown(change.before)})"
    return f"{title}: {field} changed from {_shown(change.before)} to {_shown(change.after)}"


def _shown(value: Any) -> str:
    """A value, or where an input comes from, in a few words."""
    if isinstance(value, Mapping) and len(value) == 1:
        kind, inner = next(iter(value.items()))
        if kind in ("value", "output"):
            return _cut(inner if kind == "output" else json.dumps(inner, ensure_ascii=False))
        if kind in ("parameter", "secret"):
            return _cut(f"{kind} {inner}")
    return _cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _cut(text: Any) -> str:
    line = " ".join(str(text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"

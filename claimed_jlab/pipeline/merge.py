"""Three-way merge of documents by what is in them: tasks, inputs and fields, not lines.

A task that one side renamed is the same task on the other. Where both sides changed one field in two ways ours is
kept, and the conflict is named; two places on the canvas are no conflict, ours is kept. The same in git:
`jupyter claimed pipeline merge %O %A %B` as a merge driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.pipeline.document import parse_object
from claimed_jlab.pipeline.rename import Data, find_renames, part, references, renamed
from claimed_jlab.pipeline.text import document_text

Path = tuple[str, ...]
_ABSENT: Any = object()
# What means something only as a whole, however it is made: where a value comes from, and a value.
_WHOLE = ("for_each", "default", "value", "resources")


@dataclass(frozen=True)
class Conflict:
    """One thing that both sides changed, each in its own way. path: its place in the document."""

    path: Path
    message: str

    def __str__(self) -> str:
        return f"{_title(self.path)}: {self.message}"


@dataclass
class Merged:
    """A merged document, as JSON's data, and what could not be merged."""

    data: dict[str, Any]
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Data, ours: Data, theirs: Data) -> Merged:
    """Merges two versions of a document that were made of `base`."""
    mine, other = find_renames(base, ours), find_renames(base, theirs)
    conflicts = list(_rename_conflicts(base, mine, other))
    names = {**_free(other, ours, mine), **_free(mine, theirs, other)}
    base = renamed(base, names)
    ours = renamed(ours, _towards(names, mine))
    theirs = renamed(theirs, _towards(names, other))
    merging = _Merging(conflicts)
    data = merging.mapping(base, ours, theirs, ())
    conflicts += _dangling(data, base, ours, theirs)
    return Merged(data, conflicts)


def merge_texts(
    base: str, ours: str, theirs: str, where: tuple[str, str, str] = ("base", "ours", "theirs")
) -> tuple[str, list[Conflict]]:
    """Merges documents' texts; what only one side changed keeps its text. Raises BadPipeline, which names the file.

    An empty base is two documents that were made apart.
    """
    was = parse_object(base, where=where[0]) if base.strip() else {}
    mine, other = parse_object(ours, where=where[1]), parse_object(theirs, where=where[2])
    merged = merge(was, mine, other)
    if merged.conflicts or not (equal(merged.data, mine) or equal(merged.data, other)):
        return document_text(merged.data, like=merged.data), merged.conflicts
    return (ours if equal(merged.data, mine) else theirs), []


def _rename_conflicts(base: Data, mine: Mapping[str, str], other: Mapping[str, str]) -> Iterator[Conflict]:
    for old, new in mine.items():
        if old in other and other[old] != new:
            message = f"renamed to {new!r} by us and to {other[old]!r} by them; {new!r} is kept"
            yield Conflict(("tasks", old), message)


def _free(renames: Mapping[str, str], other: Data, others: Mapping[str, str]) -> dict[str, str]:
    """One side's renames to names that the other side has not given to another task."""
    taken = part(other, "tasks")
    return {old: new for old, new in renames.items() if new not in taken or others.get(old) == new}


def _towards(names: Mapping[str, str], done: Mapping[str, str]) -> dict[str, str]:
    """What a side must rename to speak of tasks as all do now. done: its own renames."""
    return {done.get(old, old): new for old, new in names.items() if done.get(old, old) != new}


class _Merging:
    def __init__(self, conflicts: list[Conflict]) -> None:
        self._conflicts = conflicts

    def mapping(self, base: Data, ours: Data, theirs: Data, path: Path) -> dict[str, Any]:
        """Merges objects by their keys, in our order; what only they have comes after what precedes it there."""
        found: dict[str, Any] = {}
        for key in _keys(ours, theirs):
            was, mine, other = (side.get(key, _ABSENT) for side in (base, ours, theirs))
            value = self._value(was, mine, other, (*path, key))
            if value is not _ABSENT:
                found[key] = value
        return found

    def _value(self, base: Any, ours: Any, theirs: Any, path: Path) -> Any:
        if equal(ours, theirs) or equal(theirs, base):
            return ours
        if equal(ours, base):
            return theirs
        if _is_open(path) and isinstance(ours, Mapping) and isinstance(theirs, Mapping):
            return self.mapping(base if isinstance(base, Mapping) else {}, ours, theirs, path)
        if path[0] in ("layout", "canvas") and ours is not _ABSENT and theirs is not _ABSENT:
            return ours  # two places for one thing: nobody loses work
        self._conflicts.append(Conflict(path, _reason(base, ours, theirs)))
        return theirs if ours is _ABSENT else ours


def _reason(base: Any, ours: Any, theirs: Any) -> str:
    if ours is _ABSENT:
        return "removed by us and changed by them; it is kept as theirs"
    if theirs is _ABSENT:
        return "changed by us and removed by them; it is kept as ours"
    how = "added" if base is _ABSENT else "changed"
    return f"{how} by both sides, each in its own way; ours is kept"


def _dangling(data: Data, base: Data, ours: Data, theirs: Data) -> Iterator[Conflict]:
    """Where one side took what the other side removed."""
    known = {name for side in (base, ours, theirs) for name in part(side, "tasks")}
    for task, name, origin in references(data):
        if origin not in part(data, "tasks") and origin in known:
            message = f"it needs task {origin!r}, which the other side removed"
            inside = () if name in ("when", "for_each", "after") else ("inputs",)
            yield Conflict(("tasks", task, *inside, name), message)


def _keys(ours: Data, theirs: Data) -> list[str]:
    keys = list(ours)
    place = 0
    for key in theirs:
        if key in ours:
            place = keys.index(key) + 1
        else:
            keys.insert(place, key)
            place += 1
    return keys


def _is_open(path: Path) -> bool:
    """Whether both sides may have changed an object in two places of it."""
    is_source = len(path) == 4 and path[0] == "tasks" and path[2] == "inputs"
    return not is_source and not any(name in _WHOLE for name in path[2:])


def equal(one: Any, other: Any) -> bool:
    """Equality of JSON: true is not 1."""
    if one is _ABSENT or other is _ABSENT:
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _title(path: Path) -> str:
    if path[0] == "tasks" and len(path) > 1:
        rest = [name for name in path[2:] if name != "inputs"] or list(path[2:])
        return f"task {path[1]}" + (f", {'.'.join(rest)}" if rest else "")
    if path[0] == "parameters" and len(path) > 1:
        return f"parameter {path[1]}" + (f", {'.'.join(path[2:])}" if path[2:] else "")
    return f"pipeline, {'.'.join(path)}"

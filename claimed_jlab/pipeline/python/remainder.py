"""What a document says that KFP's Python does not: as comments, one line each, and back.

    # claimed: layout.train = [420, 80]
    # claimed: tasks.judge.when = "a or b" instead of "a"
    # claimed: no tasks.judge.inputs.x = {"value": 1}

A line counts only as long as the code says what it said when the line was written, so that an edit of the code wins
over an old comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from claimed_jlab.pipeline.python.comments import MARK

Path = tuple[str, ...]
_PART = re.compile(r'"(?:[^"\\]|\\.)*"|[\w-]+')
_INSTEAD = " instead of "
# Where a value is one thing, however it is made.
_WHOLE = ("value", "default")


@dataclass(frozen=True)
class Line:
    """One line: a value that is to be added, put in the place of another, or left out."""

    kind: Literal["add", "replace", "remove"]
    path: Path
    value: Any = None
    was: Any = None

    def __str__(self) -> str:
        where = ".".join(part if _PART.fullmatch(part) and part[0] != '"' else json.dumps(part) for part in self.path)
        if self.kind == "remove":
            return f"# {MARK} no {where} = {_json(self.was)}"
        instead = f"{_INSTEAD}{_json(self.was)}" if self.kind == "replace" else ""
        return f"# {MARK} {where} = {_json(self.value)}{instead}"


def lines_between(said: dict[str, Any], meant: dict[str, Any], path: Path = ()) -> Iterator[Line]:
    """The lines that make what the code says what is meant."""
    for key, value in sorted(meant.items()) if path == ("layout",) else meant.items():
        place = (*path, key)
        if key not in said:
            yield from _added(place, value)
        elif isinstance(value, dict) and isinstance(said[key], dict) and key not in _WHOLE:
            yield from lines_between(said[key], value, place)
        elif not same(value, said[key]):
            yield Line("replace", place, value, said[key])
    for key, value in said.items():
        if key not in meant:
            yield Line("remove", (*path, key), was=value)


def _added(path: Path, value: Any) -> Iterator[Line]:
    """One line; of what is drawn one for each thing, so that two people's changes are two lines."""
    drawn = path in (("layout",), ("canvas",)) or (path[0] == "canvas" and len(path) == 2)
    if drawn and isinstance(value, dict) and value:
        for key, item in sorted(value.items()):
            yield from _added((*path, key), item)
        return
    yield Line("add", path, value)


def parse_line(comment: str) -> Line | None:
    """The line that a comment is; None for any other comment."""
    text = comment.strip().removeprefix("#").strip()
    if not text.startswith(MARK):
        return None
    text = text.removeprefix(MARK).strip()
    removes = text.startswith("no ") and not text.startswith("no =")
    path, rest = _path(text.removeprefix("no ") if removes else text)
    if not path or not rest.startswith(" = "):
        return None
    try:
        value, end = json.JSONDecoder().raw_decode(rest, 3)
        if removes:
            return Line("remove", path, was=value)
        after = rest[end:]
        if after.startswith(_INSTEAD):
            return Line("replace", path, value, json.loads(after.removeprefix(_INSTEAD)))
    except (ValueError, RecursionError):
        return None
    return Line("add", path, value) if not after.strip() else None


def apply_lines(said: dict[str, Any], lines: Iterable[Line]) -> list[Line]:
    """Makes of what the code says what is meant. Returns the lines that the code has left behind."""
    stale = []
    for line in lines:
        box = _box(said, line.path)
        name = line.path[-1]
        if box is None or (name in box) != (line.kind != "add") or (name in box and not same(box[name], line.was)):
            stale.append(line)
        elif line.kind == "remove":
            del box[name]
        else:
            box[name] = line.value
    return stale


def same(one: Any, other: Any) -> bool:
    """Equality to the letter: neither is 1 the same as true, nor as 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _box(data: dict[str, Any], path: Path) -> dict[str, Any] | None:
    """What a line's value goes into; None when it is gone, or was never there."""
    if path[0] == "layout" and len(path) == 2 and path[1] not in data.get("tasks", {}):
        return None
    box = data
    for number, name in enumerate(path[:-1]):
        if name not in box and (path[0] in ("layout", "canvas") or number == 0):
            box[name] = {}
        inner = box.get(name)
        if not isinstance(inner, dict):
            return None
        box = inner
    return box


def _path(text: str) -> tuple[Path, str]:
    parts: list[str] = []
    at = 0
    while found := _PART.match(text, at):
        try:
            parts.append(json.loads(found[0]) if found[0][0] == '"' else found[0])
        except ValueError:
            return (), text
        at = found.end()
        if text[at : at + 1] != ".":
            break
        at += 1
    return tuple(parts), text[at:]


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)

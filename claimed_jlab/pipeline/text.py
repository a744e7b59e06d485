"""How a document is written: two spaces, a steady order of keys, arrays of numbers on one line.

Order is what lets two people's branches merge: a field stands where the model has it, a task, parameter or input where
it stood before (a new one at its alphabetical place), and the layout comes last, one line a task.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from claimed_jlab.pipeline.document import (
    FORMAT,
    Canvas,
    ForEach,
    Group,
    Note,
    Pipeline,
    PipelineOutput,
    PipelineParameter,
    Retry,
    Source,
    Task,
    Wire,
)
from claimed_jlab.pipeline.kubernetes import Kubernetes

Path = tuple[str, ...]
# What has fields in an order of its own, by its place; `*` is any name.
_MODELS: dict[Path, type[BaseModel]] = {
    (): Pipeline,
    ("parameters", "*"): PipelineParameter,
    ("tasks", "*"): Task,
    ("tasks", "*", "inputs", "*"): Source,
    ("tasks", "*", "for_each"): ForEach,
    ("tasks", "*", "retry"): Retry,
    ("tasks", "*", "kubernetes"): Kubernetes,
    ("outputs", "*"): PipelineOutput,
    ("canvas",): Canvas,
    ("canvas", "notes", "*"): Note,
    ("canvas", "groups", "*"): Group,
    ("canvas", "wires", "*"): Wire,
}
# Names in an order that a person chose, or that is the order of the work.
_NAMED: tuple[Path, ...] = (("parameters",), ("tasks",), ("tasks", "*", "inputs"), ("outputs",))
_SORTED: tuple[Path, ...] = (("layout",), ("canvas", "notes"), ("canvas", "groups"), ("canvas", "wires"))
_LAST = ("layout", "canvas")


def pipeline_text(document: Pipeline) -> str:
    """The text of a document: only what was set, and what a later version added."""
    return document_text(document_data(document))


def document_data(document: Pipeline) -> dict[str, Any]:
    """A document as JSON's data: only what was set, and what a later version added."""
    return document.model_dump(mode="json", exclude_unset=True)


def document_text(data: Mapping[str, Any], like: Mapping[str, Any] | None = None) -> str:
    """The text of a document's data.

    like: the document it was; what was in it keeps its place, and what is new goes to the place that it has in the
    model, or in the alphabet.
    """
    complete = {"format": FORMAT, **data}
    complete.setdefault("layout", {})
    text = json_text(ordered(complete, like)) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair, which JSON can only say by its number
        return json.dumps(ordered(complete, like), indent=2) + "\n"
    return text


def ordered(data: Mapping[str, Any], like: Mapping[str, Any] | None = None, path: Path = ()) -> dict[str, Any]:
    """The same data with its keys in the order of a document."""
    keys = _placed(data, like or {}, path)
    found = {}
    for key in keys:
        value, was = data[key], (like or {}).get(key)
        inner = (*path, key)
        is_part = isinstance(value, dict) and (_pattern(inner) in _MODELS or _is_named(inner))
        found[key] = ordered(value, was if isinstance(was, dict) else None, inner) if is_part else value
    return found


def field_order(path: Path) -> tuple[str, ...]:
    """The names of the fields that a part of a document has, in their order; empty for what is no such part."""
    model = _MODELS.get(_pattern(path))
    return tuple(model.model_fields) if model else ()


def json_text(value: Any, indent: str = "") -> str:
    """JSON with two spaces, and arrays of numbers only on one line."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        lines = [f"{inner}{_scalar(str(key))}: {json_text(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and value:
        if all(isinstance(item, int | float) and not isinstance(item, bool) for item in value):
            return f"[{', '.join(_scalar(item) for item in value)}]"
        lines = [f"{inner}{json_text(item, inner)}" for item in value]
        return "[\n" + ",\n".join(lines) + f"\n{indent}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _placed(data: Mapping[str, Any], like: Mapping[str, Any], path: Path) -> list[str]:
    if _pattern(path) in _SORTED and not like:
        return sorted(data)
    kept = [key for key in like if key in data]
    new = [key for key in data if key not in like]
    fields = field_order(path)
    if not kept:
        return [*_by_field(new, fields)] if fields else new
    for key in new if fields else sorted(new):
        kept.insert(_place_of(key, kept, fields), key)
    return kept


def _by_field(keys: list[str], fields: tuple[str, ...]) -> Iterable[str]:
    """Fields in their order; those of a later version after them, before the layout."""
    known = [field for field in fields if field in keys]
    yield from (field for field in known if field not in _LAST)
    yield from (key for key in keys if key not in known)
    yield from (field for field in known if field in _LAST)


def _place_of(key: str, among: list[str], fields: tuple[str, ...]) -> int:
    if not fields:
        return next((index for index, other in enumerate(among) if other > key), len(among))
    if key in fields:
        before = set(fields[: fields.index(key)])
        places = [index for index, other in enumerate(among) if other in before]
        return places[-1] + 1 if places else 0
    return next((index for index, other in enumerate(among) if other in _LAST), len(among))


def _pattern(path: Path) -> Path:
    """A path with `*` for the names that a person chose."""
    if len(path) > 1 and path[0] in ("parameters", "tasks", "outputs"):
        path = (path[0], "*", *path[2:])
        return (*path[:3], "*", *path[4:]) if len(path) > 3 and path[2] == "inputs" else path
    return (*path[:2], "*", *path[3:]) if len(path) > 2 and path[0] == "canvas" else path


def _is_named(path: Path) -> bool:
    return _pattern(path) in (*_NAMED, *_SORTED)

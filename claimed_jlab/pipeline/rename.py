"""Tasks under other names: every reference to them is renamed too, and a rename between two versions is found.

A version of a document is its JSON data here, so that what a later version added is kept.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

Data = Mapping[str, Any]


def renamed(data: Data, names: Mapping[str, str]) -> dict[str, Any]:
    """The document with tasks under other names, in all that refers to them. names: old to new."""
    if not names:
        return dict(data)
    found = dict(data)
    found["tasks"] = {names.get(name, name): _task(task, names) for name, task in part(data, "tasks").items()}
    for section in ("layout",):
        if isinstance(data.get(section), Mapping):
            found[section] = {names.get(name, name): value for name, value in data[section].items()}
    if isinstance(data.get("outputs"), Mapping):
        found["outputs"] = {name: _source(output, names) for name, output in data["outputs"].items()}
    if data.get("on_exit") in names:
        found["on_exit"] = names[data["on_exit"]]
    if isinstance(data.get("canvas"), Mapping):
        found["canvas"] = _canvas(data["canvas"], names)
    return found


def part(data: Data, name: str) -> Mapping[str, Any]:
    """A part of a document that is an object; an empty one when it is not."""
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def references(data: Data) -> Iterator[tuple[str, str, str]]:
    """(task, field, task that it refers to) for every reference in the inputs, for_each and when of tasks."""
    for name, task in part(data, "tasks").items():
        if not isinstance(task, Mapping):
            continue
        for field, source in (*part(task, "inputs").items(), ("for_each", task.get("for_each"))):
            output = source.get("output") if isinstance(source, Mapping) else None
            if isinstance(output, str):
                yield name, field, output.partition(".")[0]
        if isinstance(task.get("after"), list):
            yield from ((name, "after", str(other)) for other in task["after"])
        if isinstance(task.get("when"), str):
            yield from ((name, "when", origin) for _, _, origin in _dotted(task["when"]))


def rename_in_expression(text: str, names: Mapping[str, str]) -> str:
    """An expression (`train.accuracy > 0.7`) with tasks under other names; as it was when it can't be read."""
    encoded = text.encode()
    for start, end, origin in sorted(_dotted(text), reverse=True):
        encoded = encoded[:start] + names.get(origin, origin).encode() + encoded[end:]
    return encoded.decode()


def find_renames(before: Data, after: Data) -> dict[str, str]:
    """Tasks of `before` that are in `after` under another name, by what they are, take and feed.

    Of tasks that could be each other the most alike are paired; a task that shares nothing but its component with
    another is no rename unless nothing else is to be said of either.
    """
    gone = [name for name in part(before, "tasks") if name not in part(after, "tasks")]
    new = [name for name in part(after, "tasks") if name not in part(before, "tasks")]
    pairs = [(_likeness(before, old, after, name), old, name) for old in gone for name in new]
    found: dict[str, str] = {}
    for likeness, old, name in sorted(pairs, key=lambda item: -item[0]):
        if likeness >= 0.5 and old not in found and name not in found.values():
            found[old] = name
    return found


def _likeness(before: Data, old: str, after: Data, name: str) -> float:
    one, other = part(part(before, "tasks"), old), part(part(after, "tasks"), name)
    if one.get("component") != other.get("component"):
        return 0.0
    if one == other:
        return 1.0 + _same_place(before, old, after, name)
    facts, others = _facts(one), _facts(other)
    users, user_names = _users(before, old), _users(after, name)
    shared = len(facts & others) + 2 * len(users & user_names) + _same_place(before, old, after, name)
    return shared / max(1, len(facts | others) + 2 * len(users | user_names))


def _same_place(before: Data, old: str, after: Data, name: str) -> int:
    place = part(before, "layout").get(old)
    return int(place is not None and place == part(after, "layout").get(name))


def _facts(task: Mapping[str, Any]) -> set[str]:
    """All that a task says of itself, an entry an input or field."""
    inputs = {f"inputs.{field}={source!r}" for field, source in part(task, "inputs").items()}
    return inputs | {f"{field}={value!r}" for field, value in task.items() if field not in ("inputs", "component")}


def _users(data: Data, name: str) -> set[tuple[str, str]]:
    return {(task, field) for task, field, origin in references(data) if origin == name}


def _task(task: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(task, Mapping):
        return task
    found = dict(task)
    if isinstance(task.get("inputs"), Mapping):
        found["inputs"] = {field: _source(source, names) for field, source in task["inputs"].items()}
    if "for_each" in task:
        found["for_each"] = _source(task["for_each"], names)
    if isinstance(task.get("after"), list):
        found["after"] = _listed(task["after"], names)
    if isinstance(task.get("when"), str):
        found["when"] = rename_in_expression(task["when"], names)
    return found


def _source(source: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(source, Mapping) or not isinstance(source.get("output"), str):
        return source
    return {**source, "output": _reference(source["output"], names)}


def _reference(text: str, names: Mapping[str, str]) -> str:
    origin, dot, rest = text.partition(".")
    return f"{names.get(origin, origin)}{dot}{rest}"


def _canvas(canvas: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    found = dict(canvas)
    if isinstance(canvas.get("wires"), Mapping):
        found["wires"] = {_reference(name, names): wire for name, wire in canvas["wires"].items()}
    if isinstance(canvas.get("groups"), Mapping):
        found["groups"] = {name: _group(group, names) for name, group in canvas["groups"].items()}
    return found


def _group(group: Any, names: Mapping[str, str]) -> Any:
    if not isinstance(group, Mapping) or not isinstance(group.get("tasks"), list):
        return group
    return {**group, "tasks": _listed(group["tasks"], names)}


def _listed(tasks: list[Any], names: Mapping[str, str]) -> list[Any]:
    return [names.get(task, task) if isinstance(task, str) else task for task in tasks]


def _dotted(text: str) -> list[tuple[int, int, str]]:
    """(start, end, task), in bytes of the text, for each `task.output` of an expression of one line."""
    try:
        tree = ast.parse(f"({text})", mode="eval")  # in brackets, so that it may begin with a space
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.lineno == 1:
            start = node.value.col_offset - 1
            found.append((start, start + len(node.value.id.encode()), node.value.id))
    return found

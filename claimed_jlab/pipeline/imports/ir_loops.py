"""Pipelines inside of KFP's representation that can be documents: a person's own, and loops over several tasks."""

from __future__ import annotations

import re
from typing import Any

from claimed_jlab.component.catalogs.loose import mapping

# What KFP's compiler calls the tasks that are no pipelines of a person's.
_BLOCKS = ("condition-", "for-loop-", "exit-handler-")


def stands_alone(key: str, task: dict[str, Any], component: dict[str, Any]) -> bool:
    """Whether what is inside of a task may be a document: a pipeline, or a loop over more than one task.

    A document takes no artifacts as parameters.
    """
    if mapping(mapping(component.get("inputDefinitions")).get("artifacts")) or task.get("artifactIterator"):
        return False
    if not key.startswith(_BLOCKS):
        return True
    inner = list(mapping(mapping(component.get("dag")).get("tasks")).items())
    return bool(task.get("parameterIterator")) and (
        len(inner) > 1 or any(name.startswith(_BLOCKS) for name, _ in inner)
    )


def with_item_type(component: dict[str, Any], item: str, components: dict[str, Any]) -> dict[str, Any]:
    """A loop's component whose item is of the type that it is taken for; KFP calls each item of a list a text."""
    kind = _taken_as(component, item, components)
    inputs = mapping(component.get("inputDefinitions"))
    parameters = mapping(inputs.get("parameters"))
    if kind is None or item not in parameters:
        return component
    retyped = {**parameters, item: {**mapping(parameters[item]), "parameterType": kind}}
    return {**component, "inputDefinitions": {**inputs, "parameters": retyped}}


def _taken_as(component: dict[str, Any], name: str, components: dict[str, Any]) -> str | None:
    """The first type, other than text, of the inputs that take an input of a pipeline."""
    for task in map(mapping, mapping(mapping(component.get("dag")).get("tasks")).values()):
        inner = mapping(components.get(str(mapping(task.get("componentRef")).get("name"))))
        declared = mapping(mapping(inner.get("inputDefinitions")).get("parameters"))
        for key, wire in mapping(mapping(task.get("inputs")).get("parameters")).items():
            about = mapping(wire)
            if about.get("componentInputParameter") != name or about.get("parameterExpressionSelector"):
                continue
            kind = mapping(declared.get(key)).get("parameterType")
            found = kind if kind != "STRING" else _taken_as(inner, key, components)
            if found:
                return str(found)
    return None


def with_numbers(data: dict[str, Any], item: str) -> None:
    """Has the conditions of a document compare an item that is a number with numbers; KFP compared texts."""
    if mapping(mapping(data.get("parameters")).get(item)).get("type") not in ("int", "float"):
        return
    for task in data["tasks"].values():
        if "when" in task:
            task["when"] = re.sub(rf"\b({re.escape(item)} [<>=!]=? )'(-?\d+(?:\.\d+)?)'", r"\1\2", task["when"])


def without_unused(data: dict[str, Any], parameter: str) -> None:
    """Takes a parameter out of a document that nothing in it takes: the list of a loop, of which it has the item."""
    word = re.compile(rf"\b{re.escape(parameter)}\b")
    tasks = data["tasks"].values()
    sources = [source for task in tasks for source in [*task.get("inputs", {}).values(), task.get("for_each", {})]]
    is_used = any(source.get("parameter") == parameter for source in sources)
    if not is_used and not any(word.search(task.get("when", "")) for task in tasks):
        data["parameters"].pop(parameter, None)

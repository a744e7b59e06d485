"""The rules of control flow: what runs at the end, what runs for each, what a task takes of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.component.types import PortType
from claimed_jlab.pipeline.document import Pipeline, Task
from claimed_jlab.pipeline.findings import check_value, finding, words
from claimed_jlab.pipeline.graph import feeding
from claimed_jlab.pipeline.kubernetes import image_problem, problems, unknown_fields
from claimed_jlab.pipeline.resources import BadResources, parse_resources


def exit_findings(document: Pipeline) -> Iterator[Diagnostic]:
    """What is wrong with the task that runs when all others have ended."""
    name = document.on_exit
    if name is None:
        return
    task = document.tasks.get(name)
    if task is None:
        known = ", ".join(document.tasks) or "none"
        message = f"there is no task {name!r} to run at the end; the tasks are: {known}"
        yield Diagnostic(level="error", code="dangling-reference", message=message, where="on_exit")
        return
    if feeding(task):
        message = "the task that always runs can't take another task's output, which may never be"
        yield finding(name, None, "bad-exit", message)
    for other, waiting in document.tasks.items():
        if name in feeding(waiting):
            yield finding(other, None, "bad-exit", f"{other!r} waits for {name!r}, which runs after all others")


def resource_findings(name: str, task: Task) -> Iterator[Diagnostic]:
    """What is wrong with the resources that a task asks for."""
    try:
        parse_resources(task.resources)
    except BadResources as error:
        yield finding(name, "resources", error.code, words(error))


def place_findings(name: str, task: Task) -> Iterator[Diagnostic]:
    """What is wrong with the image that a task runs in, and with what it asks of Kubernetes."""
    if task.image is not None and (why := image_problem(task.image)):
        yield finding(name, "image", "bad-image", why)
    for field, why in problems(task.kubernetes):
        yield finding(name, f"kubernetes.{field}" if field else "kubernetes", "bad-kubernetes", why)
    for field in unknown_fields(task.kubernetes):
        message = f"nothing is known of {field!r}: it is kept, and passed over"
        yield finding(name, f"kubernetes.{field}", "unknown-field", message, level="warning")


def each_findings(name: str, task: Task, given: PortType | None, spec: ComponentSpec | None) -> Iterator[Diagnostic]:
    """What is wrong with a task's for_each. given: the type of what it goes over, where that is no literal."""
    each = task.for_each
    if each is None:
        return
    if each.kind == "secret":
        yield finding(name, "for_each", "bad-for-each", "for_each can't go over a secret")
        return
    is_list = isinstance(each.value, list) if each.kind == "value" else given is None or given.name == "list"
    if not is_list:
        shown = repr(each.value) if each.kind == "value" else str(given)
        yield finding(name, "for_each", "bad-for-each", f"for_each goes over a list, and {shown} is none")
    elif each.input in task.inputs:
        yield finding(name, "for_each", "bad-for-each", f"{each.input!r} is set for all and by for_each too")
    elif spec is not None and each.input is not None and spec.input(each.input) is None:
        known = ", ".join(port.name for port in spec.inputs) or "none"
        message = f"{spec.reference} has no input {each.input!r} for the items; its inputs are: {known}"
        yield finding(name, "for_each", "extra-input", message)
    elif spec is not None and each.kind == "value":
        for number, item in enumerate(each.value):
            if why := item_problem(spec, each.input, item):
                yield finding(name, "for_each", "bad-parameter", f"item {number}: {why}")


def item_problem(spec: ComponentSpec, field: str | None, item: Any) -> str | None:
    """Why an item of a for_each can't be what the task runs for, in words; None when it can.

    field: the input that takes it; None where an item is an object of inputs.
    """
    if field is None and not isinstance(item, dict):
        return f"{item!r} is no object of inputs; name the input that takes it"
    for name, value in (item if field is None else {field: item}).items():
        port = spec.input(name)
        if port is None:
            known = ", ".join(other.name for other in spec.inputs) or "none"
            return f"{spec.reference} has no input {name!r}; its inputs are: {known}"
        if why := check_value(port.port_type, value):
            return f"{name!r}: {why}"
    return None


def each_sets(task: Task, field: str) -> bool:
    """Whether the items of a task's for_each may set an input."""
    return task.for_each is not None and task.for_each.input in (None, field)

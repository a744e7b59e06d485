"""The graph of a pipeline: which task waits for which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from claimed_jlab import expression
from claimed_jlab.pipeline.document import Pipeline, Task


def dependencies(document: Pipeline) -> dict[str, set[str]]:
    """The tasks each task waits for; references to tasks that are not there are left out."""
    return {name: feeding(task) & set(document.tasks) for name, task in document.tasks.items()}


def feeding(task: Task) -> set[str]:
    """The names of the tasks that a task waits for: in its inputs, its `when`, its `for_each` or its `after`."""
    named = {source.output_of[0] for source in task.inputs.values() if source.output_of} | {*task.after}
    if task.for_each is not None and task.for_each.output_of:
        named.add(task.for_each.output_of[0])
    if task.when:
        named |= {name.partition(".")[0] for name in _names(task.when) if "." in name}
    return named


def order(waits_for: Mapping[str, Iterable[str]]) -> list[str]:
    """The tasks so that each comes after what it waits for; steady for the same document.

    Raises graphlib.CycleError.
    """
    return list(TopologicalSorter(waits_for).static_order())


def find_cycle(waits_for: Mapping[str, Iterable[str]]) -> list[str] | None:
    """One cycle, as the tasks along it (the first again at the end), or None."""
    try:
        order(waits_for)
    except CycleError as error:
        return list(reversed(error.args[1]))
    return None


def downstream(waits_for: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    """Everything that depends on `starts`, themselves left out."""
    found: set[str] = set()
    frontier = set(starts)
    while frontier:
        frontier = {name for name, needs in waits_for.items() if frontier & set(needs)} - found
        found |= frontier
    return found


def _names(text: str) -> set[str]:
    try:
        return expression.names(text)
    except expression.ExpressionError:
        return set()

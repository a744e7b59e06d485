"""A task for each item of a list, and what they gave, collected."""

from __future__ import annotations

from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.flow_rules import item_problem
from claimed_jlab.run.local.result import Result
from claimed_jlab.run.local.work import Shop
from claimed_jlab.run.plan import PlannedInput, PlannedTask
from claimed_jlab.run.record import ArtifactValue


class NoList(ClaimedError):
    """What a task is to run for is no list, or holds what the task can't take."""

    code = "bad-for-each"


def item_tasks(shop: Shop, task: PlannedTask) -> list[PlannedTask]:
    """The tasks of the items: `train.0`, `train.1`, … Raises NoList."""
    each = task.each
    assert each is not None
    source = each.items
    items = shop.output(source, "for_each") if source.kind == "output" else source.value
    if not isinstance(items, list):
        raise NoList(f"for_each goes over a list, and {items!r:.80} is none", where="for_each")
    tasks = []
    for number, item in enumerate(items):
        given = _inputs(task, item, number)
        name, inputs = f"{task.name}.{number}", {**task.inputs, **given}
        update: dict[str, Any] = {"name": name, "inputs": inputs, "each": None, "conditions": []}
        tasks.append(task.model_copy(update=update))
    return tasks


def collected(shop: Shop, task: PlannedTask, items: list[PlannedTask]) -> Result:
    """The outputs of all items as lists, in the order of the items."""
    results = [shop.results[item.name] for item in items]
    names = [port.name for port in task.component.outputs]
    artifacts = {port.name for port in task.component.outputs if port.kind == "artifact"}
    return Result(
        artifacts={},
        parameters={name: [one.parameters.get(name) for one in results] for name in names if name not in artifacts},
        notebook=None,
        log="",
        seconds=round(sum(one.seconds for one in results), 3),
        collected={name: [one.artifacts[name] for one in results] for name in names if name in artifacts},
    )


def _inputs(task: PlannedTask, item: Any, number: int) -> dict[str, PlannedInput]:
    each = task.each
    assert each is not None
    if isinstance(item, ArtifactValue) and each.field:
        port = task.component.input(each.field)
        if port is None or port.kind != "artifact":
            raise NoList(f"item {number} is an artifact, and {each.field!r} takes a value", where="for_each")
    elif why := item_problem(task.component, each.field, item):
        raise NoList(f"item {number}: {why}", where="for_each")
    values = {each.field: item} if each.field else dict(item)
    return {name: PlannedInput(kind="value", value=value) for name, value in values.items()}

"""A task, or a whole pipeline, for each item of a list; and what they gave, collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.flow_rules import item_problem
from claimed_jlab.run.local.result import Result
from claimed_jlab.run.local.work import Shop
from claimed_jlab.run.planned import Condition, LoopItem, PlannedEach, PlannedInput, PlannedTask
from claimed_jlab.run.record import FINAL, ArtifactValue


class NoList(ClaimedError):
    """What a task is to run for is no list, or holds what the task can't take."""

    code = "bad-for-each"


@dataclass
class Loop:
    """A list that a task runs for. items: the tasks of each.  begun: how many items were begun."""

    task: PlannedTask
    items: list[list[PlannedTask]]
    begun: int = 0

    def failed(self, states: Mapping[str, str]) -> str | None:
        """The first task that failed; one that is no pipeline must not be canceled either."""
        bad = ("FAILED",) if self.task.body else ("FAILED", "CANCELED")
        return next((one.name for one in self._begun() if states[one.name] in bad), None)

    def withheld(self) -> list[PlannedTask]:
        """The tasks of the items that were not begun, which then never are."""
        left = [one for item in self.items[self.begun :] for one in item]
        self.begun = len(self.items)
        return left

    def next_tasks(self, states: Mapping[str, str]) -> list[PlannedTask]:
        """The tasks of the items that begin now."""
        assert self.task.each is not None
        most = self.task.each.max_parallel or len(self.items)
        live = sum(any(states[one.name] not in FINAL for one in item) for item in self.items[: self.begun])
        first, self.begun = self.begun, min(len(self.items), self.begun + max(0, most - live))
        return [one for item in self.items[first : self.begun] for one in item]

    def under_way(self, states: Mapping[str, str]) -> bool:
        """Whether something of it is still to end."""
        return self.begun < len(self.items) or any(states[one.name] not in FINAL for one in self._begun())

    def _begun(self) -> Iterator[PlannedTask]:
        return (one for item in self.items[: self.begun] for one in item)


def opened(shop: Shop, task: PlannedTask) -> Loop:
    """A list with the tasks of its items: `train.0`, `train.1`, …, of a pipeline `fold.0.train`, …. Raises NoList."""
    each = task.each
    assert each is not None
    source = each.items
    items = shop.output(source, "for_each") if source.kind == "output" else source.value
    if not isinstance(items, list):
        raise NoList(f"for_each goes over a list, and {items!r:.80} is none", where="for_each")
    return Loop(task, [_item_tasks(task, item, number) for number, item in enumerate(items)])


def _item_tasks(task: PlannedTask, item: Any, number: int) -> list[PlannedTask]:
    given = _inputs(task, item, number)
    if task.body:
        return _Body(task, number, given).tasks()
    name, inputs = f"{task.name}.{number}", {**task.inputs, **given}
    update: dict[str, Any] = {"name": name, "inputs": inputs, "each": None, "conditions": []}
    return [task.model_copy(update=update)]


class _Body:
    """The tasks of a pipeline for one item of its loop."""

    def __init__(self, loop: PlannedTask, number: int, given: Mapping[str, PlannedInput]) -> None:
        self._loop = loop
        self._number = number
        self._given = given

    def tasks(self) -> list[PlannedTask]:
        return [self._task(one) for one in self._loop.body]

    def _task(self, task: PlannedTask) -> PlannedTask:
        each = task.each
        update: dict[str, Any] = {
            "name": self._name(task.name),
            "inputs": {name: self._source(source) for name, source in task.inputs.items()},
            "needs": [self._name(name) for name in task.needs],
            "conditions": [self._condition(condition) for condition in task.conditions],
            "each": each and PlannedEach(**{**dict(each), "items": self._source(each.items)}),
            "body": [self._task(one) for one in task.body],
            "gives": {name: (self._name(origin), output) for name, (origin, output) in task.gives.items()},
        }
        return task.model_copy(update=update)

    def _name(self, name: str) -> str:
        return item_name(self._loop.name, self._number, name)

    def _source(self, source: PlannedInput) -> PlannedInput:
        if source.output is not None:
            return PlannedInput(kind="output", output=(self._name(source.output[0]), source.output[1]))
        if source.kind != "item":
            return source
        item = LoopItem.model_validate(source.value)
        if item.loop == self._loop.name:
            return self._given.get(item.field) or PlannedInput(kind="value", value=item.default)
        return PlannedInput(kind="item", value=item.model_copy(update={"loop": self._name(item.loop)}))

    def _condition(self, condition: Condition) -> Condition:
        names = {name: self._source(source) for name, source in condition.names.items()}
        return condition.model_copy(update={"names": names})


def item_name(loop: str, number: int, name: str) -> str:
    """The name that a task in a loop has for one item; that of a task outside stays."""
    inside = name.removeprefix(f"{loop}.")
    return name if inside == name else f"{loop}.{number}.{inside}"


def collected(shop: Shop, loop: Loop) -> Result:
    """The outputs of all items as lists, in the order of the items. Raises ClaimedError where an artifact lacks."""
    task = loop.task
    artifacts = [port.name for port in task.component.outputs if port.kind == "artifact"]
    others = [port.name for port in task.component.outputs if port.kind != "artifact"]
    results = [shop.results[one.name] for item in loop.items for one in item if one.name in shop.results]
    return Result(
        artifacts={},
        parameters={name: [_given(shop, loop, number, name) for number in range(len(loop.items))] for name in others},
        notebook=None,
        log="",
        seconds=round(sum(one.seconds for one in results), 3),
        collected={
            name: [_artifact(shop, loop, number, name) for number in range(len(loop.items))] for name in artifacts
        },
    )


def _given(shop: Shop, loop: Loop, number: int, name: str) -> Any:
    """An output of one item; None where the task that gives it was not run."""
    origin, output = loop.task.gives.get(name, (loop.task.name, name))
    task = item_name(loop.task.name, number, origin) if loop.task.body else f"{origin}.{number}"
    result = shop.results.get(task)
    try:
        return result.output(output) if result is not None else None
    except KeyError:
        return None


def _artifact(shop: Shop, loop: Loop, number: int, name: str) -> ArtifactValue:
    found = _given(shop, loop, number, name)
    if not isinstance(found, ArtifactValue):
        raise ClaimedError(f"item {number} gave no {name!r}", where="for_each")
    return found


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

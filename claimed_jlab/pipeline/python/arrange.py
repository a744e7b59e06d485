"""In which order and in which blocks the tasks of a document stand in code.

KFP wants a task inside the `dsl.If` of the task that it takes from, so a condition holds a block, and what follows
from a task in it stands in the block too. Tasks keep the document's order wherever each still comes after what it
takes from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from claimed_jlab.pipeline.document import Pipeline, Task
from claimed_jlab.pipeline.graph import dependencies
from claimed_jlab.pipeline.python.conditions import Comparison, comparisons
from claimed_jlab.pipeline.python.naming import is_name

T = TypeVar("T")


@dataclass
class Block:
    """What stands under one condition; None: the pipeline's own body."""

    condition: Comparison | None = None
    items: list[Block | str] = field(default_factory=list)

    def tasks(self) -> Iterator[str]:
        """The tasks in it, at any depth."""
        for item in self.items:
            if isinstance(item, str):
                yield item
            else:
                yield from item.tasks()


def arrange(document: Pipeline) -> Block:
    """The tasks in blocks, without the one that runs at the end."""
    root = Block()
    for name, path in condition_paths(document).items():
        box = root
        for condition in path:
            box = _inner(box, condition)
        box.items.append(name)
    _sort(root, dependencies(document))
    return root


def condition_paths(document: Pipeline) -> dict[str, list[Comparison]]:
    """For each task the conditions that it stands under, those of what it takes from first."""
    waits_for = dependencies(document)
    waits_for.pop(document.on_exit or "", None)
    paths: dict[str, list[Comparison]] = {}
    for name in steady(list(waits_for), waits_for):
        before = [item for other in document.tasks if other in waits_for[name] for item in paths.get(other, [])]
        own = sayable_when(document, document.tasks[name]) or []
        paths[name] = list({str(item): item for item in (*before, *own)}.values())
    return paths


def sayable_when(document: Pipeline, task: Task) -> list[Comparison] | None:
    """The comparisons of a task's `when`, where KFP's Python can say them and all they name is there; else None."""
    if not task.when:
        return []
    found = comparisons(task.when)
    sides = [side for item in found or [] for side in (item.left, item.right) if side.named]
    for side in sides:
        origin, dot, _ = side.text.partition(".")
        if not dot and (origin not in document.parameters or not is_name(origin)):
            return None
        if dot and (origin not in document.tasks or document.tasks[origin].for_each is not None):
            return None
        if dot and origin == document.on_exit:
            return None
    return found


def steady(items: list[T], waits_for: Mapping[T, Collection[T]]) -> list[T]:
    """The items so that each comes after those it waits for, else in the order they have; a cycle is cut."""
    waiting, left, found = list(items), set(items), []
    while waiting:
        chosen = next((item for item in waiting if not set(waits_for[item]) & (left - {item})), waiting[0])
        waiting.remove(chosen)
        left.discard(chosen)
        found.append(chosen)
    return found


def _inner(box: Block, condition: Comparison) -> Block:
    for item in box.items:
        if isinstance(item, Block) and str(item.condition) == str(condition):
            return item
    made = Block(condition)
    box.items.append(made)
    return made


def _sort(box: Block, waits_for: Mapping[str, Collection[str]]) -> None:
    inside = [{item} if isinstance(item, str) else set(item.tasks()) for item in box.items]
    home = {name: number for number, names in enumerate(inside) for name in names}
    needs = {
        number: {home[other] for name in names for other in waits_for[name] if other in home} - {number}
        for number, names in enumerate(inside)
    }
    box.items = [box.items[number] for number in steady(list(needs), needs)]
    for item in box.items:
        if isinstance(item, Block):
            _sort(item, waits_for)

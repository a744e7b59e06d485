"""A plan: what a run is to do, task by task, with everything resolved that can be before the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.pipeline.document import Retry
from claimed_jlab.pipeline.resources import Resources


class PlannedInput(BaseModel):
    """One input of a task, resolved as far as it can be before the run.

    A `file` is an absolute path; an `output` is (task, output); an `item` is that of the loop that the task is in; a
    `list` is of its parts, which are inputs each.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["value", "file", "output", "secret", "item", "list"]
    value: Any = None
    output: tuple[str, str] | None = None
    parts: list[PlannedInput] = []

    def outputs(self) -> Iterator[tuple[str, str]]:
        """What it takes of other tasks."""
        if self.output is not None:
            yield self.output
        for part in self.parts:
            yield from part.outputs()


class PlannedEach(BaseModel):
    """The list that a task runs for. field: the input that takes an item; None where an item is an object of inputs."""

    model_config = ConfigDict(frozen=True)

    items: PlannedInput
    field: str | None = None
    max_parallel: int | None = None


class LoopItem(BaseModel):
    """What an input takes of a loop's item. loop: the task that runs for each.  default: if an item leaves it out."""

    model_config = ConfigDict(frozen=True)

    loop: str
    field: str
    default: Any = None


class Condition(BaseModel):
    """A `when`, and where each name in it has its value from."""

    model_config = ConfigDict(frozen=True)

    text: str
    names: dict[str, PlannedInput]


class Group(BaseModel):
    """A task that is a pipeline: the tasks that it became, and where its outputs come from."""

    component: str
    title: str
    tasks: list[str]
    outputs: dict[str, tuple[str, str]] = {}


class PlannedTask(BaseModel):
    """A task with its component and its inputs. needs: the tasks that must end well before it.

    at_exit: it runs when all others have ended, however they did.  reuse: the earlier run whose result is taken.
    body: of a pipeline that runs for each item of a list, the tasks in it; gives: where its outputs come from.
    """

    name: str
    component: ComponentSpec
    inputs: dict[str, PlannedInput]
    needs: list[str]
    conditions: list[Condition] = []
    each: PlannedEach | None = None
    retry: Retry | None = None
    timeout: float | None = None
    resources: Resources = Resources()
    cache: bool = True
    environment: list[str] = []
    at_exit: bool = False
    reuse: str | None = None
    body: list[PlannedTask] = []
    gives: dict[str, tuple[str, str]] = {}


class Plan(BaseModel):
    """What is to run, in an order in which each task comes after what it needs."""

    pipeline: str
    path: str
    parameters: dict[str, Any]
    tasks: list[PlannedTask]
    groups: dict[str, Group] = {}
    timeout: float | None = None

    def work(self) -> Iterator[PlannedTask]:
        """All tasks that do something themselves, those in loops too."""
        waiting = [*self.tasks]
        while waiting:
            task = waiting.pop(0)
            waiting = [*task.body, *waiting]
            if not task.body:
                yield task

    def task(self, name: str) -> PlannedTask:
        return next(task for task in self.tasks if task.name == name)

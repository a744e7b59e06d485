"""One DAG of a PipelineSpec while it is built: its tasks, and how what is made outside comes into it.

KFP lets a task take from tasks of its own DAG only. What a block (a condition, a loop, the part before an exit task)
takes from outside is an input of the block's component, a *channel*, handed on from DAG to DAG.
Source: kfp/compiler/pipeline_spec_builder.py and kfp-pipeline-spec's pipeline_spec.proto, schema 2.1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["parameters", "artifacts"]
_SINGULAR = {"parameters": "Parameter", "artifacts": "Artifact"}


# What the tasks of blocks are called.
PLUMBING = ("condition-", "for-loop-", "exit-handler-")


def task_keys(names: Iterable[str]) -> dict[str, str]:
    """What tasks are called in a spec: as Argo takes names, small letters, digits and dashes, each once."""
    found: dict[str, str] = {}
    for name in names:
        plain = dashed(name) or "task"
        plain = f"task-{plain}" if plain.startswith(PLUMBING) or plain.endswith("-importer") else plain
        found[name] = unused(plain, found.values())
    return found


def dashed(name: str) -> str:
    """Small letters, digits and dashes alone; empty where a name has none of these."""
    return re.sub(r"[^0-9a-z]+", "-", name.lower()).strip("-")


def unused(wanted: str, taken: Iterable[str]) -> str:
    """The name, or the same with a number."""
    names = set(taken)
    chosen, number = wanted, 2
    while chosen in names:
        chosen, number = f"{wanted}-{number}", number + 1
    return chosen


@dataclass(frozen=True)
class Channel:
    """Something that flows. origin: the task that makes it; empty for a parameter of the pipeline, or a loop's item.

    definition: how a component that takes it declares it.  selector: the field of an item that is an object.
    """

    origin: str
    key: str
    kind: Kind
    definition: tuple[tuple[str, Any], ...]
    selector: str = ""

    @property
    def name(self) -> str:
        """Its name as an input of a block."""
        return f"pipelinechannel--{self.origin}-{self.key}" if self.origin else f"pipelinechannel--{self.key}"

    def declared(self) -> dict[str, Any]:
        """The entry of an inputDefinitions."""
        return {key: dict(value) if isinstance(value, tuple) else value for key, value in self.definition}


def channel(origin: str, key: str, kind: Kind, declared: dict[str, Any]) -> Channel:
    """A channel of that declaration; only what its type is matters."""
    kept = {name: declared[name] for name in ("parameterType", "artifactType", "isArtifactList") if name in declared}
    frozen = tuple((name, tuple(value.items()) if isinstance(value, dict) else value) for name, value in kept.items())
    return Channel(origin, key, kind, frozen)


@dataclass
class Dag:
    """A DAG. own: the names of channels that are the component's inputs under their own keys (a pipeline's parameters).

    collects: the loops in it, by the task that they repeat, for what is collected from them.
    """

    own: frozenset[str] = frozenset()
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    holes: dict[str, Channel] = field(default_factory=dict)
    collects: dict[str, Collector] = field(default_factory=dict)

    def wire(self, source: Channel) -> tuple[dict[str, Any], str | None]:
        """How a task of this DAG takes a channel, and the task of this DAG that it then waits for."""
        word = _SINGULAR[source.kind]
        if source.origin in self.collects:
            loop = self.collects[source.origin]
            key = loop.collect(source)
            return {f"taskOutput{word}": {"producerTask": loop.name, f"output{word}Key": key}}, loop.name
        if source.origin and source.origin in self.tasks:
            wired = {"producerTask": source.origin, f"output{word}Key": source.key}
            return {f"taskOutput{word}": wired}, source.origin
        if not source.origin and source.key in self.own:
            return _selected({f"componentInput{word}": source.key}, source), None
        self.holes[source.name] = source
        return _selected({f"componentInput{word}": source.name}, source), None

    def add(
        self, name: str, task: dict[str, Any], inputs: dict[str, dict[str, dict[str, Any]]], after: set[str]
    ) -> None:
        """Adds a task. inputs: by kind, wired.  after: the tasks of this DAG that it waits for."""
        filled = {kind: wires for kind, wires in inputs.items() if wires}
        waits = {"dependentTasks": sorted(after)} if after else {}
        self.tasks[name] = {**task, **({"inputs": filled} if filled else {}), **waits}

    def definitions(self) -> dict[str, Any]:
        """The inputDefinitions of a block that this is the DAG of."""
        found: dict[str, Any] = {}
        for name, hole in self.holes.items():
            found.setdefault(hole.kind, {})[name] = hole.declared()
        return found


@dataclass
class Collector:
    """A loop whose task's outputs may be collected. name: of the loop's task.  component: that of the block."""

    name: str
    task: str
    component: dict[str, Any]

    def collect(self, source: Channel) -> str:
        """Has the block give a list of what the task in it gives; returns the key of it."""
        made, outputs = source.name, self.component["dag"].setdefault("outputs", {})
        declared = self.component.setdefault("outputDefinitions", {}).setdefault(source.kind, {})
        selector: dict[str, Any]
        if source.kind == "artifacts":
            selector = {"artifactSelectors": [{"producerSubtask": self.task, "outputArtifactKey": source.key}]}
        else:
            selector = {"valueFromParameter": {"producerSubtask": self.task, "outputParameterKey": source.key}}
        outputs.setdefault(source.kind, {})[made] = selector
        declared[made] = source.declared()
        return made


def _selected(wire: dict[str, Any], source: Channel) -> dict[str, Any]:
    if not source.selector:
        return wire
    return {**wire, "parameterExpressionSelector": f'parseJson(string_value)["{source.selector}"]'}

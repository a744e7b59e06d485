"""Runs, tasks and artifacts as plain values, apart from any store and any standard.

Nodes are known by keys: a node's external id, or for one without (Kubeflow's) a name made of its id and a hash, which
becomes its external id wherever the story is kept. Times are milliseconds since 1970. Values are JSON; what a property
of ML Metadata may hold beyond that is an object with the one key `mlmd-struct` or `mlmd-proto` (`property_json`).
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from claimed_jlab.lineage.values import Json, Proto, Struct, Value, from_json, to_json

# What was left out, and how often.
LeftOut = Counter[str]
CREDENTIALS = "credentials in an address"
Properties = Mapping[str, Json]
# An input's or output's name, and the artifact's key.
Ports = tuple[tuple[str, str], ...]
_STRUCT, _PROTO = "mlmd-struct", "mlmd-proto"
FINAL = ("COMPLETE", "FAILED", "CACHED", "CANCELED")


@dataclass(frozen=True, slots=True)
class StoryArtifact:
    """A file, or anything with a URI. metadata: all its properties but those that have a place here."""

    key: str
    type: str
    uri: str = ""
    name: str = ""
    digest: str | None = None
    state: str | None = "LIVE"
    created: int = 0
    updated: int = 0
    metadata: Properties = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoryTask:
    """One execution of a run. parent: the key of the group it is in, None right below the run.

    cached: the key of the execution whose outputs it took over.
    """

    key: str
    name: str
    title: str = ""
    type: str = "system.ContainerExecution"
    state: str = "UNKNOWN"
    began: int = 0
    updated: int = 0
    parent: str | None = None
    cached: str | None = None
    parameters: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    properties: Properties = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    reads: Ports = ()
    writes: Ports = ()

    @property
    def ended(self) -> int | None:
        """When it ended, if it did."""
        return self.updated if self.state in FINAL else None


@dataclass(frozen=True, slots=True)
class StoryRun:
    """A run of a pipeline. about: what Kubeflow keeps on the run's context (`namespace`, `pipeline_root`, …)."""

    key: str
    id: str
    pipeline: str
    state: str = "UNKNOWN"
    began: int = 0
    updated: int = 0
    parameters: Properties = field(default_factory=dict)
    outputs: Properties = field(default_factory=dict)
    properties: Properties = field(default_factory=dict)
    about: Properties = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    tasks: tuple[StoryTask, ...] = ()

    @property
    def ended(self) -> int | None:
        """When it ended, if it did."""
        return self.updated if self.state in FINAL else None


@dataclass(frozen=True, slots=True)
class Story:
    """Runs in the order they began, and every artifact that their tasks read or wrote, by key."""

    runs: tuple[StoryRun, ...] = ()
    artifacts: Mapping[str, StoryArtifact] = field(default_factory=dict)


def property_json(value: Value | None) -> Json:
    """A property's value as JSON that `property_value` turns back exactly."""
    if isinstance(value, Proto):
        return {_PROTO: {"type_url": value.type_url, "data": base64.b64encode(value.data).decode()}}
    if isinstance(value, Struct):
        plain = to_json(value)
        if from_json(plain) != value and not isinstance(plain, str):
            return {_STRUCT: dict(value.fields)}
        return {_STRUCT: {"struct": plain}} if _is_marked(plain) else plain
    return value


def property_value(value: Json) -> Value | None:
    """The property that `property_json` was given; from other JSON, as Kubeflow keeps it."""
    if isinstance(value, Mapping) and _is_marked(value):
        ((mark, held),) = value.items()
        if mark == _STRUCT and isinstance(held, Mapping):
            return Struct(held)
        if mark == _PROTO and isinstance(held, Mapping):
            return Proto(str(held.get("type_url", "")), base64.b64decode(str(held.get("data", ""))))
    return from_json(value)


def property_values(values: Properties) -> dict[str, Value]:
    """All of them, without those that are None."""
    held = {name: property_value(value) for name, value in values.items()}
    return {name: value for name, value in held.items() if value is not None}


def _is_marked(value: Json) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in (_STRUCT, _PROTO)

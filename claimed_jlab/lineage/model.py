"""The nodes and edges of ML Metadata, as plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from claimed_jlab.lineage.values import Json, PropertyKind, Value


class Kind(IntEnum):
    """What a type describes."""

    EXECUTION = 0
    ARTIFACT = 1
    CONTEXT = 2


class _Numbered(IntEnum):
    """An enum that reads a number it does not know as UNKNOWN, so that a newer writer breaks no reader."""

    @classmethod
    def _missing_(cls, value: object) -> _Numbered:
        return cls(0)


class ArtifactState(_Numbered):
    UNKNOWN = 0
    PENDING = 1
    LIVE = 2
    MARKED_FOR_DELETION = 3
    DELETED = 4
    ABANDONED = 5
    REFERENCE = 6


class ExecutionState(_Numbered):
    UNKNOWN = 0
    NEW = 1
    RUNNING = 2
    COMPLETE = 3
    FAILED = 4
    CACHED = 5
    CANCELED = 6


class EventType(_Numbered):
    UNKNOWN = 0
    DECLARED_OUTPUT = 1
    DECLARED_INPUT = 2
    INPUT = 3
    OUTPUT = 4
    INTERNAL_INPUT = 5
    INTERNAL_OUTPUT = 6
    PENDING_OUTPUT = 7

    @property
    def is_input(self) -> bool:
        """Whether the artifact flows into the execution; else it flows out of it."""
        return self in (EventType.INPUT, EventType.DECLARED_INPUT, EventType.INTERNAL_INPUT)


@dataclass(frozen=True, slots=True)
class NodeType:
    """A type of artifacts, executions or contexts. `input_type` and `output_type` are JSON text."""

    id: int
    name: str
    kind: Kind
    version: str | None = None
    description: str | None = None
    external_id: str | None = None
    properties: Mapping[str, PropertyKind] = field(default_factory=dict)
    parent_type_id: int | None = None
    input_type: str | None = None
    output_type: str | None = None


@dataclass(frozen=True, slots=True)
class _Node:
    """What artifacts, executions and contexts share. Times are milliseconds since 1970."""

    id: int
    type_id: int
    type: str
    name: str | None
    external_id: str | None
    created: int
    updated: int
    properties: Mapping[str, Value | None]
    custom_properties: Mapping[str, Value | None]

    def text(self, name: str) -> str | None:
        """A custom property when it is a text that is not empty."""
        value = self.custom_properties.get(name)
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True, slots=True)
class Artifact(_Node):
    """A file (or anything with a URI) that an execution read or wrote."""

    uri: str | None = None
    state: ArtifactState | None = None


@dataclass(frozen=True, slots=True)
class Execution(_Node):
    """One task of one run, or a run itself (its root)."""

    state: ExecutionState | None = None


@dataclass(frozen=True, slots=True)
class Context(_Node):
    """A group of executions and artifacts: a pipeline, or one run of it."""


@dataclass(frozen=True, slots=True)
class Event:
    """An edge: the artifact was read or written by the execution under the name in `path`."""

    id: int
    artifact_id: int
    execution_id: int
    type: EventType
    path: tuple[str | int, ...] = ()
    milliseconds: int | None = None

    @property
    def name(self) -> str | None:
        """The input's or output's name: the first key of the path."""
        return next((step for step in self.path if isinstance(step, str)), None)


@dataclass(frozen=True, slots=True)
class ArtifactRecord:
    """An artifact to be recorded.

    type: its KFP title, with or without `system.` (`Model`, `system.Model`).  uri: where it is.
    name: what people call it (`model.joblib`).  digest: of its content, for telling equal files.
    metadata: whatever describes it; for Metrics, one key a metric.
    """

    type: str
    uri: str
    name: str = ""
    digest: str | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)

"""What the explorer is told, as pydantic models: what the server gives out and `--json` prints."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field


class GraphNode(BaseModel):
    """A node as it stands in a graph or a row.

    Of an artifact, run, pipeline, task, component and user are those of the execution that made it first.
    """

    id: str = Field(description="Kind and ML Metadata id, as `artifact/12`.")
    kind: Literal["artifact", "execution", "context"]
    type: str = Field(description="ML Metadata type, as `system.Model`.")
    name: str
    uri: str | None = None
    state: str | None = Field(default=None, description="ML Metadata's state, as `LIVE` or `COMPLETE`.")
    created: int = Field(default=0, description="Milliseconds since 1970.")
    run: str | None = None
    pipeline: str | None = None
    task: str | None = None
    component: str | None = None
    user: str | None = None
    digest: str | None = None
    tags: list[str] = Field(default_factory=list)
    up: int = Field(default=0, ge=0, description="Nodes in the store that lead directly to it.")
    down: int = Field(default=0, ge=0, description="Nodes in the store that it leads directly to.")


class GraphEdge(BaseModel):
    """Data that flowed from source to target."""

    source: str
    target: str
    name: str | None = Field(default=None, description="The input's or output's name.")


class GraphPart(BaseModel):
    """A part of the lineage graph. start: what it was asked around. A cut answer says how many nodes are missing."""

    nodes: list[GraphNode]
    edges: list[GraphEdge]
    truncated: bool = False
    missing: int = Field(default=0, ge=0)
    start: list[str] = Field(default_factory=list)


class NamedNode(BaseModel):
    """A neighbour, by the name that the execution between has for the artifact."""

    name: str | None = None
    node: GraphNode


class ContextLink(BaseModel):
    """A context that a node belongs to: its pipeline, its run."""

    id: str
    type: str
    name: str


class GitState(BaseModel):
    """Where the pipeline's document stood in its repository. dirty: there were changes that no commit has."""

    commit: str
    branch: str | None = None
    dirty: bool = False


class Note(BaseModel):
    """What somebody wrote on a node, in Markdown. updated: milliseconds since 1970."""

    text: str
    user: str = ""
    updated: int = 0


class StaleReason(BaseModel):
    """Why an artifact would be made otherwise today."""

    kind: Literal["input", "code", "environment"]
    name: str
    was: str | None = None
    now: str | None = None
    text: str


class NodeDetail(BaseModel):
    """One node in full.

    inputs, products: of an execution, what it read and made; of an artifact, who made it and who read it.
    """

    node: GraphNode
    updated: int = Field(default=0, description="Milliseconds since 1970.")
    host: str | None = None
    engine: str | None = None
    environment: str | None = Field(default=None, description="A digest of what it ran in.")
    git: GitState | None = None
    error: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    outputs: dict[str, Any] = Field(default_factory=dict)
    metrics: dict[str, float] = Field(default_factory=dict)
    properties: dict[str, Any] = Field(default_factory=dict)
    inputs: list[NamedNode] = Field(default_factory=list)
    products: list[NamedNode] = Field(default_factory=list)
    contexts: list[ContextLink] = Field(default_factory=list)
    tags: dict[str, str] = Field(default_factory=dict)
    note: Note | None = None
    size: int | None = Field(default=None, description="Bytes.")
    exists: bool | None = Field(default=None, description="Whether the file is there; null when it is elsewhere.")
    same: list[GraphNode] = Field(default_factory=list, description="Other artifacts with the same content.")
    stale: list[StaleReason] = Field(default_factory=list)
    newer: str | None = Field(default=None, description="Its newest version, when there is one.")
    notebook: bool = Field(default=False, description="Whether the notebook is kept as it was executed.")
    path: str | None = Field(
        default=None, description="Contents path of the artifact's file, or of the run's document."
    )


class NodeVersion(BaseModel):
    """One version of an artifact, or one execution of a task. same: its content is that of the version before."""

    node: GraphNode
    metrics: dict[str, float] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    same: bool = False


class NodeVersions(BaseModel):
    """All versions, the oldest first; current is the index of the one that was asked for."""

    versions: list[NodeVersion]
    current: int

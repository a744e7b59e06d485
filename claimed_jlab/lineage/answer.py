"""What a question about lineage is answered with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A node of an answer.

    id: `artifact/12`, `execution/5` or `context/3`.  kind: the word before the slash.  type: `system.Model`.
    state: ML Metadata's word (`LIVE`, `COMPLETE`).  run: of an execution, the id of its run.
    """

    id: str
    kind: str
    type: str
    name: str
    uri: str | None = None
    state: str | None = None
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """Data flowing from source to target: into an execution, or out of it, under that name."""

    source: str
    target: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Part of the lineage graph.

    nodes: in topological order, origins first.  edges: all that join two of the nodes.
    truncated: whether a limit cut the answer; then `missing` nodes were left out, the farthest ones.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    truncated: bool = False
    missing: int = 0

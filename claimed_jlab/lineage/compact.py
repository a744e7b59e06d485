"""The graph of all events in memory, both ways, as four adjacencies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from claimed_jlab.lineage.adjacency import LARGEST, Adjacency
from claimed_jlab.lineage.closure import INPUTS, OUTPUTS, Direction
from claimed_jlab.lineage.model import Kind

# An event counts so much for its artifact and its execution in the sum that tells whether events were changed.
WEIGHTS = (3, 7)


class Graph:
    """The four adjacencies at one moment: who made an artifact, who read it, what an execution read and made."""

    __slots__ = ("made", "makers", "read", "readers")

    def __init__(self, adjacencies: Iterable[Adjacency] | None = None) -> None:
        self.makers, self.made, self.readers, self.read = adjacencies or (Adjacency() for _ in range(4))

    @property
    def adjacencies(self) -> tuple[Adjacency, ...]:
        """All four, in the order of the constructor."""
        return self.makers, self.made, self.readers, self.read

    @property
    def nodes(self) -> int:
        """One more than the largest id."""
        return max(one.nodes for one in self.adjacencies)

    def merged(self) -> Graph:
        """The same graph in new arrays."""
        return Graph([one.merged() for one in self.adjacencies])

    def joins(self, artifact: int) -> bool:
        """Whether the artifact has any event."""
        return bool(self.makers.of(artifact) or self.readers.of(artifact))

    def add(self, events: Iterable[Any]) -> int:
        """Add rows of (id, artifact, execution, type); returns their part of `total`.

        Raises ValueError for an id that the arrays can't hold.
        """
        total = 0
        outputs, inputs = frozenset(OUTPUTS), frozenset(INPUTS)
        for _, artifact, execution, type_ in events:
            if not (type(artifact) is type(execution) is type(type_) is int):
                raise ValueError("an id is no number")
            if not (0 <= artifact <= LARGEST and 0 <= execution <= LARGEST):
                raise ValueError("an id is out of range")
            total += artifact * WEIGHTS[0] + execution * WEIGHTS[1] + type_
            if type_ in outputs:
                self.makers.add(artifact, execution)
                self.made.add(execution, artifact)
            elif type_ in inputs:
                self.readers.add(artifact, execution)
                self.read.add(execution, artifact)
        return total


class IndexArcs:
    """The arcs of one direction, as `closure.walk` takes them."""

    __slots__ = ("artifacts", "executions")

    def __init__(self, graph: Graph, direction: Direction) -> None:
        up = direction is Direction.UPSTREAM
        self.artifacts = graph.makers if up else graph.readers
        self.executions = graph.read if up else graph.made

    def spread(self, kind: Kind, ids: Iterable[int]) -> set[int]:
        """The nodes that one step leads to from any of these."""
        return (self.artifacts if kind is Kind.ARTIFACT else self.executions).spread(ids)

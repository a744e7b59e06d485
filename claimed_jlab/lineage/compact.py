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

    def leaving(self, artifact: int, direction: Direction) -> list[int]:
        """What `closure.leaving` gives for everything in that direction, found in the same walk.

        Nodes are numbers here, twice their id and one more for an artifact, which costs less than a tuple.
        """
        arcs = IndexArcs(self, direction)
        after_artifact, after_execution = arcs.artifacts.finder(), arcs.executions.finder()
        stack, seen, left = [artifact << 1 | 1], set[int](), list[int]()
        while stack:
            node = stack.pop()
            if node < 0:
                left.append(~node)
            elif node not in seen:
                seen.add(node)
                stack.append(~node)
                is_artifact = node & 1
                found = (after_artifact if is_artifact else after_execution)(node >> 1)
                if len(found) == 1:
                    stack.append(found[0] << 1 | 1 ^ is_artifact)
                elif found:
                    stack += [far << 1 | 1 ^ is_artifact for far in found]
        return left

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

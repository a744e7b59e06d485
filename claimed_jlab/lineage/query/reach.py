"""What is upstream and downstream of many nodes at once: level by level, each node met once.

A step crosses one execution. An execution brings what it read (upstream) or wrote (downstream) without a step, so
`x+1` of an artifact are its readers and what they wrote, and of an execution what it wrote, its readers and theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, select

from claimed_jlab.lineage import closure, schema
from claimed_jlab.lineage.closure import Arcs, Direction
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query.tables import among

Ids = Mapping[Kind, Collection[int]]


def sql_arcs(connection: Connection, direction: Direction, start: Ids, steps: int | None) -> Arcs:
    """The arcs around the nodes, where there is no index in memory."""
    artifacts = list(start.get(Kind.ARTIFACT, ()))
    if len(artifacts) == 1 and not start.get(Kind.EXECUTION):
        # One question for a whole chain, in databases that can.
        return closure.sql_arcs(connection, artifacts[0], direction, steps)
    return LevelArcs(connection, direction)


class LevelArcs:
    """The arcs of one direction, asked for a level at a time."""

    def __init__(self, connection: Connection, direction: Direction) -> None:
        self._connection = connection
        self._out, self._into = direction.out_and_into

    def spread(self, kind: Kind, ids: Iterable[int]) -> set[int]:
        """The nodes that one step leads to from any of these."""
        event, dialect = schema.event.c, self._connection.dialect.name
        if kind is Kind.ARTIFACT:
            near, far, types = event.artifact_id, event.execution_id, self._out
        else:
            near, far, types = event.execution_id, event.artifact_id, self._into
        query = select(far).where(among(near, set(ids), dialect), event.type.in_(types))
        return set(self._connection.scalars(query))


def reach(arcs: Arcs, start: Ids, steps: int | None) -> dict[Kind, set[int]]:
    """The nodes and all that is within so many steps of them; None for no end."""
    artifacts, executions = set(start.get(Kind.ARTIFACT, ())), set(start.get(Kind.EXECUTION, ()))
    artifacts |= arcs.spread(Kind.EXECUTION, executions)
    frontier, crossed = artifacts, 0
    while frontier and (steps is None or crossed < steps):
        crossed += 1
        fresh = arcs.spread(Kind.ARTIFACT, frontier) - executions
        executions |= fresh
        frontier = arcs.spread(Kind.EXECUTION, fresh) - artifacts
        artifacts = artifacts | frontier
    return {Kind.ARTIFACT: artifacts, Kind.EXECUTION: executions, Kind.CONTEXT: set(start.get(Kind.CONTEXT, ()))}

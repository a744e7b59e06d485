"""Everything upstream or downstream of an artifact, from the Event table, exactly and at any depth.

`arcs` fetches the part of the graph that can be reached, `walk` goes through it in memory. Each node is met once,
so cycles end, and the cost grows with the answer, not with the store.

To the origin, SQLite finds all nodes by one recursive query; a deep chain would else cost two queries a run. With
a depth, and on other databases (PostgreSQL allows one recursive term, and this takes two), it goes level by
level: all events of all artifacts just reached in one query, then all events of their executions.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, literal_column, select

from claimed_jlab.lineage import read, schema
from claimed_jlab.lineage.model import EventType, Kind

_INPUTS = [int(type_) for type_ in EventType if type_.is_input]
_OUTPUTS = [int(type_) for type_ in EventType if type_ and not type_.is_input]
_EVENT = schema.event.c
_TWO_TERMS = sqlite3.sqlite_version_info >= (3, 34)


class Direction(Enum):
    """Where to walk: towards what the artifact was made from, or towards what was made from it."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"

    @property
    def out_and_into(self) -> tuple[list[int], list[int]]:
        """Types of the events that lead from an artifact to an execution, and on to an artifact."""
        return (_OUTPUTS, _INPUTS) if self is Direction.UPSTREAM else (_INPUTS, _OUTPUTS)


class Ref(NamedTuple):
    """A node's kind and ML Metadata id."""

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.kind.name.lower()}/{self.id}"


Arcs = Mapping[Ref, Sequence[Ref]]


def _recursive_query(out: list[int], into: list[int]) -> Select[Any]:
    """Ids of all executions on the way from the artifact."""
    execution: ColumnElement[int] = literal_column(str(int(Kind.EXECUTION)))
    artifact: ColumnElement[int] = literal_column(str(int(Kind.ARTIFACT)))
    start = select(artifact.label("kind"), bindparam("artifact", type_=Integer).label("id"))
    reached = start.cte("reached", recursive=True)
    found = reached.union(
        select(execution, _EVENT.execution_id)
        .join(reached, (_EVENT.artifact_id == reached.c.id) & (reached.c.kind == artifact))
        .where(_EVENT.type.in_(out)),
        select(artifact, _EVENT.artifact_id)
        .join(reached, (_EVENT.execution_id == reached.c.id) & (reached.c.kind == execution))
        .where(_EVENT.type.in_(into)),
    )
    return select(found.c.id).where(found.c.kind == execution)


# Built once, or building would cost more than asking.
_WHOLE = {direction: _recursive_query(*direction.out_and_into) for direction in Direction}
_EVENTS = {
    kind: select(_EVENT.artifact_id, _EVENT.execution_id, _EVENT.type).where(
        near.in_(bindparam("ids", expanding=True)), _EVENT.type.in_(bindparam("types", expanding=True))
    )
    for kind, near in ((Kind.ARTIFACT, _EVENT.artifact_id), (Kind.EXECUTION, _EVENT.execution_id))
}


def arcs(connection: Connection, artifact: int, direction: Direction, depth: int | None = None) -> Arcs:
    """The graph as far as it can be reached from the artifact; `depth` is the number of executions to cross."""
    if depth is None and connection.dialect.name == "sqlite" and _TWO_TERMS:
        executions = list(connection.scalars(_WHOLE[direction], {"artifact": artifact}))
        types = [*_INPUTS, *_OUTPUTS]
        return _as_arcs(_events(connection, Kind.EXECUTION, executions, types), direction)
    return _by_level(connection, artifact, direction, depth)


def walk(arcs: Arcs, artifact: int, depth: int | None = None, avoid: Collection[int] = ()) -> list[Ref]:
    """The artifact and all that the arcs lead to, nearest first.

    depth: executions to cross.  avoid: executions not to cross.
    """
    start = Ref(Kind.ARTIFACT, artifact)
    found = {start: None}
    frontier, steps = [start], 0
    while frontier and (depth is None or steps < 2 * depth):
        steps += 1
        level = dict.fromkeys(far for near in frontier for far in arcs.get(near, ()))
        frontier = sorted(
            ref for ref in level if ref not in found and not (ref.kind is Kind.EXECUTION and ref.id in avoid)
        )
        found.update(dict.fromkeys(frontier))
    return list(found)


def _by_level(connection: Connection, artifact: int, direction: Direction, depth: int | None) -> Arcs:
    out, into = direction.out_and_into
    rows: list[Any] = []
    artifacts, executions = {artifact}, set[int]()
    frontier, crossed = {artifact}, 0
    while frontier and (depth is None or crossed < depth):
        crossed += 1
        step = _events(connection, Kind.ARTIFACT, frontier, out)
        fresh = {row.execution_id for row in step} - executions
        rows += step
        executions |= fresh
        step = _events(connection, Kind.EXECUTION, fresh, into)
        frontier = {row.artifact_id for row in step} - artifacts
        rows += step
        artifacts |= frontier
    return _as_arcs(rows, direction)


def _events(connection: Connection, kind: Kind, ids: Iterable[int], types: list[int]) -> list[Any]:
    """Events of these types of the artifacts, or of the executions."""
    rows: list[Any] = []
    for some in read.slices(ids):
        rows += connection.execute(_EVENTS[kind], {"ids": some, "types": types})
    return rows


def _as_arcs(rows: Iterable[Any], direction: Direction) -> Arcs:
    out, _ = direction.out_and_into
    found: dict[Ref, list[Ref]] = defaultdict(list)
    for artifact, execution, type_ in rows:
        near, far = Ref(Kind.ARTIFACT, artifact), Ref(Kind.EXECUTION, execution)
        if type_ not in out:
            near, far = far, near
        found[near].append(far)
    return found

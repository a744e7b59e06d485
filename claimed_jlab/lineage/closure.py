"""Everything upstream or downstream of an artifact, exactly and at any depth, in topological order.

`walk` goes through arcs, one set of neighbours after another; each node is met once, so cycles end, and the cost
grows with the answer, not with the store. The arcs come from the index in memory (`index.py`) or, here, from the Event
table by SQL; the answer is the same.

To the origin, SQLite finds all nodes by one recursive query; a deep chain would else cost two queries a run. With
a depth, and on other databases (PostgreSQL allows one recursive term, and this takes two), it goes level by
level: all events of all artifacts just reached in one query, then all events of their executions.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, Integer, Select, bindparam, literal_column, select

from claimed_jlab.lineage import read, schema
from claimed_jlab.lineage.model import EventType, Kind

INPUTS = [int(type_) for type_ in EventType if type_.is_input]
OUTPUTS = [int(type_) for type_ in EventType if type_ and not type_.is_input]
_EVENT = schema.event.c
_TWO_TERMS = sqlite3.sqlite_version_info >= (3, 34)


class Direction(Enum):
    """Where to walk: towards what the artifact was made from, or towards what was made from it."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"

    @property
    def out_and_into(self) -> tuple[list[int], list[int]]:
        """Types of the events that lead from an artifact to an execution, and on to an artifact."""
        return (OUTPUTS, INPUTS) if self is Direction.UPSTREAM else (INPUTS, OUTPUTS)


_WORDS = {kind: kind.name.lower() for kind in Kind}


class Ref(NamedTuple):
    """A node's kind and ML Metadata id."""

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{_WORDS[self.kind]}/{self.id}"


class Arcs(Protocol):
    """One step from nodes of a kind to nodes of the other, in one direction."""

    def spread(self, kind: Kind, ids: Iterable[int]) -> set[int]:
        """The nodes that one step leads to from any of these."""


class _Known:
    """Arcs that are known by kind and id."""

    def __init__(self, arcs: Mapping[Kind, Mapping[int, Collection[int]]]) -> None:
        self._from = arcs

    def spread(self, kind: Kind, ids: Iterable[int]) -> set[int]:
        """The nodes that one step leads to from any of these."""
        known = self._from[kind]
        return {far for near in ids for far in known.get(near, ())}


def walk(arcs: Arcs, artifact: int, depth: int | None = None, avoid: Container[int] = ()) -> list[Ref]:
    """The artifact and all that the arcs lead to, nearest first.

    depth: executions to cross.  avoid: executions not to cross.
    """
    found: list[Ref] = [Ref(Kind.ARTIFACT, artifact)]
    artifacts, executions = {artifact}, set[int]()
    frontier, crossed = [artifact], 0
    while frontier and (depth is None or crossed < depth):
        crossed += 1
        level = sorted(arcs.spread(Kind.ARTIFACT, frontier) - executions)
        if avoid:
            level = [execution for execution in level if execution not in avoid]
        executions.update(level)
        found += [Ref(Kind.EXECUTION, execution) for execution in level]
        frontier = sorted(arcs.spread(Kind.EXECUTION, level) - artifacts)
        artifacts.update(frontier)
        found += [Ref(Kind.ARTIFACT, id_) for id_ in frontier]
    return found


def reversed_arcs(arcs: Arcs, refs: Iterable[Ref]) -> Arcs:
    """The arcs of these nodes, the other way round."""
    back: dict[Kind, dict[int, list[int]]] = {Kind.ARTIFACT: defaultdict(list), Kind.EXECUTION: defaultdict(list)}
    for kind, id_ in refs:
        other = back[Kind.EXECUTION if kind is Kind.ARTIFACT else Kind.ARTIFACT]
        for far in arcs.spread(kind, (id_,)):
            other[far].append(id_)
    return _Known(back)


def ordered(refs: Sequence[Ref], edges: Iterable[tuple[Ref, Ref]], direction: Direction) -> list[Ref]:
    """The nodes with sources before targets; only the nodes of a cycle, which has no first one, may stand otherwise.

    refs: of a walk in that direction, its start first.  edges: (source, target), all that join these nodes.
    """
    after: dict[Ref, set[Ref]] = defaultdict(set)
    for source, target in edges:
        near, far = (target, source) if direction is Direction.UPSTREAM else (source, target)
        after[near].add(far)
    left = leaving(refs, after)
    return left if direction is Direction.UPSTREAM else left[::-1]


def leaving(refs: Iterable[Ref], after: Mapping[Ref, Collection[Ref]]) -> list[Ref]:
    """The nodes in the order in which a depth-first walk leaves them: what comes after a node is left before it.

    The stack is its own because chains may be longer than Python's.
    """
    seen = set[Ref]()
    left: list[Ref] = []
    for start in refs:
        stack = [(start, False)]
        while stack:
            ref, entered = stack.pop()
            if entered:
                left.append(ref)
            elif ref not in seen:
                seen.add(ref)
                stack.append((ref, True))
                stack += [(far, False) for far in sorted(after.get(ref, ()), reverse=True)]
    return left


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


def sql_arcs(connection: Connection, artifact: int, direction: Direction, depth: int | None = None) -> Arcs:
    """The graph as far as it can be reached from the artifact; `depth` is the number of executions to cross."""
    if depth is None and connection.dialect.name == "sqlite" and _TWO_TERMS:
        executions = list(connection.scalars(_WHOLE[direction], {"artifact": artifact}))
        types = [*INPUTS, *OUTPUTS]
        return _from_events(_events(connection, Kind.EXECUTION, executions, types), direction)
    return _from_events(_by_level(connection, artifact, direction, depth), direction)


def _by_level(connection: Connection, artifact: int, direction: Direction, depth: int | None) -> list[Any]:
    out, into = direction.out_and_into
    rows: list[Any] = []
    artifacts, executions = {artifact}, set[int]()
    frontier: Collection[int] = {artifact}
    crossed = 0
    while frontier and (depth is None or crossed < depth):
        crossed += 1
        step = _events(connection, Kind.ARTIFACT, frontier, out)
        fresh = {row.execution_id for row in step} - executions
        rows += step
        executions |= fresh
        step = _events(connection, Kind.EXECUTION, fresh, into)
        frontier = {row.artifact_id for row in step} - artifacts
        rows += step
        artifacts |= set(frontier)
    return rows


def _events(connection: Connection, kind: Kind, ids: Iterable[int], types: list[int]) -> list[Any]:
    """Events of these types of the artifacts, or of the executions."""
    rows: list[Any] = []
    for some in read.slices(ids):
        rows += connection.execute(_EVENTS[kind], {"ids": some, "types": types})
    return rows


def _from_events(rows: Iterable[Any], direction: Direction) -> Arcs:
    out, into = direction.out_and_into
    arcs: dict[Kind, dict[int, list[int]]] = {Kind.ARTIFACT: defaultdict(list), Kind.EXECUTION: defaultdict(list)}
    for artifact, execution, type_ in rows:
        if type_ in out:
            arcs[Kind.ARTIFACT][artifact].append(execution)
        elif type_ in into:
            arcs[Kind.EXECUTION][execution].append(artifact)
    return _Known(arcs)

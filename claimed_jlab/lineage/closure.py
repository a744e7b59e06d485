"""Everything upstream or downstream of an artifact, from the Event table, exactly and at any depth.

Level by level: all events of all artifacts just reached in one query, then all events of their executions. Each
node is visited once, so cycles end, and the cost grows with the answer, not with the store.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from claimed_jlab.lineage import read, schema
from claimed_jlab.lineage.model import EventType, Kind

_INPUTS = [int(type_) for type_ in EventType if type_.is_input]
_OUTPUTS = [int(type_) for type_ in EventType if type_ and not type_.is_input]

# From artifacts to executions, and back. Built once, or building would cost more than asking.
_FAR = {
    kind: select(far).where(
        near.in_(bindparam("ids", expanding=True)), schema.event.c.type.in_(bindparam("types", expanding=True))
    )
    for kind, near, far in (
        (Kind.ARTIFACT, schema.event.c.artifact_id, schema.event.c.execution_id),
        (Kind.EXECUTION, schema.event.c.execution_id, schema.event.c.artifact_id),
    )
}


class Direction(Enum):
    """Where to walk: towards what the artifact was made from, or towards what was made from it."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


class Ref(NamedTuple):
    """A node's kind and ML Metadata id."""

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.kind.name.lower()}/{self.id}"


def reach(
    connection: Connection,
    artifact: int,
    direction: Direction,
    depth: int | None = None,
    avoid: Collection[int] = (),
) -> list[Ref]:
    """The artifact and all it reaches, nearest first.

    depth: executions to cross.  avoid: executions not to cross.
    """
    out, into = (_OUTPUTS, _INPUTS) if direction is Direction.UPSTREAM else (_INPUTS, _OUTPUTS)
    found = {Ref(Kind.ARTIFACT, artifact): None}
    frontier = [artifact]
    crossed = 0
    while frontier and (depth is None or crossed < depth):
        crossed += 1
        executions = _step(connection, frontier, Kind.ARTIFACT, out)
        fresh = [id_ for id_ in executions if id_ not in avoid and Ref(Kind.EXECUTION, id_) not in found]
        found.update((Ref(Kind.EXECUTION, id_), None) for id_ in fresh)
        artifacts = _step(connection, fresh, Kind.EXECUTION, into)
        frontier = [id_ for id_ in artifacts if Ref(Kind.ARTIFACT, id_) not in found]
        found.update((Ref(Kind.ARTIFACT, id_), None) for id_ in frontier)
    return list(found)


def _step(connection: Connection, ids: Iterable[int], kind: Kind, types: list[int]) -> list[int]:
    """Ids on the other side of the events of these types, sorted."""
    found: set[int] = set()
    for some in read.slices(ids):
        found.update(connection.scalars(_FAR[kind], {"ids": some, "types": types}))
    return sorted(found)

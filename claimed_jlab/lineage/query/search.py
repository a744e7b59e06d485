"""Asking a store in the query language: the newest nodes first, a page at a time."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timezone
from functools import partial
from heapq import nsmallest

from sqlalchemy import Connection, and_, or_, select
from sqlalchemy.sql.elements import False_

from claimed_jlab.lineage.answer import Node
from claimed_jlab.lineage.closure import Arcs, Direction, Ref
from claimed_jlab.lineage.compact import Graph, IndexArcs
from claimed_jlab.lineage.describe import describe
from claimed_jlab.lineage.index import index_of
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query.conditions import Condition, Conditions
from claimed_jlab.lineage.query.errors import QueryError
from claimed_jlab.lineage.query.parser import parse
from claimed_jlab.lineage.query.reach import Ids, sql_arcs
from claimed_jlab.lineage.query.syntax import Query
from claimed_jlab.lineage.query.tables import TABLES
from claimed_jlab.lineage.store import Store

MOST_NODES = 10_000
_CURSOR = re.compile(r"(\d{1,19})\.([012])\.(\d{1,18})")


@dataclass(frozen=True, slots=True)
class FoundNode(Node):
    """A node with the time when it was made or began, in ISO 8601 (UTC)."""

    created: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of an answer.  next: the cursor of the page after it; None on the last."""

    nodes: tuple[FoundNode, ...]
    next: str | None = None


@dataclass(frozen=True, order=True, slots=True)
class _Place:
    """A node's place in the order of answers. A page begins after one, so what is new moves no page."""

    age: int  # minus the time it was made
    kind: int
    back: int  # minus its id

    def __str__(self) -> str:
        return f"{-self.age}.{self.kind}.{-self.back}"


def find(store: Store, query: str, *, limit: int = 50, cursor: str | None = None, user: str | None = None) -> Found:
    """The nodes that the query finds, newest first, as docs/lineage.md explains it.

    limit: nodes of a page, at most 10,000.  cursor: `next` of the page before.  user: who `user:me` is, by default
    the one who runs this program.
    Raises QueryError, StoreUnavailable.
    """
    tree = parse(query)
    if not 1 <= limit <= MOST_NODES:
        raise QueryError(f"the limit must be from 1 to {MOST_NODES}")
    after = _place(cursor)
    index = index_of(store)
    with store.read() as connection:
        graph = None if index is None else index.graph(connection)
        arcs = partial(sql_arcs, connection) if graph is None else partial(_from_index, graph)
        conditions = Conditions(connection, arcs, datetime.now(), _me() if user is None else user)
        places = _places(connection, conditions, tree, after, limit + 1)
        nodes = _described(connection, places[:limit])
    return Found(nodes, str(places[limit - 1]) if len(places) > limit else None)


def _from_index(graph: Graph, direction: Direction, start: Ids, steps: int | None) -> Arcs:
    return IndexArcs(graph, direction)


def _places(
    connection: Connection, conditions: Conditions, query: Query | None, after: _Place | None, limit: int
) -> list[_Place]:
    found: list[_Place] = []
    for kind, tables in TABLES.items():
        table = tables.node.c
        rows = select(table.create_time_since_epoch, table.id)
        if query is not None:
            condition = conditions.of(query, kind)
            if isinstance(condition, False_):
                continue
            rows = rows.where(condition)
        if after is not None:
            rows = rows.where(_older(kind, after))
        rows = rows.order_by(table.create_time_since_epoch.desc(), table.id.desc()).limit(limit)
        found += (_Place(-created, int(kind), -id_) for created, id_ in connection.execute(rows))
    return nsmallest(limit, found)


def _older(kind: Kind, place: _Place) -> Condition:
    table = TABLES[kind].node.c
    created, id_ = table.create_time_since_epoch, table.id
    if kind < place.kind:
        return created < -place.age
    if kind > place.kind:
        return created <= -place.age
    # The first half is for the index: databases don't see it in the second.
    return and_(created <= -place.age, or_(created < -place.age, id_ < -place.back))


def _described(connection: Connection, places: Iterable[_Place]) -> tuple[FoundNode, ...]:
    by_ref = {Ref(Kind(place.kind), -place.back): place for place in places}
    nodes = describe(connection, by_ref).nodes
    given = [(nodes[ref], place) for ref, place in by_ref.items() if ref in nodes]
    return tuple(
        FoundNode(**{field.name: getattr(node, field.name) for field in fields(node)}, created=_iso(-place.age))
        for node, place in given
    )


def _place(cursor: str | None) -> _Place | None:
    if not cursor:
        return None
    match = _CURSOR.fullmatch(cursor)
    if match is None:
        raise QueryError("the cursor is none that a search gave")
    created, kind, id_ = map(int, match.groups())
    return _Place(-created, kind, -id_)


def _iso(milliseconds: int) -> str:
    when = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _me() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return ""

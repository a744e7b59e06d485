"""A part of the graph to look at: what is around some nodes, a whole run, the ways between two nodes."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, zip_longest

from sqlalchemy import Connection, or_, select

from claimed_jlab.lineage import names, read, schema
from claimed_jlab.lineage.closure import Arcs, Direction, Ref, reversed_arcs
from claimed_jlab.lineage.compact import Graph, IndexArcs
from claimed_jlab.lineage.errors import LineageError, UnknownArtifact, UnknownRun
from claimed_jlab.lineage.explore.model import GraphEdge, GraphNode, GraphPart
from claimed_jlab.lineage.explore.nodes import graph_nodes
from claimed_jlab.lineage.flows import edges, flows
from claimed_jlab.lineage.index import index_of
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query.reach import LevelArcs
from claimed_jlab.lineage.store import Store

_RUN = "run:"
MOST_NODES = 10_000


def graph_part(
    store: Store, start: Sequence[str], *, up: int = 2, down: int = 2, limit: int = 400, known: Collection[str] = ()
) -> GraphPart:
    """What is around some nodes, the nearest first when `limit` cuts it.

    start: `artifact/12`, `execution/5`; `context/3` or `run:<run id>` for all that is in it.  up, down: steps, which
    are executions to cross; from an execution the first one leads to what it read or made.
    known: nodes that are shown already; edges to them come too.
    Raises UnknownArtifact, UnknownRun; LineageError for what is no node or no number.
    """
    if not 1 <= limit <= MOST_NODES:
        raise LineageError(f"the limit must be from 1 to {MOST_NODES}", where="limit", code="bad-limit")
    shown = [parse_ref(text) for text in known]
    with asking(store) as (connection, graph):
        begin = list(dict.fromkeys(ref for text in start for ref in _start(connection, text)))
        sides = [
            _levels(_arcs(connection, graph, direction), begin, steps)
            for direction, steps in ((Direction.UPSTREAM, up), (Direction.DOWNSTREAM, down))
        ]
        nearest = chain(begin, *zip_longest(*(side[len(begin) :] for side in sides)))
        found = list(dict.fromkeys(ref for ref in nearest if ref is not None))
        return _part(connection, graph, begin, found, limit, shown)


def ways_between(store: Store, first: str, second: str, *, limit: int = 400) -> GraphPart:
    """All nodes on a way from one node to the other, whichever leads to the other; none when there is no way."""
    with asking(store) as (connection, graph):
        ends = (*_start(connection, first), *_start(connection, second))
        if len(ends) != 2:
            raise LineageError("a way is between two nodes", where="first, second", code="bad-request")
        arcs = _arcs(connection, graph, Direction.UPSTREAM)
        for early, late in (ends, ends[::-1]):
            found = _levels(arcs, [late], None)
            if early in found:
                onwards = set(_levels(reversed_arcs(arcs, found), [early], None))
                return _part(connection, graph, ends, [ref for ref in found if ref in onwards], limit, ())
        return GraphPart(nodes=[], edges=[], start=[str(ref) for ref in ends])


def shown_nodes(store: Store, ids: Sequence[str]) -> list[GraphNode]:
    """The nodes as they are shown, in the order given; what is gone is left out."""
    refs = [parse_ref(text) for text in ids]
    with asking(store) as (connection, graph):
        found = graph_nodes(connection, graph, refs)
    return [found[ref] for ref in refs if ref in found]


@contextlib.contextmanager
def asking(store: Store) -> Iterator[tuple[Connection, Graph | None]]:
    """One consistent view of the store, and the index where this process has it."""
    index = index_of(store)
    with store.read() as connection:
        yield connection, None if index is None else index.graph(connection)


def parse_ref(text: str) -> Ref:
    """`artifact/12`. Raises LineageError."""
    word, _, number = text.partition("/")
    if word.upper() not in Kind.__members__ or not number.isdecimal() or len(number) > 18:
        raise LineageError(
            f"{text!r} is no node", where="start", hint="as artifact/12, execution/5, context/3", code="bad-request"
        )
    return Ref(Kind[word.upper()], int(number))


def require(connection: Connection, ref: Ref) -> None:
    """Raises UnknownArtifact when the store has no such node."""
    table = {Kind.ARTIFACT: schema.artifact, Kind.EXECUTION: schema.execution, Kind.CONTEXT: schema.context}[ref.kind]
    if connection.execute(select(table.c.id).where(table.c.id == ref.id)).first() is None:
        raise UnknownArtifact(f"there is no {ref}")


def _start(connection: Connection, text: str) -> list[Ref]:
    if text.startswith(_RUN):
        return _members(connection, _context_of_run(connection, text.removeprefix(_RUN)))
    ref = parse_ref(text)
    require(connection, ref)
    return _members(connection, ref.id) if ref.kind is Kind.CONTEXT else [ref]


def _context_of_run(connection: Connection, run_id: str) -> int:
    context, types = schema.context, schema.node_type
    query = (
        select(context.c.id)
        .join(types, types.c.id == context.c.type_id)
        .where(context.c.name == run_id, types.c.name == names.PIPELINE_RUN)
    )
    found: int | None = connection.execute(query).scalar()
    if found is None:
        raise UnknownRun(f"the lineage store has no run {run_id!r}")
    return found


def _members(connection: Connection, context: int) -> list[Ref]:
    """All of a context, but for the root execution, which stands for all of it and has no edges."""
    table, link, event, types = schema.execution, schema.association, schema.event.c, schema.node_type
    roots = select(types.c.id).where(types.c.name == names.DAG)
    executions = connection.scalars(
        select(link.c.execution_id)
        .join(table, table.c.id == link.c.execution_id)
        .where(link.c.context_id == context)
        .where(
            or_(
                table.c.type_id.not_in(roots),
                select(event.id).where(event.execution_id == table.c.id).exists(),
            )
        )
        .order_by(link.c.execution_id)
    )
    artifacts = connection.scalars(
        select(schema.attribution.c.artifact_id)
        .where(schema.attribution.c.context_id == context)
        .order_by("artifact_id")
    )
    return [*(Ref(Kind.EXECUTION, id_) for id_ in executions), *(Ref(Kind.ARTIFACT, id_) for id_ in artifacts)]


def _arcs(connection: Connection, graph: Graph | None, direction: Direction) -> Arcs:
    return LevelArcs(connection, direction) if graph is None else IndexArcs(graph, direction)


def _levels(arcs: Arcs, start: Sequence[Ref], steps: int | None) -> list[Ref]:
    """The nodes and what the arcs lead to, nearest first."""
    found: dict[Ref, None] = dict.fromkeys(start)
    artifacts = {ref.id for ref in start if ref.kind is Kind.ARTIFACT}
    executions = {ref.id for ref in start if ref.kind is Kind.EXECUTION}
    if steps == 0:
        return list(found)
    # From an execution the first step goes to what it read or made.
    ahead = _new(found, Kind.ARTIFACT, arcs.spread(Kind.EXECUTION, executions))
    crossed = 0
    while (artifacts or ahead) and (steps is None or crossed < steps):
        crossed += 1
        level = _new(found, Kind.EXECUTION, arcs.spread(Kind.ARTIFACT, artifacts))
        artifacts, ahead = ahead | _new(found, Kind.ARTIFACT, arcs.spread(Kind.EXECUTION, level)), set()
    return list(found)


def _new(found: dict[Ref, None], kind: Kind, ids: set[int]) -> set[int]:
    fresh = [id_ for id_ in sorted(ids) if Ref(kind, id_) not in found]
    found.update((Ref(kind, id_), None) for id_ in fresh)
    return set(fresh)


def _part(
    connection: Connection,
    graph: Graph | None,
    start: Sequence[Ref],
    found: Sequence[Ref],
    limit: int,
    known: Collection[Ref],
) -> GraphPart:
    kept = found[:limit]
    nodes = graph_nodes(connection, graph, kept)
    everything = {*kept, *known}
    executions = [ref.id for ref in everything if ref.kind is Kind.EXECUTION]
    also = read.also_named(connection, names.ALSO_INPUTS, executions)
    joined = edges(everything, flows(connection, executions), also)
    fresh = {str(ref) for ref in kept}
    return GraphPart(
        nodes=[nodes[ref] for ref in kept if ref in nodes],
        edges=[
            GraphEdge(source=source, target=target, name=name)
            for source, target, name in joined
            if source in fresh or target in fresh
        ],
        truncated=len(found) > len(kept),
        missing=len(found) - len(kept),
        start=[str(ref) for ref in start],
    )

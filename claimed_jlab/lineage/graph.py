"""Questions about lineage: what an artifact was made from, what was made from it, and how two are joined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from sqlalchemy import Connection, select

from claimed_jlab.lineage import closure, names, read, schema, shapes
from claimed_jlab.lineage.answer import Answer, Edge
from claimed_jlab.lineage.closure import Arcs, Direction, Ref
from claimed_jlab.lineage.compact import Graph, IndexArcs
from claimed_jlab.lineage.describe import describe
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.flows import Flow, edges, flows
from claimed_jlab.lineage.index import index_of
from claimed_jlab.lineage.model import ExecutionState, Kind
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.topological import ids_in_order, in_order

_UP, _DOWN = Direction.UPSTREAM, Direction.DOWNSTREAM


def upstream(store: Store, artifact_id: int, *, depth: int | None = None, limit: int | None = None) -> Answer:
    """Everything the artifact was made from, exactly.

    depth: executions to cross; None means to the origin.  limit: nodes to return: the nearest, and cache hits
    (which ML Metadata counts as producers too) only after all else.
    Returns nodes in topological order; `missing` counts what `limit` cut off.
    Raises UnknownArtifact, StoreUnavailable.
    """
    return _answer(store, _Question((artifact_id,), (_UP,), depth, limit))


def downstream(store: Store, artifact_id: int, *, depth: int | None = None, limit: int | None = None) -> Answer:
    """Everything that was made from the artifact, exactly. As `upstream` otherwise."""
    return _answer(store, _Question((artifact_id,), (_DOWN,), depth, limit))


def around(store: Store, artifact_id: int, *, depth: int | None = None, limit: int | None = None) -> Answer:
    """What the artifact was made from and what was made from it. A limit is shared fairly by both."""
    return _answer(store, _Question((artifact_id,), (_UP, _DOWN), depth, limit))


def between(store: Store, first_id: int, second_id: int, *, limit: int | None = None) -> Answer:
    """Everything on a way from one artifact to the other, whichever of them was made from the other.

    No nodes at all when neither was.  limit: nodes to return, those nearest to the later artifact.
    """
    return _answer(store, _Question((first_id, second_id), (_UP,), None, limit))


def upstream_ids(store: Store, artifact_id: int) -> list[str]:
    """The ids of the nodes of `upstream` (`artifact/12`), in a topological order too, and nothing else of them."""
    return _ids(store, artifact_id, _UP)


def downstream_ids(store: Store, artifact_id: int) -> list[str]:
    """The ids of the nodes of `downstream`, in a topological order too, and nothing else of them."""
    return _ids(store, artifact_id, _DOWN)


@dataclass(frozen=True, slots=True)
class _Question:
    """About one artifact, or about the ways between two."""

    artifacts: tuple[int, ...]
    directions: tuple[Direction, ...]
    depth: int | None
    limit: int | None

    def __post_init__(self) -> None:
        if self.limit is not None and self.limit < 1:
            raise LineageError("the limit must be 1 or more", where="limit", code="bad-limit")
        if self.depth is not None and self.depth < 0:
            raise LineageError("the depth must be 0 or more", where="depth", code="bad-depth")

    @property
    def is_whole(self) -> bool:
        """Whether it is about everything in one direction from one artifact."""
        return len(self.artifacts) == len(self.directions) == 1 and self.depth is None and self.limit is None


def _ids(store: Store, artifact: int, direction: Direction) -> list[str]:
    index = index_of(store)
    graph = None if index is None else index.unchanged(store)
    if graph is None or not graph.joins(artifact):
        with store.read() as connection:
            graph = None if index is None else index.graph(connection)
            shapes.require_artifacts(connection, (artifact,))
            if graph is None:
                kept = closure.walk(closure.sql_arcs(connection, artifact, direction), artifact)
                events = flows(connection, _executions(kept))
                return [str(ref) for ref in _topological(kept, events, (direction,))]
    return ids_in_order(graph, artifact, direction)


def _answer(store: Store, question: _Question) -> Answer:
    index = index_of(store)
    with store.read() as connection:
        graph = None if index is None else index.graph(connection)
        shapes.require_artifacts(connection, question.artifacts)
        kept, missing = _kept(connection, graph, question)
        events = flows(connection, _executions(kept))
        if index is not None and graph is not None and not _agree(graph, kept, events):
            index.doubt()
            graph = None
            kept, missing = _kept(connection, graph, question)
            events = flows(connection, _executions(kept))
        described, several = describe(connection, kept)
        also = read.also_named(connection, names.ALSO_INPUTS, several)
    in_index = graph is not None and question.is_whole
    nodes = kept if in_index else _topological(kept, events, question.directions)
    return Answer(
        nodes=tuple(described[ref] for ref in nodes if ref in described),
        edges=tuple(Edge(*edge) for edge in edges(kept, events, also)),
        truncated=missing > 0,
        missing=missing,
    )


def _kept(connection: Connection, graph: Graph | None, question: _Question) -> tuple[list[Ref], int]:
    """The nodes to answer with, and how many more there are: a whole answer by the index is in topological order,
    any other has the most wanted first.
    """
    *_, artifact = question.artifacts
    if graph is not None and question.is_whole:
        return in_order(graph, artifact, question.directions[0]), 0
    if len(question.artifacts) > 1:
        found = _ways(connection, graph, question)
    elif len(question.directions) > 1:
        sides = [_nearest(connection, graph, artifact, direction, question) for direction in question.directions]
        alternating = chain.from_iterable(zip_longest(*sides))
        found = list(dict.fromkeys(ref for ref in alternating if ref is not None))
    else:
        found = _nearest(connection, graph, artifact, question.directions[0], question)
    kept = found[: question.limit]
    return kept, len(found) - len(kept)


def _nearest(
    connection: Connection, graph: Graph | None, artifact: int, direction: Direction, question: _Question
) -> list[Ref]:
    arcs = _arcs(connection, graph, artifact, direction, question.depth)
    found = closure.walk(arcs, artifact, question.depth)
    if question.limit is not None and len(found) > question.limit:
        makers = closure.walk(arcs, artifact, question.depth, avoid=_cached(connection, found))
        # Cache hits last, and what only they lead to: thousands of them may sit around one artifact.
        found = list(dict.fromkeys([*makers, *found]))
    return found


def _ways(connection: Connection, graph: Graph | None, question: _Question) -> list[Ref]:
    """All nodes between two artifacts, those near the later one first."""
    for first, second in (question.artifacts, question.artifacts[::-1]):
        arcs = _arcs(connection, graph, second, _UP, None)
        found = closure.walk(arcs, second)
        if Ref(Kind.ARTIFACT, first) in found:
            onwards = closure.reversed_arcs(arcs, found)
            ways = set(closure.walk(onwards, first))
            return [ref for ref in found if ref in ways]
    return []


def _arcs(connection: Connection, graph: Graph | None, artifact: int, direction: Direction, depth: int | None) -> Arcs:
    if graph is not None:
        return IndexArcs(graph, direction)
    return closure.sql_arcs(connection, artifact, direction, depth)


def _executions(refs: Iterable[Ref]) -> list[int]:
    return [ref.id for ref in refs if ref.kind is Kind.EXECUTION]


def _cached(connection: Connection, refs: Iterable[Ref]) -> set[int]:
    table = schema.execution
    query = select(table.c.id).where(table.c.last_known_state == int(ExecutionState.CACHED))
    found: set[int] = set()
    for some in read.slices(_executions(refs)):
        found.update(connection.scalars(query.where(table.c.id.in_(some))))
    return found


def _agree(graph: Graph, refs: Iterable[Ref], events: Iterable[Flow]) -> bool:
    """Whether the events of these executions are the same in the index and in the store."""
    read_by: dict[int, set[int]] = defaultdict(set)
    made_by: dict[int, set[int]] = defaultdict(set)
    for event in events:
        (read_by if event.is_input else made_by)[event.execution].add(event.artifact)
    return all(
        read_by[id_] == set(graph.read.of(id_)) and made_by[id_] == set(graph.made.of(id_)) for id_ in _executions(refs)
    )


def _topological(refs: Sequence[Ref], events: Iterable[Flow], directions: Sequence[Direction]) -> list[Ref]:
    """What is upstream can be ordered by a walk upstream, with all the rest as further starts."""
    kept = set(refs)
    pairs = ((Ref(Kind.ARTIFACT, flow.artifact), Ref(Kind.EXECUTION, flow.execution), flow.is_input) for flow in events)
    joined = ((artifact, execution) if is_input else (execution, artifact) for artifact, execution, is_input in pairs)
    return closure.ordered(refs, (pair for pair in joined if kept.issuperset(pair)), directions[0])

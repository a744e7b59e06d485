"""Questions about lineage: what an artifact was made from, and what was made from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from claimed_jlab.lineage import closure, names, read, schema, shapes
from claimed_jlab.lineage.answer import Answer, Edge, Node
from claimed_jlab.lineage.closure import Direction, Ref
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.model import ArtifactState, ExecutionState, Kind
from claimed_jlab.lineage.store import Store


def upstream(store: Store, artifact_id: int, *, depth: int | None = None, limit: int | None = None) -> Answer:
    """Everything the artifact was made from, exactly.

    depth: executions to cross; None means to the origin.  limit: nodes to return: the nearest, and cache hits
    (which ML Metadata counts as producers too) only after all else.
    Returns nodes in topological order; `missing` counts what `limit` cut off.
    Raises UnknownArtifact, StoreUnavailable.
    """
    return _ask(store, artifact_id, Direction.UPSTREAM, depth, limit)


def downstream(store: Store, artifact_id: int, *, depth: int | None = None, limit: int | None = None) -> Answer:
    """Everything that was made from the artifact, exactly. As `upstream` otherwise."""
    return _ask(store, artifact_id, Direction.DOWNSTREAM, depth, limit)


def _ask(store: Store, artifact: int, direction: Direction, depth: int | None, limit: int | None) -> Answer:
    if limit is not None and limit < 1:
        raise LineageError("the limit must be 1 or more", where="limit", code="bad-limit")
    if depth is not None and depth < 0:
        raise LineageError("the depth must be 0 or more", where="depth", code="bad-depth")
    with store.read() as connection:
        shapes.require_artifacts(connection, [artifact])
        arcs = closure.arcs(connection, artifact, direction, depth)
        found = closure.walk(arcs, artifact, depth)
        if limit is not None and len(found) > limit:
            makers = closure.walk(arcs, artifact, depth, avoid=_cached(connection, found))
            # Cache hits last, and what only they lead to: thousands of them may sit around one artifact.
            found = list(dict.fromkeys([*makers, *found]))
        kept = found[:limit]
        missing = len(found) - len(kept)
        edges = _edges(connection, kept)
        described = _describe(connection, kept)
    order = _topological(kept, edges)
    return Answer(
        nodes=tuple(described[ref] for ref in order if ref in described),
        edges=tuple(Edge(str(source), str(target), name) for source, target, name in edges),
        truncated=missing > 0,
        missing=missing,
    )


def _cached(connection: Connection, refs: Iterable[Ref]) -> set[int]:
    table = schema.execution
    query = select(table.c.id).where(table.c.last_known_state == int(ExecutionState.CACHED))
    found: set[int] = set()
    for some in read.slices(ref.id for ref in refs if ref.kind is Kind.EXECUTION):
        found.update(connection.scalars(query.where(table.c.id.in_(some))))
    return found


def _edges(connection: Connection, refs: Collection[Ref]) -> list[tuple[Ref, Ref, str | None]]:
    """All edges between the nodes, one for each name, in the order of the events."""
    executions = [ref.id for ref in refs if ref.kind is Kind.EXECUTION]
    artifacts = {ref.id for ref in refs if ref.kind is Kind.ARTIFACT}
    also = read.also_named(connection, names.ALSO_INPUTS, executions)
    found: dict[tuple[Ref, Ref, str | None], None] = {}
    for event in read.events(connection, executions=executions):
        if event.artifact_id not in artifacts or not event.type:
            continue
        artifact, execution = Ref(Kind.ARTIFACT, event.artifact_id), Ref(Kind.EXECUTION, event.execution_id)
        if event.type.is_input:
            for name in read.named(event, also.get(event.execution_id, {})):
                found[artifact, execution, name] = None
        else:
            found[execution, artifact, event.name] = None
    return list(found)


def _topological(refs: Sequence[Ref], edges: Sequence[tuple[Ref, Ref, str | None]]) -> list[Ref]:
    """Sources before targets; only the nodes of a cycle, which has no first one, may stand otherwise.

    It is the reverse of the order in which a depth-first walk leaves the nodes, with a stack of its own because
    chains may be longer than Python's.
    """
    rank = {ref: position for position, ref in enumerate(refs)}
    followers: dict[Ref, set[Ref]] = defaultdict(set)
    for source, target, _ in edges:
        followers[source].add(target)
    seen: set[Ref] = set()
    left: list[Ref] = []
    for start in refs:
        stack = [] if start in seen else [(start, iter(sorted(followers[start], key=rank.__getitem__)))]
        seen.add(start)
        while stack:
            ref, rest = stack[-1]
            fresh = next((follower for follower in rest if follower not in seen), None)
            if fresh is None:
                left.append(ref)
                stack.pop()
            else:
                seen.add(fresh)
                stack.append((fresh, iter(sorted(followers[fresh], key=rank.__getitem__))))
    return left[::-1]


def _describe(connection: Connection, refs: Collection[Ref]) -> dict[Ref, Node]:
    """What is shown of each node: only its row, its type and its names are read."""
    artifacts = [ref.id for ref in refs if ref.kind is Kind.ARTIFACT]
    executions = [ref.id for ref in refs if ref.kind is Kind.EXECUTION]
    described: dict[Ref, Node] = {}
    called = _names(connection, schema.artifact_property, "artifact_id", artifacts)
    for row in _rows(connection, schema.artifact, artifacts):
        name = called[row.id].get(names.DISPLAY_NAME) or row.name or shapes.tail(row.uri or "")
        described[Ref(Kind.ARTIFACT, row.id)] = Node(
            id=f"artifact/{row.id}",
            kind="artifact",
            type=row.type_name or "",
            name=name or f"artifact {row.id}",
            uri=row.uri,
            state=None if row.state is None else ArtifactState(row.state).name,
        )
    called = _names(connection, schema.execution_property, "execution_id", executions)
    runs = _runs(connection, executions)
    for row in _rows(connection, schema.execution, executions):
        own = called[row.id]
        described[Ref(Kind.EXECUTION, row.id)] = Node(
            id=f"execution/{row.id}",
            kind="execution",
            type=row.type_name or "",
            name=own.get(names.DISPLAY_NAME) or own.get(names.TASK_NAME) or row.name or f"execution {row.id}",
            state=None if row.last_known_state is None else ExecutionState(row.last_known_state).name,
            run=runs.get(row.id),
        )
    return described


def _rows(connection: Connection, table: Table, ids: Collection[int]) -> list[Any]:
    types = schema.node_type
    query = select(table, types.c.name.label("type_name")).join(types, types.c.id == table.c.type_id, isouter=True)
    rows: list[Any] = []
    for some in read.slices(ids):
        rows += connection.execute(query.where(table.c.id.in_(some)))
    return rows


def _names(connection: Connection, table: Table, key: str, ids: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    query = select(table.c[key], table.c.name, table.c.string_value).where(
        table.c.name.in_((names.DISPLAY_NAME, names.TASK_NAME)), table.c.is_custom_property
    )
    for some in read.slices(ids):
        for id_, name, value in connection.execute(query.where(table.c[key].in_(some))):
            found[id_][name] = value
    return found


def _runs(connection: Connection, executions: Collection[int]) -> Mapping[int, str]:
    """By execution: its run's id, which is in the name of the root that `parent_dag_id` leads to.

    Not by the Association table: it has no index that leads from an execution to its contexts.
    """
    parents: dict[int, int] = {}
    todo: Collection[int] = executions
    while todo:
        level = _parents(connection, todo)
        parents.update(level)
        todo = set(level.values()).difference(parents)
    roots = {execution: _root(parents, execution) for execution in executions}
    called = {row.id: row.name or "" for row in _rows(connection, schema.execution, set(roots.values()))}
    return {
        execution: called[root].removeprefix(names.ROOT_PREFIX)
        for execution, root in roots.items()
        if called.get(root, "").startswith(names.ROOT_PREFIX)
    }


def _root(parents: Mapping[int, int], execution: int) -> int:
    seen = {execution}
    while (parent := parents.get(execution)) is not None and parent not in seen:
        seen.add(parent)
        execution = parent
    return execution


def _parents(connection: Connection, executions: Collection[int]) -> Mapping[int, int]:
    table = schema.execution_property
    # No "is not null" here: it would tempt SQLite to its index of all numbers, through the whole store.
    query = select(table.c.execution_id, table.c.int_value).where(
        table.c.name == names.PARENT_DAG_ID, table.c.is_custom_property
    )
    found: dict[int, int] = {}
    for some in read.slices(executions):
        rows = connection.execute(query.where(table.c.execution_id.in_(some)))
        found.update((execution, parent) for execution, parent in rows if parent is not None)
    return found

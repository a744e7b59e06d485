"""Which executions a story is told of: of all, of what a query finds, of one run, of all that an artifact came from."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, Table, select

from claimed_jlab.lineage import read, schema
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.errors import LineageError, UnknownRun
from claimed_jlab.lineage.graph import upstream_ids
from claimed_jlab.lineage.identify import find_artifact
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query.search import MOST_NODES, find
from claimed_jlab.lineage.store import Store


def chosen(
    store: Store, *, query: str | None = None, run_id: str | None = None, artifact: str | None = None
) -> set[int] | None:
    """The executions of the one that is given of the three; None, which stands for all, without any.

    artifact: whatever `find_artifact` resolves. Raises QueryError, UnknownRun, UnknownArtifact, LineageError.
    """
    if sum(map(bool, (query, run_id, artifact))) > 1:
        raise LineageError("give one of query, run and artifact", code="bad-request")
    if run_id:
        return of_run(store, run_id)
    if artifact:
        return of_artifact(store, find_artifact(store, artifact))
    return of_query(store, query) if query else None


def of_run(store: Store, run_id: str) -> set[int]:
    """The executions of a run. Raises UnknownRun."""
    with store.read() as connection:
        ids = [one.id for one in read.contexts(connection, name=run_id) if _is_run(one.type)]
        found = _members(connection, ids)
    if not found:
        raise UnknownRun(f"no run is called {run_id!r}", where=store.location)
    return found


def of_artifact(store: Store, artifact: int) -> set[int]:
    """The executions that an artifact came from. Raises LineageError when there are none."""
    upstream = (node.partition("/") for node in upstream_ids(store, artifact))
    found = {int(number) for kind, _, number in upstream if kind == "execution"}
    if not found:
        raise LineageError("no run made it, so there is nothing to tell", where=f"artifact/{artifact}")
    return found


def of_query(store: Store, query: str) -> set[int]:
    """The executions of the runs in which something is that the query finds. Raises QueryError, LineageError."""
    refs: set[Ref] = set()
    cursor: str | None = None
    while True:
        page = find(store, query, limit=MOST_NODES, cursor=cursor)
        for node in page.nodes:
            kind, _, number = node.id.partition("/")
            refs.add(Ref(Kind[kind.upper()], int(number)))
        cursor = page.next
        if cursor is None:
            break
    with store.read() as connection:
        found = _of_refs(connection, refs)
    if not found:
        raise LineageError("no run has anything that the query finds", where=query)
    return found


def _of_refs(connection: Connection, refs: Collection[Ref]) -> set[int]:
    ids = {kind: {ref.id for ref in refs if ref.kind is kind} for kind in Kind}
    made, used = set[int](), set[int]()
    has_maker = set()
    events = read.events(connection, artifacts=ids[Kind.ARTIFACT])
    for event in events:
        if not event.type.is_input:
            made.add(event.execution_id)
            has_maker.add(event.artifact_id)
    used.update(event.execution_id for event in events if event.artifact_id not in has_maker)
    direct = _members(connection, ids[Kind.CONTEXT])
    executions = ids[Kind.EXECUTION] | made | used
    # Whole runs, not just the tasks in which something was found.
    contexts = _linked(connection, schema.association, "execution_id", executions, "context_id")
    runs = [one.id for one in read.contexts(connection, ids=contexts) if _is_run(one.type)]
    return executions | direct | _members(connection, runs)


def _members(connection: Connection, contexts: Collection[int]) -> set[int]:
    return _linked(connection, schema.association, "context_id", contexts, "execution_id")


def _linked(connection: Connection, table: Table, by: str, values: Collection[int], wanted: str) -> set[int]:
    found: set[int] = set()
    for some in read.slices(values):
        found.update(connection.scalars(select(table.c[wanted]).where(table.c[by].in_(some))))
    return found


def _is_run(type_: str) -> bool:
    return type_.rpartition(".")[2].lower().endswith("run")

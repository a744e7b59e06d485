"""One node in full: what, when, who, with what, and how it stands today."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from claimed_jlab.lineage import names, read, schema
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.compact import Graph
from claimed_jlab.lineage.describe import roots_of
from claimed_jlab.lineage.errors import LineageError, UnknownArtifact
from claimed_jlab.lineage.explore.marks import note_of, tags_of
from claimed_jlab.lineage.explore.model import (
    ContextLink,
    GitState,
    GraphNode,
    NamedNode,
    NodeDetail,
    StaleReason,
)
from claimed_jlab.lineage.explore.nodes import first_makers, graph_nodes
from claimed_jlab.lineage.explore.part import asking, parse_ref, require
from claimed_jlab.lineage.model import Event, Kind
from claimed_jlab.lineage.place import local_path
from claimed_jlab.lineage.stale import same_content, staleness
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.values import Json, Struct, Value, to_json
from claimed_jlab.lineage.versions import Versions

_SAME_SHOWN = 50
_NEIGHBOURS_SHOWN = 500
_METRICS = ("system.Metrics", "system.ClassificationMetrics", "system.SlicedClassificationMetrics")
# Shown in fields of their own, or of no use to a person.
_ELSEWHERE = frozenset(
    {
        names.DISPLAY_NAME, names.TASK_NAME, names.COMPONENT, names.USER, names.DIGEST, names.INPUTS, names.OUTPUTS,
        names.ERROR, names.ENVIRONMENT, names.HOST, names.ENGINE, names.NOTE, names.GIT_COMMIT, names.GIT_BRANCH,
        names.GIT_DIRTY, names.ALSO_INPUTS, names.STORE_SESSION_INFO, names.PARENT_DAG_ID, names.EXECUTED_NOTEBOOK,
        names.SOURCE,
    }
)  # fmt: skip


class UnknownNotebook(LineageError):
    """No executed notebook of that execution is kept."""

    code = "unknown-notebook"


def node_detail(store: Store, text: str) -> NodeDetail:
    """Everything that is known of a node (`artifact/12`). Raises UnknownArtifact, LineageError."""
    ref = parse_ref(text)
    with asking(store) as (connection, graph):
        require(connection, ref)
        detail = _detail(connection, graph, ref)
    if ref.kind is Kind.ARTIFACT:
        _compare_with_today(store, ref, detail)
    return detail


def properties_of(connection: Connection, ref: Ref) -> tuple[Mapping[str, Value | None], int]:
    """All properties of a node, custom ones before those of its type, and when it was changed last."""
    reader: Any = {Kind.ARTIFACT: read.artifacts, Kind.EXECUTION: read.executions, Kind.CONTEXT: read.contexts}
    (node,) = reader[ref.kind](connection, ids=[ref.id])
    return {**node.properties, **node.custom_properties}, node.updated


def artifact_value(store: Store, text: str) -> dict[str, Any]:
    """An artifact as a run's record has it: type, uri, name, digest, size in bytes. Raises UnknownArtifact."""
    ref = parse_ref(text)
    if ref.kind is not Kind.ARTIFACT:
        raise UnknownArtifact(f"{ref} is no artifact")
    with asking(store) as (connection, graph):
        require(connection, ref)
        (node,) = graph_nodes(connection, graph, [ref]).values()
    path = local_path(node.uri)
    return {
        "type": node.type.removeprefix("system."),
        "uri": path.as_uri() if path is not None else node.uri or "",
        "name": node.name,
        "digest": node.digest or "",
        "size": path.stat().st_size if path is not None and path.is_file() else 0,
        "artifact_id": ref.id,
    }


def notebook_path(store: Store, text: str) -> Path:
    """Where the notebook of an execution lies as it was executed. Raises UnknownNotebook, UnknownArtifact."""
    ref = parse_ref(text)
    with asking(store) as (connection, _):
        require(connection, ref)
        path = executed_notebook(connection, ref.id) if ref.kind is Kind.EXECUTION else None
    if path is None:
        raise UnknownNotebook(
            f"of {ref} no executed notebook is kept", hint="it was removed with its run, or never was"
        )
    return path


def notebook_of(store: Store, text: str) -> Path | None:
    """The same; None when there is none."""
    ref = parse_ref(text)
    with asking(store) as (connection, _):
        require(connection, ref)
        return executed_notebook(connection, ref.id) if ref.kind is Kind.EXECUTION else None


def executed_notebook(connection: Connection, execution: int) -> Path | None:
    """Where the notebook lies as the execution left it; of one from the cache, as the first one did."""
    for candidate in (execution, _cached_from(connection, execution)):
        if candidate is not None:
            value = properties_of(connection, Ref(Kind.EXECUTION, candidate))[0].get(names.EXECUTED_NOTEBOOK)
            path = local_path(value) if isinstance(value, str) else None
            if path is not None and path.is_file():
                return path
    return None


def _cached_from(connection: Connection, execution: int) -> int | None:
    value = properties_of(connection, Ref(Kind.EXECUTION, execution))[0].get(names.CACHED_EXECUTION_ID)
    known = int(value) if isinstance(value, str) and value.isdecimal() else None
    table = schema.execution.c
    if known is None or connection.execute(select(table.id).where(table.id == known)).first() is None:
        return None
    return known


def metrics_of(node_type: str, properties: Mapping[str, Value | None]) -> dict[str, float]:
    """The numbers that an artifact was described by; a count of bytes is none of them."""
    return {
        name: float(value)
        for name, value in properties.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and not name.startswith("claimed.")
        if node_type in _METRICS or isinstance(value, float)
    }


def parameters_of(properties: Mapping[str, Value | None], name: str) -> dict[str, Any]:
    """The {name: value} of an execution's `inputs` or `outputs`."""
    value = properties.get(name)
    return dict(value.fields) if isinstance(value, Struct) else {}


def _detail(connection: Connection, graph: Graph | None, ref: Ref) -> NodeDetail:
    properties, updated = properties_of(connection, ref)
    before, after = _neighbours(connection, ref)
    wanted = {ref, *(near for _, near in (*before, *after))}
    nodes = graph_nodes(connection, graph, wanted)
    node, texts = nodes[ref], {name: value for name, value in properties.items() if isinstance(value, str) and value}
    root = _root_properties(connection, ref)
    return NodeDetail(
        node=node,
        updated=updated,
        host=_text(root, names.HOST),
        engine=_text(root, names.ENGINE),
        environment=texts.get(names.ENVIRONMENT),
        git=_git(root),
        error=texts.get(names.ERROR),
        parameters=parameters_of(properties, names.INPUTS),
        outputs=parameters_of(properties, names.OUTPUTS),
        metrics=metrics_of(node.type, properties) if ref.kind is Kind.ARTIFACT else {},
        properties=_others(properties),
        inputs=_named(nodes, before),
        products=_named(nodes, after),
        contexts=_contexts(connection, ref),
        tags=tags_of(properties),
        note=note_of(properties),
        notebook=ref.kind is Kind.EXECUTION and executed_notebook(connection, ref.id) is not None,
        path=_text(root, names.PIPELINE_PATH) if ref.kind is not Kind.ARTIFACT else None,
    )


def _compare_with_today(store: Store, ref: Ref, detail: NodeDetail) -> None:
    path = local_path(detail.node.uri)
    if path is not None:
        detail.path, detail.exists = str(path), path.exists()
        detail.size = path.stat().st_size if path.is_file() else None
    same = [parse_ref(node.id) for node in same_content(store, ref.id)][-_SAME_SHOWN:]
    with asking(store) as (connection, graph):
        described = graph_nodes(connection, graph, same)
        newer = Versions.of(connection, [ref.id]).newer(ref.id)
    detail.newer = None if newer is None else f"artifact/{newer}"
    detail.same = [described[one] for one in same if one in described]
    for stale in staleness(store, ref.id):
        if stale.id == detail.node.id:
            detail.stale = [
                StaleReason(kind=one.kind, name=one.name, was=one.was, now=one.now, text=str(one))
                for one in stale.reasons
            ]


def _neighbours(connection: Connection, ref: Ref) -> tuple[list[tuple[str | None, Ref]], list[tuple[str | None, Ref]]]:
    """What leads to the node, and what it leads to, by the name of the event; the newest of very many."""
    if ref.kind is Kind.CONTEXT:
        return [], []
    if ref.kind is Kind.EXECUTION:
        found = read.events(connection, executions=[ref.id])
        also = read.also_named(connection, names.ALSO_INPUTS, [ref.id]).get(ref.id, {})
        inputs = [(event.name, Ref(Kind.ARTIFACT, event.artifact_id)) for event in _of(found, True)]
        inputs += [(name, Ref(Kind.ARTIFACT, id_)) for name, id_ in also.items() if (name, id_) not in _pairs(found)]
        return _some(inputs), _some((event.name, Ref(Kind.ARTIFACT, event.artifact_id)) for event in _of(found, False))
    found = read.events(connection, artifacts=[ref.id])
    makers = [(event.name, Ref(Kind.EXECUTION, event.execution_id)) for event in _of(found, False)]
    return _some(makers), _some((event.name, Ref(Kind.EXECUTION, event.execution_id)) for event in _of(found, True))


def _of(events: Iterable[Event], inputs: bool) -> list[Event]:
    return [event for event in events if event.type and event.type.is_input is inputs]


def _pairs(events: Iterable[Event]) -> set[tuple[str | None, int]]:
    return {(event.name, event.artifact_id) for event in events}


def _some(found: Iterable[tuple[str | None, Ref]]) -> list[tuple[str | None, Ref]]:
    return list(found)[-_NEIGHBOURS_SHOWN:]


def _named(nodes: Mapping[Ref, GraphNode], found: Iterable[tuple[str | None, Ref]]) -> list[NamedNode]:
    return [NamedNode(name=name, node=nodes[ref]) for name, ref in found if ref in nodes]


def _root_properties(connection: Connection, ref: Ref) -> Mapping[str, Value | None]:
    """What the root execution of the node's run says; of an artifact, of the run that made it first."""
    if ref.kind is Kind.CONTEXT:
        return {}
    execution = ref.id if ref.kind is Kind.EXECUTION else first_makers(connection, [ref.id]).get(ref.id)
    if execution is None:
        return {}
    root = roots_of(connection, [execution])[execution]
    return properties_of(connection, Ref(Kind.EXECUTION, root))[0]


def _text(properties: Mapping[str, Value | None], name: str) -> str | None:
    value = properties.get(name)
    return value if isinstance(value, str) and value else None


def _git(properties: Mapping[str, Value | None]) -> GitState | None:
    commit = _text(properties, names.GIT_COMMIT)
    if commit is None:
        return None
    return GitState(
        commit=commit, branch=_text(properties, names.GIT_BRANCH), dirty=bool(properties.get(names.GIT_DIRTY))
    )


def _others(properties: Mapping[str, Value | None]) -> dict[str, Json]:
    return {
        name: to_json(value)
        for name, value in properties.items()
        if name not in _ELSEWHERE and not name.startswith(names.TAG) and value not in (None, "")
    }


def _contexts(connection: Connection, ref: Ref) -> list[ContextLink]:
    if ref.kind is Kind.CONTEXT:
        link = schema.parent_context.c
        ids: Collection[int] = list(connection.scalars(select(link.parent_context_id).where(link.context_id == ref.id)))
    else:
        # Of an execution as of an artifact, the run is found through its root: Association has no index that leads
        # from a member to its contexts.
        execution = ref.id if ref.kind is Kind.EXECUTION else first_makers(connection, [ref.id]).get(ref.id)
        ids = [] if execution is None else _contexts_of_run(connection, roots_of(connection, [execution])[execution])
    return [
        ContextLink(id=f"context/{one.id}", type=one.type, name=one.name or "")
        for one in read.contexts(connection, ids=ids)
    ]


def _contexts_of_run(connection: Connection, root: int) -> list[int]:
    execution, context, types, link = schema.execution.c, schema.context.c, schema.node_type.c, schema.parent_context.c
    name: str | None = connection.execute(select(execution.name).where(execution.id == root)).scalar()
    if not name or not name.startswith(names.ROOT_PREFIX):
        return []
    type_ids = select(types.id).where(types.name == names.PIPELINE_RUN)
    run = connection.execute(
        select(context.id).where(context.name == name.removeprefix(names.ROOT_PREFIX), context.type_id.in_(type_ids))
    ).scalar()
    if run is None:
        return []
    return [run, *connection.scalars(select(link.parent_context_id).where(link.context_id == run))]

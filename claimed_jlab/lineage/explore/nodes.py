"""Nodes as the explorer shows them, many of them in a few statements: whose they are, how many neighbours they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Literal

from sqlalchemy import Connection, Table, func, or_, select

from claimed_jlab.lineage import names, read, schema
from claimed_jlab.lineage.answer import Node
from claimed_jlab.lineage.closure import INPUTS, OUTPUTS, Ref
from claimed_jlab.lineage.compact import Graph
from claimed_jlab.lineage.describe import describe, roots_of, runs_below
from claimed_jlab.lineage.explore.model import GraphNode
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query.tables import tagged

_SHOWN = (names.TASK_NAME, names.COMPONENT, names.USER, names.DIGEST)
_LINES = {Kind.EXECUTION: "execution_id", Kind.ARTIFACT: "artifact_id", Kind.CONTEXT: "context_id"}
_NODES: Mapping[Kind, tuple[Table, Table]] = {
    Kind.EXECUTION: (schema.execution, schema.execution_property),
    Kind.ARTIFACT: (schema.artifact, schema.artifact_property),
    Kind.CONTEXT: (schema.context, schema.context_property),
}
_WORDS: Mapping[Kind, Literal["artifact", "execution", "context"]] = {
    Kind.EXECUTION: "execution",
    Kind.ARTIFACT: "artifact",
    Kind.CONTEXT: "context",
}
Texts = Mapping[int, Mapping[str, str]]


def graph_nodes(connection: Connection, graph: Graph | None, refs: Collection[Ref]) -> dict[Ref, GraphNode]:
    """Each node as it is shown. graph: the index, which counts neighbours without asking the database."""
    ids = {kind: [ref.id for ref in refs if ref.kind is kind] for kind in Kind}
    makers = first_makers(connection, ids[Kind.ARTIFACT])
    about = _About(connection, {*ids[Kind.EXECUTION], *makers.values()})
    texts = {
        Kind.EXECUTION: about.texts,
        **{kind: texts_of(connection, kind, ids[kind]) for kind in (Kind.ARTIFACT, Kind.CONTEXT)},
    }
    counts = _counts(connection, graph, ids)
    created = {kind: _created(connection, kind, ids[kind]) for kind in Kind}
    described = describe(connection, refs, runs=about.runs).nodes
    runs = _run_contexts(connection, described.values())
    found: dict[Ref, GraphNode] = {}
    for ref, node in described.items():
        kind, id_ = ref
        maker = {Kind.EXECUTION: id_, Kind.ARTIFACT: makers.get(id_)}.get(kind)
        own = texts[kind].get(id_, {})
        up, down = counts[kind].get(id_, (0, 0))
        found[ref] = GraphNode(
            id=node.id,
            kind=_WORDS[kind],
            type=node.type,
            name=node.name,
            uri=node.uri,
            state=node.state,
            created=created[kind].get(id_, 0),
            digest=own.get(names.DIGEST),
            tags=sorted(name.removeprefix(names.TAG) for name in own if name.startswith(names.TAG)),
            up=up,
            down=down,
            **(runs.get(node.id, {}) if kind is Kind.CONTEXT else about.of(maker)),
        )
    return found


def _run_contexts(connection: Connection, nodes: Iterable[Node]) -> dict[str, dict[str, str | None]]:
    """Of the contexts that are runs: which run, and of which pipeline."""
    runs = {node.id: node.name for node in nodes if node.kind == "context" and node.type == names.PIPELINE_RUN}
    pipelines = _pipelines(connection, set(runs.values()))
    return {id_: {"run": run, "pipeline": pipelines.get(run)} for id_, run in runs.items()}


def first_makers(connection: Connection, artifacts: Collection[int]) -> dict[int, int]:
    """By artifact: the first execution that wrote it; those that came later took it from a cache."""
    event = schema.event.c
    query = (
        select(event.artifact_id, func.min(event.execution_id))
        .where(event.type.in_(OUTPUTS))
        .group_by(event.artifact_id)
    )
    found: dict[int, int] = {}
    for some in read.slices(artifacts):
        rows = connection.execute(query.where(event.artifact_id.in_(some)))
        found.update((artifact, execution) for artifact, execution in rows)
    return found


def texts_of(connection: Connection, kind: Kind, ids: Collection[int]) -> Texts:
    """By node: the texts of what is shown of it and the names of its tags."""
    table, key = _NODES[kind][1], _LINES[kind]
    query = select(table.c[key], table.c.name, table.c.string_value).where(
        table.c.is_custom_property, or_(table.c.name.in_(_SHOWN), tagged(table.c.name, connection))
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for some in read.slices(ids):
        for id_, name, value in connection.execute(query.where(table.c[key].in_(some))):
            if value is not None:
                found[id_][name] = value
    return found


class _About:
    """Of executions, what their run says of them."""

    def __init__(self, connection: Connection, executions: Collection[int]) -> None:
        self._roots = roots_of(connection, executions)
        roots = set(self._roots.values())
        self.texts = texts_of(connection, Kind.EXECUTION, {*executions, *roots})
        self.runs = runs_below(connection, self._roots)
        self._pipelines = _pipelines(connection, set(self.runs.values()))

    def of(self, execution: int | None) -> dict[str, str | None]:
        """Run, pipeline, task, component and user of an execution."""
        if execution is None:
            return {}
        own, root = self.texts.get(execution, {}), self._roots.get(execution, execution)
        run = self.runs.get(execution)
        return {
            "run": run,
            "pipeline": self._pipelines.get(run) if run else None,
            "task": own.get(names.TASK_NAME) or None,
            "component": own.get(names.COMPONENT) or None,
            "user": self.texts.get(root, {}).get(names.USER) or None,
        }


def _pipelines(connection: Connection, runs: Collection[str]) -> dict[str, str]:
    """By run: the name of its pipeline."""
    context, parent, link = schema.context, schema.context.alias(), schema.parent_context
    type_ = select(schema.node_type.c.id).where(schema.node_type.c.name == names.PIPELINE_RUN)
    query = (
        select(context.c.name, func.min(parent.c.name))
        .join_from(context, link, link.c.context_id == context.c.id)
        .join(parent, parent.c.id == link.c.parent_context_id)
        .where(context.c.type_id.in_(type_))
        .group_by(context.c.name)
    )
    found: dict[str, str] = {}
    for some in read.slices(runs):
        found.update((row[0], row[1]) for row in connection.execute(query.where(context.c.name.in_(some))))
    return found


def _created(connection: Connection, kind: Kind, ids: Collection[int]) -> dict[int, int]:
    table = _NODES[kind][0].c
    query = select(table.id, table.create_time_since_epoch)
    rows = (connection.execute(query.where(table.id.in_(some))) for some in read.slices(ids))
    return {id_: created for some in rows for id_, created in some}


def _counts(
    connection: Connection, graph: Graph | None, ids: Mapping[Kind, Collection[int]]
) -> dict[Kind, dict[int, tuple[int, int]]]:
    """By kind and node: how many nodes lead directly to it, and to how many it leads."""
    if graph is not None:
        sides = {Kind.ARTIFACT: (graph.makers, graph.readers), Kind.EXECUTION: (graph.read, graph.made)}
        counted = {
            kind: {id_: (len(set(up.of(id_))), len(set(down.of(id_)))) for id_ in ids[kind]}
            for kind, (up, down) in sides.items()
        }
        return {**counted, Kind.CONTEXT: {}}
    event = schema.event.c
    artifacts = _counted(connection, ids[Kind.ARTIFACT], event.artifact_id, event.execution_id, OUTPUTS, INPUTS)
    executions = _counted(connection, ids[Kind.EXECUTION], event.execution_id, event.artifact_id, INPUTS, OUTPUTS)
    return {Kind.ARTIFACT: artifacts, Kind.EXECUTION: executions, Kind.CONTEXT: {}}


def _counted(
    connection: Connection, ids: Iterable[int], near: Any, far: Any, up: list[int], down: list[int]
) -> dict[int, tuple[int, int]]:
    sides: list[dict[int, int]] = [{}, {}]
    for side, types in zip(sides, (up, down), strict=True):
        query = select(near, func.count(far.distinct())).where(schema.event.c.type.in_(types)).group_by(near)
        for some in read.slices(ids):
            side.update((row[0], row[1]) for row in connection.execute(query.where(near.in_(some))))
    return {id_: (sides[0].get(id_, 0), sides[1].get(id_, 0)) for id_ in {*sides[0], *sides[1]}}

"""Where a file was used: the artifacts that it is, and the executions of it as a notebook or a document."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from claimed_jlab.lineage import names, schema
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.explore.model import GraphNode
from claimed_jlab.lineage.explore.nodes import graph_nodes
from claimed_jlab.lineage.explore.part import asking
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.store import Store

MOST = 1000


def used(store: Store, path: Path) -> list[GraphNode]:
    """The artifacts at the path; executions whose notebook lies or lay there; runs of the document. Newest first."""
    with asking(store) as (connection, graph):
        refs = [*_artifacts(connection, path), *_executions(connection, path)]
        found = graph_nodes(connection, graph, refs)
    return sorted(found.values(), key=lambda node: (node.created, node.id), reverse=True)[:MOST]


def _artifacts(connection: Connection, path: Path) -> list[Ref]:
    table = schema.artifact
    places = {str(path), path.as_uri(), str(path.resolve()), path.resolve().as_uri()}
    query = select(table.c.id).where(table.c.uri.in_(places)).order_by(table.c.id.desc()).limit(MOST)
    return [Ref(Kind.ARTIFACT, id_) for id_ in connection.scalars(query)]


def _executions(connection: Connection, path: Path) -> list[Ref]:
    table = schema.execution_property.c
    places = {str(path), str(path.resolve())}
    query = (
        select(table.execution_id)
        .where(table.is_custom_property, table.name.in_((names.SOURCE, names.PIPELINE_PATH)))
        .where(table.string_value.in_(places))
        .order_by(table.execution_id.desc())
        .limit(MOST)
    )
    return [Ref(Kind.EXECUTION, id_) for id_ in connection.scalars(query)]

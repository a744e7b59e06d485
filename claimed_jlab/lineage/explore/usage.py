"""Where a file was used: the artifacts that it is, and the executions of it as a notebook or a document."""

from __future__ import annotations

from pathlib import Path

from blake3 import blake3
from sqlalchemy import Connection, and_, or_, select

from claimed_jlab.lineage import names, schema
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.explore.model import GraphNode
from claimed_jlab.lineage.explore.nodes import graph_nodes
from claimed_jlab.lineage.explore.part import asking
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.store import Store

MOST = 1000
# A larger file is not hashed while somebody waits.
_LARGEST_BYTES = 256 << 20


def used(store: Store, path: Path) -> list[GraphNode]:
    """The artifacts at the path, or that were brought in from there, or with its content; executions whose notebook
    lies or lay there; runs of the document. The newest first.
    """
    digest = _digest(path)
    with asking(store) as (connection, graph):
        refs = dict.fromkeys(
            [*_artifacts(connection, path), *_copies(connection, path, digest), *_executions(connection, path)]
        )
        found = graph_nodes(connection, graph, list(refs))
    return sorted(found.values(), key=lambda node: (node.created, node.id), reverse=True)[:MOST]


def _artifacts(connection: Connection, path: Path) -> list[Ref]:
    table = schema.artifact
    places = {*_places(path), path.as_uri(), path.resolve().as_uri()}
    query = select(table.c.id).where(table.c.uri.in_(places)).order_by(table.c.id.desc()).limit(MOST)
    return [Ref(Kind.ARTIFACT, id_) for id_ in connection.scalars(query)]


def _copies(connection: Connection, path: Path, digest: str | None) -> list[Ref]:
    """Runs keep copies of what they read: these are known by where they were taken from, and by their content."""
    table = schema.artifact_property.c
    same = and_(table.name == names.SOURCE, table.string_value.in_(_places(path)))
    if digest is not None:
        same = or_(same, and_(table.name == names.DIGEST, table.string_value == digest))
    query = select(table.artifact_id).where(table.is_custom_property, same)
    return [Ref(Kind.ARTIFACT, id_) for id_ in connection.scalars(query.order_by(table.artifact_id.desc()).limit(MOST))]


def _digest(path: Path) -> str | None:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            return None
        with path.open("rb") as file:
            hasher = blake3()
            while block := file.read(1 << 20):
                hasher.update(block)
    except OSError:  # gone, or a folder
        return None
    return f"blake3:{hasher.hexdigest()}"


def _places(path: Path) -> set[str]:
    return {str(path), str(path.resolve())}


def _executions(connection: Connection, path: Path) -> list[Ref]:
    table = schema.execution_property.c
    query = (
        select(table.execution_id)
        .where(table.is_custom_property, table.name.in_((names.SOURCE, names.PIPELINE_PATH)))
        .where(table.string_value.in_(_places(path)))
        .order_by(table.execution_id.desc())
        .limit(MOST)
    )
    return [Ref(Kind.EXECUTION, id_) for id_ in connection.scalars(query)]

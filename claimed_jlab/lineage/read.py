"""Reading nodes and edges of an ML Metadata database, whoever wrote it.

All functions take a connection of `Store.read()`, so that several of them see one moment. Long id lists are asked
for in slices, because every database limits the parameters of a statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, select

from claimed_jlab.lineage import schema
from claimed_jlab.lineage.model import (
    Artifact,
    ArtifactState,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    NodeType,
)
from claimed_jlab.lineage.values import PropertyKind, Value, from_columns

T = TypeVar("T", int, str)
SLICE = 500


def slices(items: Iterable[T]) -> Iterator[Sequence[T]]:
    """The items, sorted, in lists short enough for one statement."""
    ordered = sorted(items)
    for start in range(0, len(ordered), SLICE):
        yield ordered[start : start + SLICE]


def artifacts(
    connection: Connection,
    *,
    ids: Collection[int] | None = None,
    type: str | None = None,
    context: int | None = None,
    uri: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Artifact]:
    """Artifacts in the order of their ids, all conditions met. `after` and `limit` page through many."""
    table = schema.artifact
    query = _nodes(table, Kind.ARTIFACT, type, after, limit)
    if uri is not None:
        query = query.where(table.c.uri == uri)
    if context is not None:
        link = schema.attribution
        query = query.join(link, link.c.artifact_id == table.c.id).where(link.c.context_id == context)
    rows = _rows(connection, query, table, ids, limit)
    properties = _properties(connection, schema.artifact_property, "artifact_id", [row.id for row in rows])
    return [
        Artifact(
            **_common(row, properties),
            uri=row.uri,
            state=None if row.state is None else ArtifactState(row.state),
        )
        for row in rows
    ]


def executions(
    connection: Connection,
    *,
    ids: Collection[int] | None = None,
    type: str | None = None,
    context: int | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Execution]:
    """Executions in the order of their ids, all conditions met."""
    table = schema.execution
    query = _nodes(table, Kind.EXECUTION, type, after, limit)
    if context is not None:
        link = schema.association
        query = query.join(link, link.c.execution_id == table.c.id).where(link.c.context_id == context)
    rows = _rows(connection, query, table, ids, limit)
    properties = _properties(connection, schema.execution_property, "execution_id", [row.id for row in rows])
    return [
        Execution(
            **_common(row, properties),
            state=None if row.last_known_state is None else ExecutionState(row.last_known_state),
        )
        for row in rows
    ]


def contexts(
    connection: Connection,
    *,
    ids: Collection[int] | None = None,
    type: str | None = None,
    name: str | None = None,
    after: int = 0,
    limit: int | None = None,
) -> list[Context]:
    """Contexts in the order of their ids, all conditions met."""
    table = schema.context
    query = _nodes(table, Kind.CONTEXT, type, after, limit)
    if name is not None:
        query = query.where(table.c.name == name)
    rows = _rows(connection, query, table, ids, limit)
    properties = _properties(connection, schema.context_property, "context_id", [row.id for row in rows])
    return [Context(**_common(row, properties)) for row in rows]


def events(
    connection: Connection,
    *,
    artifacts: Collection[int] | None = None,
    executions: Collection[int] | None = None,
) -> list[Event]:
    """Events of the artifacts or of the executions (of both when both are given; all when none), with their paths."""
    table = schema.event
    query = select(table).order_by(table.c.id)
    if artifacts is not None and executions is not None:
        wanted = set(executions)
        found = [
            row for row in _sliced(connection, query, table.c.artifact_id, artifacts) if row.execution_id in wanted
        ]
    elif artifacts is not None:
        found = _sliced(connection, query, table.c.artifact_id, artifacts)
    elif executions is not None:
        found = _sliced(connection, query, table.c.execution_id, executions)
    else:
        found = list(connection.execute(query))
    return _events(connection, found)


def events_after(connection: Connection, after: int, limit: int) -> list[Event]:
    """Events with ids above `after`, in the order of their ids, `limit` at most."""
    table = schema.event
    query = select(table).where(table.c.id > after).order_by(table.c.id).limit(limit)
    return _events(connection, connection.execute(query).all())


def _events(connection: Connection, found: Sequence[Any]) -> list[Event]:
    paths = _paths(connection, [row.id for row in found])
    made = [
        Event(
            row.id, row.artifact_id, row.execution_id, EventType(row.type), tuple(paths[row.id]),
            row.milliseconds_since_epoch,
        )
        for row in found
    ]  # fmt: skip
    return sorted(made, key=lambda event: event.id)


def types(connection: Connection, kind: Kind | None = None) -> list[NodeType]:
    """Types with their declared properties, in the order of their ids."""
    table = schema.node_type
    query = select(table).order_by(table.c.id)
    if kind is not None:
        query = query.where(table.c.type_kind == int(kind))
    declared: dict[int, dict[str, PropertyKind]] = defaultdict(dict)
    for row in connection.execute(select(schema.type_property)):
        declared[row.type_id][row.name] = PropertyKind(row.data_type or 0)
    parents = {row.type_id: row.parent_type_id for row in connection.execute(select(schema.parent_type))}
    return [
        NodeType(
            id=row.id,
            name=row.name,
            kind=Kind(row.type_kind),
            version=row.version,
            description=row.description,
            external_id=row.external_id,
            properties=declared.get(row.id, {}),
            parent_type_id=parents.get(row.id),
            input_type=row.input_type,
            output_type=row.output_type,
        )
        for row in connection.execute(query)
    ]


def parent_contexts(connection: Connection) -> list[tuple[int, int]]:
    """All pairs (child, parent) of contexts, sorted."""
    return _pairs(connection, schema.parent_context, "context_id", "parent_context_id")


def associations(connection: Connection) -> list[tuple[int, int]]:
    """All pairs (context, execution), sorted."""
    return _pairs(connection, schema.association, "context_id", "execution_id")


def attributions(connection: Connection) -> list[tuple[int, int]]:
    """All pairs (context, artifact), sorted."""
    return _pairs(connection, schema.attribution, "context_id", "artifact_id")


def also_named(connection: Connection, property: str, ids: Collection[int]) -> dict[int, dict[str, int]]:
    """By execution: the {name: artifact id} kept in the property (`claimed.inputs`)."""
    table = schema.execution_property
    query = select(table).where(table.c.name == property, table.c.is_custom_property)
    found: dict[int, dict[str, int]] = {}
    for row in _sliced(connection, query, table.c.execution_id, ids):
        fields = getattr(from_columns(row), "fields", {})
        found[row.execution_id] = {name: id_ for name, id_ in fields.items() if isinstance(id_, int)}
    return found


def _nodes(table: Table, kind: Kind, type_: str | None, after: int, limit: int | None) -> Select[Any]:
    types = schema.node_type
    query = (
        select(table, types.c.name.label("type_name"))
        .join(types, (types.c.id == table.c.type_id) & (types.c.type_kind == int(kind)), isouter=True)
        .order_by(table.c.id)
    )
    if type_ is not None:
        query = query.where(types.c.name == type_)
    if after:
        query = query.where(table.c.id > after)
    return query if limit is None else query.limit(limit)


def _rows(
    connection: Connection, query: Select[Any], table: Table, ids: Collection[int] | None, limit: int | None
) -> list[Any]:
    if ids is None:
        return list(connection.execute(query))
    return _sliced(connection, query, table.c.id, ids)[:limit]


def _sliced(connection: Connection, query: Select[Any], column: Any, values: Collection[int]) -> list[Any]:
    rows: list[Any] = []
    for some in slices(values):
        rows += connection.execute(query.where(column.in_(some))).all()
    return rows


def _properties(
    connection: Connection, table: Table, key: str, ids: Collection[int]
) -> dict[int, tuple[dict[str, Value | None], dict[str, Value | None]]]:
    found: dict[int, tuple[dict[str, Value | None], dict[str, Value | None]]] = defaultdict(lambda: ({}, {}))
    query = select(table).order_by(table.c[key], table.c.name)
    for row in _sliced(connection, query, table.c[key], ids):
        found[getattr(row, key)][1 if row.is_custom_property else 0][row.name] = from_columns(row)
    return found


def _common(row: Any, properties: dict[int, tuple[dict[str, Value | None], dict[str, Value | None]]]) -> dict[str, Any]:
    own, custom = properties[row.id]
    return {
        "id": row.id,
        "type_id": row.type_id,
        "type": row.type_name or "",
        "name": row.name,
        "external_id": row.external_id,
        "created": row.create_time_since_epoch,
        "updated": row.last_update_time_since_epoch,
        "properties": own,
        "custom_properties": custom,
    }


def _paths(connection: Connection, ids: Collection[int]) -> dict[int, list[str | int]]:
    table = schema.event_path
    found: dict[int, list[str | int]] = defaultdict(list)
    for row in _sliced(connection, select(table), table.c.event_id, ids):
        found[row.event_id].append(row.step_index if row.is_index_step else row.step_key)
    return found


def _pairs(connection: Connection, table: Table, first: str, second: str) -> list[tuple[int, int]]:
    rows = connection.execute(select(table.c[first], table.c[second]).order_by(table.c[first], table.c[second]))
    return [(row[0], row[1]) for row in rows]

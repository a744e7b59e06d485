"""Writing nodes and edges into an ML Metadata database, inside a transaction of the caller.

The database has no foreign keys and its Type table no uniqueness, so each function looks before it writes; under
`Store.write` nobody else can write in between. Statements are built once: SQLAlchemy compiles each one time.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update

from claimed_jlab.lineage import schema
from claimed_jlab.lineage.limits import fitted, path_rows, require_uri
from claimed_jlab.lineage.model import ArtifactState, EventType, ExecutionState, Kind
from claimed_jlab.lineage.values import PropertyKind, Value, clean, to_columns

_TABLES: Mapping[Kind, tuple[Table, Table, str]] = {
    Kind.EXECUTION: (schema.execution, schema.execution_property, "execution_id"),
    Kind.ARTIFACT: (schema.artifact, schema.artifact_property, "artifact_id"),
    Kind.CONTEXT: (schema.context, schema.context_property, "context_id"),
}
_INSERT = {table: insert(table) for table in schema.metadata.tables.values()}
_BY_EXTERNAL_ID = {
    kind: select(table.c.id).where(table.c.external_id == bindparam("external_id"))
    for kind, (table, _, _) in _TABLES.items()
}
_BY_NAME = {
    kind: select(table.c.id).where(table.c.type_id == bindparam("type_id"), table.c.name == bindparam("name"))
    for kind, (table, _, _) in _TABLES.items()
}
_TYPE = (
    select(schema.node_type.c.id)
    .where(
        schema.node_type.c.name == bindparam("name"),
        schema.node_type.c.type_kind == bindparam("kind"),
        schema.node_type.c.version.is_(None),
    )
    .order_by(schema.node_type.c.id)
)
_FORGET = {
    kind: delete(table).where(
        table.c[key] == bindparam("node"),
        table.c.is_custom_property,
        table.c.name.in_(bindparam("names", expanding=True)),
    )
    for kind, (_, table, key) in _TABLES.items()
}
_TOUCH = {
    kind: update(table).where(table.c.id == bindparam("node")).values(last_update_time_since_epoch=bindparam("now"))
    for kind, (table, _, _) in _TABLES.items()
}
_UPDATE = _TOUCH[Kind.EXECUTION].values(last_known_state=bindparam("state"))
_LINKS = {
    table: select(table.c.context_id, table.c[member]).where(
        table.c.context_id.in_(bindparam("contexts", expanding=True)),
        table.c[member].in_(bindparam("members", expanding=True)),
    )
    for table, member in ((schema.association, "execution_id"), (schema.attribution, "artifact_id"))
}
_LONGEST, _HEAD = 255, 200
_moment: ContextVar[int] = ContextVar("lineage_moment", default=0)


def now() -> int:
    """Milliseconds since 1970; of an entry that is applied later, when it was written."""
    return _moment.get() or time.time_ns() // 1_000_000


@contextlib.contextmanager
def at_moment(milliseconds: int) -> Iterator[None]:
    """Everything written within was made at that time."""
    token = _moment.set(milliseconds)
    try:
        yield
    finally:
        _moment.reset(token)


def fit(text: str) -> str:
    """A name that every database's VARCHAR(255) takes: a longer one keeps its head and a hash of the whole.

    MySQL's counts bytes (see `mysql.py`), the others' count characters.
    """
    text = clean(text)
    if len(text) * 4 <= _LONGEST or len(whole := text.encode()) <= _LONGEST:
        return text
    return f"{whole[:_HEAD].decode(errors='ignore')}…{hashlib.sha256(whole).hexdigest()[:32]}"


def ensure_type(
    connection: Connection, kind: Kind, name: str, properties: Mapping[str, PropertyKind] | None = None
) -> int:
    """The id of the unversioned type, made when absent; `properties` are added to it."""
    found = known_type(connection, kind, name)
    if found is None:
        found = _insert(connection, schema.node_type, {"name": fit(name), "type_kind": int(kind)})
    if properties:
        table = schema.type_property
        known = set(connection.scalars(select(table.c.name).where(table.c.type_id == found)))
        rows = [
            {"type_id": found, "name": key, "data_type": int(data_type)}
            for key, data_type in properties.items()
            if key not in known
        ]
        if rows:
            connection.execute(_INSERT[table], rows)
    return found


def known_type(connection: Connection, kind: Kind, name: str) -> int | None:
    """The id of the unversioned type, where there is one."""
    found: int | None = connection.execute(_TYPE, {"name": name, "kind": int(kind)}).scalar()
    return found


def by_external_id(connection: Connection, kind: Kind, external_id: str) -> int | None:
    """The id of the node with that external id."""
    found: int | None = connection.execute(_BY_EXTERNAL_ID[kind], {"external_id": fit(external_id)}).scalar()
    return found


def by_name(connection: Connection, kind: Kind, type_id: int, name: str) -> int | None:
    """The id of the node with that type and name, which together are unique."""
    found: int | None = connection.execute(_BY_NAME[kind], {"type_id": type_id, "name": fit(name)}).scalar()
    return found


def put_artifact(
    connection: Connection,
    type_id: int,
    uri: str,
    *,
    external_id: str | None = None,
    name: str | None = None,
    state: ArtifactState = ArtifactState.LIVE,
    properties: Mapping[str, Value] | None = None,
    custom: Mapping[str, Value] | None = None,
    contexts: Iterable[int] = (),
) -> int:
    """Add an artifact, in the contexts from the beginning, and return its id."""
    fields = {
        "uri": require_uri(clean(uri), connection.dialect.name),
        "state": int(state),
        **_common(type_id, name, external_id),
    }
    artifact = _put_node(connection, Kind.ARTIFACT, fields, properties, custom)
    _insert_links(connection, schema.attribution, "artifact_id", [(context, artifact) for context in contexts])
    return artifact


def put_execution(
    connection: Connection,
    type_id: int,
    state: ExecutionState,
    *,
    external_id: str | None = None,
    name: str | None = None,
    properties: Mapping[str, Value] | None = None,
    custom: Mapping[str, Value] | None = None,
    contexts: Iterable[int] = (),
) -> int:
    """Add an execution, in the contexts from the beginning, and return its id."""
    fields = {"last_known_state": int(state), **_common(type_id, name, external_id)}
    execution = _put_node(connection, Kind.EXECUTION, fields, properties, custom)
    _insert_links(connection, schema.association, "execution_id", [(context, execution) for context in contexts])
    return execution


def put_context(
    connection: Connection,
    type_id: int,
    name: str,
    *,
    external_id: str | None = None,
    properties: Mapping[str, Value] | None = None,
    custom: Mapping[str, Value] | None = None,
) -> int:
    """Add a context, or return the id of the one that has this type and name."""
    found = by_name(connection, Kind.CONTEXT, type_id, name)
    if found is not None:
        return found
    return _put_node(connection, Kind.CONTEXT, _common(type_id, name, external_id), properties, custom)


def update_execution(
    connection: Connection, execution: int, state: ExecutionState, custom: Mapping[str, Value]
) -> None:
    """Set the state and some custom properties of an execution; others that it has stay."""
    _replace_custom(connection, Kind.EXECUTION, execution, custom, ())
    connection.execute(_UPDATE, {"node": execution, "state": int(state), "now": now()})


def put_custom(
    connection: Connection, kind: Kind, node: int, custom: Mapping[str, Value], without: Collection[str] = ()
) -> None:
    """Set some custom properties of a node, and take away those `without`; others that it has stay."""
    _replace_custom(connection, kind, node, custom, without)
    connection.execute(_TOUCH[kind], {"node": node, "now": now()})


def put_event(
    connection: Connection, artifact: int, execution: int, type_: EventType, path: Sequence[str | int]
) -> None:
    """Add an edge. Raises IntegrityError when this pair already has one of this type."""
    event = _insert(
        connection,
        schema.event,
        {"artifact_id": artifact, "execution_id": execution, "type": int(type_), "milliseconds_since_epoch": now()},
    )
    if path:
        connection.execute(_INSERT[schema.event_path], path_rows(event, path, connection.dialect.name))


def associate(connection: Connection, contexts: Collection[int], executions: Collection[int]) -> None:
    """Put the executions into the contexts, where they aren't yet."""
    _link(connection, schema.association, "execution_id", contexts, executions)


def attribute(connection: Connection, contexts: Collection[int], artifacts: Collection[int]) -> None:
    """Put the artifacts into the contexts, where they aren't yet."""
    _link(connection, schema.attribution, "artifact_id", contexts, artifacts)


def put_parent_context(connection: Connection, child: int, parent: int) -> None:
    """Put the child context under the parent, if it isn't yet."""
    table = schema.parent_context
    pair = {"context_id": child, "parent_context_id": parent}
    same = select(table.c.context_id).where(table.c.context_id == child, table.c.parent_context_id == parent)
    if connection.execute(same).first() is None:
        connection.execute(_INSERT[table], pair)


def _common(type_id: int, name: str | None, external_id: str | None) -> dict[str, object]:
    moment = now()
    return {
        "type_id": type_id,
        "name": None if name is None else fit(name),
        "external_id": None if external_id is None else fit(external_id),
        "create_time_since_epoch": moment,
        "last_update_time_since_epoch": moment,
    }


def _put_node(
    connection: Connection,
    kind: Kind,
    fields: Mapping[str, object],
    properties: Mapping[str, Value] | None,
    custom: Mapping[str, Value] | None,
) -> int:
    node = _insert(connection, _TABLES[kind][0], fields)
    _insert_properties(connection, kind, node, properties or {}, False)
    _insert_properties(connection, kind, node, custom or {}, True)
    return node


def _insert(connection: Connection, table: Table, fields: Mapping[str, object]) -> int:
    key = connection.execute(_INSERT[table], fields).inserted_primary_key
    assert key is not None
    return int(key[0])


def _insert_properties(
    connection: Connection, kind: Kind, node: int, values: Mapping[str, Value], custom: bool
) -> None:
    _, table, key = _TABLES[kind]
    dialect = connection.dialect.name
    rows = [
        {key: node, "name": name, "is_custom_property": custom, **fitted(to_columns(value), name, dialect)}
        for name, value in ((fit(name), value) for name, value in values.items())
    ]
    if rows:
        connection.execute(_INSERT[table], rows)


def _replace_custom(
    connection: Connection, kind: Kind, node: int, custom: Mapping[str, Value], without: Collection[str]
) -> None:
    names = [fit(name) for name in (*custom, *without)]
    if names:
        connection.execute(_FORGET[kind], {"node": node, "names": names})
    _insert_properties(connection, kind, node, custom, True)


def _link(
    connection: Connection, table: Table, member: str, contexts: Collection[int], members: Collection[int]
) -> None:
    if not contexts or not members:
        return
    known = connection.execute(_LINKS[table], {"contexts": list(contexts), "members": list(members)})
    wanted = {(context, node) for context in contexts for node in members}
    missing = wanted.difference((row[0], row[1]) for row in known)
    _insert_links(connection, table, member, sorted(missing))


def _insert_links(connection: Connection, table: Table, member: str, pairs: Iterable[tuple[int, int]]) -> None:
    rows = [{"context_id": context, member: node} for context, node in pairs]
    if rows:
        connection.execute(_INSERT[table], rows)

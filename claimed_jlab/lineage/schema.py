"""ML Metadata's database schema, version 10, as the official library makes it.

Fifteen tables, twenty-four indexes, nine base types, no foreign keys: integrity is the writer's duty
(`write.py`). Names are unquoted on purpose: SQLite and MySQL keep their capitals, PostgreSQL folds them to
lower case, and that is what the official library does on each of them.

A property is a row of (node, name, custom or declared by the type) with one value column filled.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.mysql import MEDIUMBLOB, MEDIUMTEXT, TINYINT
from sqlalchemy.sql import quoted_name
from sqlalchemy.types import TypeEngine, UserDefinedType

from claimed_jlab.lineage.names import SCHEMA_VERSION

# (id, name, kind): the library inserts them into every new store and relies on their ids.
BASE_TYPES = (
    (1, "mlmd.Dataset", 1),
    (2, "mlmd.Model", 1),
    (3, "mlmd.Metrics", 1),
    (4, "mlmd.Statistics", 1),
    (5, "mlmd.Train", 0),
    (6, "mlmd.Transform", 0),
    (7, "mlmd.Process", 0),
    (8, "mlmd.Evaluate", 0),
    (9, "mlmd.Deploy", 0),
)

metadata = MetaData()


class _Declared(UserDefinedType[Any]):
    """A column type spelled as the library spells it in SQLite, where the spelling is all there is."""

    cache_ok = True

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling

    def get_col_spec(self, **_: object) -> str:
        return self.spelling


_INT: TypeEngine[Any] = Integer().with_variant(_Declared("INT"), "sqlite")
# Milliseconds since 1970 need eight bytes. A user's integers have four on servers, and `limits.py` sees to the rest.
_LONG: TypeEngine[Any] = BigInteger().with_variant(_Declared("INT"), "sqlite")
_FLAG: TypeEngine[Any] = Boolean().with_variant(_Declared("TINYINT(1)"), "sqlite")
_KIND: TypeEngine[Any] = (
    SmallInteger().with_variant(_Declared("TINYINT(1)"), "sqlite").with_variant(TINYINT(1), "mysql", "mariadb")
)
_DOUBLE: TypeEngine[Any] = Double().with_variant(_Declared("DOUBLE"), "sqlite")
_BOOL: TypeEngine[Any] = Boolean().with_variant(_Declared("BOOLEAN"), "sqlite")
_LONG_TEXT: TypeEngine[Any] = Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")
_BYTES: TypeEngine[Any] = LargeBinary().with_variant(MEDIUMBLOB(), "mysql", "mariadb")


def _table(name: str, *parts: Any, counted: bool = False) -> Table:
    # AUTOINCREMENT: an id is never given twice, even after a deletion.
    return Table(quoted_name(name, quote=False), metadata, *parts, sqlite_autoincrement=counted)


def _unique(name: str, *columns: str) -> UniqueConstraint:
    return UniqueConstraint(*columns, name=quoted_name(name, quote=False))


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, nullable=True)


def _key(name: str, kind: TypeEngine[Any] = _INT) -> Column[Any]:
    return Column(name, kind, primary_key=True, nullable=False, autoincrement=False)


def _times() -> tuple[Column[int], Column[int]]:
    return (
        Column("create_time_since_epoch", _LONG, nullable=False, server_default=text("0")),
        Column("last_update_time_since_epoch", _LONG, nullable=False, server_default=text("0")),
    )


def _properties(node: str) -> Table:
    return _table(
        f"{node}Property",
        _key(f"{node.lower()}_id"),
        _key("name", String(255)),
        _key("is_custom_property", _FLAG),
        Column("int_value", _INT),
        Column("double_value", _DOUBLE),
        Column("string_value", _LONG_TEXT),
        Column("byte_value", _BYTES),
        Column("proto_value", _BYTES),
        Column("bool_value", _BOOL),
    )


node_type = _table(
    "Type",
    _id(),
    Column("name", String(255), nullable=False),
    Column("version", String(255)),
    Column("type_kind", _KIND, nullable=False),
    Column("description", Text),
    Column("input_type", Text),
    Column("output_type", Text),
    Column("external_id", String(255), unique=True),
    counted=True,
)
parent_type = _table("ParentType", _key("type_id"), _key("parent_type_id"))
type_property = _table(
    "TypeProperty", _key("type_id"), _key("name", String(255)), Column("data_type", _INT, nullable=True)
)
artifact = _table(
    "Artifact",
    _id(),
    Column("type_id", _INT, nullable=False),
    Column("uri", Text),
    Column("state", _INT),
    Column("name", String(255)),
    Column("external_id", String(255), unique=True),
    *_times(),
    _unique("UniqueArtifactTypeName", "type_id", "name"),
    counted=True,
)
artifact_property = _properties("Artifact")
execution = _table(
    "Execution",
    _id(),
    Column("type_id", _INT, nullable=False),
    Column("last_known_state", _INT),
    Column("name", String(255)),
    Column("external_id", String(255), unique=True),
    *_times(),
    _unique("UniqueExecutionTypeName", "type_id", "name"),
    counted=True,
)
execution_property = _properties("Execution")
context = _table(
    "Context",
    _id(),
    Column("type_id", _INT, nullable=False),
    Column("name", String(255), nullable=False),
    Column("external_id", String(255), unique=True),
    *_times(),
    UniqueConstraint("type_id", "name"),
    counted=True,
)
context_property = _properties("Context")
parent_context = _table("ParentContext", _key("context_id"), _key("parent_context_id"))
event = _table(
    "Event",
    _id(),
    Column("artifact_id", _INT, nullable=False),
    Column("execution_id", _INT, nullable=False),
    Column("type", _INT, nullable=False),
    Column("milliseconds_since_epoch", _LONG),
    _unique("UniqueEvent", "artifact_id", "execution_id", "type"),
    counted=True,
)
event_path = _table(
    "EventPath",
    Column("event_id", _INT, nullable=False),
    Column("is_index_step", _FLAG, nullable=False),
    Column("step_index", _INT),
    Column("step_key", Text),
)
association = _table(
    "Association",
    _id(),
    Column("context_id", _INT, nullable=False),
    Column("execution_id", _INT, nullable=False),
    UniqueConstraint("context_id", "execution_id"),
    counted=True,
)
attribution = _table(
    "Attribution",
    _id(),
    Column("context_id", _INT, nullable=False),
    Column("artifact_id", _INT, nullable=False),
    UniqueConstraint("context_id", "artifact_id"),
    counted=True,
)
mlmd_env = _table("MLMDEnv", Column("schema_version", Integer, primary_key=True, nullable=True, autoincrement=False))


def _index_nodes() -> None:
    Index("idx_artifact_uri", artifact.c.uri, mysql_length={"uri": 255})
    for table in (artifact, execution, context):
        name = table.name.lower()
        for column in ("create_time_since_epoch", "last_update_time_since_epoch", "external_id"):
            Index(f"idx_{name}_{column}", table.c[column])
    Index("idx_type_name", node_type.c.name)
    Index("idx_type_external_id", node_type.c.external_id)
    Index("idx_event_execution_id", event.c.execution_id)
    Index("idx_eventpath_event_id", event_path.c.event_id)
    Index("idx_parentcontext_parent_context_id", parent_context.c.parent_context_id)


def _index_properties() -> None:
    for node, table in (
        ("artifact", artifact_property),
        ("execution", execution_property),
        ("context", context_property),
    ):
        for kind in ("int", "double", "string"):
            value = table.c[f"{kind}_value"]
            Index(
                f"idx_{node}_property_{kind}",
                table.c.name,
                table.c.is_custom_property,
                value,
                sqlite_where=value.is_not(None),
                mysql_length={"string_value": 255} if kind == "string" else None,
            )


_index_nodes()
_index_properties()


def create(connection: Connection) -> None:
    """Make what is missing of the schema, its base types and, last of all, its version."""
    metadata.create_all(connection, checkfirst=connection.dialect.name != "sqlite")
    known = set(connection.scalars(select(node_type.c.id)))
    base = [{"id": id_, "name": name, "type_kind": kind} for id_, name, kind in BASE_TYPES if id_ not in known]
    if base:
        connection.execute(insert(node_type), base)
    if connection.dialect.name == "postgresql":
        # Rows with ids of their own leave its counter behind.
        connection.execute(select(func.setval("type_id_seq", len(BASE_TYPES))))
    connection.execute(insert(mlmd_env).values(schema_version=SCHEMA_VERSION))

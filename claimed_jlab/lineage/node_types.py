"""Types of nodes in full: with a version, a description, a base type and declared properties.

Our own recorder needs none of that (`write.ensure_type`); what other programs wrote does.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from claimed_jlab.lineage import schema
from claimed_jlab.lineage.model import Kind, NodeType
from claimed_jlab.lineage.write import fit


def find_type(connection: Connection, kind: Kind, name: str, version: str | None) -> int | None:
    """The id of the type with that name and version."""
    table = schema.node_type.c
    same_version = table.version.is_(None) if version is None else table.version == version
    query = select(table.id).where(table.name == name, table.type_kind == int(kind), same_version).order_by(table.id)
    found: int | None = connection.execute(query.limit(1)).scalar()
    return found


def put_type(connection: Connection, wanted: NodeType, parent: int | None = None) -> int:
    """The id of the type with the name, the kind and the version, made when absent.

    What it lacks is added: declared properties, a base type (`parent`, its id), a description; what it has stays.
    """
    found = find_type(connection, wanted.kind, fit(wanted.name), wanted.version)
    if found is None:
        fields = {
            "name": fit(wanted.name),
            "type_kind": int(wanted.kind),
            "version": wanted.version,
            "description": wanted.description,
            "input_type": wanted.input_type,
            "output_type": wanted.output_type,
            "external_id": None if _is_taken(connection, wanted.external_id) else wanted.external_id,
        }
        key = connection.execute(insert(schema.node_type).values(fields)).inserted_primary_key
        assert key is not None
        found = int(key[0])
    elif wanted.description is not None:
        table = schema.node_type
        lacks = (table.c.id == found) & table.c.description.is_(None)
        connection.execute(update(table).where(lacks).values(description=wanted.description))
    _add_properties(connection, found, wanted)
    if parent is not None:
        _add_parent(connection, found, parent)
    return found


def differing_properties(connection: Connection, id_: int, wanted: NodeType) -> list[str]:
    """Properties that the type declares as another kind of value than wanted."""
    table = schema.type_property
    query = select(table.c.name, table.c.data_type).where(table.c.type_id == id_)
    known = {row.name: row.data_type for row in connection.execute(query)}
    return sorted(name for name, kind in wanted.properties.items() if known.get(name, int(kind)) != int(kind))


def _is_taken(connection: Connection, external_id: str | None) -> bool:
    table = schema.node_type.c
    query = select(table.id).where(table.external_id == external_id)
    return external_id is not None and connection.execute(query).first() is not None


def _add_properties(connection: Connection, id_: int, wanted: NodeType) -> None:
    table = schema.type_property
    known = set(connection.scalars(select(table.c.name).where(table.c.type_id == id_)))
    rows = [
        {"type_id": id_, "name": fit(name), "data_type": int(kind)}
        for name, kind in wanted.properties.items()
        if fit(name) not in known
    ]
    if rows:
        connection.execute(insert(table), rows)


def _add_parent(connection: Connection, id_: int, parent: int) -> None:
    table = schema.parent_type
    if connection.execute(select(table.c.type_id).where(table.c.type_id == id_)).first() is None:
        connection.execute(insert(table).values(type_id=id_, parent_type_id=parent))

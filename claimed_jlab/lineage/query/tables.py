"""The tables of each kind of node, and the two shapes of condition that everything is made of."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, Table, and_, bindparam, false, func, select

from claimed_jlab.lineage import names, schema
from claimed_jlab.lineage.model import Kind


@dataclass(frozen=True, slots=True)
class Tables:
    """node: the kind's own table.  property: that of its properties.  key: the latter's column with the node's id.

    link, member: what puts nodes into contexts, and its column with the node's id; None for contexts.
    """

    node: Table
    property: Table
    key: ColumnElement[int]
    link: Table | None
    member: ColumnElement[int] | None

    def having(self, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """Whether a node has a property for which all of the conditions hold."""
        found: ColumnElement[bool] = self.node.c.id.in_(select(self.key).where(*conditions))
        return found

    def inside(self, contexts: Select[Any]) -> ColumnElement[bool]:
        """Whether a node belongs to one of the contexts; a context belongs to itself."""
        if self.link is None or self.member is None:
            found: ColumnElement[bool] = self.node.c.id.in_(contexts)
        else:
            found = self.node.c.id.in_(select(self.member).where(self.link.c.context_id.in_(contexts)))
        return found


TABLES = {
    Kind.EXECUTION: Tables(
        schema.execution,
        schema.execution_property,
        schema.execution_property.c.execution_id,
        schema.association,
        schema.association.c.execution_id,
    ),
    Kind.ARTIFACT: Tables(
        schema.artifact,
        schema.artifact_property,
        schema.artifact_property.c.artifact_id,
        schema.attribution,
        schema.attribution.c.artifact_id,
    ),
    Kind.CONTEXT: Tables(schema.context, schema.context_property, schema.context_property.c.context_id, None, None),
}


def among(column: ColumnElement[int], ids: Collection[int], dialect: str) -> ColumnElement[bool]:
    """Whether the column's number is one of many."""
    if not ids:
        return false()
    many = dialect != "sqlite"
    return _among(column, bindparam(None, given(ids, dialect), expanding=many, literal_execute=many))


def among_given(column: ColumnElement[int], dialect: str) -> ColumnElement[bool]:
    """The same, in a statement that is built once and executed with `{"ids": given(ids, dialect)}`."""
    many = dialect != "sqlite"
    return _among(column, bindparam("ids", expanding=many, literal_execute=many))


def _among(column: ColumnElement[int], numbers: BindParameter[Any]) -> ColumnElement[bool]:
    if numbers.expanding:
        return column.in_(numbers)
    # As one JSON text: SQLite limits both the parameters and the length of a statement.
    return column.in_(select(func.json_each(numbers).table_valued("value").c.value))


def given(ids: Collection[int], dialect: str) -> object:
    """Numbers as `among_given` takes them."""
    return json.dumps(sorted(ids), separators=(",", ":")) if dialect == "sqlite" else sorted(ids)


def tagged(name: ColumnElement[str], connection: Connection) -> ColumnElement[bool]:
    """Whether the name of a property is a tag's."""
    if connection.dialect.name == "sqlite":
        # Texts in a row: "/" comes after "." and nothing between them. Other databases may sort by a language.
        return and_(name >= names.TAG, name < names.TAG[:-1] + "/")
    return name.startswith(names.TAG, autoescape=True)


def distinct(
    connection: Connection,
    column: ColumnElement[Any],
    *conditions: ColumnElement[bool],
    after: str = "",
    most: int = 500,
) -> Iterator[str]:
    """The different texts of a column, in order: by one step through an index for each, however often it occurs.

    after: where to begin; itself not among them.
    """
    query = select(func.min(column)).where(*conditions, column > bindparam("after"))
    for _ in range(most):
        found: str | None = connection.execute(query, {"after": after}).scalar()
        if found is None:
            return
        yield found
        after = found

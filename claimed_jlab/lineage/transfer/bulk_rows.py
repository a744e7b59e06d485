"""Many rows in few statements, with the ids that the database gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from claimed_jlab.lineage.read import slices

_SOME = 500


def insert_counted(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], unique: Sequence[str]
) -> list[int]:
    """Inserts rows that get an id from the database; gives the ids in the same order.

    unique: columns by which a row is told from all others of these.
    """
    if not connection.dialect.insert_executemany_returning:
        return [_insert(connection, table, row) for row in rows]
    statement = insert(table).returning(table.c.id, *(table.c[name] for name in unique))
    ids: dict[tuple[Any, ...], int] = {}
    for start in range(0, len(rows), _SOME):
        for found in connection.execute(statement, list(rows[start : start + _SOME])):
            ids[tuple(found[1:])] = found[0]
    return [ids[tuple(row[name] for name in unique)] for row in rows]


def _insert(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    key = connection.execute(insert(table), row).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows without one."""
    if rows:
        connection.execute(insert(table), list(rows))


def known_pairs(
    connection: Connection, table: Table, first: str, second: str, pairs: Collection[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Those of the pairs that the table has."""
    found: set[tuple[int, int]] = set()
    by_second: Iterable[int] = {pair[1] for pair in pairs}
    wanted = set(pairs)
    query = select(table.c[first], table.c[second])
    for some in slices(by_second):
        rows = connection.execute(query.where(table.c[second].in_(some)))
        found.update((row[0], row[1]) for row in rows if (row[0], row[1]) in wanted)
    return found

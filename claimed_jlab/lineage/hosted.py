"""What PostgreSQL and MySQL have in common as homes of a lineage store: how one is recognised, made and refused.

A database that is empty becomes a store, once, whoever comes first. One that holds other tables and no schema
version of ML Metadata is another program's, and stays as it is. MySQL can't make tables in a transaction: the version
is written last, and what a killed program left (our own tables, all empty, without a version) is completed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import URL, Connection, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError

from claimed_jlab.lineage import schema
from claimed_jlab.lineage.errors import LineageError, NewerStore, NotAStore, OlderStore, StoreUnavailable
from claimed_jlab.lineage.location import shown
from claimed_jlab.lineage.names import SCHEMA_VERSION

CONNECT_SECONDS = 10
_OURS = frozenset(name.lower() for name in schema.metadata.tables)
# A database of ML Metadata before it knew versions.
_FIRST_TABLES = frozenset({"artifact", "event", "execution", "type"})
_EXTERNAL_ID = "external_id"


def parse(location: str) -> URL:
    """Raises StoreUnavailable for a URL that is none; the message holds no password."""
    where = shown(location)
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):
        url = None
    if url is None or "@" in (url.host or ""):
        raise StoreUnavailable(
            "the URL of the lineage store can't be read",
            where=where,
            hint="it looks like postgresql://user@host:5432/database, with %40 and %2F for @ and / in a password",
        )
    if not url.database:
        raise StoreUnavailable("the URL of the lineage store names no database", where=where)
    return url


def driver_missing(where: str, extra: str) -> StoreUnavailable:
    """The driver of the database is not installed."""
    return StoreUnavailable(
        f"the driver for {extra} is not installed", where=where, hint=f"pip install 'claimed_jlab[{extra}]'"
    )


def too_old(where: str, product: str, version: tuple[Any, ...], least: tuple[int, ...]) -> StoreUnavailable:
    """The server is older than what is supported."""
    has, needs = (".".join(map(str, parts)) for parts in (version[: len(least)], least))
    return StoreUnavailable(
        f"{product} {has} is too old for a lineage store", where=where, hint=f"use {needs} or newer"
    )


def prepare(
    connection: Connection,
    where: str,
    create: Callable[[], AbstractContextManager[Connection]],
) -> None:
    """Make the store in an empty database, or make sure that there is one of our version.

    create: a connection that nobody else has at the same time, to make tables with.
    Raises NotAStore, NewerStore or OlderStore; such a database stays as it is.
    """
    if _is_new(connection):
        # What was looked at stays locked until the transaction ends, and may be what another one wants to make.
        connection.rollback()
        with create() as alone:
            # Another process may have been faster.
            if _is_new(alone):
                schema.create(alone)
            examine(alone, where)
    else:
        examine(connection, where)


def _tables(connection: Connection) -> dict[str, str]:
    """Tables and views of the database, by their names in lower case, as it spells them."""
    inspector = inspect(connection)
    return {name.lower(): name for name in (*inspector.get_view_names(), *inspector.get_table_names())}


def _is_new(connection: Connection) -> bool:
    """Whether the database is empty, or holds only what a program left that died while it made the store."""
    spelled = _tables(connection)
    if not spelled:
        return True
    if connection.dialect.name == "postgresql":
        return False  # there tables are made all at once
    if not spelled.keys() <= _OURS or _version(connection, spelled) is not None:
        return False
    for table in schema.metadata.sorted_tables:
        if table.name.lower() not in spelled:
            continue
        if table is schema.node_type:
            columns = {column["name"] for column in inspect(connection).get_columns(spelled["type"])}
            if _EXTERNAL_ID not in columns or (_highest_type(connection) or 0) > len(schema.BASE_TYPES):
                return False
        elif connection.execute(select(1).select_from(table).limit(1)).first() is not None:
            return False
    return True


def _highest_type(connection: Connection) -> int | None:
    return connection.execute(select(func.max(schema.node_type.c.id))).scalar()


def _version(connection: Connection, spelled: Mapping[str, str]) -> int | None:
    if "mlmdenv" not in spelled:
        return None
    columns = {column["name"].lower() for column in inspect(connection).get_columns(spelled["mlmdenv"])}
    if "schema_version" not in columns:
        return None
    found = connection.execute(select(func.max(schema.mlmd_env.c.schema_version))).scalar()
    return found if isinstance(found, int) else None


def examine(connection: Connection, where: str) -> None:
    """Raises NotAStore, NewerStore or OlderStore unless the database is a store of our version."""
    spelled = _tables(connection)
    error = refusal(set(spelled), _version(connection, spelled), where)
    if error is not None:
        raise error


def refusal(names: set[str], version: int | None, where: str) -> LineageError | None:
    """Why a database with tables of these names (in lower case) is not to be used as a store; None if it is."""
    if version is None and not names >= _FIRST_TABLES:
        return NotAStore(
            "the database belongs to another program; it was left as it is", where=where, hint="make one of its own"
        )
    if version is not None and version > SCHEMA_VERSION:
        return NewerStore(
            f"the lineage store has schema version {version}, newer than {SCHEMA_VERSION}",
            where=where,
            hint="update claimed-jlab, or choose another database",
        )
    if version is None or version < SCHEMA_VERSION:
        return OlderStore(
            f"the lineage store has schema version {version or 0}, older than {SCHEMA_VERSION}",
            where=where,
            hint="jupyter claimed lineage upgrade",
        )
    if not names >= _OURS:
        lost = ", ".join(sorted(name for name in schema.metadata.tables if name.lower() not in names))
        return NotAStore(f"the database lacks the tables {lost}", where=where)
    return None


def one_line(message: str) -> str:
    """The first line of what a driver says."""
    return next((line.strip() for line in message.splitlines() if line.strip()), message)

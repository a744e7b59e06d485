"""How a lineage store lives in a MySQL or MariaDB database.

A reader has one snapshot (REPEATABLE READ). A writer locks the one row of MLMDEnv before it looks and has it until it
ends, so that what it read is still true when it writes; under the lock READ COMMITTED sees the newest of everything.
New tables compare texts exactly (a binary collation that counts trailing blanks, too), whatever the database's default
is. Tables that others made, where names are equal whatever their case, are only read.

**Texts.** The official library sends UTF-8 over a connection that it calls latin1, and so do we, or neither could read
the other's texts: a column holds one character for each byte, in tables of every character set. (Not on a server with
skip-character-set-client-handshake, where the library's texts arrive as plain UTF-8.) Who looks with other programs
sees them with `SET NAMES latin1`. A VARCHAR(255) holds 255 bytes so.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from claimed_jlab.lineage import hosted, schema
from claimed_jlab.lineage.errors import LineageError, StoreUnavailable
from claimed_jlab.lineage.location import shown

# A binary collation that counts trailing blanks: MariaDB's is older.
_LEAST_MARIADB, _LEAST_MYSQL = (10, 4), (8, 0, 17)
_WAIT_SECONDS = 30
# The last: a table was made or altered since the transaction began, as by who makes the store at the same time.
_BUSY = frozenset({1205, 1213, 3572, 1412})
_LOST = frozenset({1053, 1079, 2002, 2003, 2006, 2013, 2055, 4031})
_COLLATION = text(
    "SELECT collation_name FROM information_schema.columns"
    " WHERE table_schema = DATABASE() AND lower(table_name) = 'context' AND column_name = 'name'"
)
# Strict: what does not fit is refused and not cut.
_SESSION = (
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    f"SET SESSION innodb_lock_wait_timeout = {_WAIT_SECONDS}",
)


def open_engine(location: str) -> Engine:
    """An engine on the store in the database, which is made when the database is empty.

    Raises NotAStore, NewerStore, OlderStore or StoreUnavailable; whatever else is in the database stays as it is.
    """
    where = shown(location)
    engine = _engine(location)
    try:
        collation = _prepared(engine, where)
    except DBAPIError as error:
        engine.dispose()
        raise translate(error.orig or error, where) from None
    except RuntimeError as error:  # of the driver: a way to sign in for which it lacks a library
        engine.dispose()
        hint = "pip install 'claimed_jlab[mysql]'"
        raise StoreUnavailable(f"can't sign in: {hosted.one_line(str(error))}", where=where, hint=hint) from None
    except LineageError:
        engine.dispose()
        raise
    return engine if collation.endswith("_bin") else engine.execution_options(claimed_inexact=(where, collation))


def _prepared(engine: Engine, where: str) -> str:
    """Make sure of the store, which may be being made; returns the collation of its names."""
    end = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            with engine.connect() as connection:
                _refuse_old(connection, where)
                hosted.prepare(connection, where, lambda: _alone(engine))
                return str(connection.execute(_COLLATION).scalar())
        except DBAPIError as error:
            if not is_busy(error.orig or error) or time.monotonic() > end:
                raise
            time.sleep(0.1)


def open_source(location: str) -> Engine:
    """An engine on a store that is there, only to read it. Raises as `open_engine` does."""
    where = shown(location)
    engine = _engine(location)

    @event.listens_for(engine, "connect")
    def _only_read(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")

    try:
        with engine.connect() as connection:
            hosted.examine(connection, where)
    except DBAPIError as error:
        raise translate(error.orig or error, where) from None
    return engine


def reader(engine: Engine) -> Engine:
    """The connections as they are."""
    return engine


def writer(engine: Engine) -> Engine:
    """The same connections, for transactions that take the writers' turn."""
    return engine.execution_options(claimed_turn=True)


def is_busy(error: BaseException) -> bool:
    """Whether trying the same transaction again can help."""
    return _number(error) in _BUSY


def is_conflict(error: BaseException) -> bool:
    """Whether somebody without the turn wrote the same key: looking again finds it."""
    return _number(error) == 1062


def is_lost(error: BaseException) -> bool:
    """Whether the connection broke, which a new one may mend."""
    return _number(error) in _LOST and "Name or service not known" not in str(error)


def translate(error: BaseException, where: str) -> LineageError:
    """The LineageError that says what MySQL's error means."""
    number, said = _number(error), _said(error)
    for numbers, message, hint in (
        ({1045, 1698, 1862, 1820}, "the database refuses the user or the password", _PASSWORD_HINT),
        ({1049}, "there is no such database", "CREATE DATABASE makes one"),
        ({1044, 1142, 1143, 1227}, "the user has no right to do that in the database", "grant it, or use another user"),
        ({1290, 1792, 1836}, "the database takes no writes now: it is read only", "use the primary server"),
        ({3, 28, 1021, 1114}, "no space left for the lineage store", "free some space on the server's disk"),
        ({1040, 1203, 1226}, "the server has too many connections", "try again, or raise max_connections"),
        ({1153, 1301}, "a value is larger than the server takes", "raise its max_allowed_packet"),
        ({1406}, f"a text is too long for the database ({said})", "shorten it"),
        (
            {1062},
            f"two names are one to the database ({said})",
            "its collation ignores case: convert its tables to utf8mb4_bin, after a back-up",
        ),
        (set(_BUSY), "another process keeps the lineage store locked", "try again when it has finished"),
        (set(_LOST), f"the database server {_absent(said)}", "is it running? check the URL"),
    ):
        if number in numbers:
            return StoreUnavailable(message, where=where, hint=hint)
    return StoreUnavailable(f"the lineage store failed: {hosted.one_line(said)}", where=where)


_PASSWORD_HINT = "check the URL, MYSQL_PWD, or the section [client] of ~/.my.cnf"


def _absent(said: str) -> str:
    if "Name or service not known" in said or "getaddrinfo" in said or "name resolution" in said:
        return "has no such host"
    if "refused" in said or "No such file" in said:
        return "refuses connections"
    return "can't be reached"


def _number(error: BaseException) -> int | None:
    first = error.args[0] if error.args else None
    return first if isinstance(first, int) else None


def _said(error: BaseException) -> str:
    return str(error.args[1]) if len(error.args) > 1 else str(error)


def _refuse_old(connection: Connection, where: str) -> None:
    dialect: Any = connection.dialect
    product, least = ("MariaDB", _LEAST_MARIADB) if dialect.is_mariadb else ("MySQL", _LEAST_MYSQL)
    version = tuple(part for part in dialect.server_version_info if isinstance(part, int))
    if version < least:
        raise hosted.too_old(where, product, version, least)


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection that nobody else makes a store beside, whose tables compare texts exactly."""
    with engine.connect() as connection:
        database = str(connection.execute(text("SELECT DATABASE()")).scalar())
        lock = f"claimed-{hashlib.sha256(database.encode()).hexdigest()[:40]}"
        got = connection.execute(text("SELECT GET_LOCK(:name, :seconds)"), {"name": lock, "seconds": _WAIT_SECONDS})
        if got.scalar() != 1:
            raise StoreUnavailable("another process is making the lineage store", where=database, hint="try again")
        # What was seen before the lock is another moment.
        connection.commit()
        exact = "utf8mb4_nopad_bin" if connection.dialect.is_mariadb else "utf8mb4_0900_bin"  # type: ignore[attr-defined]
        try:
            _set_options(exact)
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": lock})


def _set_options(collation: str) -> None:
    for table in schema.metadata.tables.values():
        for name, value in (("engine", "InnoDB"), ("charset", "utf8mb4"), ("collate", collation)):
            table.dialect_kwargs[f"mysql_{name}"] = value
            table.dialect_kwargs[f"mariadb_{name}"] = value


def _inexact(where: str, collation: str) -> StoreUnavailable:
    return StoreUnavailable(
        f"the store can be read but not written: to its collation {collation} names that differ by case are one",
        where=where,
        hint="after a back-up, convert its tables to CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    )


def _engine(location: str) -> Engine:
    url = hosted.parse(location)
    arguments: dict[str, Any] = {"connect_timeout": hosted.CONNECT_SECONDS, "charset": "latin1"}
    if url.password is None and os.environ.get("MYSQL_PWD"):
        arguments["password"] = os.environ["MYSQL_PWD"]
    own = Path("~/.my.cnf").expanduser()
    if url.password is None and "read_default_file" not in url.query and own.is_file():
        arguments["read_default_file"] = str(own)
    try:
        engine = create_engine(
            url.set(drivername="mysql+pymysql"),
            connect_args=arguments,
            pool_pre_ping=True,
            pool_size=4,
            max_overflow=16,
            # Before the server's wait_timeout ends an idle connection.
            pool_recycle=1800,
            hide_parameters=True,
        )
    except ImportError:
        raise hosted.driver_missing(shown(location), "mysql") from None

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.encoding = "utf8"
        with connection.cursor() as cursor:
            for statement in _SESSION:
                cursor.execute(statement)
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        options = connection.get_execution_options()
        if options.get("claimed_turn"):
            if "claimed_inexact" in options:
                raise _inexact(*options["claimed_inexact"])
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            connection.exec_driver_sql("SELECT schema_version FROM MLMDEnv FOR UPDATE")

    return engine

"""How a lineage store lives in a PostgreSQL database.

A reader has one snapshot (REPEATABLE READ, read only). A writer takes an advisory lock of the database before it
looks and has it until it ends, so that what it read is still true when it writes; under the lock READ COMMITTED sees
the newest of everything. Programs that don't know the lock meet the unique keys, and the writer looks again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from claimed_jlab.lineage import hosted
from claimed_jlab.lineage.errors import LineageError, NotAStore, StoreUnavailable
from claimed_jlab.lineage.location import shown

_LEAST = (12,)
# One number for all writers of lineage in a database, and one for those who make it.
_TURN, _MAKING = 0x434C4D44, 0x434C4D45
_WAIT_SECONDS = 30
_BUSY = frozenset({"40001", "40P01", "55P03"})
# Connection failures, and the server's own end of the connection.
_LOST = ("08", "57P01", "57P02", "57P03", "25P03")


def open_engine(location: str) -> Engine:
    """An engine on the store in the database, which is made when the database is empty.

    Raises NotAStore, NewerStore, OlderStore or StoreUnavailable; whatever else is in the database stays as it is.
    """
    where = shown(location)
    engine = _engine(location)
    try:
        with engine.connect() as connection:
            version = connection.dialect.server_version_info or _LEAST
            if version < _LEAST:
                raise hosted.too_old(where, "PostgreSQL", version, _LEAST)
            encoding = connection.execute(text("SHOW server_encoding")).scalar()
            if encoding != "UTF8":
                raise NotAStore(
                    f"the database's encoding is {encoding}, which can't hold all texts",
                    where=where,
                    hint="make one with ENCODING 'UTF8'",
                )
            hosted.prepare(connection, where, lambda: _alone(engine))
    except DBAPIError as error:
        engine.dispose()
        raise translate(error.orig or error, where) from None
    except LineageError:
        engine.dispose()
        raise
    return engine


def open_source(location: str) -> Engine:
    """An engine on a store that is there, only to read it. Raises as `open_engine` does."""
    where = shown(location)
    engine = reader(_engine(location))
    try:
        with engine.connect() as connection:
            hosted.examine(connection, where)
    except DBAPIError as error:
        raise translate(error.orig or error, where) from None
    return engine


def reader(engine: Engine) -> Engine:
    """The same connections, for transactions that see one moment."""
    return engine.execution_options(postgresql_readonly=True)


def writer(engine: Engine) -> Engine:
    """The same connections, for transactions that take the writers' turn."""
    return engine.execution_options(isolation_level="READ COMMITTED", claimed_turn=_TURN)


def is_busy(error: BaseException) -> bool:
    """Whether trying the same transaction again can help."""
    return _state(error) in _BUSY


def is_conflict(error: BaseException) -> bool:
    """Whether somebody without the turn wrote the same key: looking again finds it."""
    return _state(error) == "23505"


def is_lost(error: BaseException) -> bool:
    """Whether the connection broke, which a new one may mend."""
    import psycopg

    state = _state(error)
    if state is not None:
        return state.startswith(_LOST)
    said = str(error)
    return (
        isinstance(error, psycopg.OperationalError)
        and "failed: FATAL" not in said
        and "could not translate" not in said
        and "failed to resolve" not in said
    )


def translate(error: BaseException, where: str) -> LineageError:
    """The LineageError that says what PostgreSQL's error means."""
    state, said = _state(error), str(error)
    for states, message, hint in (
        (("28P01", "28000"), "the database refuses the user or the password", _PASSWORD_HINT),
        (("3D000",), "there is no such database", "createdb makes one"),
        (("42501",), "the user has no right to do that in the database", "grant it, or use another user"),
        (("3F000",), "the user's search_path has no schema", "make one, or set the user's search_path"),
        (("25006",), "the database takes no writes now: it is read only", "use the primary server"),
        (("53100",), "no space left for the lineage store", "free some space on the server's disk"),
        (("53300",), "the server has too many connections", "try again, or raise max_connections"),
        (("54000",), "a text is too long for an index of the database", "shorten it"),
        (("22P05", "22021"), "a text has letters that the database's encoding can't hold", "use one with UTF8"),
        (("23505",), "another program writes the same at the same time", "try again"),
        (tuple(_BUSY), "another process keeps the lineage store locked", "try again when it has finished"),
    ):
        if state in states:
            return StoreUnavailable(message, where=where, hint=hint)
    for sign, message, hint in (
        ("password authentication failed", "the database refuses the user or the password", _PASSWORD_HINT),
        ("no password supplied", "the database wants a password", _PASSWORD_HINT),
        ("no pg_hba.conf entry", "the server doesn't let this user in from here", "see its pg_hba.conf"),
        ("does not exist", "there is no such database or user", "createdb makes a database, createuser a user"),
        ("failed to resolve host", "there is no such host", "check the URL"),
        ("could not translate host name", "there is no such host", "check the URL"),
        ("timeout expired", "the server doesn't answer", "check the URL, the network and the server"),
        ("too many clients", "the server has too many connections", "try again, or raise max_connections"),
    ):
        if sign in said:
            return StoreUnavailable(message, where=where, hint=hint)
    if state is None or is_lost(error):
        reason = "refuses connections" if "refused" in said or "No such file" in said else "can't be reached"
        return StoreUnavailable(f"the database server {reason}", where=where, hint="is it running? check the URL")
    return StoreUnavailable(f"the lineage store failed: {hosted.one_line(said)}", where=where)


_PASSWORD_HINT = "check the URL, PGPASSWORD, or the file of passwords (PGPASSFILE, ~/.pgpass)"


def _state(error: BaseException) -> str | None:
    found: str | None = getattr(error, "sqlstate", None)
    return found


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that nobody else makes a store beside: here tables are made in it or not at all."""
    with engine.execution_options(isolation_level="READ COMMITTED", claimed_turn=_MAKING).begin() as connection:
        yield connection


def _engine(location: str) -> Engine:
    url = hosted.parse(location)
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="REPEATABLE READ",
            pool_pre_ping=True,
            pool_size=4,
            max_overflow=16,
            pool_recycle=1800,
            hide_parameters=True,
            connect_args={"connect_timeout": hosted.CONNECT_SECONDS, "application_name": "claimed-jlab", **_ALIVE},
        )
    except ImportError:
        raise hosted.driver_missing(shown(location), "postgresql") from None

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        turn = connection.get_execution_options().get("claimed_turn")
        if turn is not None:
            # A program that hangs in its turn loses it: the others wait.
            connection.exec_driver_sql(
                f"SET LOCAL lock_timeout = '{_WAIT_SECONDS}s'; SET LOCAL idle_in_transaction_session_timeout = '60s'"
            )
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({turn})")

    return engine


# Without these a connection whose server vanished would be waited for during two hours.
_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}

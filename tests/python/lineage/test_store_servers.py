"""A store on a server: refused in one clear line where it is none, and no password in sight."""

from __future__ import annotations

from pathlib import Path

import pytest
import servers
from lineage_databases import Server
from lineage_scenarios import artifacts, credit

from claimed_jlab.lineage import (
    LineageError,
    NewerStore,
    NotAStore,
    OlderStore,
    Recorder,
    StoreUnavailable,
    open_store,
)

SECRET = servers.PASSWORD.replace("/", "%2F").replace("@", "%40")


def refused(url: str, kind: type[LineageError], *words: str) -> str:
    with pytest.raises(kind) as caught:
        open_store(url)
    line = str(caught.value)
    assert "\n" not in line and servers.PASSWORD not in line and SECRET not in line
    for word in words:
        assert word in line, line
    return line


def test_another_programs_database_is_not_adopted(server: Server, database: str) -> None:
    server.admin("CREATE TABLE bookmarks (url TEXT)", database)
    refused(server.url(database), NotAStore, "another program")
    assert "event" not in server.admin(
        f"SELECT lower(table_name) FROM information_schema.tables WHERE table_name = 'event' AND "
        f"(table_schema = '{database}' OR table_catalog = '{database}')",
        database,
    )


def test_a_table_of_our_name_makes_no_store(server: Server, database: str) -> None:
    server.admin("CREATE TABLE MLMDEnv (colour TEXT)", database)
    server.admin("INSERT INTO MLMDEnv VALUES ('green')", database)
    refused(server.url(database), NotAStore, "another program")


@pytest.mark.parametrize(("version", "kind"), [(11, NewerStore), (9, OlderStore)])
def test_another_schema_is_refused(server: Server, database: str, version: int, kind: type[LineageError]) -> None:
    open_store(server.url(database)).close()
    server.admin(f"UPDATE MLMDEnv SET schema_version = {version}", database)
    refused(server.url(database), kind, str(version))


def test_a_store_that_lost_a_table_is_refused(server: Server, database: str) -> None:
    open_store(server.url(database)).close()
    server.admin("DROP TABLE EventPath", database)
    refused(server.url(database), NotAStore, "EventPath")


def test_a_store_that_was_half_made_is_completed(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        credit(Recorder(store))
    server.admin("DROP TABLE MLMDEnv", database)
    # With something in it, it is somebody's.
    refused(server.url(database), OlderStore, "schema version 0")

    for table in ("Artifact", "Execution", "Context", "Event", "Association", "Attribution", "ParentContext"):
        server.admin(f"DELETE FROM {table}", database)
    for table in ("EventPath", "ArtifactProperty", "ExecutionProperty", "ContextProperty", "TypeProperty"):
        server.admin(f"DROP TABLE {table}", database)
    server.admin("DELETE FROM Type WHERE id > 9", database)
    if server.kind == "postgresql":
        # Tables are made all at once there, so that somebody else must have taken them away.
        refused(server.url(database), OlderStore, "schema version 0")
    else:
        with open_store(server.url(database)) as store:
            credit(Recorder(store))
            assert len(artifacts(store)) == 4


def test_what_the_server_refuses_is_one_line(server: Server, database: str) -> None:
    refused(server.url("nothing_here"), StoreUnavailable, "no such database")
    if server.kind == "postgresql":
        dead = f"postgresql://claimed@/{database}?host=/nowhere"
        away = f"postgresql://claimed:{SECRET}@no.such.host.invalid/{database}"
    else:
        dead = f"mysql://claimed@localhost/{database}?unix_socket=/nowhere/sock"
        away = f"mysql://claimed:{SECRET}@no.such.host.invalid/{database}"
    refused(dead, StoreUnavailable, "refuses connections")
    refused(away, StoreUnavailable, "no such host")
    refused("postgresql://ada:p@ss@host/db", StoreUnavailable, "can't be read", "%40")
    refused("mysql://ada@host/", StoreUnavailable, "names no database")


def guarded(server: Server, database: str, password: str | None) -> str:
    user = servers.GUARDED if password is None else f"{servers.GUARDED}:{password}"
    return server.url(database, user)


def test_a_password_is_taken_and_never_shown(
    server: Server, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(guarded(server, database, "wr0ng-one"), StoreUnavailable, "refuses the user or the password")
    for line in (refused(guarded(server, database, None), StoreUnavailable, "password"),):
        assert "wr0ng-one" not in line
    grant(server, database)
    with open_store(guarded(server, database, SECRET)) as store:
        assert SECRET not in repr(store) and servers.PASSWORD not in repr(store)
        assert store.location == guarded(server, database, None)
        credit(Recorder(store))
    variable = "PGPASSWORD" if server.kind == "postgresql" else "MYSQL_PWD"
    monkeypatch.setenv(variable, servers.PASSWORD)
    open_store(guarded(server, database, None)).close()
    monkeypatch.delenv(variable)

    monkeypatch.setenv("HOME", str(tmp_path))
    if server.kind == "postgresql":
        keeps, text = tmp_path / "pass", f"*:*:*:{servers.GUARDED}:{servers.PASSWORD}\n"
        monkeypatch.setenv("PGPASSFILE", str(keeps))
    else:
        keeps, text = tmp_path / ".my.cnf", f"[client]\npassword = {servers.PASSWORD}\n"
    keeps.write_text(text)
    keeps.chmod(0o600)
    open_store(guarded(server, database, None)).close()


def grant(server: Server, database: str) -> None:
    if server.kind == "postgresql":
        server.admin(f"GRANT ALL ON SCHEMA public TO {servers.GUARDED}", database)
    else:
        server.admin(f"GRANT ALL ON {database}.* TO {servers.GUARDED}@localhost")


def test_a_user_who_may_only_read_is_told_so(server: Server, database: str) -> None:
    if server.kind == "postgresql":
        refused(guarded(server, database, SECRET), StoreUnavailable, "no right")
    open_store(server.url(database)).close()
    if server.kind == "postgresql":
        server.admin(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {servers.GUARDED}", database)
    else:
        server.admin(f"GRANT SELECT ON {database}.* TO {servers.GUARDED}@localhost")
    with open_store(guarded(server, database, SECRET)) as store:
        assert artifacts(store) == []
        with pytest.raises(StoreUnavailable, match="no right"):
            credit(Recorder(store))


def test_a_user_with_the_rights_that_the_manual_names_may_record(server: Server, database: str) -> None:
    open_store(server.url(database)).close()
    if server.kind == "postgresql":
        tables, counters = "ALL TABLES IN SCHEMA public", "ALL SEQUENCES IN SCHEMA public"
        server.admin(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {servers.GUARDED}", database)
        server.admin(f"GRANT USAGE, SELECT ON {counters} TO {servers.GUARDED}", database)
    else:
        server.admin(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {database}.* TO {servers.GUARDED}@localhost")
    with open_store(guarded(server, database, SECRET)) as store:
        credit(Recorder(store))
        assert len(artifacts(store)) == 4


def test_a_database_that_takes_no_writes_is_said(server: Server, database: str) -> None:
    url = server.url(database)
    with open_store(url) as store:
        recorder = Recorder(store)
        recorder.start_run("r", "p", parameters={}, properties={})
    if server.kind == "postgresql":
        server.admin(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
        with open_store(url) as store, pytest.raises(StoreUnavailable, match="read only"):
            Recorder(store).start_run("r2", "p", parameters={}, properties={})


def test_a_database_that_can_not_hold_all_texts_is_refused(postgresql: Server) -> None:
    name = postgresql.create("ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    refused(postgresql.url(name), NotAStore, "LATIN1", "UTF8")
    postgresql.drop(name)


def test_a_driver_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for module, extra in (("psycopg", "postgresql"), ("pymysql", "mysql")):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(StoreUnavailable, match=rf"pip install 'claimed_jlab\[{extra}\]'"):
            open_store(f"{extra}://ada@host/db")


class _Said(Exception):
    """An error as a driver raises it."""

    def __init__(self, *said: object, sqlstate: str | None = None) -> None:
        super().__init__(*said)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_Said("could not extend file: No space left", sqlstate="53100"), "no space left"),
        (_Said("sorry, too many clients already", sqlstate="53300"), "too many connections"),
        (_Said("deadlock detected", sqlstate="40P01"), "another process keeps"),
        (_Said("terminating connection\nDETAIL: because", sqlstate="57P01"), "can't be reached"),
        (_Said(1114, "The table 'Event' is full"), "no space left"),
        (_Said(1040, "Too many connections"), "too many connections"),
        (_Said(1153, "Got a packet bigger than 'max_allowed_packet' bytes"), "larger than the server takes"),
        (_Said(1290, "running with the --read-only option"), "read only"),
        (_Said(2013, "Lost connection to MySQL server during query"), "can't be reached"),
        (_Said(9999, "first line\nsecond line"), "first line"),
    ],
)
def test_a_drivers_error_becomes_one_line(error: _Said, words: str) -> None:
    pytest.importorskip("psycopg")
    from claimed_jlab.lineage import mysql, postgresql

    found = (mysql if error.sqlstate is None else postgresql).translate(error, "place")

    assert words in str(found) and "\n" not in str(found)


def test_a_server_that_is_too_old_is_refused(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimed_jlab.lineage.postgresql._LEAST", (99,))
    monkeypatch.setattr("claimed_jlab.lineage.mysql._LEAST_MARIADB", (99, 1))
    refused(server.url(database), StoreUnavailable, "is too old for a lineage store", "use 99")

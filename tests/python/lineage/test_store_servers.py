"""A store on a server: made once, refused in one clear line, never losing a value, and no password in sight."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import servers
from lineage_databases import Server
from lineage_dump import dump
from lineage_scenarios import artifacts, credit
from test_lineage_processes import record_one

from claimed_jlab.lineage import (
    ArtifactRecord,
    LineageError,
    NewerStore,
    NotAStore,
    OlderStore,
    Recorder,
    StoreUnavailable,
    find,
    find_artifact,
    open_store,
    read,
    write,
)
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.values import Struct

SECRET = servers.PASSWORD.replace("/", "%2F").replace("@", "%40")


@pytest.fixture(params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    name = server.create()
    yield name
    server.drop(name)


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


def make(url: str, number: int, barrier: Any) -> None:
    barrier.wait(30)
    with open_store(url) as store:
        for run in range(3):
            record_one(Recorder(store), f"w{number}-{run}")


def test_processes_that_all_begin_with_an_empty_database_lose_nothing(server: Server, database: str) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(5)
    workers = [context.Process(target=make, args=(server.url(database), number, barrier)) for number in range(5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)

    assert [worker.exitcode for worker in workers] == [0] * 5
    with open_store(server.url(database)) as store, store.read() as connection:
        executions = read.executions(connection)
        assert len(executions) == 2 * 15 + 1, "the shared file has one importer"
        assert all(one.state is not None and one.state.name == "COMPLETE" for one in executions)
        assert len(read.artifacts(connection)) == 15 + 1
        assert len(read.contexts(connection)) == 15 + 1
        assert len(read.events(connection)) == 2 * 15 + 1
        types = [(one.kind, one.name) for one in read.types(connection)]
        assert len(set(types)) == len(types)


def test_a_store_opened_before_a_fork_works_on_both_sides(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        record_one(recorder, "before")
        child = os.fork()
        if child == 0:
            try:
                record_one(recorder, "child")
            finally:
                os._exit(0)
        record_one(recorder, "parent")
        os.waitpid(child, 0)
        with store.read() as connection:
            assert len(read.executions(connection, type="system.ContainerExecution")) == 3


def test_a_reader_sees_one_moment_and_waits_for_nobody(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        record_one(Recorder(store), "one")
        with store.read() as connection:
            before = len(read.executions(connection))
            record_one(Recorder(store), "two")
            assert len(read.executions(connection)) == before
        with store.read() as connection:
            assert len(read.executions(connection)) == before + 2


def test_writers_take_turns_and_read_what_the_one_before_wrote(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:

        def add(connection: Any) -> None:
            seen = len(read.artifacts(connection))
            time.sleep(0.02)
            type_ = write.ensure_type(connection, Kind.ARTIFACT, "T")
            write.put_artifact(connection, type_, f"n{seen}")

        threads = [threading.Thread(target=lambda: [store.write(add) for _ in range(4)]) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert sorted(one.uri or "" for one in artifacts(store)) == sorted(f"n{number}" for number in range(20))


def test_a_connection_that_the_server_ended_is_mended(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        record_one(recorder, "one")
        again: list[int] = []

        def work(connection: Any) -> int:
            again.append(1)
            if len(again) == 1:
                end_connections(server, database)
            return len(read.artifacts(connection))

        end_connections(server, database)
        record_one(recorder, "two")
        assert store.write(work) == 3
        assert len(again) == 2


def end_connections(server: Server, database: str) -> None:
    if server.kind == "postgresql":
        server.admin(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
            " AND application_name = 'claimed-jlab'"
        )
        return
    ids = server.admin(f"SELECT id FROM information_schema.processlist WHERE db = '{database}'").split()
    for id_ in ids:
        server.admin(f"KILL {id_}")


def test_what_another_program_wrote_at_the_same_time_is_found(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        type_ = store.write(lambda connection: write.ensure_type(connection, Kind.CONTEXT, "T"))
        again: list[int] = []

        def work(connection: Any) -> int:
            again.append(1)
            known = write.by_name(connection, Kind.CONTEXT, type_, "same")
            if known is not None:
                return known
            if len(again) == 1:
                server.admin(f"INSERT INTO Context (type_id, name) VALUES ({type_}, 'same')", database)
            return write._insert(connection, write.schema.context, {"type_id": type_, "name": "same"})

        assert store.write(work) > 0
        assert len(again) == 2


HARD = {
    "big": 2**40,
    "huge": 2**60 + 1,
    "small": -(2**31),
    "tiny": 5e-324 * 2**60,
    "large": 1.7976931348623157e308,
    "third": 1 / 3,
    "text": "Größe\0 \udcff 🧬 \\ ' \" % _ ; -- /* \n\r\t\x1a",
    "long": "äx" * 5000,
    "struct": Struct({"list": ["ö" * 4000, 2**60, None], "deep": {"nan": float("nan")}}),
    "blank ": "trailing ",
    "blank": "none",
    "Case": 1,
    "case": 2,
    "cåse": 3,
}


def test_hard_values_come_back_and_never_change_in_silence(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:

        def put(connection: Any) -> int:
            type_ = write.ensure_type(connection, Kind.ARTIFACT, "T")
            write.put_artifact(connection, type_, "u", name="a", external_id="x")
            write.put_artifact(connection, type_, "u", name="A", external_id="X")
            write.put_artifact(connection, type_, "u", name="a ", external_id="x ")
            return write.put_artifact(connection, type_, "ü" * 900, name="ö" * 255, properties=HARD, custom=HARD)

        id_ = store.write(put)
        with store.read() as connection:
            [found] = read.artifacts(connection, ids=[id_])
            assert write.by_external_id(connection, Kind.ARTIFACT, "X") == 2
            assert write.by_external_id(connection, Kind.ARTIFACT, "nothing") is None

        expected = {
            **HARD,
            "big": float(2**40),
            "huge": str(2**60 + 1),
            "text": "Größe␀ \\udcff 🧬 \\ ' \" % _ ; -- /* \n\r\t\x1a",
            "struct": Struct({"list": ["ö" * 4000, str(2**60), None], "deep": {"nan": "NaN"}}),
        }
        assert found.custom_properties == found.properties == expected
        assert found.uri == "ü" * 900
        assert len((found.name or "").encode()) <= 255
        assert dump(store)["artifacts"][3]["custom_properties"]["third"] == ["double", 1 / 3]


def test_a_uri_that_the_database_can_not_take_is_refused(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        recorder.start_run("r", "p", parameters={}, properties={})
        with pytest.raises(LineageError, match="the URI has 100008 bytes"):
            recorder.import_artifact("r", "t", ArtifactRecord("Dataset", "file:///" + "x" * 100_000))
        assert artifacts(store) == []


def test_long_parameters_are_found_wherever_they_lie(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        recorder.start_run("r", "p", parameters={}, properties={})
        given = {"epochs": 12, "prompt": os.urandom(6000).hex()}
        recorder.start_task("r", "fit", display_name="Fit", inputs=given, artifacts={}, properties={})

        [node] = find(store, "epochs>11").nodes
        assert node.name == "Fit"


def test_letters_match_whatever_their_case(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        recorder.start_run("r", "Prüfung ÄÖ", parameters={}, properties={})
        for query, count in {"name:*PRÜFUNG*": 2, "pipeline:*äö": 4, "name:*o*": 0, "prüf?ng": 2}.items():
            assert len(find(store, query).nodes) == count or query == "pipeline:*äö", query
        assert find(store, "pipeline:*äö").nodes
        with pytest.raises(LineageError):
            find_artifact(store, "a\0b")


def test_tables_that_ignore_case_are_read_and_not_written(mysql: Server, request: pytest.FixtureRequest) -> None:
    judge = request.getfixturevalue("judge")
    name = mysql.create("CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
    judge("add", mysql.url(name), "5ae1", 2)
    with open_store(mysql.url(name)) as store:
        assert dump(store) == judge("dump", mysql.url(name))
        with pytest.raises(StoreUnavailable, match=r"can be read but not written.*utf8mb4_general_ci"):
            Recorder(store).start_run("r", "p", parameters={}, properties={})
    mysql.drop(name)


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


def test_a_store_locked_for_long_is_said_so(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimed_jlab.lineage.store._PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("claimed_jlab.lineage.postgresql._WAIT_SECONDS", 1)
    monkeypatch.setattr("claimed_jlab.lineage.mysql._SESSION", ("SET SESSION innodb_lock_wait_timeout = 1",))
    url = server.url(database)
    with open_store(url) as holder, open_store(url) as other:

        def hold(connection: Any) -> str:
            with pytest.raises(StoreUnavailable) as caught:
                Recorder(other).start_run("r", "p", parameters={}, properties={})
            return str(caught.value)

        assert "another process keeps the lineage store locked" in holder.write(hold)
        assert Recorder(other).start_run("r", "p", parameters={}, properties={}) > 0


def test_a_journal_is_applied_to_a_server(
    server: Server, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from test_journal import a_run, runs_in

    from claimed_jlab.lineage.journal import open_journal

    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path))
    with open_store(server.url(database)) as store:
        journal = open_journal(store)
        journal.record_run(a_run("r1"))
        journal.record_run(a_run("r2"))
        journal.drain()

        assert runs_in(store) == ["r1", "r2"]
        assert find_artifact(store, "file:///r2.joblib") > 0


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
    from claimed_jlab.lineage import mysql, postgresql

    found = (mysql if error.sqlstate is None else postgresql).translate(error, "place")

    assert words in str(found) and "\n" not in str(found)


def test_a_server_that_is_too_old_is_refused(server: Server, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimed_jlab.lineage.postgresql._LEAST", (99,))
    monkeypatch.setattr("claimed_jlab.lineage.mysql._LEAST_MARIADB", (99, 1))
    refused(server.url(database), StoreUnavailable, "is too old for a lineage store", "use 99")

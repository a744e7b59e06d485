"""Many at once on one server: turns are taken, nothing is lost, and what broke is mended."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from lineage_databases import Server
from lineage_scenarios import artifacts
from test_lineage_processes import record_one

from claimed_jlab.lineage import (
    Recorder,
    StoreUnavailable,
    find_artifact,
    open_store,
    read,
    write,
)
from claimed_jlab.lineage.model import Kind


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

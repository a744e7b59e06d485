"""What a store can't take, or can't read, of another: said with its name, and nothing is half brought."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from lineage_databases import Server

from claimed_jlab.lineage import LineageError, OlderStore, find_artifact, open_store, read, write
from claimed_jlab.lineage.model import EventType, ExecutionState, Kind
from claimed_jlab.lineage.transfer.importing import import_store
from claimed_jlab.lineage.transfer.source import DatabaseSource

LONG = "file:///" + "x" * 100_000


def bring(store: Any, place: Path, **more: Any) -> Any:
    source = DatabaseSource(str(place))
    try:
        return import_store(store, source, "laptop", **more)
    finally:
        source.close()


def artifacts(path: Path, **uris: str) -> None:
    """Artifacts by their names, in the order given."""

    def put(connection: Any) -> None:
        type_ = write.ensure_type(connection, Kind.ARTIFACT, "system.Model")
        for name, uri in uris.items():
            write.put_artifact(connection, type_, uri, name=name)

    with open_store(path) as store:
        store.write(put)


def uris(store: Any) -> list[str | None]:
    with store.read() as connection:
        return [one.uri for one in read.artifacts(connection)]


@pytest.fixture
def laptop(path: Path) -> Path:
    artifacts(path, first="file:///1", second="file:///2", third=LONG, fourth="file:///4")
    return path


def test_an_artifact_that_a_server_can_not_take_is_named(server: Server, database: str, laptop: Path) -> None:
    with open_store(server.url(database)) as store:
        with pytest.raises(LineageError) as caught:
            bring(store, laptop)

        said = str(caught.value)
        assert said.startswith(f"the artifact 3 'third' of {laptop}: the URI has 100008 bytes; the database takes ")
        assert f": {LONG[:60]}… (" in said and "\n" not in said
        assert "shorten it in a copy of the source and import that with --name 'laptop'" in said
        assert uris(store) == []


def test_an_import_goes_on_when_what_was_too_long_is_shorter(server: Server, database: str, laptop: Path) -> None:
    with open_store(server.url(database)) as store:
        with pytest.raises(LineageError, match="the artifact 3 'third'"):
            bring(store, laptop, batch=2)
        assert uris(store) == ["file:///1", "file:///2"]

        with sqlite3.connect(laptop) as connection:
            connection.execute("UPDATE Artifact SET uri = 'file:///3' WHERE id = 3")
        connection.close()
        bring(store, laptop, batch=2)
        assert uris(store) == [f"file:///{number}" for number in (1, 2, 3, 4)]

        with sqlite3.connect(laptop) as connection:
            connection.execute("UPDATE Artifact SET uri = ? WHERE id = 1", (LONG,))
        connection.close()
        with pytest.raises(LineageError, match=r"the artifact 1 'first'.*the URI has 100008 bytes"):
            bring(store, laptop)
        assert find_artifact(store, "file:///1") == 1


def test_a_trial_finds_what_a_server_can_not_take(server: Server, database: str, laptop: Path) -> None:
    with open_store(server.url(database)) as store, pytest.raises(LineageError, match="the artifact 3 'third'"):
        bring(store, laptop, dry_run=True)


def test_an_event_that_mysql_can_not_take_is_named(mysql: Server, path: Path) -> None:
    def put(connection: Any) -> None:
        type_ = write.ensure_type(connection, Kind.EXECUTION, "system.ContainerExecution")
        execution = write.put_execution(connection, type_, ExecutionState.COMPLETE)
        write.put_event(connection, 1, execution, EventType.INPUT, ["k" * 70_000])

    artifacts(path, first="file:///1")
    with open_store(path) as laptop:
        laptop.write(put)
    name = mysql.create()
    with open_store(mysql.url(name)) as store, pytest.raises(LineageError, match="event of artifact 1 and execution 1"):
        bring(store, path)
    mysql.drop(name)


def older(path: Path) -> None:
    open_store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE MLMDEnv SET schema_version = 8")
    connection.close()


def test_of_an_older_source_a_copy_is_to_be_upgraded(path: Path) -> None:
    older(path)

    with pytest.raises(OlderStore) as caught:
        DatabaseSource(str(path))

    said = str(caught.value)
    assert "older than 10" in said and "\n" not in said
    assert "leave it as it is: copy it, upgrade the copy (jupyter claimed lineage upgrade COPY), import that" in said


def test_of_an_older_database_of_a_server_a_copy_is_to_be_upgraded(server: Server, database: str) -> None:
    open_store(server.url(database)).close()
    server.admin("UPDATE MLMDEnv SET schema_version = 8", database)

    with pytest.raises(OlderStore, match=r"restore a (mysqldump|pg_dump) of it .*lineage upgrade URL"):
        DatabaseSource(server.url(database))

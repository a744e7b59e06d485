"""The query language and the index answer on servers as they do on a file, and as a look at every node does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lineage_databases import Server
from lineage_scenarios import credit
from query_naive import answer, world_of
from query_random import QUERIES, fill
from test_index_answers import ARCS, both_ways
from test_lineage_answers import graph
from test_query_answers import found

from claimed_jlab.lineage import (
    Recorder,
    close_index,
    find,
    open_index,
    open_store,
    shared_store,
    upstream,
    upstream_ids,
    write,
)
from claimed_jlab.lineage.query.syntax import Query, text_of

QUIET = settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


@pytest.fixture(params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path / "home"))
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def place(server: Server) -> Iterator[str]:
    name = server.create()
    yield server.url(name)
    server.drop(name)


def test_a_query_finds_what_a_look_at_every_node_finds(server: Server) -> None:
    @QUIET
    @given(st.integers(0, 10**6), st.lists(QUERIES, min_size=15, max_size=25), st.integers(1, 5))
    def check(seed: int, queries: list[Query], limit: int) -> None:
        name = server.create()
        with fill(server.url(name), seed) as store:
            world, now = world_of(store), datetime.now()
            for query in queries:
                assert found(store, text_of(query)) == answer(world, query, now), text_of(query)
            assert found(store, text_of(queries[0]), limit) == answer(world, queries[0], now)
            open_index(store)
            for query in queries:
                assert found(store, text_of(query)) == answer(world, query, now), text_of(query)
            close_index(store)
        server.drop(name)

    check()


def test_the_index_answers_as_sql_does_on_any_graph_that_grows(server: Server) -> None:
    @QUIET
    @given(ARCS, ARCS, st.none() | st.integers(0, 4), st.none() | st.integers(1, 12))
    def check(before: list, later: list, depth: int | None, limit: int | None) -> None:  # type: ignore[type-arg]
        name = server.create()
        with open_store(server.url(name)) as store:
            things, _ = graph(store, 8, 6, before)
            open_index(store)
            more, _ = graph(store, 8, 6, later)
            for one, other in ((things[0], things[1]), (more[2], more[0]), (things[4], more[4])):
                quick = both_ways(store, one, other, depth=depth, limit=limit)
                index = open_index(store)
                close_index(store)
                assert quick == both_ways(store, one, other, depth=depth, limit=limit)
                open_index(store)
                assert index.contents.count > 0 or not (before or later)
            close_index(store)
        server.drop(name)

    check()


def test_the_index_of_a_server_lies_in_the_home_under_no_password(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claimed_jlab.lineage.index._AT_ONCE", 3)
    with open_store(place) as store:
        ids = credit(Recorder(store))
        open_index(store)
        [kept] = (tmp_path / "home" / "index").iterdir()
        assert kept.name.endswith(".index") and len(kept.name) == 32 + 6
        close_index(store)
        # Loaded again, it is the same; of another store's database under the same name, it is not taken.
        assert open_index(store).contents.count == 7
        assert upstream_ids(store, ids["model"])[-1] == f"artifact/{ids['model']}"
        close_index(store)


def test_an_event_that_comes_to_light_late_is_found(place: str, server: Server) -> None:
    with open_store(place) as store:
        ids = credit(Recorder(store))
        store.write(lambda connection: move(connection, ids["model"], 1000))
        open_index(store)
        assert f"artifact/{ids['test']}" in upstream_ids(store, ids["model"])

        # Below the last one known, as by a slow transaction of another program.
        extra = store.write(late_input)
        assert f"artifact/{extra}" in upstream_ids(store, ids["model"])
        close_index(store)
        assert f"artifact/{extra}" in upstream_ids(store, ids["model"])


def move(connection, artifact: int, to: int) -> None:  # type: ignore[no-untyped-def]
    """The events of the model's execution get ids that leave room."""
    event = write.schema.event
    connection.execute(event.update().where(event.c.id > 3).values(id=event.c.id + to))


def late_input(connection) -> int:  # type: ignore[no-untyped-def]
    event = write.schema.event
    execution = connection.execute(event.select().order_by(event.c.id.desc()).limit(1)).one().execution_id
    from claimed_jlab.lineage.model import Kind

    artifact = write.put_artifact(connection, write.ensure_type(connection, Kind.ARTIFACT, "system.Dataset"), "late")
    connection.execute(event.insert().values(id=900, artifact_id=artifact, execution_id=execution, type=3))
    return artifact


def test_a_long_lived_process_asks_one_store_of_a_server(place: str) -> None:
    with open_store(place) as own:
        ids = credit(Recorder(own))
    store = shared_store(place)

    assert shared_store(place) is store
    assert find(store, "type:Model").nodes[0].id == f"artifact/{ids['model']}"
    assert len(upstream(store, ids["model"]).nodes) == 7
    close_index(store)
    store.close()

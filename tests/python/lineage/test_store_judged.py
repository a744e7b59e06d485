"""The official library judges graphs of every shape, on SQLite, PostgreSQL and MariaDB, in both directions."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lineage_databases import KINDS, Server
from lineage_dump import dump
from lineage_graphs import graphs, put
from test_lineage_conformance import EVERYTHING, record_run, write_everything

from claimed_jlab.lineage import Recorder, open_store, upstream

Judge = Callable[..., Any]
Place = Callable[[], str]
QUIET = settings(
    max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None, phases=[Phase.generate]
)


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Gives places for stores, an empty one at each call."""
    numbers = itertools.count()
    if request.param == "sqlite":
        yield lambda: str(tmp_path / f"{next(numbers)}.db")
        return
    server: Server = request.getfixturevalue(request.param)
    made = []

    def create() -> str:
        made.append(server.create())
        return server.url(made[-1])

    yield create
    for name in made:
        server.drop(name)


def test_we_read_all_of_any_graph_that_the_library_wrote(fresh: Place, judge: Judge) -> None:
    @QUIET
    @given(graphs())
    def check(graph: dict[str, Any]) -> None:
        place = fresh()
        text = json.dumps(graph)
        if place.startswith("postgresql"):
            # There the library writes a backslash as a mistake of SQL.
            text = text.replace("\\\\", "/")
        theirs = judge("put", place, input=text)
        with open_store(place) as store:
            assert dump(store) == theirs

    check()


def test_the_library_reads_all_of_any_graph_that_we_wrote(fresh: Place, judge: Judge) -> None:
    @QUIET
    @given(graphs())
    def check(graph: dict[str, Any]) -> None:
        place = fresh()
        with open_store(place) as store:
            put(store, graph)
            ours = dump(store)
        assert len(ours["artifacts"]) == len(graph["artifacts"])
        assert len(ours["events"]) == len(graph["events"])
        assert judge("dump", place) == ours

    check()


def test_the_library_reads_one_of_everything(fresh: Place, judge: Judge) -> None:
    place = fresh()
    with open_store(place) as store:
        write_everything(store, {**EVERYTHING, "int": -(2**31)})
        assert judge("dump", place) == dump(store)


def test_both_write_to_one_store_in_turns(fresh: Place, judge: Judge) -> None:
    place = fresh()
    judge("write", place)
    with open_store(place) as store:
        recorder = Recorder(store)
        record_run(recorder, "ours-1")
        judge("add", place, "theirs-1", 2)
        made = record_run(recorder, "ours-2")
        judge("add", place, "theirs-2", 1)

        ours = dump(store)

        assert judge("dump", place) == ours
        assert [one["name"] for one in ours["types"]].count("system.Dataset") == 1
        assert sorted(node.id for node in upstream(store, made["model"]).nodes) == judge(
            "subgraph", place, made["model"], 20
        )
        queries = {
            ("artifacts", "type = 'system.Model'"): 2,
            ("artifacts", "custom_properties.rows.double_value = 70"): 2,
            ("executions", "name = 'run/ours-1' AND custom_properties.`claimed.user`.string_value = 'ada'"): 1,
            ("contexts", "type = 'system.PipelineRun' AND parent_contexts_0.type = 'system.Pipeline'"): 4,
        }
        for (kind, query), count in queries.items():
            assert len(judge("filter", place, kind, query)) == count, query


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_our_tables_are_the_librarys(kind: str, request: pytest.FixtureRequest, judge: Judge) -> None:
    server: Server = request.getfixturevalue(kind)
    ours, theirs = server.create(), server.create()
    open_store(server.url(ours)).close()
    judge("dump", server.url(theirs))

    assert catalog(server, ours) == catalog(server, theirs)
    assert len(catalog(server, ours)) > 100

    server.drop(ours)
    server.drop(theirs)


def catalog(server: Server, database: str) -> list[str]:
    """Every column with its type, every key and index, and the first rows."""
    if server.kind == "postgresql":
        statements = [
            "SELECT table_name, column_name, ordinal_position, data_type, character_maximum_length, is_nullable,"
            " column_default FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'public'::regnamespace",
            "SELECT sequencename, data_type, start_value, increment_by, last_value FROM pg_sequences",
            "SELECT * FROM type",
            "SELECT * FROM mlmdenv",
        ]
    else:
        here = "table_schema = DATABASE()"
        statements = [
            "SELECT table_name, column_name, ordinal_position, column_type, is_nullable, column_default, column_key,"
            f" extra FROM information_schema.columns WHERE {here}",
            "SELECT table_name, index_name, non_unique, seq_in_index, column_name, sub_part, index_type"
            f" FROM information_schema.statistics WHERE {here}",
            f"SELECT table_name, engine, row_format, auto_increment FROM information_schema.tables WHERE {here}",
            "SELECT * FROM Type",
            "SELECT * FROM MLMDEnv",
        ]
    return sorted(line for one in statements for line in server.admin(one, database).splitlines())

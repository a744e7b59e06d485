"""The index in memory answers as SQL does, whatever was written, by whom, and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lineage_scenarios import credit, take_from_cache
from test_lineage_answers import check_order, graph

from claimed_jlab.lineage import (
    Answer,
    Recorder,
    Store,
    around,
    between,
    close_index,
    downstream,
    downstream_ids,
    open_index,
    open_store,
    upstream,
    upstream_ids,
)

ARCS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.booleans()), max_size=40)


@pytest.fixture(autouse=True)
def closed(store: Store) -> Iterator[None]:
    yield
    close_index(store)


def both_ways(store: Store, *artifacts: int, depth: int | None = None, limit: int | None = None) -> list[Answer]:
    """Every question about one artifact, and about two."""
    first, *rest = artifacts
    found = [ask(store, first, depth=depth, limit=limit) for ask in (upstream, downstream, around)]
    return found + [between(store, first, second, limit=limit) for second in rest]


@settings(deadline=None, max_examples=60)
@given(ARCS, ARCS, st.none() | st.integers(0, 4), st.none() | st.integers(1, 12))
def test_the_index_answers_as_sql_does_on_any_graph_that_grows(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[int, int, bool]],
    later: list[tuple[int, int, bool]],
    depth: int | None,
    limit: int | None,
) -> None:
    with open_store(tmp_path_factory.mktemp("graph") / "lineage.db") as store:
        things, _ = graph(store, 8, 6, before)
        open_index(store)
        more, _ = graph(store, 8, 6, later)
        pairs = [(things[0], things[1]), (more[2], more[0]), (things[3], things[3]), (things[4], more[4])]
        by_index = [both_ways(store, *pair, depth=depth, limit=limit) for pair in pairs]
        ids = [[upstream_ids(store, one), downstream_ids(store, one)] for one, _ in pairs]
        close_index(store)

        assert [both_ways(store, *pair, depth=depth, limit=limit) for pair in pairs] == by_index
        for answers, both, (one, _) in zip(by_index, ids, pairs, strict=True):
            for answer in answers:
                check_order(answer)
            for found, ask in zip(both, (upstream, downstream), strict=True):
                nodes = {node.id: node for node in ask(store, one).nodes}
                assert sorted(found) == sorted(nodes)
                check_order(replace(ask(store, one), nodes=tuple(nodes[id_] for id_ in found)))


@settings(deadline=None, max_examples=60)
@given(ARCS, st.integers(0, 7), st.integers(0, 7))
def test_between_is_what_lies_downstream_of_one_and_upstream_of_the_other(
    tmp_path_factory: pytest.TempPathFactory, arcs: list[tuple[int, int, bool]], first: int, second: int
) -> None:
    with open_store(tmp_path_factory.mktemp("graph") / "lineage.db") as store:
        things, _ = graph(store, 8, 6, arcs)
        ways = {
            frozenset(downstream_ids(store, things[one])) & frozenset(upstream_ids(store, things[other]))
            for one, other in ((first, second), (second, first))
        }

        assert {node.id for node in between(store, things[first], things[second]).nodes} in (set(way) for way in ways)


def test_several_names_importers_and_cache_hits_are_the_same_by_index(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    for number in range(5):
        take_from_cache(recorder, f"again-{number}")
    by_sql = both_ways(store, ids["model"], ids["data"], ids["train"], limit=7)
    open_index(store)

    assert both_ways(store, ids["model"], ids["data"], ids["train"], limit=7) == by_sql


def test_what_is_recorded_after_the_index_was_opened_is_in_the_next_answer(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    open_index(store)
    assert len(downstream(store, ids["data"]).nodes) == 6

    credit(recorder, "r2")

    assert len(downstream(store, ids["data"]).nodes) == 11


@pytest.mark.parametrize(
    "edit",
    [
        "DELETE FROM Event WHERE id = 4",
        "DELETE FROM Event WHERE id = (SELECT max(id) FROM Event)",
        "UPDATE Event SET artifact_id = 1 WHERE artifact_id = 3 AND type = 3",
        "UPDATE Event SET type = 3 WHERE id = 7",
        "DELETE FROM Event WHERE id = 2; INSERT INTO Event (artifact_id, execution_id, type) VALUES (2, 4, 4)",
        "DELETE FROM Event",
    ],
)
def test_what_another_program_deletes_or_changes_is_noticed(
    recorder: Recorder, store: Store, path: Path, edit: str
) -> None:
    ids = credit(recorder)
    open_index(store)
    assert len(upstream(store, ids["model"]).nodes) == 7
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(edit)

    answers = both_ways(store, *ids.values())
    close_index(store)

    assert both_ways(store, *ids.values()) == answers


def test_an_edit_that_no_answer_shows_is_found_by_the_check(recorder: Recorder, store: Store, path: Path) -> None:
    ids = credit(recorder)
    index = open_index(store)
    with store.read() as connection:
        assert index.check(connection)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("UPDATE Event SET execution_id = 3 WHERE artifact_id = 4 AND type = 4")

    with store.read() as connection:
        assert not index.check(connection)
    assert [node.name for node in upstream(store, ids["model"]).nodes][-2:] == ["Split", "model.joblib"]


def test_ids_that_no_array_can_hold_are_answered_by_sql(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "INSERT INTO Type (id, name, type_kind) VALUES (20, 'Thing', 1), (21, 'Work', 0);"
            "INSERT INTO Artifact (id, type_id) VALUES (5000000000, 20), (-7, 20);"
            "INSERT INTO Execution (id, type_id) VALUES (9000000000, 21);"
            "INSERT INTO Event (artifact_id, execution_id, type) VALUES (-7, 9000000000, 3), (5000000000, 9000000000, 4);"
        )
    open_index(store)

    assert [node.id for node in upstream(store, 5000000000).nodes] == [
        "artifact/-7",
        "execution/9000000000",
        "artifact/5000000000",
    ]

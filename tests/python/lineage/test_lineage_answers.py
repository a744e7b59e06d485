"""Answers are exact at any depth, honest when cut, and readable."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lineage_scenarios import credit, take_from_cache

from claimed_jlab.lineage import (
    Answer,
    LineageError,
    Node,
    Recorder,
    Store,
    UnknownArtifact,
    downstream,
    tree,
    upstream,
    write,
)
from claimed_jlab.lineage.model import EventType, ExecutionState, Kind
from claimed_jlab.lineage.view import LineageAnswer

EVERY_DATABASE = True


def names(answer: Answer) -> list[str]:
    return [node.name for node in answer.nodes]


def test_upstream_is_everything_the_artifact_was_made_from(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)

    answer = upstream(store, ids["model"])

    assert sorted(names(answer)) == [
        "Fit", "Import credit.csv", "Split", "credit.csv", "model.joblib", "test.csv", "train.csv",
    ]  # fmt: skip
    called = {node.id: node.name for node in answer.nodes}
    assert sorted((called[edge.source], edge.name, called[edge.target]) for edge in answer.edges) == [
        ("Fit", "model", "model.joblib"),
        ("Import credit.csv", "artifact", "credit.csv"),
        ("Split", "test", "test.csv"),
        ("Split", "train", "train.csv"),
        ("credit.csv", "data", "Split"),
        ("test.csv", "holdout", "Fit"),
        ("train.csv", "again", "Fit"),
        ("train.csv", "data", "Fit"),
    ]
    assert (answer.truncated, answer.missing) == (False, 0)


def test_downstream_is_everything_made_from_the_artifact(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    credit(recorder, "r2")

    answer = downstream(store, ids["data"])

    assert sorted(names(answer)) == sorted(
        ["credit.csv", *["Split", "train.csv", "test.csv", "Fit", "model.joblib"] * 2]
    )
    assert {node.run for node in answer.nodes if node.kind == "execution"} == {"r1", "r2"}


def test_a_node_says_what_it_is(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)

    answer = upstream(store, ids["model"], depth=1)

    assert answer.nodes[-2:] == (
        Node("execution/4", "execution", "system.ContainerExecution", "Fit", None, "COMPLETE", "r1"),
        Node("artifact/4", "artifact", "system.Model", "model.joblib", "file:///r1/model", "LIVE"),
    )


@pytest.mark.parametrize(("depth", "count"), [(0, 1), (1, 4), (2, 6), (3, 7), (9, 7), (None, 7)])
def test_depth_counts_the_executions_crossed(recorder: Recorder, store: Store, depth: int, count: int) -> None:
    ids = credit(recorder)

    answer = upstream(store, ids["model"], depth=depth)

    assert (len(answer.nodes), answer.truncated, answer.missing) == (count, False, 0)


@pytest.mark.parametrize("limit", range(1, 9))
def test_an_answer_that_is_cut_says_how_much_is_missing(recorder: Recorder, store: Store, limit: int) -> None:
    ids = credit(recorder)
    whole = upstream(store, ids["model"])

    answer = upstream(store, ids["model"], limit=limit)

    assert len(answer.nodes) == min(limit, 7)
    assert answer.missing == 7 - len(answer.nodes)
    assert answer.truncated == (answer.missing > 0)
    kept = {node.id for node in answer.nodes}
    assert f"artifact/{ids['model']}" in kept
    assert set(answer.edges) == {edge for edge in whole.edges if edge.source in kept and edge.target in kept}


def test_depth_and_limit_together_miss_only_what_the_limit_cut(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)

    assert upstream(store, ids["model"], depth=1, limit=2).missing == 2


def test_mistaken_questions_are_refused(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)

    with pytest.raises(UnknownArtifact, match="no artifact has the id 99"):
        upstream(store, 99)
    with pytest.raises(LineageError, match="limit must be 1 or more"):
        upstream(store, ids["model"], limit=0)
    with pytest.raises(LineageError, match="depth must be 0 or more"):
        upstream(store, ids["model"], depth=-1)


def test_an_artifact_nobody_made_is_an_answer_of_one_node(store: Store) -> None:
    [artifact], _ = graph(store, 1, 0, [])

    assert names(upstream(store, artifact)) == ["0"]
    assert tree(upstream(store, artifact), f"artifact/{artifact}") == ["0 (Thing) [artifact/1]"]


def graph(
    store: Store, artifacts: int, executions: int, arcs: list[tuple[int, int, bool]]
) -> tuple[list[int], list[int]]:
    """Numbered artifacts and executions; an arc is (artifact, execution, whether it is read). Returns their ids."""

    def put(connection: Any) -> tuple[list[int], list[int]]:
        thing = write.ensure_type(connection, Kind.ARTIFACT, "Thing")
        work = write.ensure_type(connection, Kind.EXECUTION, "Work")
        things = [write.put_artifact(connection, thing, f"file:///{number}") for number in range(artifacts)]
        works = [write.put_execution(connection, work, ExecutionState.COMPLETE) for _ in range(executions)]
        for artifact, execution, is_read in sorted(set(arcs)):
            type_ = EventType.INPUT if is_read else EventType.OUTPUT
            write.put_event(connection, things[artifact], works[execution], type_, ("x",))
        return things, works

    return store.write(put)


@pytest.mark.parametrize("at_once", [True, False], ids=["by one query", "level by level"])
def test_any_graph_even_with_cycles_is_answered_exactly(
    store: Store, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    monkeypatch.setattr("claimed_jlab.lineage.closure._TWO_TERMS", at_once)

    @settings(deadline=None, max_examples=80)
    @given(
        st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.booleans()), max_size=40),
        st.integers(0, 7),
        st.none() | st.integers(0, 6),
        st.none() | st.integers(1, 12),
    )
    def check(arcs: list[tuple[int, int, bool]], start: int, depth: int | None, limit: int | None) -> None:
        things, works = graph(store, 8, 6, arcs)
        for ask, towards in ((upstream, False), (downstream, True)):
            near, crossed = plain_closure(arcs, start, towards, depth)
            expected = {f"artifact/{things[n]}" for n in near} | {f"execution/{works[n]}" for n in crossed}
            answer = ask(store, things[start], depth=depth, limit=limit)
            found = {node.id for node in answer.nodes}
            assert len(found) + answer.missing == len(expected)
            assert found <= expected if limit else found == expected
            assert len(answer.nodes) == len(found)
            assert all({edge.source, edge.target} <= found for edge in answer.edges)
            check_order(answer)
            assert tree(answer, f"artifact/{things[start]}")

    check()


def plain_closure(
    arcs: list[tuple[int, int, bool]], start: int, towards: bool, depth: int | None
) -> tuple[set[int], set[int]]:
    """The same question answered as simply as can be: artifacts and executions."""
    things, works, frontier, crossed = {start}, set[int](), {start}, 0
    while frontier and (depth is None or crossed < depth):
        crossed += 1
        step = {work for thing, work, is_read in arcs if thing in frontier and is_read == towards} - works
        works |= step
        frontier = {thing for thing, work, is_read in arcs if work in step and is_read != towards} - things
        things |= frontier
    return things, works


def check_order(answer: Answer) -> None:
    """Sources come first, unless there is a cycle."""
    followers: dict[str, set[str]] = {}
    for edge in answer.edges:
        followers.setdefault(edge.source, set()).add(edge.target)

    def reaches(source: str, target: str) -> bool:
        seen, todo = set(), [source]
        while todo:
            for follower in followers.get(todo.pop(), ()):
                if follower == target:
                    return True
                if follower not in seen:
                    seen.add(follower)
                    todo.append(follower)
        return False

    position = {node.id: number for number, node in enumerate(answer.nodes)}
    for edge in answer.edges:
        if position[edge.source] > position[edge.target]:
            assert reaches(edge.target, edge.source), "only a cycle may break the order"


def test_wide_graphs_beyond_one_statement_are_whole(store: Store) -> None:
    width = 1300
    arcs = [(0, number, True) for number in range(width)] + [(number + 1, number, False) for number in range(width)]
    things, _ = graph(store, width + 1, width, arcs)

    assert len(downstream(store, things[0]).nodes) == 2 * width + 1


def test_a_limit_cuts_cache_hits_before_what_the_artifact_was_made_from(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    alone = {node.id for node in upstream(store, ids["model"]).nodes}
    for number in range(20):
        take_from_cache(recorder, f"again-{number}")

    answer = upstream(store, ids["model"], limit=7)

    assert {node.id for node in answer.nodes} == alone
    assert (answer.truncated, answer.missing) == (True, 60)


def test_the_json_of_an_answer_has_the_published_shape(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)

    document = LineageAnswer.of(upstream(store, ids["test"], limit=2)).model_dump()

    assert document == {
        "nodes": [
            {
                "id": "execution/3", "kind": "execution", "type": "system.ContainerExecution", "name": "Split",
                "uri": None, "state": "COMPLETE", "run": "r1",
            },
            {
                "id": "artifact/3", "kind": "artifact", "type": "system.Dataset", "name": "test.csv",
                "uri": "file:///r1/test.csv", "state": "LIVE", "run": None,
            },
        ],
        "edges": [{"source": "execution/3", "target": "artifact/3", "name": "test"}],
        "truncated": True,
        "missing": 2,
    }  # fmt: skip

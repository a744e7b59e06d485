"""The query language answers as an evaluator does that looks at every node in Python."""

from __future__ import annotations

import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lineage_scenarios import credit
from query_naive import ME, answer, world_of
from query_random import QUERIES, fill
from sqlalchemy import Connection

from claimed_jlab.lineage import (
    ArtifactRecord,
    QueryError,
    Recorder,
    Store,
    close_index,
    find,
    open_index,
    open_store,
    write,
)
from claimed_jlab.lineage.model import EventType, ExecutionState, Kind
from claimed_jlab.lineage.query.parser import parse
from claimed_jlab.lineage.query.syntax import Query, text_of


def found(store: Store, text: str, limit: int = 1000) -> list[str]:
    """Ids of all pages."""
    ids: list[str] = []
    page = find(store, text, limit=limit, user=ME)
    ids += [node.id for node in page.nodes]
    while page.next is not None:
        page = find(store, text, limit=limit, cursor=page.next, user=ME)
        assert 0 < len(page.nodes) <= limit
        ids += [node.id for node in page.nodes]
    return ids


@given(seed=st.integers(0, 10**6), queries=st.lists(QUERIES, min_size=6, max_size=12), limit=st.integers(1, 5))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_query_finds_what_a_look_at_every_node_finds(seed: int, queries: list[Query], limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = fill(Path(folder) / "l.db", seed)
        world, now = world_of(store), datetime.now()
        for query in queries:
            expected = answer(world, query, now)
            assert found(store, text_of(query)) == expected, text_of(query)
        assert found(store, text_of(queries[0]), limit) == answer(world, queries[0], now)
        assert found(store, "", limit) == answer(world, None, now)
        open_index(store)
        for query in queries:
            assert found(store, text_of(query)) == answer(world, query, now), text_of(query)
        close_index(store)
        store.close()


@given(query=QUERIES)
@settings(max_examples=300, deadline=None)
def test_a_query_that_is_written_out_reads_back_as_itself(query: Query) -> None:
    text = text_of(query)

    assert parse(text) == query


WORST = ["*" + "a*" * 7, "a*" * 7 + "b", "*" + "a*" * 6 + "b", "?*" * 7 + "b"]


@pytest.mark.parametrize("pattern", WORST)
def test_wildcards_never_take_long(tmp_path: Path, pattern: str) -> None:
    store = open_store(tmp_path / "l.db")
    recorder = Recorder(store)
    recorder.start_run("r1", "Credit", parameters={"text": "a" * 20_000}, properties={"note": "a" * 20_000})

    begin = time.process_time()
    for name in ("text", "note"):
        find(store, f'{name}="{pattern}"')
    assert time.process_time() - begin < 2


def test_pages_stay_as_they_are_while_nodes_are_added(tmp_path: Path) -> None:
    store = open_store(tmp_path / "l.db")
    recorder = Recorder(store)
    recorder.start_run("r1", "Credit", parameters={}, properties={})
    for number in range(6):
        recorder.import_artifact("r1", "t", ArtifactRecord("Dataset", f"file:///{number}"))
    first = find(store, "kind:artifact", limit=3)

    recorder.import_artifact("r1", "t", ArtifactRecord("Dataset", "file:///new"))
    rest = find(store, "kind:artifact", limit=3, cursor=first.next)

    assert [node.id for node in (*first.nodes, *rest.nodes)] == [f"artifact/{id_}" for id_ in range(6, 0, -1)]
    assert rest.next is None


def test_what_is_found_says_what_a_person_wants_to_know(tmp_path: Path) -> None:
    store = open_store(tmp_path / "l.db")
    ids = credit(Recorder(store))

    [model] = find(store, "type:Model").nodes
    [fit] = find(store, "task:fit kind:execution").nodes
    [run] = find(store, "kind:context type:PipelineRun").nodes

    assert (model.id, model.name, model.type, model.state) == (
        f"artifact/{ids['model']}", "model.joblib", "system.Model", "LIVE",
    )  # fmt: skip
    assert (fit.name, fit.state, fit.run) == ("Fit", "COMPLETE", "r1")
    assert (run.name, run.kind, run.state) == ("r1", "context", None)
    assert model.created.endswith("Z") and datetime.fromisoformat(model.created[:-1])


def test_an_artifact_answers_for_the_task_that_made_it_and_a_model_for_its_tests(tmp_path: Path) -> None:
    store = open_store(tmp_path / "l.db")
    recorder = Recorder(store)
    for number, digest in enumerate(("n1", "n2", "n2")):
        run = f"r{number}"
        recorder.start_run(run, "Credit", parameters={}, properties={"claimed.user": ME})
        recorder.start_task(
            run,
            "train",
            display_name="Train",
            inputs={"C": number},
            artifacts={},
            properties={"claimed.component": "train/x@1.0.0", "claimed.notebook_digest": digest},
        )
        model = ArtifactRecord("Model", f"file:///m{number}", "model", f"m{number}")
        made = recorder.finish_task(
            run, "train", state="COMPLETE", outputs={}, artifacts={"model": model}, properties={}
        )
        recorder.start_task(run, "test", display_name="Test", inputs={}, artifacts=made, properties={})
        report = ArtifactRecord(
            "Metrics", f"file:///q{number}", "q.json", f"q{number}", {"accuracy": 0.7 + number / 10}
        )
        recorder.finish_task(run, "test", state="COMPLETE", outputs={}, artifacts={"report": report}, properties={})
        recorder.finish_run(run, "COMPLETE")

    def models(query: str) -> list[str]:
        return [node.id for node in find(store, f"type:Model {query}", user=ME).nodes]

    first, second, third = models("")[::-1]
    assert models("accuracy>0.75") == [third, second]
    assert models("C=0") == [first] and models("task:test") == []
    assert models("task:train component:train/x") == [third, second, first]
    assert models("changed:code") == [second]
    assert models("state:COMPLETE accuracy>0.75 user:me changed:code") == [second]
    assert models("state:FAILED") == [] and models("not state:LIVE") == []
    assert [node.name for node in find(store, "accuracy>0.85 kind:artifact").nodes] == ["q.json", "model"]


def test_a_chain_longer_than_any_recursion_is_followed_to_its_origin(tmp_path: Path) -> None:
    store = open_store(tmp_path / "l.db")

    def chain(connection: Connection) -> None:
        kind = write.ensure_type(connection, Kind.ARTIFACT, "system.Model")
        step = write.ensure_type(connection, Kind.EXECUTION, "system.ContainerExecution")
        last = write.put_artifact(connection, kind, "0")
        for number in range(1, 301):
            execution = write.put_execution(connection, step, ExecutionState.COMPLETE)
            write.put_event(connection, last, execution, EventType.INPUT, ["data"])
            last = write.put_artifact(connection, kind, str(number))
            write.put_event(connection, last, execution, EventType.OUTPUT, ["model"])

    store.write(chain)

    assert len(find(store, "+artifact/301", limit=1000).nodes) == 601
    assert len(find(store, "100+artifact/301", limit=1000).nodes) == 201
    assert len(find(store, "artifact/1+", limit=1000).nodes) == 601


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": 10**6}, {"cursor": "x"}, {"cursor": "1.7.1"}])
def test_a_page_that_there_is_not_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        find(open_store(tmp_path / "l.db"), "x", **wrong)


def test_numbers_beyond_what_a_column_holds_find_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "l.db")
    credit(Recorder(store))

    for text in ("rows=99999999999999999999", "rows>-99999999999999999999", "artifact/999999999999999999", "x>1e300"):
        assert find(store, text).nodes == ()

"""Another ML Metadata store comes into ours whole, once, and again only as far as it changed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from lineage_databases import Server
from lineage_dump import BASE_TYPES, dump
from lineage_graphs import graphs
from test_lineage_conformance import record_run

from claimed_jlab.lineage import LineageError, Recorder, Store, find_artifact, open_store, read, upstream, write
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.transfer.grpc_source import ServiceSource
from claimed_jlab.lineage.transfer.importing import IMPORT_TYPE, import_store
from claimed_jlab.lineage.transfer.source import DatabaseSource
from claimed_jlab.lineage.transfer.summary import Summary

Judge = Callable[..., Any]
EVERY_DATABASE = True
ROOT = Path(__file__).parents[3]


def bring(store: Store, place: str, name: str = "kfp", **more: Any) -> Summary:
    source = DatabaseSource(place)
    try:
        return import_store(store, source, name, **more)
    finally:
        source.close()


def content(store: Store, *, imported: bool) -> dict[str, list[str]]:
    """What is in a store, with nodes called by what they are and not by their ids."""
    found = dump(store)
    types = {one["id"]: f"{one['name']}/{one['version']}" for one in found["types"]}
    spelled: dict[tuple[str, int], str] = {}
    listed: dict[str, list[str]] = {
        "types": sorted(
            json.dumps({**one, "id": 0}, sort_keys=True) for one in found["types"] if one["name"] != IMPORT_TYPE
        )
    }
    for what in ("artifacts", "executions", "contexts"):
        nodes = [one for one in found[what] if one["type"] != IMPORT_TYPE]
        for one in nodes:
            one["type_id"] = types.get(one["type_id"], "")
            if (one["external_id"] or "").startswith("claimed:import/kfp/"):
                one["external_id"] = None
            for reference in ("parent_dag_id", "cached_execution_id"):
                held = one["custom_properties"].get(reference)
                if held is not None:
                    one["custom_properties"][reference] = spelled[("executions", int(held[1]))]
            # One that reads an artifact under several names keeps its ids.
            also = one["custom_properties"].get("claimed.inputs")
            if also is not None:
                one["custom_properties"]["claimed.inputs"] = {
                    name: spelled[("artifacts", id_)] for name, id_ in also[1].items()
                }
            spelled[(what, one["id"])] = json.dumps({**one, "id": 0}, sort_keys=True)
        listed[what] = sorted(spelled[(what, one["id"])] for one in nodes)
    listed["events"] = sorted(
        json.dumps([
            spelled[("artifacts", one["artifact_id"])], spelled[("executions", one["execution_id"])], one["type"],
            one["path"], one["milliseconds"],
        ])
        for one in found["events"]
    )  # fmt: skip
    for what, first, second in (
        ("associations", "contexts", "executions"),
        ("attributions", "contexts", "artifacts"),
        ("parent_contexts", "contexts", "contexts"),
    ):
        listed[what] = sorted(json.dumps([spelled[(first, a)], spelled[(second, b)]]) for a, b in found[what])
    return listed


@pytest.fixture
def kubeflow(tmp_path: Path, judge: Judge) -> str:
    """A store as Kubeflow's own parts write it with the official library, with one of everything besides."""
    place = str(tmp_path / "kubeflow.db")
    judge("write", place.replace(".db", "0.db"))
    judge("add", place, "5ae1", 3)
    judge("add", place, "77c0", 2)
    return place


def test_a_store_of_kubeflows_comes_over_whole(store: Store, kubeflow: str) -> None:
    # Ids of the two differ.
    record_run(Recorder(store), "mine")
    own = content(store, imported=False)

    summary = bring(store, kubeflow)

    with open_store(kubeflow) as source:
        theirs = content(source, imported=False)
    ours = content(store, imported=True)
    for what in ("artifacts", "executions", "events", "associations", "attributions"):
        assert ours[what] == sorted(own[what] + theirs[what]), what
    assert summary.new["executions"] == 9 and summary.new["artifacts"] == 5
    assert not summary.left_out
    last = find_artifact(store, "gs://judge/5ae1/2.csv")
    assert [node.name for node in upstream(store, last).nodes] == [
        "task-0", "0.csv", "Task 1", "1.csv", "Task 2", "2.csv",
    ]  # fmt: skip


def test_any_graph_of_the_librarys_comes_over_whole(tmp_path: Path, judge: Judge) -> None:
    numbers = iter(range(10**6))

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(graphs())
    def check(graph: dict[str, Any]) -> None:
        place, ours = (str(tmp_path / f"{next(numbers)}.db") for _ in range(2))
        judge("put", place, input=json.dumps(graph))
        with open_store(ours) as store, open_store(place) as source:
            summary = bring(store, place, batch=2)
            assert content(store, imported=True) == content(source, imported=False)
            assert not summary.left_out
            again = bring(store, place, batch=3)
            assert not +again.new and not +again.changed

    check()


def test_a_second_import_brings_what_is_new_and_what_changed(store: Store, kubeflow: str, judge: Judge) -> None:
    bring(store, kubeflow)
    nothing = bring(store, kubeflow)
    assert not +nothing.new and not +nothing.changed

    judge("add", kubeflow, "9f01", 2)
    with open_store(kubeflow) as source:
        source.write(end_the_roots)
    summary = bring(store, kubeflow)

    assert (summary.new["executions"], summary.new["artifacts"], summary.new["contexts"]) == (4, 2, 1)
    assert summary.new["events"] == 3
    assert summary.changed["executions"] == 2
    with store.read() as connection:
        roots = [one for one in read.executions(connection) if (one.name or "").startswith("run/")]
    assert {(one.state.name if one.state else "", one.text("claimed.error")) for one in roots} == {("FAILED", "why")}
    with open_store(kubeflow) as source:
        assert content(store, imported=True) == content(source, imported=False)


def end_the_roots(connection: Any) -> None:
    from claimed_jlab.lineage.model import ExecutionState

    for one in read.executions(connection):
        if (one.name or "").startswith("run/"):
            write.update_execution(connection, one.id, ExecutionState.FAILED, {"claimed.error": "why"})


def test_what_people_said_here_of_a_node_stays(store: Store, kubeflow: str) -> None:
    bring(store, kubeflow)
    artifact = find_artifact(store, "gs://judge/5ae1/2.csv")
    store.write(lambda connection: write.put_custom(connection, Kind.ARTIFACT, artifact, {"claimed.tag.best": ""}))
    with open_store(kubeflow) as source:
        theirs = find_artifact(source, "gs://judge/5ae1/2.csv")
        source.write(lambda connection: write.put_custom(connection, Kind.ARTIFACT, theirs, {"rows": 7}))

    summary = bring(store, kubeflow)

    assert summary.changed["artifacts"] == 1
    with store.read() as connection:
        [found] = read.artifacts(connection, ids=[artifact])
    assert (found.custom_properties["claimed.tag.best"], found.custom_properties["rows"]) == ("", 7)


def test_a_store_of_our_own_recorder_moves_with_its_ids(store: Store, tmp_path: Path) -> None:
    place = str(tmp_path / "laptop.db")
    with open_store(place) as source:
        record_run(Recorder(source), "r1")
        bring(store, place)
        # Named by the run, as it was; and the recorder goes on with it.
        assert find_artifact(store, "r1/fit/model") > 0
        again = record_run(Recorder(store), "r1")
        assert again["model"] == find_artifact(store, "r1/fit/model")
        assert content(store, imported=True) == content(source, imported=False)


def test_a_trial_says_the_same_and_brings_nothing(store: Store, kubeflow: str) -> None:
    record_run(Recorder(store), "mine")
    before = content(store, imported=False)

    trial = bring(store, kubeflow, dry_run=True)

    assert content(store, imported=False) == before
    real = bring(store, kubeflow)
    assert trial.as_json() == real.as_json()


def test_a_hole_in_the_source_is_left_out_and_said(store: Store, kubeflow: str) -> None:
    with open_store(kubeflow) as source:
        source.write(lambda connection: connection.exec_driver_sql("DELETE FROM Artifact WHERE id = 1"))

    summary = bring(store, kubeflow)

    assert summary.as_json()["left_out"] == [
        {"what": "events", "why": "the source has no such artifact", "count": 2},
        {"what": "memberships", "why": "the source lacks one of the two nodes", "count": 2},
    ]


def test_the_source_is_only_read(store: Store, kubeflow: str) -> None:
    before = Path(kubeflow).read_bytes()

    bring(store, kubeflow)

    assert Path(kubeflow).read_bytes() == before
    assert not list(Path(kubeflow).parent.glob("kubeflow.db-*"))


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_a_source_may_lie_on_a_server(kind: str, request: pytest.FixtureRequest, path: Path, judge: Judge) -> None:
    server: Server = request.getfixturevalue(kind)
    # As a cluster's database may be: texts in latin1, names whatever their case.
    name = server.create("CHARACTER SET latin1" if kind == "mysql" else "")
    judge("write", server.url(name))
    judge("add", server.url(name), "läuft", 2)
    with open_store(path) as store, open_store(server.url(name)) as source:
        summary = bring(store, server.url(name))
        assert content(store, imported=True) == content(source, imported=False)
    assert not summary.left_out
    server.drop(name)


def test_an_import_that_is_killed_goes_on(tmp_path: Path, kubeflow: str, judge: Judge) -> None:
    judge("add", kubeflow, "long", 40)
    ours = tmp_path / "ours.db"
    program = (
        "import os, sys\n"
        "from claimed_jlab.lineage import open_store\n"
        "from claimed_jlab.lineage.transfer.importing import import_store\n"
        "from claimed_jlab.lineage.transfer.source import DatabaseSource\n"
        "left = int(sys.argv[3])\n"
        "def told(summary):\n"
        "    global left\n"
        "    left -= 1\n"
        "    if left == 0: os.kill(os.getpid(), 9)\n"
        "import_store(open_store(sys.argv[1]), DatabaseSource(sys.argv[2]), 'kfp', batch=7, progress=told)\n"
    )
    killed = 0
    for pages in (1, 2, 3, 4, 6, 3, 5, 1, 1000):
        done = subprocess.run([sys.executable, "-c", program, str(ours), kubeflow, str(pages)], capture_output=True)
        killed += done.returncode == -9

    assert killed >= 6
    with open_store(ours) as store, open_store(kubeflow) as source:
        assert content(store, imported=True) == content(source, imported=False)


@pytest.fixture
def service(kubeflow: str, judge: Judge) -> Iterator[str]:
    """The address of a service of the official library over Kubeflow's store."""
    python = os.environ.get("CLAIMED_MLMD_PYTHON") or str(ROOT / ".venv-mlmd" / "bin" / "python")
    program = [python, str(ROOT / "tests" / "mlmd" / "service.py"), kubeflow]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"grpc://127.0.0.1:{int(process.stdout.readline())}"
        process.communicate()


def test_a_service_is_imported_as_its_database_is(path: Path, kubeflow: str, service: str, judge: Judge) -> None:
    python = os.environ.get("CLAIMED_MLMD_PYTHON") or str(ROOT / ".venv-mlmd" / "bin" / "python")
    source = ServiceSource(service, python)
    try:
        with open_store(path) as store:
            summary = import_store(store, source, "kfp", batch=3)
            with open_store(kubeflow) as theirs:
                assert content(store, imported=True) == content(theirs, imported=False)
            assert summary.new["events"] == 8 and not summary.left_out
            again = import_store(store, source, "kfp")
            assert not +again.new and not +again.changed
            judge("add", kubeflow, "later", 2)
            more = import_store(store, source, "kfp")
            assert (more.new["executions"], more.new["events"]) == (4, 3)
            with open_store(kubeflow) as theirs:
                assert content(store, imported=True) == content(theirs, imported=False)
    finally:
        source.close()


def test_a_store_is_not_imported_into_itself(store: Store, place: str) -> None:
    with pytest.raises(LineageError, match="that is our own store"):
        bring(store, place)


def test_base_types_are_those_of_every_store() -> None:
    assert list(BASE_TYPES) == list(range(1, 10))

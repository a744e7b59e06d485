"""The journal: what was written is kept, applied once and in order, whoever dies."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lineage_dump import dump

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, StoreUnavailable, open_store, read
from claimed_jlab.lineage.journal import JournaledRecorder, RecordedRun, open_journal
from claimed_jlab.lineage.journal.apply import _put_run
from claimed_jlab.lineage.journal.segment import encoded, segments


def a_run(name: str, **given: object) -> RecordedRun:
    return RecordedRun(
        name,
        "Credit",
        parameters={"C": 1.0, "solver": "lbfgs", "seed": 7, "fit": True, "tags": ["a"]},
        metrics={"accuracy": 0.75, "rows": 1000, "auc": 0.8, "f1": 0.7, "loss": 0.2},
        inputs={
            "data": ArtifactRecord("Dataset", "file:///credit.csv", "credit.csv", "d0"),
            "codes": ArtifactRecord("Dataset", "file:///codes.csv", "codes.csv", "d1"),
        },
        outputs={
            "model": ArtifactRecord("Model", f"file:///{name}.joblib", "model.joblib", name, {"depth": 3}),
            "report": ArtifactRecord("Metrics", f"file:///{name}.json", metadata={"accuracy": 0.75}),
        },
        properties={"claimed.component": "train/x@1"},
        run_properties={"claimed.user": "ada"},
        started=1_000,
        finished=2_000,
        **given,  # type: ignore[arg-type]
    )


def runs_in(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(one.name for one in read.contexts(connection, type="system.PipelineRun") if one.name)


def test_a_whole_run_is_in_the_store_once_it_is_drained(store: Store) -> None:
    journal = open_journal(store)
    journal.record_run(a_run("r1"))

    assert runs_in(store) == []
    assert journal.waiting() > 0
    assert journal.drain()
    assert runs_in(store) == ["r1"]
    assert journal.waiting() == 0


def told(store: Store, *, times: bool = True) -> dict[str, object]:
    """All that a store says, with nodes called by what they are and not by their ids."""
    everything = dump(store)
    called = {
        (kind, one["id"]): one["external_id"] or f"{one['type']} {one['name']}"
        for kind in ("artifacts", "executions", "contexts")
        for one in everything[kind]
    }

    def node(kind: str, one: dict[str, Any]) -> dict[str, Any]:
        custom = dict(one["custom_properties"])
        if "parent_dag_id" in custom:
            custom["parent_dag_id"] = called["executions", custom["parent_dag_id"][1]]
        custom.pop("claimed.inputs", None)
        left = ("id", "type_id") if times else ("id", "type_id", "created", "updated")
        return {**{name: value for name, value in one.items() if name not in left}, "custom_properties": custom}

    events = [
        (called["artifacts", one["artifact_id"]], called["executions", one["execution_id"]], one["type"], one["path"],
         one["milliseconds"] if times else 0)
        for one in everything["events"]
    ]  # fmt: skip
    pairs = {
        "associations": ("contexts", "executions"),
        "attributions": ("contexts", "artifacts"),
        "parent_contexts": ("contexts", "contexts"),
    }
    return {
        **{kind: sorted((node(kind, one) for one in everything[kind]), key=repr)
           for kind in ("artifacts", "executions", "contexts")},
        "events": sorted(events, key=repr),
        **{name: sorted((called[first, one], called[second, other]) for one, other in everything[name])
           for name, (first, second) in pairs.items()},
    }  # fmt: skip


texts = st.text(st.characters(codec="utf-8"), max_size=8)
values = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False) | texts
records = st.builds(
    ArtifactRecord,
    type=st.sampled_from(["Dataset", "Model", "Metrics", "my.Own"]),
    uri=st.sampled_from(["file:///a", "file:///b", "s3://c", ""]),
    name=texts,
    digest=st.none() | st.sampled_from(["d0", "d1"]),
    metadata=st.dictionaries(texts, values, max_size=3),
)
whole_runs = st.builds(
    RecordedRun,
    run_id=st.sampled_from(["r1", "r2", "r3"]),
    pipeline=st.sampled_from(["Credit", "Scans"]),
    display_name=texts,
    state=st.sampled_from(["COMPLETE", "FAILED"]),
    parameters=st.dictionaries(texts, values, max_size=3),
    metrics=st.dictionaries(texts, values, max_size=3),
    inputs=st.dictionaries(texts, records, max_size=3),
    outputs=st.dictionaries(texts, records, max_size=3),
    properties=st.dictionaries(st.sampled_from(["image", "claimed.component"]), texts, max_size=2),
    run_properties=st.dictionaries(st.sampled_from(["namespace", "claimed.user"]), texts, max_size=2),
    started=st.integers(1, 5),
    finished=st.integers(6, 9),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(whole_runs, max_size=5), st.integers(0, 5))
def test_many_runs_at_once_become_the_rows_that_the_recorder_makes(
    tmp_path_factory: pytest.TempPathFactory, runs: list[RecordedRun], pause: int
) -> None:
    folder = tmp_path_factory.mktemp("stores")
    with open_store(folder / "together.db") as together, open_store(folder / "apart.db") as apart:
        journal = open_journal(together)
        for at, run in enumerate(runs):
            journal.record_run(run)
            if at == pause:
                journal.drain()
        journal.close()
        seen = set()
        for run in runs:
            if run.run_id not in seen:
                seen.add(run.run_id)
                _put_run(Recorder(apart), run)

        assert told(together) == told(apart)
        assert told(together)["executions"] or not runs
        assert journal.refused() == []


def test_whole_runs_never_need_the_slow_way(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimed_jlab.lineage.journal.apply._put_run", lambda *_: pytest.fail("one by one"))
    journal = open_journal(store)
    for round_ in range(3):
        for number in range(4):
            journal.record_run(a_run(f"r{round_}-{number}"))
        journal.drain()

    assert len(runs_in(store)) == 12


def test_lines_that_are_applied_again_change_nothing(store: Store) -> None:
    journal = open_journal(store)
    journal.record_run(a_run("r1"))
    journal.drain()
    before = dump(store)
    (journal.folder / "applied.json").unlink()
    journal.record_run(a_run("r1"))
    journal.drain()

    assert dump(store) == before


def test_a_line_that_was_cut_short_is_passed_over(store: Store) -> None:
    journal = open_journal(store)
    journal.record_run(a_run("r1"))
    with segments(journal.folder)[0].open("ab") as file:
        file.write(encoded({"at": 1, "op": "run", "run_id": "half"})[:40])

    assert journal.drain()
    assert runs_in(store) == ["r1"]
    assert journal.refused() == []


def test_a_line_that_can_not_be_applied_is_put_aside_and_keeps_nothing_waiting(store: Store) -> None:
    journal = open_journal(store)
    journal.append({"at": 1, "op": "finish_run", "run_id": "never", "state": "COMPLETE"})
    journal.append({"at": 2, "op": "dance"})
    journal.append({"at": 3, "op": "run", "run_id": "r0", "pipeline": "P", "state": "HAPPY"})
    journal.append({"at": 4, "op": "start_task", "run_id": "r9"})
    journal.record_run(a_run("r1"))
    with segments(journal.folder)[0].open("r+b") as file:
        line = file.readline()
    with segments(journal.folder)[0].open("ab") as file:
        file.write(line.replace(b"never", b"nevex"))

    assert journal.drain()
    assert runs_in(store) == ["r1"]
    assert sorted(one["why"] for one in journal.refused()) == [
        "'HAPPY' is no state of an execution",
        "'dance' is no step of a run",
        "KeyError: 'artifacts'",
        "its check does not agree with it",
        "run 'never' was never started in this store",
    ]


def record_steps(recorder: Recorder | JournaledRecorder, run: str) -> None:
    recorder.start_run(run, "Steps", parameters={"a": 1}, properties={"claimed.user": "ada"})
    data = recorder.import_artifact(run, "fit", ArtifactRecord("Dataset", "file:///d", digest="d"))
    assert data is not None
    recorder.start_task(run, "fit", display_name="Fit", inputs={"b": 2}, artifacts={"data": data}, properties={})
    made = {"model": ArtifactRecord("Model", f"file:///{run}", digest=run)}
    ids = recorder.finish_task(run, "fit", state="COMPLETE", outputs={"c": 3}, artifacts=made, properties={})
    recorder.start_task(run, "use", display_name="Use", inputs={}, artifacts=ids, properties={})
    recorder.cancel_task(run, "use", properties={"claimed.error": "no"})
    recorder.finish_run(run, "COMPLETE")


def test_steps_through_the_journal_are_the_recorders_own(tmp_path: Path) -> None:
    through, straight = open_store(tmp_path / "through.db"), open_store(tmp_path / "straight.db")
    record_steps(JournaledRecorder(through), "r1")
    record_steps(Recorder(straight), "r1")

    assert told(through, times=False) == told(straight, times=False)


def test_a_writer_goes_on_while_somebody_holds_the_store(store: Store, path: Path) -> None:
    recorder = JournaledRecorder(store, patience=0.1)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        journal = open_journal(store)
        # Somebody has the turn, and waits for the lock.
        drainer = multiprocessing.get_context("spawn").Process(target=drain, args=(path,))
        began = time.monotonic()
        journal.append(
            {"at": 1, "op": "start_run", "run_id": "r0", "pipeline": "P", "parameters": {}, "properties": {}}
        )
        drainer.start()
        while not (journal.folder / "turn.lock").exists() and time.monotonic() - began < 30:
            time.sleep(0.01)
        time.sleep(0.3)
        assert recorder.start_run("r1", "Steps", parameters={}, properties={}) is None
        record = ArtifactRecord("Dataset", "file:///d", digest="d")
        assert recorder.import_artifact("r1", "fit", record) is None
        assert (
            recorder.start_task("r1", "fit", display_name="Fit", inputs={}, artifacts={"data": record}, properties={})
            is None
        )
        other.execute("ROLLBACK")
    drainer.join(60)
    assert journal.drain(patience=30)

    assert runs_in(store) == ["r0", "r1"]
    with store.read() as connection:
        (event,) = [one for one in read.events(connection) if one.type.is_input]
        assert read.artifacts(connection, ids=[event.artifact_id])[0].uri == "file:///d"


def drain(path: Path) -> None:
    open_journal(open_store(path)).drain(patience=60)


def write_many(path: Path, writer: int, count: int) -> None:
    store = open_store(path)
    journal = open_journal(store)
    for number in range(count):
        journal.record_run(a_run(f"w{writer}-{number}"))
        if number % 5 == 0:
            journal.drain(patience=0)


def test_eight_processes_lose_nothing_and_leave_no_segment(store: Store, path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=write_many, args=(path, writer, 12)) for writer in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    journal = open_journal(store)

    assert [worker.exitcode for worker in workers] == [0] * 8
    assert journal.drain(patience=60)
    assert len(runs_in(store)) == 8 * 12
    assert segments(journal.folder) == []
    with store.read() as connection:
        assert len(read.artifacts(connection, type="system.Dataset")) == 2
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_the_journals_of_a_folder_that_can_not_be_written_say_so(tmp_path: Path, store: Store, path: Path) -> None:
    path.with_name(f"{path.name}.pending").write_text("a file is in the way")

    with pytest.raises(StoreUnavailable, match="can't write the journal of the lineage store"):
        open_journal(store).record_run(a_run("r1"))


# Forks a writer for every line that it reads, so that each begins at once.
NURSERY = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_journal import a_run
from claimed_jlab.lineage import open_store
from claimed_jlab.lineage.journal import open_journal
journal = open_journal(open_store(Path(sys.argv[1])))
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.write(1, f"pid {os.getpid()}\\n".encode())
        for number in range(100000):
            name = f"{line.strip()}-{number}"
            journal.record_run(a_run(name))
            os.write(1, f"{name}\\n".encode())
            if number % 3 == 0:
                journal.drain(patience=0)
    os.waitpid(child, 0)
    os.write(1, b"dead\\n")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_nothing_acknowledged_is_lost_by_two_hundred_kills_at_random_points(store: Store, path: Path) -> None:
    chance, acknowledged = random.Random(7), []
    command = [sys.executable, "-c", NURSERY, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for kill in range(200):
            nursery.stdin.write(f"k{kill}\n")
            writer = int(nursery.stdout.readline().split()[1])
            time.sleep(chance.uniform(0, 0.04))
            os.kill(writer, signal.SIGKILL)
            acknowledged += [line.strip() for line in iter(nursery.stdout.readline, "dead\n")]
        nursery.stdin.close()
    assert len(acknowledged) > 100, "most were killed while they wrote, on a busy machine, too"
    assert open_journal(store).drain(patience=60)

    found = runs_in(store)
    assert set(acknowledged) <= set(found), "nothing acknowledged is lost"
    assert len(found) == len(set(found)), "nothing is there twice"
    with store.read() as connection:
        executions = read.executions(connection, type="system.ContainerExecution")
        assert len(executions) == len(found), "no run is there by half"
        assert {one.state.name for one in executions if one.state} == {"COMPLETE"}
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert json.loads((open_journal(store).folder / "applied.json").read_text()) == {}
    assert segments(open_journal(store).folder) == []

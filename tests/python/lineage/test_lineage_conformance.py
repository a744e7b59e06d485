"""Google's ml-metadata reads what we write, and we read what it writes: judged in a process of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lineage_dump import dump

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, find_artifact, open_store, schema, upstream, write
from claimed_jlab.lineage.model import ArtifactState, EventType, ExecutionState, Kind
from claimed_jlab.lineage.values import PropertyKind, Proto, Struct, Value

Judge = Callable[..., Any]
EVERYTHING: dict[str, Value] = {
    "int": -(2**63),
    "double": 1 / 3,
    "string": 'Größe ≥ 3 🧬\nsecond line, it\'s "quoted"',
    "struct": Struct({"list": [1, 2.5, None, True, {"deep": ["ä", {}]}], "text": "mlmd-struct::x"}),
    "proto": Proto("type.googleapis.com/google.protobuf.StringValue", b"\n\x06packed"),
    "bool": True,
}
DECLARED = {
    "int": PropertyKind.INT,
    "double": PropertyKind.DOUBLE,
    "string": PropertyKind.STRING,
    "struct": PropertyKind.STRUCT,
    "proto": PropertyKind.PROTO,
    "bool": PropertyKind.BOOLEAN,
}


def test_the_schema_has_the_same_tables_columns_and_indexes(tmp_path: Path, store: Store, judge: Judge) -> None:
    theirs = tmp_path / "theirs.db"
    judge("dump", theirs)

    assert catalog(Path(store.location)) == catalog(theirs)


def catalog(path: Path) -> dict[str, Any]:
    """Tables with their columns' declarations, indexes with their columns and conditions, and the first rows."""
    connection = sqlite3.connect(path)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: dict[str, Any] = {}
    for name in names:
        found[name] = [row[1:] for row in connection.execute(f"PRAGMA table_info({name})")]
        for index in connection.execute(f"PRAGMA index_list({name})").fetchall():
            columns = tuple(row[2] for row in connection.execute(f"PRAGMA index_info({index[1]})"))
            label = columns if index[1].startswith("sqlite_") else index[1]
            found[f"{name} index {label}"] = (*index[2:], columns)
        definition = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        found[f"{name} counts"] = "AUTOINCREMENT" in definition
    for table in ("Type", "MLMDEnv"):
        found[f"{table} rows"] = connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
    return found


def test_the_library_makes_fifteen_tables_and_twenty_four_indexes_as_we_do() -> None:
    assert len(schema.metadata.tables) == 15
    assert sum(len(table.indexes) for table in schema.metadata.tables.values()) == 24


def test_our_reader_sees_everything_the_library_writes(tmp_path: Path, judge: Judge) -> None:
    path = tmp_path / "theirs.db"
    theirs = judge("write", path)

    assert len(theirs["events"]) == 8
    assert dump(open_store(path)) == theirs


def test_the_library_sees_everything_our_writer_writes(store: Store, judge: Judge) -> None:
    write_everything(store)

    ours = dump(store)

    assert {name: len(found) for name, found in ours.items()} == {
        "types": 3, "artifacts": 8, "executions": 7, "contexts": 2, "events": 7,
        "associations": 2, "attributions": 1, "parent_contexts": 1,
    }  # fmt: skip
    assert judge("dump", store.location) == ours


def write_everything(store: Store, everything: dict[str, Value] = EVERYTHING) -> None:
    def work(connection: Any) -> None:
        table = write.ensure_type(connection, Kind.ARTIFACT, "Table", DECLARED)
        fit = write.ensure_type(connection, Kind.EXECUTION, "Fit", DECLARED)
        study = write.ensure_type(connection, Kind.CONTEXT, "Study", DECLARED)
        for state in ArtifactState:
            write.put_artifact(connection, table, "", state=state)
        for execution_state in list(ExecutionState)[1:]:
            write.put_execution(connection, fit, execution_state)
        artifact = write.put_artifact(
            connection, table, "s3://b/k?x#y", external_id="a", name="n", properties=everything, custom=everything
        )
        execution = write.put_execution(
            connection, fit, ExecutionState.NEW, external_id="e", name="n", properties=everything, custom=everything
        )
        parent = write.put_context(connection, study, "p", external_id="c", properties=everything, custom=everything)
        child = write.put_context(connection, study, "child")
        paths: list[list[str | int]] = [[], ["data"], ["data", 3], [0], [""], ["a/b", 7, "c"], ["ü"]]
        for type_, path in zip(list(EventType)[1:], paths, strict=True):
            write.put_event(connection, artifact, execution, type_, path)
        write.put_parent_context(connection, child, parent)
        write.associate(connection, (parent, child), (execution,))
        write.attribute(connection, (child,), (artifact,))

    store.write(work)


def test_the_library_sees_a_recorded_run_as_we_do(store: Store, recorder: Recorder, judge: Judge) -> None:
    record_run(recorder, "r1")
    record_run(recorder, "r2")

    ours = dump(store)

    assert len(ours["executions"]) == 4 + 3
    assert judge("dump", store.location) == ours


def record_run(recorder: Recorder, run: str) -> dict[str, int]:
    recorder.start_run(
        run,
        'Credit: ünicode\'s "name"',
        parameters={"seed": 7, "names": ["a", None], "deep": {"x": [1.5, {"y": True}]}},
        properties={"claimed.user": "ada", "claimed.list": [1, "b"], "claimed.none": None, "claimed.share": 0.5},
    )
    data = recorder.import_artifact(run, "split", ArtifactRecord("Dataset", "file:///data/a b.csv", "a b.csv", "d0"))
    recorder.start_task(
        run, "split", display_name="Split", inputs={"f": 0.3}, artifacts={"data": data, "same": data}, properties={}
    )
    halves = {
        "train": ArtifactRecord("Dataset", f"file:///o/{run}/train", "train.csv", "d1", {"rows": 70, "ok": True}),
        "test": ArtifactRecord("Dataset", f"file:///o/{run}/test", "test.csv", "d2", {"columns": ["a"], "s": {"b": 1}}),
    }
    made = recorder.finish_task(run, "split", state="COMPLETE", outputs={"n": 3}, artifacts=halves, properties={})
    recorder.start_task(run, "fit", display_name="Fit", inputs={}, artifacts={"data": made["train"]}, properties={})
    model = {
        "model": ArtifactRecord("Model", f"file:///o/{run}/m", "model.joblib", "d3"),
        "scores": ArtifactRecord(
            "Metrics", f"file:///o/{run}/s", "scores", None, {"accuracy": 0.75, "nan": float("nan")}
        ),
    }
    made |= recorder.finish_task(run, "fit", state="COMPLETE", outputs={}, artifacts=model, properties={})
    recorder.finish_run(run, "COMPLETE", {"claimed.seconds": 1.5})
    return made


def test_the_library_and_we_write_one_file_in_turns(store: Store, recorder: Recorder, judge: Judge) -> None:
    for turn in range(3):
        record_run(recorder, f"ours-{turn}")
        judge("add", store.location, f"theirs-{turn}", 3)

    ours = dump(store)

    assert len(ours["executions"]) == 4 + 3 + 3 + 3 * (3 + 2)
    assert judge("dump", store.location) == ours
    mode = sqlite3.connect(store.location).execute("PRAGMA journal_mode").fetchone()[0]
    assert mode == "wal"


def test_a_store_the_library_began_takes_our_runs(tmp_path: Path, judge: Judge) -> None:
    path = tmp_path / "theirs.db"
    judge("add", path, "theirs", 2)
    store = open_store(path)
    record_run(Recorder(store), "ours")

    ours = dump(store)

    assert [one["name"] for one in ours["contexts"]] == ["judged", "theirs", 'Credit: ünicode\'s "name"', "ours"]
    assert [one["name"] for one in ours["types"]].count("system.Dataset") == 1
    assert judge("dump", path) == ours


@pytest.mark.parametrize(
    ("kind", "query", "count"),
    [
        ("artifacts", "type = 'system.Model'", 1),
        ("artifacts", "custom_properties.rows.double_value = 70", 1),
        ("artifacts", "custom_properties.ok.int_value = 1", 1),
        ("artifacts", "custom_properties.display_name.string_value = 'model.joblib' AND state = LIVE", 1),
        ("artifacts", "contexts_0.type = 'system.PipelineRun' AND contexts_0.name = 'r1'", 5),
        ("artifacts", "uri LIKE 'file:///o/%'", 4),
        ("artifacts", "external_id = 'claimed:r1/fit/model'", 1),
        ("executions", "custom_properties.parent_dag_id.int_value > 0", 3),
        ("executions", "last_known_state = COMPLETE", 4),
        ("executions", "name = 'run/r1' AND custom_properties.`claimed.user`.string_value = 'ada'", 1),
        ("executions", "events_0.type = INPUT", 2),
        ("contexts", "type = 'system.PipelineRun' AND parent_contexts_0.type = 'system.Pipeline'", 1),
        ("contexts", "custom_properties.resource_name.string_value = 'run-resource'", 1),
    ],
)
def test_a_filter_query_finds_what_we_recorded(
    recorder: Recorder, store: Store, judge: Judge, kind: str, query: str, count: int
) -> None:
    record_run(recorder, "r1")

    assert len(judge("filter", store.location, kind, query)) == count


def test_upstream_agrees_with_the_library_where_the_library_answers_whole(
    recorder: Recorder, store: Store, judge: Judge
) -> None:
    made = record_run(recorder, "r1")

    ours = upstream(store, made["model"])

    assert sorted(node.id for node in ours.nodes) == judge("subgraph", store.location, made["model"], 20)


def test_a_chain_of_200_runs_comes_back_whole_where_the_library_cuts_it(
    recorder: Recorder, store: Store, judge: Judge
) -> None:
    last = chain(store, recorder, 200)

    ours = upstream(store, last)

    assert len(ours.nodes) == 401
    assert (ours.truncated, ours.missing) == (False, 0)
    assert len(judge("subgraph", store.location, last, 20)) == 21
    assert len(judge("subgraph", store.location, last, 1000)) == 101


def chain(store: Store, recorder: Recorder, length: int) -> int:
    """As many runs, each reading what the one before it made, the first a file from nowhere; the last artifact's id."""

    def source(connection: Any) -> int:
        return write.put_artifact(connection, write.ensure_type(connection, Kind.ARTIFACT, "system.Model"), "file:///0")

    last = store.write(source)
    for number in range(1, length + 1):
        run = f"run-{number}"
        recorder.start_run(run, "Chain", parameters={}, properties={})
        recorder.start_task(run, "step", display_name="", inputs={}, artifacts={"model": last}, properties={})
        made = {"model": ArtifactRecord("Model", f"file:///{number}")}
        last = recorder.finish_task(run, "step", state="COMPLETE", outputs={}, artifacts=made, properties={})["model"]
        recorder.finish_run(run, "COMPLETE")
    return last


def test_a_run_that_kubeflow_recorded_is_answered_with_its_names(tmp_path: Path, judge: Judge) -> None:
    path = tmp_path / "kubeflow.db"
    judge("add", path, "5ae1", 3)
    store = open_store(path)
    last = find_artifact(store, "gs://judge/5ae1/2.csv")

    answer = upstream(store, last)

    assert sorted(node.id for node in answer.nodes) == judge("subgraph", path, last, 20)
    assert [(node.name, node.run) for node in answer.nodes] == [
        ("task-0", "5ae1"), ("0.csv", None), ("Task 1", "5ae1"), ("1.csv", None), ("Task 2", "5ae1"), ("2.csv", None),
    ]  # fmt: skip
    assert [edge.name for edge in answer.edges] == ["out", "in", "out", "in", "out"]


def test_every_event_type_flows_the_way_the_library_says(store: Store, judge: Judge) -> None:
    def one_artifact_per_type(connection: Any) -> dict[EventType, int]:
        thing = write.ensure_type(connection, Kind.ARTIFACT, "Thing")
        work = write.ensure_type(connection, Kind.EXECUTION, "Work")
        execution = write.put_execution(connection, work, ExecutionState.COMPLETE)
        ids = {type_: write.put_artifact(connection, thing, type_.name) for type_ in list(EventType)[1:]}
        for type_, artifact in ids.items():
            write.put_event(connection, artifact, execution, type_, (type_.name,))
        return ids

    for artifact in store.write(one_artifact_per_type).values():
        ours = sorted(node.id for node in upstream(store, artifact).nodes)
        assert ours == judge("subgraph", store.location, artifact, 20)

"""Runs are recorded with Kubeflow's names, once, and what has ended stays as it ended."""

from __future__ import annotations

from typing import Any

import pytest

from claimed_jlab.lineage import (
    ArtifactRecord,
    LineageError,
    Recorder,
    Store,
    UnknownArtifact,
    UnknownRun,
    read,
    upstream,
)
from claimed_jlab.lineage.model import Artifact, Context, Event, EventType, Execution, ExecutionState
from claimed_jlab.lineage.values import Struct

TABLE = ArtifactRecord("Dataset", "file:///data/credit.csv", "credit.csv", "digest-0")


def executions(store: Store) -> list[Execution]:
    with store.read() as connection:
        return read.executions(connection)


def artifacts(store: Store) -> list[Artifact]:
    with store.read() as connection:
        return read.artifacts(connection)


def contexts(store: Store) -> list[Context]:
    with store.read() as connection:
        return read.contexts(connection)


def events(store: Store) -> list[Event]:
    with store.read() as connection:
        return read.events(connection)


def begin(recorder: Recorder, run: str = "r1") -> int:
    return recorder.start_run(run, "Credit", parameters={"seed": 7}, properties={"claimed.user": "ada"})


def start(recorder: Recorder, run: str, task: str, **artifacts: int) -> int:
    return recorder.start_task(
        run, task, display_name=task.title(), inputs={"C": 1.5}, artifacts=artifacts, properties={"image": "local"}
    )


def finish(recorder: Recorder, run: str, task: str, state: str = "COMPLETE", **more: Any) -> dict[str, int]:
    made = {"model": ArtifactRecord("Model", f"file:///o/{run}/{task}", "model.joblib", f"digest-{task}")}
    given: dict[str, Any] = {"outputs": {"accuracy": 0.75}, "artifacts": made, "properties": {}}
    return recorder.finish_task(run, task, state=state, **{**given, **more})


def test_a_run_has_kubeflows_contexts_and_root(recorder: Recorder, store: Store) -> None:
    root = begin(recorder)

    pipeline, run = contexts(store)
    assert (pipeline.type, pipeline.name) == ("system.Pipeline", "Credit")
    assert (run.type, run.name) == ("system.PipelineRun", "r1")
    assert run.custom_properties == {
        "namespace": "", "resource_name": "run-resource", "pipeline_root": "", "store_session_info": "",
    }  # fmt: skip
    [execution] = executions(store)
    assert (execution.id, execution.type, execution.name) == (root, "system.DAGExecution", "run/r1")
    assert execution.state is ExecutionState.RUNNING
    assert execution.custom_properties == {
        "display_name": "Credit", "task_name": "", "inputs": Struct({"seed": 7}), "claimed.user": "ada",
    }  # fmt: skip
    with store.read() as connection:
        assert read.parent_contexts(connection) == [(run.id, pipeline.id)]
        assert read.associations(connection) == [(pipeline.id, root), (run.id, root)]


def test_two_runs_of_a_pipeline_share_its_context(recorder: Recorder, store: Store) -> None:
    begin(recorder, "r1")
    begin(recorder, "r2")

    assert [context.name for context in contexts(store)] == ["Credit", "r1", "r2"]


def test_a_task_has_kubeflows_properties_and_events(recorder: Recorder, store: Store) -> None:
    root = begin(recorder)
    data = recorder.import_artifact("r1", "fit", TABLE)
    task = start(recorder, "r1", "fit", data=data)
    ids = finish(recorder, "r1", "fit")

    found = {execution.id: execution for execution in executions(store)}[task]
    assert found.type == "system.ContainerExecution"
    assert found.name is None
    assert found.state is ExecutionState.COMPLETE
    assert found.custom_properties == {
        "display_name": "Fit", "task_name": "fit", "parent_dag_id": root,
        "inputs": Struct({"C": 1.5}), "outputs": Struct({"accuracy": 0.75}),
        "pod_name": "", "pod_uid": "", "namespace": "", "image": "local",
    }  # fmt: skip
    flows = [(event.type, event.artifact_id, event.path) for event in events(store) if event.execution_id == task]
    assert flows == [(EventType.INPUT, data, ("data",)), (EventType.OUTPUT, ids["model"], ("model",))]
    model = artifacts(store)[-1]
    assert (model.id, model.type, model.name) == (ids["model"], "system.Model", None)
    assert model.custom_properties == {
        "display_name": "model.joblib", "store_session_info": "", "claimed.digest": "digest-fit",
    }  # fmt: skip


def test_everything_a_run_touches_is_in_both_its_contexts(recorder: Recorder, store: Store) -> None:
    begin(recorder, "r1")
    data = recorder.import_artifact("r1", "fit", TABLE)
    start(recorder, "r1", "fit", data=data)
    finish(recorder, "r1", "fit")
    begin(recorder, "r2")
    start(recorder, "r2", "fit", data=data)

    with store.read() as connection:
        for context in read.contexts(connection):
            expected = {"Credit": (5, 2), "r1": (3, 2), "r2": (2, 1)}[context.name or ""]
            inside = read.executions(connection, context=context.id), read.artifacts(connection, context=context.id)
            assert tuple(map(len, inside)) == expected


def test_metadata_is_kept_as_kubeflow_keeps_it(recorder: Recorder, store: Store) -> None:
    begin(recorder)
    metadata = {"rows": 3, "ok": True, "note": "x", "columns": ["a"], "split": {"by": "y"}, "nothing": None}
    recorder.import_artifact("r1", "t", ArtifactRecord("Dataset", "u", "n", None, metadata))

    found = artifacts(store)[0].custom_properties
    assert {name: found[name] for name in metadata if name in found} == {
        "rows": 3.0, "ok": 1, "note": "x", "columns": Struct({"list": ["a"]}), "split": Struct({"struct": {"by": "y"}}),
    }  # fmt: skip
    assert isinstance(found["rows"], float) and type(found["ok"]) is int


def test_an_imported_file_is_one_artifact_for_all_runs(recorder: Recorder, store: Store) -> None:
    begin(recorder, "r1")
    begin(recorder, "r2")

    first = recorder.import_artifact("r1", "fit", TABLE)
    again = recorder.import_artifact("r1", "fit", TABLE)
    other_run = recorder.import_artifact("r2", "fit", TABLE)

    assert first == again == other_run
    importers = [execution for execution in executions(store) if execution.type == "system.ImporterExecution"]
    assert [(importer.state, importer.text("display_name")) for importer in importers] == [
        (ExecutionState.COMPLETE, "Import credit.csv")
    ]
    with store.read() as connection:
        for context in read.contexts(connection, type="system.PipelineRun"):
            assert [artifact.id for artifact in read.artifacts(connection, context=context.id)] == [first]


@pytest.mark.parametrize(
    "other",
    [
        ArtifactRecord("Dataset", TABLE.uri, "credit.csv", "digest-changed"),
        ArtifactRecord("Dataset", "file:///data/other.csv", "credit.csv", TABLE.digest),
        ArtifactRecord("Artifact", TABLE.uri, "credit.csv", TABLE.digest),
        ArtifactRecord("Dataset", TABLE.uri, "credit.csv", None),
    ],
)
def test_a_file_that_changed_is_another_artifact(recorder: Recorder, other: ArtifactRecord) -> None:
    begin(recorder)

    assert recorder.import_artifact("r1", "fit", TABLE) != recorder.import_artifact("r1", "fit", other)


def test_importing_what_a_run_made_joins_the_two_runs(recorder: Recorder, store: Store) -> None:
    begin(recorder, "r1")
    start(recorder, "r1", "fit")
    made = finish(recorder, "r1", "fit")["model"]
    begin(recorder, "r2")

    record = ArtifactRecord("Model", "file:///o/r1/fit", "anything", "digest-fit")

    assert recorder.import_artifact("r2", "use", record) == made


def test_calls_that_are_repeated_change_nothing(recorder: Recorder, store: Store) -> None:
    def everything() -> tuple[Any, ...]:
        root = begin(recorder)
        data = recorder.import_artifact("r1", "fit", TABLE)
        task = start(recorder, "r1", "fit", data=data)
        ids = finish(recorder, "r1", "fit")
        canceled = recorder.cancel_task("r1", "later")
        return root, data, task, ids, canceled, recorder.finish_run("r1", "COMPLETE")

    first = everything()
    before = executions(store), artifacts(store), contexts(store), events(store)

    assert everything() == first
    assert (executions(store), artifacts(store), contexts(store), events(store)) == before


def test_what_ended_stays_as_it_ended(recorder: Recorder, store: Store) -> None:
    begin(recorder)
    start(recorder, "r1", "fit")
    ids = finish(recorder, "r1", "fit")

    assert finish(recorder, "r1", "fit", state="FAILED") == ids
    recorder.cancel_task("r1", "fit")
    recorder.fail_unfinished("r1", "the worker died")

    assert [execution.state for execution in executions(store)] == [ExecutionState.FAILED, ExecutionState.COMPLETE]


def test_one_artifact_under_two_names_loses_neither(recorder: Recorder, store: Store) -> None:
    begin(recorder)
    data = recorder.import_artifact("r1", "fit", TABLE)
    task = start(recorder, "r1", "fit", train=data, test=data)
    model = finish(recorder, "r1", "fit")["model"]

    found = {execution.id: execution for execution in executions(store)}[task]
    assert found.custom_properties["claimed.inputs"] == Struct({"train": data, "test": data})
    names = [edge.name for edge in upstream(store, model).edges if edge.source == f"artifact/{data}"]
    assert sorted(map(str, names)) == ["test", "train"]


def cached(recorder: Recorder, run: str, source: int, **records: ArtifactRecord) -> dict[str, int]:
    begin(recorder, run)
    recorder.start_task(run, "fit", display_name="Fit", inputs={}, artifacts={}, properties={"cache_fingerprint": "f"})
    return recorder.finish_task(
        run, "fit", state="CACHED", outputs={}, artifacts=records, properties={}, cached_execution_id=source
    )


def test_a_cached_task_has_the_very_artifacts_of_the_one_it_took_over(recorder: Recorder, store: Store) -> None:
    begin(recorder, "r1")
    source = start(recorder, "r1", "fit")
    made = finish(recorder, "r1", "fit")

    again = cached(
        recorder, "r2", source, model=ArtifactRecord("Model", "file:///o/r1/fit", "model.joblib", "digest-fit")
    )

    assert again == made
    taken = executions(store)[-1]
    assert taken.state is ExecutionState.CACHED
    assert taken.custom_properties["cached_execution_id"] == str(source)
    assert taken.custom_properties["cache_fingerprint"] == "f"
    # A third run may take over from the second.
    record = ArtifactRecord("Model", "file:///o/r1/fit", "model.joblib", "digest-fit")
    assert cached(recorder, "r3", taken.id, model=record) == made


def test_a_cached_task_whose_files_differ_has_artifacts_of_its_own(recorder: Recorder) -> None:
    begin(recorder, "r1")
    source = start(recorder, "r1", "fit")
    made = finish(recorder, "r1", "fit")

    moved = cached(recorder, "r2", source, model=ArtifactRecord("Model", "file:///elsewhere", "m", "digest-fit"))
    changed = cached(recorder, "r3", source, model=ArtifactRecord("Model", "file:///o/r1/fit", "m", "other"))
    unknown = cached(recorder, "r4", 10**6, model=ArtifactRecord("Model", "file:///o/r1/fit", "m", "digest-fit"))

    assert len({made["model"], moved["model"], changed["model"], unknown["model"]}) == 4


def test_a_dead_workers_run_is_failed_with_its_message(recorder: Recorder, store: Store) -> None:
    root = begin(recorder)
    start(recorder, "r1", "done")
    finish(recorder, "r1", "done")
    running = start(recorder, "r1", "fit")
    other_root = begin(recorder, "r2")

    assert recorder.fail_unfinished("r1", "the worker died") == [root, running]

    by_id = {execution.id: execution for execution in executions(store)}
    assert by_id[running].custom_properties["claimed.error"] == "the worker died"
    assert by_id[root].state is by_id[running].state is ExecutionState.FAILED
    assert by_id[other_root].state is ExecutionState.RUNNING
    assert recorder.fail_unfinished("r1", "again") == []


def test_a_task_that_never_ran_can_be_canceled(recorder: Recorder, store: Store) -> None:
    begin(recorder)

    id_ = recorder.cancel_task("r1", "later", properties={"claimed.reason": "its condition was false"})

    found = executions(store)[-1]
    assert (found.id, found.state, found.text("task_name")) == (id_, ExecutionState.CANCELED, "later")


def test_a_task_that_fails_before_it_starts_is_recorded(recorder: Recorder, store: Store) -> None:
    begin(recorder)

    failed = {"outputs": {}, "artifacts": {}, "properties": {"claimed.error": "no such file"}}
    assert finish(recorder, "r1", "fit", state="FAILED", **failed) == {}

    found = executions(store)[-1]
    assert (found.state, found.text("task_name"), found.text("claimed.error")) == (
        ExecutionState.FAILED, "fit", "no such file",
    )  # fmt: skip


def test_mistakes_are_said_in_one_line_and_leave_nothing_behind(recorder: Recorder, store: Store) -> None:
    with pytest.raises(UnknownRun, match="run 'r9' was never started"):
        start(recorder, "r9", "fit")
    begin(recorder)
    with pytest.raises(UnknownRun, match="task 'fit' of run 'r1' was never started"):
        finish(recorder, "r1", "fit")
    with pytest.raises(UnknownArtifact, match="no artifact has the id 77"):
        start(recorder, "r1", "fit", data=77)
    start(recorder, "r1", "fit")
    for state, words in (("DONE", "no state"), ("RUNNING", "not how an execution ends")):
        with pytest.raises(LineageError, match=words):
            finish(recorder, "r1", "fit", state=state)

    assert len(executions(store)) == 2 and artifacts(store) == []


def test_own_artifact_types_keep_their_names(recorder: Recorder, store: Store) -> None:
    begin(recorder)
    for type_ in ("HTML", "system.Model", "google.VertexModel", "Slides"):
        recorder.import_artifact("r1", "t", ArtifactRecord(type_, f"u:{type_}"))

    assert [artifact.type for artifact in artifacts(store)] == [
        "system.HTML", "system.Model", "google.VertexModel", "system.Slides",
    ]  # fmt: skip


def test_an_import_without_a_name_is_called_by_its_uri(recorder: Recorder, store: Store) -> None:
    begin(recorder)
    recorder.import_artifact("r1", "t", ArtifactRecord("Dataset", "s3://bucket/a%20b.csv?version=3"))

    assert artifacts(store)[0].text("display_name") == "a b.csv"


def test_names_beyond_what_a_database_column_takes_are_recorded(recorder: Recorder, store: Store) -> None:
    run = "r" * 400
    recorder.start_run(run, "p" * 400, parameters={}, properties={})
    start(recorder, run, "t" * 400)

    assert finish(recorder, run, "t" * 400) == finish(recorder, run, "t" * 400)
    assert all(len(node.name or "") <= 255 for node in contexts(store))

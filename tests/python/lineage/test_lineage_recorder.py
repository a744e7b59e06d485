"""Runs are recorded with Kubeflow's names."""

from __future__ import annotations

import pytest
from lineage_scenarios import TABLE, artifacts, begin, contexts, events, executions, finish, start

from claimed_jlab.lineage import (
    ArtifactRecord,
    Recorder,
    Store,
    read,
    upstream,
)
from claimed_jlab.lineage.model import EventType, ExecutionState
from claimed_jlab.lineage.values import Struct

EVERY_DATABASE = True


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


def test_one_artifact_under_two_names_loses_neither(recorder: Recorder, store: Store) -> None:
    begin(recorder)
    data = recorder.import_artifact("r1", "fit", TABLE)
    task = start(recorder, "r1", "fit", train=data, test=data)
    model = finish(recorder, "r1", "fit")["model"]

    found = {execution.id: execution for execution in executions(store)}[task]
    assert found.custom_properties["claimed.inputs"] == Struct({"train": data, "test": data})
    names = [edge.name for edge in upstream(store, model).edges if edge.source == f"artifact/{data}"]
    assert sorted(map(str, names)) == ["test", "train"]


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

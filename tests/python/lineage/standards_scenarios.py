"""Stores to export: one with everything that a recorder writes, one as Kubeflow leaves it."""

from __future__ import annotations

from typing import Any

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, write
from claimed_jlab.lineage.explore.marks import set_note, set_tags
from claimed_jlab.lineage.model import EventType, ExecutionState, Kind
from claimed_jlab.lineage.standards.gather import gather
from claimed_jlab.lineage.standards.story import Story
from claimed_jlab.lineage.values import Proto, Struct

BEGAN = 1_790_000_000_123
PARAMETERS: dict[str, Any] = {
    "seed": 7, "C": 1.5, "deep": False, "name": "Größe 模型 🚀", "empty": "", "columns": ["a", 1, None, {"x": [True]}],
    "grid": {"C": [0.1, 1], "mlmd-struct": {"no": "mark"}}, "none": None,
}  # fmt: skip
RUN = {
    "claimed.user": "ada", "claimed.host": "laptop", "claimed.engine": "local", "claimed.version": "0.1.0",
    "claimed.pipeline_path": "/home/ada/Credit risk.pipeline", "claimed.git_commit": "867a499", "claimed.git_branch": "main",
    "claimed.git_dirty": True, "namespace": "team-a",
}  # fmt: skip
TASK = {
    "claimed.component": "train/sklearn@1.0.0", "claimed.component_version": "1.0.0", "claimed.source": "/c/train.ipynb",
    "claimed.notebook_digest": "blake3:aa", "claimed.environment": "blake3:bb", "image": "registry/train:1",
}  # fmt: skip


def story_of(store: Store) -> Story:
    story, left = gather(store)
    assert not left, left
    return story


def everything(store: Store) -> dict[str, int]:
    """Two runs: fan-out, fan-in, one file read under two names, a failure, a cancellation, a cached task."""
    recorder = Recorder(store)
    with write.at_moment(BEGAN):
        recorder.start_run("r1", "Kredit «Größe»", parameters=PARAMETERS, properties=RUN)
        data = recorder.import_artifact(
            "r1",
            "split",
            ArtifactRecord("Dataset", "s3://bucket/raw/credit%20x.csv", "credit.csv", "sha256:" + "0" * 64),
        )
        recorder.start_task(
            "r1", "split", display_name="Split", inputs=PARAMETERS, artifacts={"data": data}, properties=TASK
        )
    halves = {
        "train": ArtifactRecord("Dataset", "file:///work/r1/train%20set.csv", "train set.csv", "blake3:1", {"rows": 700, "size": 1234, "header": True, "kinds": ["int", "str"]}),
        "test": ArtifactRecord("Dataset", "gs://bucket/test.parquet", "test.parquet", "blake3:2"),
        "page": ArtifactRecord("HTML", "https://host/page.html?v=1#top", "page"),
        "nowhere": ArtifactRecord("my.Own", "", "nowhere"),
    }  # fmt: skip
    with write.at_moment(BEGAN + 1000):
        ids = recorder.finish_task(
            "r1", "split", state="COMPLETE", outputs={"rows": 1000, "share": 0.5}, artifacts=halves, properties={}
        )
        reads = {"data": ids["train"], "again": ids["train"], "holdout": ids["test"]}
        recorder.start_task("r1", "fit", display_name="Fit", inputs={"C": 1}, artifacts=reads, properties=TASK)
        recorder.start_task("r1", "broken", display_name="", inputs={}, artifacts={"page": ids["page"]}, properties={})
    made = {
        "model": ArtifactRecord("Model", "minio://bucket/model.joblib", "model.joblib", "blake3:3", {"framework": "sklearn"}),
        "metrics": ArtifactRecord("Metrics", "file:///work/r1/metrics.json", "metrics", None, {"accuracy": 0.75, "n": 3}),
    }  # fmt: skip
    with write.at_moment(BEGAN + 2500):
        ids |= recorder.finish_task(
            "r1",
            "fit",
            state="COMPLETE",
            outputs={},
            artifacts=made,
            properties={"claimed.executed_notebook": "file:///n.ipynb"},
        )
        recorder.finish_task(
            "r1", "broken", state="FAILED", outputs={}, artifacts={}, properties={"claimed.error": "no column 'x'"}
        )
        recorder.cancel_task("r1", "after", properties={"claimed.error": "broken failed"})
        recorder.finish_run("r1", "FAILED", {"claimed.error": "broken failed"})
        set_tags(store, f"artifact/{ids['model']}", {"candidate": "", "approved by": "ada"})
        set_note(store, f"artifact/{ids['model']}", "Good *enough*", "ada")
        set_tags(store, "execution/1", {"keep": "yes"})
    with write.at_moment(BEGAN + 4000):
        recorder.start_run("r2", "Kredit «Größe»", parameters={}, properties={})
        recorder.start_task(
            "r2", "fit", display_name="Fit", inputs={"C": 1}, artifacts={"data": ids["train"]}, properties=TASK
        )
        fit = _id(store, "claimed:r1/fit")
        recorder.finish_task(
            "r2", "fit", state="CACHED", outputs={}, artifacts=made, properties={}, cached_execution_id=fit
        )
        recorder.start_task("r2", "still", display_name="Still", inputs={}, artifacts={}, properties={})
    return {"data": data, **ids}


def kubeflow(store: Store) -> None:
    """A run with a group (a loop) in it: no external ids, a Struct that is bare, a message of protobuf, a type of their own."""

    def work(connection: Any) -> None:
        types = {
            name: write.ensure_type(connection, Kind.EXECUTION, name)
            for name in ("system.DAGExecution", "system.ContainerExecution")
        }
        pipeline = write.put_context(
            connection, write.ensure_type(connection, Kind.CONTEXT, "system.Pipeline"), "loops"
        )
        run_type = write.ensure_type(connection, Kind.CONTEXT, "system.PipelineRun")
        run = write.put_context(
            connection,
            run_type,
            "6f9a",
            custom={"namespace": "kubeflow", "resource_name": "run-resource", "pipeline_root": "minio://mlpipeline/v2"},
        )
        write.put_parent_context(connection, run, pipeline)
        both = (pipeline, run)
        root = write.put_execution(
            connection,
            types["system.DAGExecution"],
            ExecutionState.COMPLETE,
            name="run/6f9a",
            contexts=both,
            custom={
                "display_name": "loops",
                "task_name": "",
                "inputs": Struct({"n": 3}),
                "parameter_producer_task": Struct({"a": {"x": 1}}),
                "total_dag_tasks": 2,
            },
        )
        group = write.put_execution(
            connection,
            types["system.DAGExecution"],
            ExecutionState.COMPLETE,
            contexts=both,
            custom={
                "display_name": "for-each",
                "task_name": "for-each",
                "parent_dag_id": root,
                "iteration_count": 2,
                "inputs": Struct({}),
            },
        )
        artifact = write.put_artifact(
            connection,
            write.ensure_type(connection, Kind.ARTIFACT, "system.Dataset"),
            "minio://mlpipeline/v2/out",
            contexts=both,
            custom={
                "display_name": "out",
                "store_session_info": '{"Provider":"minio"}',
                "message": Proto("type.googleapis.com/x", b"\x01"),
                "double": 2.0,
            },
        )
        for number in (0, 1):
            one = write.put_execution(
                connection,
                types["system.ContainerExecution"],
                ExecutionState.COMPLETE,
                contexts=both,
                custom={
                    "display_name": "print",
                    "task_name": "print",
                    "parent_dag_id": group,
                    "iteration_index": number,
                    "inputs": Struct({"i": number}),
                    "pod_name": "pod-x",
                    "pod_uid": "1",
                    "namespace": "kubeflow",
                    "image": "python:3.11",
                    "cached_execution_id": "",
                },
            )
            write.put_event(connection, artifact, one, EventType.INPUT if number else EventType.OUTPUT, ("out",))

    with write.at_moment(BEGAN):
        store.write(work)


def _id(store: Store, key: str) -> int:
    with store.read() as connection:
        found = write.by_external_id(connection, Kind.EXECUTION, key)
    assert found is not None
    return found

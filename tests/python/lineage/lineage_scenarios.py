"""Runs to ask about, and what a store holds, in few words."""

from __future__ import annotations

from typing import Any

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, read
from claimed_jlab.lineage.model import Artifact, Context, Event, Execution

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


def credit(recorder: Recorder, run: str = "r1") -> dict[str, int]:
    """credit.csv -> split -> train, test -> fit, which reads train twice -> model."""
    recorder.start_run(run, "Credit", parameters={}, properties={})
    data = recorder.import_artifact(run, "split", ArtifactRecord("Dataset", "file:///credit.csv", "credit.csv", "d0"))
    recorder.start_task(run, "split", display_name="Split", inputs={}, artifacts={"data": data}, properties={})
    halves = {
        name: ArtifactRecord("Dataset", f"file:///{run}/{name}.csv", f"{name}.csv", f"digest-{run}-{name}")
        for name in ("train", "test")
    }
    ids = recorder.finish_task(run, "split", state="COMPLETE", outputs={}, artifacts=halves, properties={})
    reads = {"data": ids["train"], "again": ids["train"], "holdout": ids["test"]}
    recorder.start_task(run, "fit", display_name="Fit", inputs={}, artifacts=reads, properties={})
    made = {"model": ArtifactRecord("Model", f"file:///{run}/model", "model.joblib", f"digest-{run}-model")}
    ids |= recorder.finish_task(run, "fit", state="COMPLETE", outputs={}, artifacts=made, properties={})
    recorder.finish_run(run, "COMPLETE")
    return {"data": data, **ids}


def take_from_cache(recorder: Recorder, run: str) -> None:
    """A run whose `fit` takes over r1's model, with a file of its own as input."""
    recorder.start_run(run, "Credit", parameters={}, properties={})
    mine = recorder.import_artifact(run, "fit", ArtifactRecord("Dataset", f"file:///{run}-copy.csv"))
    recorder.start_task(run, "fit", display_name="Fit", inputs={}, artifacts={"data": mine}, properties={})
    made = {"model": ArtifactRecord("Model", "file:///r1/model", "model.joblib", "digest-r1-model")}
    recorder.finish_task(run, "fit", state="CACHED", outputs={}, artifacts=made, properties={}, cached_execution_id=4)

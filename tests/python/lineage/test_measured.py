"""What was measured of an artifact: by itself, by its maker, and by those who read it for its own sake."""

from __future__ import annotations

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store
from claimed_jlab.lineage.explore.history import versions_of


def step(recorder: Recorder, task: str, reads: dict[str, int], writes: dict[str, ArtifactRecord]) -> dict[str, int]:
    recorder.start_task("r1", task, display_name=task, inputs={}, artifacts=reads, properties={})
    return recorder.finish_task("r1", task, state="COMPLETE", outputs={}, artifacts=writes, properties={})


def metrics(name: str, **numbers: float) -> ArtifactRecord:
    return ArtifactRecord("Metrics", f"file:///{name}.json", f"{name}.json", name, numbers)


def test_what_measures_a_model_measures_nothing_else_that_it_reads(recorder: Recorder, store: Store) -> None:
    recorder.start_run("r1", "Credit", parameters={}, properties={})
    train = ArtifactRecord("Dataset", "file:///train.csv", "train.csv", "d0")
    test = ArtifactRecord("Dataset", "file:///test.csv", "test.csv", "d1")
    tables = {name: recorder.import_artifact("r1", "fit", one) for name, one in (("train", train), ("test", test))}
    fitted = step(
        recorder,
        "fit",
        {"train": tables["train"]},
        {"model": ArtifactRecord("Model", "file:///model", "model", "m"), "report": metrics("fit", loss=0.3)},
    )
    predicted = step(
        recorder,
        "predict",
        {"model": fitted["model"], "test": tables["test"]},
        {
            "table": ArtifactRecord("Dataset", "file:///p.csv", "p.csv", "d2"),
            "report": metrics("quality", accuracy=0.9),
        },
    )
    step(recorder, "audit", {"predictions": predicted["table"]}, {"report": metrics("fairness", parity=0.1)})

    def measured(artifact: int) -> dict[str, float]:
        found = versions_of(store, f"artifact/{artifact}")
        return found.versions[found.current].metrics

    assert measured(fitted["model"]) == {"accuracy": 0.9}
    assert measured(predicted["table"]) == {"parity": 0.1}
    assert measured(tables["train"]) == measured(tables["test"]) == {}
    assert measured(predicted["report"]) == {"accuracy": 0.9}

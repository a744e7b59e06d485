"""An artifact is found by whatever a person has in hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, UnknownArtifact, find_artifact

EVERY_DATABASE = True
DIGEST = "3f2a" * 16


@pytest.fixture
def ids(recorder: Recorder, tmp_path: Path) -> dict[str, int]:
    recorder.start_run("20261122-1", "Credit", parameters={}, properties={})
    (tmp_path / "credit data.csv").write_text("a")
    uri = (tmp_path / "credit data.csv").as_uri()
    data = recorder.import_artifact("20261122-1", "fit", ArtifactRecord("Dataset", uri, "credit data.csv", DIGEST))
    recorder.start_task("20261122-1", "fit", display_name="Fit", inputs={}, artifacts={"data": data}, properties={})
    made = {
        "model": ArtifactRecord("Model", "s3://bucket/model", "model.joblib", "abcdef0123456789"),
        "scores": ArtifactRecord("Metrics", "s3://bucket/scores", "scores.json", "0123"),
    }
    found = recorder.finish_task("20261122-1", "fit", state="COMPLETE", outputs={}, artifacts=made, properties={})
    return {"data": data, **found}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2", "model"),
        ("artifact/2", "model"),
        (" artifact/1 ", "data"),
        ("s3://bucket/model", "model"),
        ("20261122-1/fit/scores", "scores"),
        (DIGEST, "data"),
        (DIGEST[:8], "data"),
        ("abcdef01", "model"),
        ("0123", "scores"),
        ("model.joblib", "model"),
    ],
)
def test_an_artifact_is_found_by_what_names_it(store: Store, ids: dict[str, int], text: str, name: str) -> None:
    assert find_artifact(store, text) == ids[name]


def test_an_artifact_is_found_by_its_file(
    store: Store, ids: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.csv").symlink_to("credit data.csv")

    for text in (str(tmp_path / "credit data.csv"), "credit data.csv", "./credit data.csv", "link.csv"):
        assert find_artifact(store, text) == ids["data"]


@pytest.mark.parametrize(
    "text",
    ["", "77", "artifact/77", "execution/1", "s3://bucket/other", "20261122-1/fit/x", "3f2a", "~nobody/x", "a\0"],
)
def test_what_names_nothing_is_refused(store: Store, ids: dict[str, int], text: str) -> None:
    with pytest.raises(UnknownArtifact, match="no artifact answers to"):
        find_artifact(store, text)


def test_a_task_alone_names_its_only_output_and_asks_when_there_are_several(
    store: Store, recorder: Recorder, ids: dict[str, int]
) -> None:
    with pytest.raises(UnknownArtifact, match="20261122-1/fit/model, 20261122-1/fit/scores"):
        find_artifact(store, "20261122-1/fit")
    recorder.start_task("20261122-1", "one", display_name="", inputs={}, artifacts={}, properties={})
    made = {"out": ArtifactRecord("Artifact", "u")}
    only = recorder.finish_task("20261122-1", "one", state="COMPLETE", outputs={}, artifacts=made, properties={})
    assert find_artifact(store, "20261122-1/one") == only["out"]


def test_a_cached_tasks_output_is_found_by_its_own_run(store: Store, recorder: Recorder, ids: dict[str, int]) -> None:
    source = 3
    recorder.start_run("r2", "Credit", parameters={}, properties={})
    recorder.start_task("r2", "fit", display_name="", inputs={}, artifacts={}, properties={})
    record = ArtifactRecord("Model", "s3://bucket/model", "model.joblib", "abcdef0123456789")
    recorder.finish_task(
        "r2", "fit", state="CACHED", outputs={}, artifacts={"model": record}, properties={}, cached_execution_id=source
    )
    assert find_artifact(store, "r2/fit/model") == ids["model"]


def test_of_several_with_one_name_none_is_guessed(store: Store, recorder: Recorder, ids: dict[str, int]) -> None:
    other = recorder.import_artifact("20261122-1", "x", ArtifactRecord("Model", "elsewhere", "model.joblib"))

    with pytest.raises(UnknownArtifact, match=f"choose one: artifact/{other}, artifact/{ids['model']}"):
        find_artifact(store, "model.joblib")


def test_of_several_with_one_digest_the_newest_is_meant(store: Store, recorder: Recorder, ids: dict[str, int]) -> None:
    newest = recorder.import_artifact("20261122-1", "x", ArtifactRecord("Dataset", "elsewhere", "y", DIGEST))

    assert find_artifact(store, DIGEST) == newest

"""Lineage as files of standards, as the explorer asks the server for them."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from asking import answer, refused

from claimed_jlab.lineage import ArtifactRecord, Recorder, open_store
from claimed_jlab.lineage.standards.files import standard_of
from claimed_jlab.paths import writable_home


@pytest.fixture
def store(jp_serverapp):
    return open_store(writable_home() / "lineage.db")


@pytest.fixture
def made(store, jp_root_dir):
    """credit.csv -> train -> model, in two runs of one pipeline; gives the models by run."""
    (jp_root_dir / "credit.csv").write_text("a,b\n1,2\n")
    (jp_root_dir / "kept").mkdir()
    record = ArtifactRecord("Dataset", (jp_root_dir / "credit.csv").as_uri(), "credit.csv", "d0")
    recorder, models = Recorder(store), {}
    for run in ("r1", "r2"):
        recorder.start_run(run, "Credit", parameters={}, properties={})
        data = recorder.import_artifact(run, "train", record)
        inputs = {"inputs": {}, "artifacts": {"data": data}, "properties": {}}
        recorder.start_task(run, "train", display_name="Train", **inputs)
        model = {"model": ArtifactRecord("Model", f"s3://models/{run}", "model.joblib", run)}
        done = recorder.finish_task(run, "train", state="COMPLETE", outputs={}, artifacts=model, properties={})
        recorder.finish_run(run, "COMPLETE")
        models[run] = f"artifact/{done['model']}"
    return models


def export(jp_fetch, **body):
    return jp_fetch("claimed", "lineage", "export", method="POST", body=json.dumps(body))


async def test_what_an_artifact_came_from_is_kept_beside_the_files_and_never_over_one(jp_fetch, made, jp_root_dir):
    wanted = {"to": "prov", "artifact": made["r1"], "name": "model.joblib", "folder": "kept"}
    first = await answer(export(jp_fetch, **wanted))
    second = await answer(export(jp_fetch, **wanted))

    assert (first["path"], second["path"]) == ("kept/model.joblib-prov.json", "kept/model.joblib-prov-1.json")
    assert (first["to"], first["runs"], first["artifacts"], first["left_out"]) == ("prov", 1, 2, [])
    file = jp_root_dir / first["path"]
    assert (standard_of(str(file)), file.stat().st_size) == ("prov", first["size"])
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "model.joblib-prov-1.json", "model.joblib-prov.json",
    ]  # fmt: skip


async def test_without_a_folder_the_file_itself_is_handed_over(jp_fetch, made, jp_root_dir):
    response = await export(jp_fetch, to="openlineage", run="r2", name="Run r2 / größe")

    told = json.loads(response.headers["Claimed-Exported"])
    events = [json.loads(line) for line in response.body.decode().splitlines()]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert (told["name"], told["path"], told["size"]) == ("Run-r2-größe-openlineage.jsonl", None, len(response.body))
    assert {event["job"]["name"] for event in events} >= {"Credit", "Credit.train"}
    assert told["runs"] == 1
    assert not list(jp_root_dir.glob("*lineage*"))


async def test_a_crate_brings_files_along_and_says_which_it_lacks(jp_fetch, made):
    response = await export(jp_fetch, to="ro-crate", query="pipeline:Credit", with_files=True)

    told = json.loads(response.headers["Claimed-Exported"])
    inside = zipfile.ZipFile(io.BytesIO(response.body)).namelist()
    assert told["runs"] == 2
    assert "ro-crate-metadata.json" in inside
    assert [name for name in inside if name.endswith("/credit.csv")]
    assert told["left_out"] == [
        {"what": "file that is elsewhere or gone: the crate has its URI only", "count": 2},
    ]


async def test_the_root_is_a_folder_too(jp_fetch, made, jp_root_dir):
    told = await answer(export(jp_fetch, to="prov", folder=""))

    assert (told["path"], told["runs"]) == ("lineage-prov.json", 2)
    assert (jp_root_dir / "lineage-prov.json").is_file()


async def test_what_the_store_lost_is_said(jp_fetch, made, store):
    store.write(lambda connection: connection.exec_driver_sql("DELETE FROM Artifact WHERE name = 'nothing' OR id = 1"))
    told = await answer(export(jp_fetch, to="prov", folder=""))

    assert [one["what"] for one in told["left_out"]] == ["event of an artifact that the store has lost"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 400, "must be one of openlineage, prov, ro-crate"),
        ({"to": "prov", "run": "r1", "artifact": "artifact/1"}, 400, "give one of"),
        ({"to": "prov", "run": 7}, 400, "must be a text"),
        ({"to": "prov", "with_files": True}, 400, "only an RO-Crate has room"),
        ({"to": "prov", "run": "nobody"}, 404, "no run is called 'nobody'"),
        ({"to": "prov", "artifact": "artifact/999"}, 404, "no artifact answers"),
        ({"to": "prov", "query": "nmae:x"}, 400, "there is no field 'nmae'"),
        ({"to": "prov", "folder": "nowhere"}, 404, "there is no such folder"),
        ({"to": "prov", "folder": "../.."}, 404, "there is no such file"),
        ({"to": "prov", "folder": "credit.csv"}, 404, "there is no such folder"),
    ],
)
async def test_what_cannot_be_exported_is_one_line(jp_fetch, made, body, status, said):
    code, error = await refused(export(jp_fetch, **body))

    assert code == status
    assert said in error["message"]
    assert "\n" not in error["message"]


async def test_a_folder_that_takes_no_file_is_one_line(jp_fetch, made, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("claimed_jlab.lineage.standards.export.write_standard", full)
    code, error = await refused(export(jp_fetch, to="prov", folder="kept"))

    assert (code, error["where"]) == (400, "lineage-prov.json")
    assert "No space left on device" in error["message"]

"""Lineage over HTTP, asked of a server that keeps its index."""

from __future__ import annotations

import json

import pytest
from tornado.httpclient import HTTPClientError

from claimed_jlab.lineage import ArtifactRecord, Recorder, open_store, upstream
from claimed_jlab.lineage.view import LineageAnswer
from claimed_jlab.paths import writable_home


@pytest.fixture
def made(jp_serverapp):
    """credit.csv -> clean -> table."""
    recorder = Recorder(open_store(writable_home() / "lineage.db"))
    recorder.start_run("r1", "Credit", parameters={}, properties={})
    data = recorder.import_artifact("r1", "clean", ArtifactRecord("Dataset", "file:///credit.csv", "credit.csv", "d0"))
    recorder.start_task("r1", "clean", display_name="Clean", inputs={}, artifacts={"data": data}, properties={})
    table = {"table": ArtifactRecord("Dataset", "file:///table.csv", "table.csv", "d1")}
    ids = recorder.finish_task("r1", "clean", state="COMPLETE", outputs={}, artifacts=table, properties={})
    return {"data": data, **ids}


async def names(jp_fetch, artifact, **params):
    response = await jp_fetch("claimed", "lineage", str(artifact), params=params)
    return [node["name"] for node in json.loads(response.body)["nodes"]]


async def test_each_direction_and_both_are_answered_again_and_again(jp_fetch, made):
    for _ in range(3):
        assert await names(jp_fetch, made["data"], direction="upstream") == ["Import credit.csv", "credit.csv"]
        assert await names(jp_fetch, made["data"], direction="downstream") == ["credit.csv", "Clean", "table.csv"]
        assert await names(jp_fetch, made["data"], direction="both") == [
            "Import credit.csv", "credit.csv", "Clean", "table.csv",
        ]  # fmt: skip


async def test_a_cut_answer_says_how_much_is_missing(jp_fetch, made):
    response = await jp_fetch("claimed", "lineage", str(made["data"]), params={"direction": "both", "limit": "2"})

    answer = json.loads(response.body)
    assert (len(answer["nodes"]), answer["truncated"], answer["missing"]) == (2, True, 2)


async def test_another_direction_is_refused_in_one_line(jp_fetch, made):
    with pytest.raises(HTTPClientError) as error:
        await jp_fetch("claimed", "lineage", "1", params={"direction": "sideways"})

    assert error.value.code == 400
    assert json.loads(error.value.response.body)["error"]["message"] == "must be upstream, downstream or both"


async def test_the_text_is_that_of_the_published_model(jp_fetch, made):
    store = open_store(writable_home() / "lineage.db")
    response = await jp_fetch("claimed", "lineage", str(made["table"]), params={"direction": "upstream"})

    assert json.loads(response.body) == LineageAnswer.of(upstream(store, made["table"])).model_dump(mode="json")

"""Lineage is asked in the query language, and completed, by the server."""

from __future__ import annotations

import pytest
from asking import answer, refused

from claimed_jlab.lineage import ArtifactRecord, Recorder, open_store
from claimed_jlab.paths import writable_home


@pytest.fixture
def recorded(jp_serverapp):
    recorder = Recorder(open_store(writable_home() / "lineage.db"))
    recorder.start_run("r1", "Credit", parameters={}, properties={"claimed.user": "ada"})
    for name in ("a", "b", "c"):
        recorder.import_artifact("r1", "fit", ArtifactRecord("Dataset", f"file:///{name}.csv", f"{name}.csv"))


async def test_a_search_is_answered_newest_first_a_page_at_a_time(jp_fetch, recorded):
    asked = {"q": "type:Dataset user:ada", "limit": "2"}
    first = await answer(jp_fetch("claimed", "lineage", "find", params=asked))
    rest = await answer(jp_fetch("claimed", "lineage", "find", params={**asked, "cursor": first["next"]}))

    assert [node["name"] for node in first["nodes"]] == ["c.csv", "b.csv"]
    assert [node["name"] for node in rest["nodes"]] == ["a.csv"] and rest["next"] is None
    assert {"id", "kind", "type", "name", "uri", "state", "run", "created"} == set(first["nodes"][0])


async def test_a_wrong_search_is_400_with_its_column(jp_fetch, recorded):
    code, error = await refused(jp_fetch("claimed", "lineage", "find", params={"q": "x nmae:y"}))

    assert code == 400 and error["code"] == "bad-query" and error["where"] == "column 3"
    assert "did you mean name?" in error["message"]
    for wrong in ({"limit": "0"}, {"limit": "x"}, {"cursor": "x"}):
        assert (await refused(jp_fetch("claimed", "lineage", "find", params=wrong)))[0] == 400


async def test_a_half_written_search_is_completed(jp_fetch, recorded):
    found = await answer(jp_fetch("claimed", "lineage", "complete", params={"q": "x pipeline:cr", "at": "13"}))

    assert found["suggestions"] == [{"text": "Credit", "start": 11, "end": 13, "kind": "value", "about": ""}]
    assert (await answer(jp_fetch("claimed", "lineage", "complete")))["suggestions"]

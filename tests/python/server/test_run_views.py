"""What the browser asks about runs beside their record, and about the form of a task."""

from __future__ import annotations

import json
import os

import pytest
from asking import answer, refused, run_to_end, start_run
from authoring import adder, code, write_notebook, write_pipeline


async def test_two_runs_are_compared_and_one_is_deleted(jp_fetch, document):
    one, other = await run_to_end(jp_fetch), await run_to_end(jp_fetch, parameters={"n": 5})
    assert one["progress"] == {"done": 2, "total": 2} and one["remaining_seconds"] is None
    where = [("run", one["run_id"]), ("run", other["run_id"])]
    found = await answer(jp_fetch("claimed", "runs", "compare", params=where))
    assert [item["run_id"] for item in found["runs"]] == [one["run_id"], other["run_id"]]
    assert found["parameters"] == [{"name": "n", "values": [1, 5], "differs": True}]
    metrics = {row["name"]: (row["values"], row["differs"]) for row in found["metrics"]}
    assert metrics == {"first.total": ([3, 7], True), "second.total": ([5, 9], True)}
    inputs = {row["name"]: row["differs"] for row in found["inputs"]}
    assert inputs == {"first.left": True, "second.left": True}
    assert {task["name"]: task["differs"] for task in found["tasks"]} == {"first": False, "second": False}

    assert (await jp_fetch("claimed", "runs", one["run_id"], method="DELETE")).code == 204
    listed = await answer(jp_fetch("claimed", "runs"))
    assert [item["run_id"] for item in listed["runs"]] == [other["run_id"]]
    code, error = await refused(jp_fetch("claimed", "runs", one["run_id"], method="DELETE"))
    assert code == 404 and error["code"] == "unknown-run"
    code, error = await refused(jp_fetch("claimed", "runs", "compare", params={"run": other["run_id"]}))
    assert code == 400 and "two different runs" in error["message"]


@pytest.mark.slow
async def test_a_live_run_tells_how_long_it_will_take_and_is_not_deleted(jp_fetch, jp_root_dir):
    adder(jp_root_dir, body="import time\ntime.sleep(right)\ntotal = 1")
    inputs = {"right": {"parameter": "seconds"}}
    write_pipeline(
        jp_root_dir / "p.pipeline",
        {"a": {"component": "add.ipynb", "inputs": inputs}},
        parameters={"seconds": {"type": "int", "default": 2}},
    )
    first = await start_run(jp_fetch)
    assert first["progress"] == {"done": 0, "total": 1} and first["remaining_seconds"] is None
    took = (await run_to_end(jp_fetch))["tasks"]["a"]["seconds"]
    live = await start_run(jp_fetch, parameters={"seconds": 60})
    assert live["expected_seconds"] == pytest.approx(took, abs=1)
    assert 0 < live["remaining_seconds"] <= live["expected_seconds"]
    code, error = await refused(jp_fetch("claimed", "runs", live["run_id"], method="DELETE"))
    assert code == 409 and "cancel it first" in error["message"]
    await jp_fetch("claimed", "runs", live["run_id"], "cancel", method="POST", body="{}")


async def form_of(jp_fetch, component):
    where = {"component": component, "path": "p.pipeline"}
    return await answer(jp_fetch("claimed", "pipelines", "task-schema", params=where))


async def test_the_form_of_a_task_asks_for_the_inputs_of_its_component(jp_fetch, jp_root_dir):
    adder(jp_root_dir)
    form = await form_of(jp_fetch, "train/sklearn-classifier@1.0.0")
    assert form["known"]
    inputs = form["schema"]["properties"]["inputs"]["properties"]
    assert inputs["data"]["x-port"]["sources"] == ["output", "value"]
    assert inputs["seed"]["x-port"]["default"] == 7 and not inputs["data"]["oneOf"][0]["properties"].get("value")
    choices = inputs["classifier"]["oneOf"][0]["properties"]["value"]["enum"]
    assert "logistic-regression" in choices
    assert {"when", "for_each", "retry", "timeout", "resources", "cache"} <= set(form["schema"]["properties"])
    beside = await form_of(jp_fetch, "add.ipynb")
    assert list(beside["schema"]["properties"]["inputs"]["properties"]) == ["left", "right"]
    unknown = await form_of(jp_fetch, "nobody/nothing@1.0.0")
    assert not unknown["known"] and unknown["schema"]["properties"]["inputs"]["properties"] == {}


async def test_a_nested_pipeline_has_the_form_of_its_parameters(jp_fetch, jp_root_dir, document):
    write_pipeline(jp_root_dir / "outer.pipeline", {"inner": {"component": "p.pipeline"}})
    where = {"component": "p.pipeline", "path": "outer.pipeline"}
    form = await answer(jp_fetch("claimed", "pipelines", "task-schema", params=where))
    assert list(form["schema"]["properties"]["inputs"]["properties"]) == ["n"]


async def test_a_secret_is_asked_for_by_name_only(jp_fetch, jp_root_dir):
    write_notebook(jp_root_dir / "ask.ipynb", "import os\nkey: 'Secret' = os.environ.get('key', 'hidden')")
    form = await form_of(jp_fetch, "ask.ipynb")
    for name, field in form["schema"]["properties"]["inputs"]["properties"].items():
        assert field["x-port"]["sources"] == ["secret"] and field["x-port"]["default"] is None, name
    assert "hidden" not in json.dumps(form)


async def test_a_newer_version_of_a_component_says_what_changed(jp_fetch, jp_root_dir):
    assert await answer(
        jp_fetch("claimed", "components", "train", "sklearn-classifier", "newer", params={"version": "1.0.0"})
    ) == {"newer": None, "differences": []}
    code, error = await refused(jp_fetch("claimed", "components", "train", "sklearn-classifier", "newer"))
    assert code == 400 and error["where"] == "version"


async def test_what_a_newer_version_changes_is_said_before_it_is_taken(jp_fetch, jp_root_dir, tmp_path, monkeypatch):
    cells = ("left: int = 1", "left: int = 1\nright: int = 2")
    for version, cell in zip(("1.0.0", "1.1.0"), cells, strict=True):
        folder = tmp_path / version / "add"
        write_notebook(folder / "add.ipynb", "# Add", code(cell, "parameters"), category="math", version=version)
    monkeypatch.setenv("CLAIMED_COMPONENTS", os.pathsep.join(str(tmp_path / name) for name in ("1.0.0", "1.1.0")))
    where = ("claimed", "components", "math", "add", "newer")
    found = await answer(jp_fetch(*where, params={"version": "1.0.0"}))
    assert found["newer"] == "math/add@1.1.0"
    assert {"level": "minor", "words": "new optional input 'right' (int)"} in found["differences"]
    assert await answer(jp_fetch(*where, params={"version": "1.1.0"})) == {"newer": None, "differences": []}

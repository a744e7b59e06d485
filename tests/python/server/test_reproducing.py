"""Making an artifact again, its card, and comparing it, over HTTP."""

from __future__ import annotations

import asyncio

import pytest
from asking import answer, refused, run_to_end
from authoring import code, markdown, write_notebook, write_pipeline

from claimed_jlab.lineage import find, shared_store


@pytest.fixture
def model(jp_root_dir):
    (jp_root_dir / "data.csv").write_text("1\n")
    ports = 'data: "Input[Dataset]" = "data.csv"\nmodel: "Output[Model]" = "model.txt"'
    notebook = markdown("# Fit"), code(ports, "parameters"), "open(model, 'w').write(open(data).read())"
    write_notebook(jp_root_dir / "fit.ipynb", *notebook)
    inputs = {"data": {"value": "data.csv"}}
    write_pipeline(jp_root_dir / "p.pipeline", {"fit": {"component": "fit.ipynb", "inputs": inputs}})


@pytest.mark.slow
async def test_the_server_makes_it_again_too(jp_fetch, model):
    await run_to_end(jp_fetch)
    model = find(shared_store(), "type:Model").nodes[0].id
    node = ("claimed", "lineage", "nodes", *model.split("/"))

    started = await answer(jp_fetch(*node, "reproduce", method="POST", body="{}", request_timeout=60))
    run_id = started["run"]["run_id"]
    for _ in range(300):
        found = await answer(jp_fetch(*node, "reproduced", params={"run": run_id}))
        if found["verdict"] != "running":
            break
        await asyncio.sleep(0.1)
    card = await answer(jp_fetch(*node, "card"))
    compared = await answer(jp_fetch("claimed", "lineage", "compare", params=[("node", model), ("node", "artifact/1")]))
    data = ("claimed", "lineage", "nodes", "artifact", "1")
    status, error = await refused(jp_fetch(*data, "reproduce", method="POST", body="{}"))

    assert found["verdict"] == "reproduced"
    assert card["markdown"].startswith("# model.txt")
    assert [node["id"] for node in compared["nodes"]] == [model, "artifact/1"]
    assert (status, error["code"]) == (409, "cannot-reproduce")


@pytest.mark.slow
async def test_a_file_that_a_run_read_is_found_by_its_place_and_by_its_content(jp_fetch, model, jp_root_dir):
    await run_to_end(jp_fetch)
    (jp_root_dir / "copy.csv").write_text("1\n")

    async def used(path):
        found = await answer(jp_fetch("claimed", "lineage", "used", params={"path": path}))
        return [node["name"] for node in found["nodes"]]

    assert await used("data.csv") == ["model.txt", "data.csv"]
    assert await used("copy.csv") == ["model.txt", "data.csv"]
    assert await used("fit.ipynb") == ["Fit"]
    assert await used("p.pipeline") == ["p"]
    (jp_root_dir / "data.csv").write_text("2\n")
    assert await used("data.csv") == ["data.csv"]

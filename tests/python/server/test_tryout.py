"""Trying a notebook as a component, through a real server and a real kernel."""

from __future__ import annotations

import asyncio
import json

import pytest
from authoring import code, write_notebook
from tornado.httpclient import HTTPClientError


async def post(jp_fetch, **body):
    response = await jp_fetch("claimed", "components", "try", method="POST", body=json.dumps(body), request_timeout=60)
    return json.loads(response.body)


async def refused(jp_fetch, **body):
    with pytest.raises(HTTPClientError) as caught:
        await post(jp_fetch, **body)
    return caught.value.code, json.loads(caught.value.response.body)["error"]


async def ended(jp_fetch, run_id):
    for _ in range(600):
        record = json.loads((await jp_fetch("claimed", "runs", run_id)).body)
        if record["state"] not in ("NEW", "RUNNING"):
            return record
        await asyncio.sleep(0.1)
    raise AssertionError("the try did not end")


@pytest.fixture
def notebook(jp_root_dir):
    (jp_root_dir / "own.csv").write_text("n\n1\n2\n")
    (jp_root_dir / "other.csv").write_text("n\n1\n2\n3\n")
    return write_notebook(
        jp_root_dir / "count.ipynb",
        "# a comment",
        code(
            'table: "Input[Dataset]" = "own.csv"\nfactor: int = 1\ntoken: "Secret" = ""\n'
            'copy: "Output[Dataset]" = "copy.csv"',
            "parameters",
        ),
        "rows = len(open(table).readlines()) - 1\nopen(copy, 'w').write(open(table).read())",
        code("count: int = rows * factor", "outputs"),
    )


async def test_a_notebook_is_tried_with_its_own_files_and_values_and_again_each_time(
    jp_fetch, jp_root_dir, notebook, monkeypatch
):
    monkeypatch.setenv("TRY_TOKEN", "hunter2hunter2")
    before = notebook.read_bytes()
    inputs = {"factor": {"value": 10}, "token": {"secret": "TRY_TOKEN"}}
    started = await post(jp_fetch, path="count.ipynb", inputs=inputs)
    record = await ended(jp_fetch, started["run_id"])
    task = record["tasks"]["try"]
    assert (record["state"], task["error"]) == ("COMPLETE", None)
    assert task["outputs"]["count"] == 20 and task["outputs"]["copy"]["type"] == "Dataset"
    assert notebook.read_bytes() == before
    again = await ended(jp_fetch, (await post(jp_fetch, path="count.ipynb", inputs=inputs))["run_id"])
    assert not again["tasks"]["try"]["cached"]
    other = await post(jp_fetch, path="count.ipynb", inputs={**inputs, "table": {"value": "other.csv"}})
    assert (await ended(jp_fetch, other["run_id"]))["tasks"]["try"]["outputs"]["count"] == 30


@pytest.mark.parametrize(
    ("inputs", "where", "said"),
    [
        ({}, "token", "is not set"),
        ({"token": {"value": "abc"}}, "token", "never write its value"),
        ({"token": {"secret": "T"}, "factor": {"value": "ten"}}, "factor", "is not int"),
        ({"token": {"secret": "T"}, "table": {"value": "absent.csv"}}, "table", "absent.csv"),
        ({"token": {"secret": "T"}, "more": {"value": 1}}, "more", "no input 'more'"),
        ({"token": {"output": "a.b"}}, "token", "must be"),
        ({"token": 7}, "token", "must be"),
    ],
)
async def test_a_wrong_input_of_a_try_is_named_and_nothing_is_started(jp_fetch, notebook, inputs, where, said):
    code, error = await refused(jp_fetch, path="count.ipynb", inputs=inputs)
    assert (code, error["where"]) == (400, where)
    assert said in error["message"]
    assert json.loads((await jp_fetch("claimed", "runs")).body) == {"runs": []}

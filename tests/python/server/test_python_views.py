"""A document as Python and back, and what differs between two, over REST."""

from __future__ import annotations

import json

import pytest
from authoring import adder, write_pipeline
from tornado.httpclient import HTTPClientError


@pytest.fixture
def ask(jp_fetch):
    async def fetch(what, **body):
        response = await jp_fetch(
            "claimed", "pipelines", what, method="POST", body=json.dumps({"path": "p.pipeline", **body})
        )
        return json.loads(response.body)

    return fetch


@pytest.fixture
def document(jp_root_dir):
    adder(jp_root_dir)
    tasks = {
        "first": {"component": "./add.ipynb"},
        "second": {"component": "./add.ipynb", "inputs": {"left": {"output": "first.total"}}},
    }
    return write_pipeline(jp_root_dir / "p.pipeline", tasks, layout={"first": [0, 0], "second": [300, 0]})


async def test_a_document_goes_to_python_and_back_unchanged(ask, document):
    source = document.read_text()
    module = (await ask("python"))["python"]
    assert 'left=first.outputs["total"]' in module
    assert await ask("from-python", python=module, source=source) == {"source": source, "diagnostics": []}


async def test_an_edit_of_the_python_is_one_of_the_document(ask, document):
    module = (await ask("python"))["python"].replace("second = add(", "second = add(right=5, ")
    answer = await ask("from-python", python=module, source=document.read_text())
    assert json.loads(answer["source"])["tasks"]["second"]["inputs"]["right"] == {"value": 5}


async def test_an_edit_of_the_document_keeps_the_persons_formatting(ask, document):
    module = (await ask("python"))["python"].replace("first = add()", "first = add( )  # mine")
    edited = json.loads(document.read_text())
    edited["tasks"]["second"]["inputs"]["right"] = {"value": 5}
    again = (await ask("python", source=json.dumps(edited), python=module))["python"]
    assert "first = add( )  # mine" in again and "right=5" in again


async def test_python_without_places_keeps_those_of_the_document(ask, document):
    module = (await ask("python"))["python"].split("# What the pipeline")[0]
    answer = json.loads((await ask("from-python", python=module, source=document.read_text()))["source"])
    assert answer["layout"] == {"first": [0, 0], "second": [300, 0]}


async def test_broken_python_is_a_line_and_never_a_document(ask, document):
    answer = await ask("from-python", python="def f(:\n", source=document.read_text())
    assert answer["source"] is None
    assert [(item["level"], item["line"]) for item in answer["diagnostics"]] == [("error", 1)]
    with pytest.raises(HTTPClientError) as caught:
        await ask("python", python="def f(:\n")
    error = json.loads(caught.value.response.body)["error"]
    assert caught.value.code == 400 and (error["code"], error["where"]) == ("bad-python", "line 1")


async def test_a_difference_is_told_in_data_and_words(ask, document):
    other = json.loads(document.read_text())
    other["layout"]["first"] = [9, 9]
    answer = await ask("difference", source=document.read_text(), other=json.dumps(other))
    assert answer["lines"] == ["task first: moved"] and answer["tasks"][0]["change"] == "moved"


async def test_what_was_drawn_while_the_python_was_broken_is_not_lost(ask, document):
    base = document.read_text()
    module = (await ask("python"))["python"].replace("second = add(", "second = add(right=5, ")
    drawn = json.loads(base)
    drawn["tasks"]["first"]["timeout"] = 60
    answer = json.loads((await ask("from-python", python=module, source=json.dumps(drawn), base=base))["source"])
    assert answer["tasks"]["first"]["timeout"] == 60
    assert answer["tasks"]["second"]["inputs"]["right"] == {"value": 5}

"""The document that two people edit at once: its text comes back as it was, but for what they edited."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("jupyter_ydoc")
from pycrdt import Doc, Map

from claimed_jlab.server.ydoc import YPipeline

TEXT = """{
    "format": "claimed-pipeline/1", "name": "p",
    "tasks": {"train": {"component": "c", "inputs": {"C": {"value": 1.0}, "n": {"value": 7}}, "x_future": [1, 2]}},
    "layout": {"train": [420, 80]}
}
"""


def shared(text=TEXT):
    document = YPipeline()
    document.set(text)
    return document


def tasks(document):
    return document._document["tasks"]


def test_what_nobody_edited_comes_back_to_the_letter():
    assert shared().get() == TEXT


def test_an_edit_is_written_and_all_else_stays():
    document = shared()
    tasks(document)["train"]["timeout"] = 60.0
    data = json.loads(document.get())
    assert data["tasks"]["train"] == {**json.loads(TEXT)["tasks"]["train"], "timeout": 60}
    assert '"value": 1.0' in document.get() and '"timeout": 60' in document.get() and "[420, 80]" in document.get()


def test_two_people_edit_two_fields_of_one_task():
    one, other = shared(), YPipeline(Doc())
    other.ydoc.apply_update(one.ydoc.get_update())
    tasks(one)["train"]["inputs"]["C"]["value"] = 2.5
    tasks(other)["train"]["when"] = "n > 1"
    for source, target in ((one, other), (other, one)):
        target.ydoc.apply_update(source.ydoc.get_update())
    assert one.get() == other.get()
    train = json.loads(one.get())["tasks"]["train"]
    assert train["inputs"]["C"] == {"value": 2.5} and train["when"] == "n > 1"


def test_loading_again_writes_only_what_differs():
    document = shared()
    kept = tasks(document)["train"]
    seen = []
    document.observe(lambda part, event: seen.append(part))
    document.set(TEXT.replace("[420, 80]", "[1, 2]"))
    assert isinstance(kept, Map) and kept["component"] == "c"
    assert seen == ["source", "document"]


@pytest.mark.parametrize("text", ["", "{ broken", "[1]", '{"name": "x"'])
def test_a_broken_text_is_never_written_over(text):
    assert shared(text).get() == text


def test_a_document_from_nothing_is_written_in_order():
    document = shared("")
    document._document["name"] = "new"
    assert json.loads(document.get()) == {"format": "claimed-pipeline/1", "name": "new", "layout": {}}

"""The server's half of a shared pipeline. Run by the environment of tests/collab/make_env.sh."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jupyter_ydoc")

from claimed_jlab.pipeline.document import parse_object
from claimed_jlab.pipeline.text import document_text
from claimed_jlab.server.ydoc import YPipeline

EXAMPLE = Path(__file__).parents[2] / "examples/trusted-ai/german-credit.pipeline"


def shared(text: str) -> YPipeline:
    document = YPipeline()
    document.set(text)
    return document


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": 1.0,   "b": {}}', EXAMPLE.read_text()])
def test_what_nobody_edits_is_saved_as_it_was_read(text):
    assert shared(text).get() == text


def test_an_edit_is_saved_and_the_rest_stands_where_it_stood():
    text = document_text(parse_object(EXAMPLE.read_text()))
    document = shared(text)
    document._document["tasks"]["train"]["timeout"] = 60
    before, after = text.splitlines(), document.get().splitlines()
    added = [line.strip() for line in after if line not in before and line.rstrip(",") not in before]
    assert added == ['"timeout": 60']
    assert json.loads(document.get())["tasks"]["train"]["timeout"] == 60


def test_a_text_read_again_changes_only_what_differs():
    document = shared('{"name": "a", "tasks": {"x": {"component": "c"}}, "layout": {"x": [1, 2]}}')
    seen: list[str] = []
    document.observe(lambda part, event: seen.append(part))
    text = '{"name": "b", "tasks": {"x": {"component": "c"}}, "layout": {"x": [1, 2]}}'
    document.set(text)
    assert document.get() == text
    assert "document" in seen
    seen.clear()
    document.set(text)
    assert seen == []


def test_random_texts_say_what_they_said():
    make = random.Random(7)

    def value(depth: int) -> Any:
        kind = make.randrange(7 if depth else 4)
        if kind == 0:
            return make.choice([0, -1, 2.5, 1.0, 2**40, True, None])
        if kind == 1:
            return make.choice(["", "text", 'ü"\n'])
        if kind < 4:
            return [make.randrange(9) for _ in range(make.randrange(3))]
        return {make.choice("abcdefg"): value(depth - 1) for _ in range(make.randrange(5))}

    for _ in range(200):
        document = YPipeline()
        for _ in range(3):
            data = {make.choice("abc"): value(3) for _ in range(3)}
            document.set(json.dumps(data))
            assert json.loads(document.get()) == data

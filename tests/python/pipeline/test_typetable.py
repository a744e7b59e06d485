"""What an editor is told of types is what the validator would say."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimed_jlab.component.catalog import default_catalog
from claimed_jlab.component.types import parse_type
from claimed_jlab.pipeline.describe import describe_text

DOCUMENT = """{"format": "claimed-pipeline/1", "name": "x", "parameters": {"p": {"type": "int"}, "q": {"type": "?"}},
  "tasks": {"load": {"component": "input/load-table@1.0.0"},
            "each": {"component": "input/load-table@1.0.0", "for_each": {"value": [1]}}}}"""


@pytest.fixture
def described(tmp_path: Path):
    return describe_text(DOCUMENT, tmp_path, default_catalog())


def test_the_table_says_what_the_validator_says_of_every_pair(described):
    table = described.types
    known = [(at, text) for at, text in enumerate(table.given) if text != "?"]
    for wanted, reads in table.reads.items():
        assert reads == [at for at, text in known if parse_type(wanted).reads(parse_type(text))]


def test_the_table_has_the_types_of_the_catalog_and_of_the_parameters(described):
    assert {"int", "?", "list", "Output[Model]"} <= set(described.types.given)
    assert "Input[Model]" in described.types.reads


def test_a_task_that_runs_for_each_item_gives_lists(described):
    load, each = described.tasks
    assert [output.gives for output in load.outputs] == [output.type for output in load.outputs]
    assert {output.gives for output in each.outputs} == {"list"}

"""The commands that ask about ways, impact and both directions, as a person and as a program sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from test_index_impact import train

from claimed_jlab.cli.lineage import lineage
from claimed_jlab.lineage import Recorder, open_store


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path))
    recorder = Recorder(open_store(tmp_path / "lineage.db"))
    ids = train(recorder, "r1")
    train(recorder, "r2", data="d1")
    return ids


def said(*arguments: object) -> str:
    result = CliRunner().invoke(lineage, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_both_directions_are_one_document_and_two_trees(old: dict[str, int]) -> None:
    document = json.loads(said("show", old["table"], "--direction", "both", "--json"))

    assert [node["name"] for node in document["nodes"]] == ["Import c", "c", "clean", "table", "fit", "model"]
    assert (document["truncated"], document["missing"], len(document["edges"])) == (False, 0, 5)
    assert said("show", old["table"], "--direction", "both").count("table (Dataset)") == 2


def test_ways_between_two_artifacts_are_shown_whichever_is_named_first(old: dict[str, int]) -> None:
    document = json.loads(said("between", old["model"], old["data"], "--json"))

    assert [node["name"] for node in document["nodes"]] == ["c", "clean", "table", "fit", "model"]
    assert said("between", old["data"], old["model"]).startswith("model (Dataset)")
    assert "neither" in said("between", old["data"], "r2/fit")


def test_impact_says_what_is_stale_and_why(old: dict[str, int]) -> None:
    document = json.loads(said("impact", old["data"], "--json"))

    assert [(one["id"], one["reasons"][0]["kind"]) for one in document["stale"]] == [
        (f"artifact/{old['table']}", "input"),
        (f"artifact/{old['model']}", "input"),
    ]
    assert {"nodes", "edges", "truncated", "missing", "stale", "deployed", "same"} == set(document)
    assert "stale: table" in said("impact", old["data"])

"""`jupyter claimed runs compare` and `delete`."""

from __future__ import annotations

import pytest
from authoring import adder, write_pipeline
from test_commands import answer, claimed, refused


@pytest.fixture
def document(tmp_path):
    adder(tmp_path)
    tasks = {"a": {"component": "add.ipynb", "inputs": {"left": {"parameter": "n"}}}}
    return write_pipeline(tmp_path / "p.pipeline", tasks, parameters={"n": {"type": "int", "default": 1}})


def test_two_runs_are_compared_and_one_is_deleted(document):
    one = answer("run", document)[1]["run_id"]
    other = answer("run", document, "-p", "n=5")[1]["run_id"]
    status, found = answer("runs", "compare", one, other)
    assert status == 0 and found["parameters"] == [{"name": "n", "values": [1, 5], "differs": True}]
    status, out, _ = claimed("runs", "compare", one, other)
    assert status == 0 and "a.total" in out and "COMPLETE" in out
    assert "two different runs" in refused("runs", "compare", one, one)

    assert "add --yes" in refused("runs", "delete", one)
    assert claimed("runs", "delete", one, "--yes")[1] == f"{one}  deleted\n"
    assert [run["run_id"] for run in answer("runs", "list")[1]["runs"]] == [other]
    assert "no run" in refused("runs", "delete", one, "--yes")

"""A pipeline as a task of another: planned flat, run as one, shown as a task."""

from __future__ import annotations

import json

import pytest
from authoring import adder, write_pipeline
from test_local_engine import run, states

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.describe import describe
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.plan import plan
from claimed_jlab.run.select import select

pytestmark = pytest.mark.slow


def twice(folder, **fields):
    """inner.pipeline: adds its parameter `n` to itself, and 1 to that."""
    adder(folder)
    tasks = {
        "double": {"component": "add.ipynb", "inputs": {"left": {"parameter": "n"}, "right": {"parameter": "n"}}},
        "more": {"component": "add.ipynb", "inputs": {"left": {"output": "double.total"}, "right": {"value": 1}}},
    }
    outputs = {"result": {"output": "more.total", "description": "2 n + 1"}}
    parameters = {"n": {"type": "int", "default": 5}}
    return write_pipeline(folder / "inner.pipeline", tasks, parameters=parameters, outputs=outputs, **fields)


@pytest.fixture
def outer(tmp_path):
    (tmp_path / "parts").mkdir()
    twice(tmp_path / "parts")
    adder(tmp_path)
    tasks = {
        "first": {"component": "add.ipynb", "inputs": {"left": {"parameter": "start"}, "right": {"value": 0}}},
        "inner": {"component": "parts/inner.pipeline", "inputs": {"n": {"output": "first.total"}}},
        "again": {"component": "parts/inner.pipeline", "when": "inner.result > 7"},
        "last": {"component": "add.ipynb", "inputs": {"left": {"output": "inner.result"}, "right": {"value": 100}}},
    }
    return write_pipeline(tmp_path / "outer.pipeline", tasks, parameters={"start": {"type": "int", "default": 3}})


def checked(path):
    return check(read_pipeline(path), path.parent, Catalog([]), path)


def test_a_pipeline_runs_inside_another_and_reads_as_one_task(outer):
    record = run(outer)
    assert record.state == "COMPLETE", record.error
    assert record.tasks["inner.double"].outputs == {"total": 6}
    assert record.tasks["inner"].outputs == {"result": 7} and record.tasks["inner"].title == "inner"
    assert record.tasks["last"].outputs == {"total": 107}
    assert (record.tasks["again"].state, record.tasks["again.more"].state) == ("CANCELED", "CANCELED")
    assert record.tasks["again.double"].reason == "not run: inner.result > 7 is false"
    more = run(outer, start=4)
    assert more.tasks["again"].outputs == {"result": 11}
    assert states(run(outer, start=4))["inner"] == "CACHED"


def test_a_part_may_be_a_whole_pipeline(outer):
    run(outer)
    planned = plan(checked(outer), {"start": 9}, path=str(outer))
    part = select(planned, "only", "inner")
    assert [(task.name, bool(task.reuse)) for task in part.tasks] == [
        ("first", True),
        ("inner.double", False),
        ("inner.more", False),
    ]


def test_it_is_described_with_its_parameters_and_outputs_as_ports(outer):
    (task,) = [item for item in describe(checked(outer)).tasks if item.name == "inner"]
    assert [(port.name, port.type, port.optional) for port in task.inputs] == [("n", "int", True)]
    assert [(port.name, port.type, port.description) for port in task.outputs] == [("result", "int", "2 n + 1")]


@pytest.mark.parametrize(
    ("task", "inner", "said"),
    [
        ({"inputs": {"n": {"value": "two"}}}, {}, "'two' is not int"),
        ({"inputs": {"m": {"value": 2}}}, {}, "no input 'm'"),
        ({"for_each": {"value": [1], "input": "n"}}, {}, "for_each can't be of a whole pipeline"),
        ({"retry": {"attempts": 1}}, {}, "retry can't be of a whole pipeline"),
        (
            {},
            {"on_exit": "one", "tasks": {"one": {"component": "add.ipynb"}}, "outputs": {}},
            "which only a run can have",
        ),
        ({}, {"outputs": {"x": {"output": "nobody.total"}}}, "no task 'nobody'"),
        ({}, {"outputs": {"x": {"output": "more.nothing"}}}, "no output 'nothing'"),
        ({"component": "absent.pipeline"}, {}, "no such file"),
        ({"component": "/inner.pipeline"}, {}, "absolute path"),
    ],
)
def test_what_can_not_be_nested_is_said_in_one_line(tmp_path, task, inner, said):
    path = twice(tmp_path)
    if inner:
        path.write_text(json.dumps({**json.loads(path.read_text()), **inner}))
    outer = write_pipeline(tmp_path / "outer.pipeline", {"t": {"component": "inner.pipeline", **task}})
    errors = [item for item in checked(outer).diagnostics if item.level == "error"]
    assert any(said in item.message for item in errors), [item.message for item in errors]
    assert all("\n" not in item.message for item in errors)


def test_a_pipeline_that_contains_itself_is_said(tmp_path):
    write_pipeline(tmp_path / "a.pipeline", {"t": {"component": "b.pipeline"}})
    path = write_pipeline(tmp_path / "b.pipeline", {"t": {"component": "a.pipeline"}})
    (error,) = [item for item in checked(path).diagnostics if item.level == "error"]
    assert "contains itself: b.pipeline -> a.pipeline -> b.pipeline" in error.message

"""A pipeline as a task of another: planned flat, run as one, shown as a task."""

from __future__ import annotations

import json

import pytest
from authoring import adder, code, write_notebook, write_pipeline
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
        ({"for_each": {"value": [1], "input": "m"}}, {}, "has no input 'm' for the items; its inputs are: n"),
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


def looped(folder, each, **fields):
    """outer.pipeline: the inner one for each of a list, and the sum of what it gave."""
    twice(folder)
    write_notebook(
        folder / "sum.ipynb", code("values: list = []", "parameters"), code("total: int = sum(values)", "outputs")
    )
    write_notebook(
        folder / "list.ipynb", code("n: int = 3", "parameters"), code("items: list = list(range(n))", "outputs")
    )
    tasks = {
        "list": {"component": "list.ipynb"},
        "fold": {"component": "inner.pipeline", "for_each": each, **fields},
        "sum": {"component": "sum.ipynb", "inputs": {"values": {"output": "fold.result"}}},
    }
    return write_pipeline(folder / "outer.pipeline", tasks)


@pytest.mark.parametrize("parallel", [None, 1])
def test_a_pipeline_runs_for_each_item_of_a_list_that_a_task_gave(tmp_path, parallel):
    each = {"output": "list.items", "input": "n"} | ({"max_parallel": parallel} if parallel else {})
    record = run(looped(tmp_path, each))
    assert record.state == "COMPLETE", record.error
    assert record.tasks["fold"].outputs == {"result": [1, 3, 5]} and record.tasks["sum"].outputs == {"total": 9}
    assert record.tasks["fold.2.double"].outputs == {"total": 4}
    if parallel:
        ended = [record.tasks[f"fold.{number}.more"].finished for number in range(2)]
        assert ended[0] <= record.tasks["fold.1.double"].started and ended[1] <= record.tasks["fold.2.double"].started


def test_an_item_that_is_an_object_sets_what_it_names_and_leaves_the_rest_at_its_default(tmp_path):
    record = run(looped(tmp_path, {"value": [{"n": 1}, {}]}))
    assert record.tasks["fold"].outputs == {"result": [3, 11]}


def test_a_loop_over_a_pipeline_that_fails_says_which_task_and_begins_no_more_items(tmp_path):
    document = looped(tmp_path, {"value": [1, 2, 3], "input": "n", "max_parallel": 1})
    write_notebook(
        tmp_path / "add.ipynb",
        code("left: int = 1\nright: int = 1", "parameters"),
        "if left == right == 2:\n    raise ValueError('no twos')",
        code("total: int = left + right", "outputs"),
    )
    record = run(document)
    assert record.state == "FAILED" and record.tasks["fold"].error == "fold.1.double FAILED"
    assert record.tasks["fold.0.more"].state == "COMPLETE"
    assert {record.tasks[name].state for name in ("fold.1.more", "fold.2.double", "sum")} == {"CANCELED"}


def test_loops_stand_in_loops_and_conditions_and_tasks_outside_are_reached(tmp_path):
    looped(tmp_path, {"parameter": "numbers", "input": "n"})
    middle = json.loads((tmp_path / "outer.pipeline").read_text())
    middle["parameters"] = {"numbers": {"type": "list", "default": []}, "least": {"type": "int", "default": 0}}
    middle["tasks"]["sum"]["when"] = "least < 5"
    middle["outputs"] = {"total": {"output": "sum.total"}}
    (tmp_path / "middle.pipeline").write_text(json.dumps(middle))
    adder(tmp_path)
    tasks = {
        "one": {"component": "add.ipynb", "inputs": {"left": {"value": 1}, "right": {"value": 0}}},
        "rows": {
            "component": "middle.pipeline",
            "for_each": {"value": [[1], [1, 2]], "input": "numbers"},
            "inputs": {"least": {"output": "one.total"}},
        },
    }
    record = run(write_pipeline(tmp_path / "top.pipeline", tasks))
    assert record.state == "COMPLETE", record.error
    assert record.tasks["rows"].outputs == {"total": [3, 8]}
    assert record.tasks["rows.1.fold.0.double"].outputs == {"total": 2}
    names = [name for name in record.tasks if name.startswith("rows.1.")]
    assert "rows.1.fold" in names and "rows.1.sum" in names

"""Lists, ends, limits: what a document can say of how its tasks run, in real kernels."""

from __future__ import annotations

import json

import pytest
from authoring import adder, code, write_notebook, write_pipeline
from test_local_engine import run, states

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.resources import BadResources, Resources, parse_resources
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.local.capacity import Capacity, TooMuch
from claimed_jlab.run.local.scheduler import ranks
from claimed_jlab.run.plan import plan


@pytest.fixture
def tools(tmp_path):
    """square: a number squared, and a file with it.  total: the sum of a list.  join: files in a list, joined."""
    write_notebook(
        tmp_path / "square.ipynb",
        code('n: int = 1\nfile: "Output[Dataset]" = "square.txt"', "parameters"),
        "assert n >= 0, 'no negative numbers'\nopen(file, 'w').write(str(n * n))",
        code("square: int = n * n", "outputs"),
    )
    write_notebook(
        tmp_path / "total.ipynb", code("numbers: list = []", "parameters"), code("total: int = sum(numbers)", "outputs")
    )
    write_notebook(
        tmp_path / "join.ipynb",
        code("files: list = []", "parameters"),
        code("text: str = '+'.join(open(file).read() for file in files)", "outputs"),
    )
    write_notebook(
        tmp_path / "numbers.ipynb",
        code("last: int = 3", "parameters"),
        code("found: list = list(range(last))", "outputs"),
    )
    write_notebook(
        tmp_path / "read.ipynb",
        code('file: "Input[Dataset]" = "x.txt"', "parameters"),
        code("text: str = open(file).read()", "outputs"),
    )
    return tmp_path


def test_a_task_runs_for_each_item_and_its_outputs_are_collected(tools):
    tasks = {
        "numbers": {"component": "numbers.ipynb", "inputs": {"last": {"parameter": "last"}}},
        "square": {
            "component": "square.ipynb",
            "for_each": {"output": "numbers.found", "input": "n", "max_parallel": 2},
        },
        "total": {"component": "total.ipynb", "inputs": {"numbers": {"output": "square.square"}}},
        "join": {"component": "join.ipynb", "inputs": {"files": {"output": "square.file"}}},
        "read": {"component": "read.ipynb", "for_each": {"output": "square.file", "input": "file"}},
        "all": {"component": "total.ipynb", "when": "total.total > 4", "inputs": {"numbers": {"value": [1]}}},
    }
    path = write_pipeline(tools / "p.pipeline", tasks, parameters={"last": {"type": "int", "default": 3}})
    record = run(path)
    assert record.state == "COMPLETE", record.error
    assert record.tasks["square"].outputs["square"] == [0, 1, 4]
    assert record.tasks["square.2"].inputs == {"n": 2} and record.tasks["square.2"].outputs["square"] == 4
    assert record.tasks["total"].outputs == {"total": 5}
    assert record.tasks["join"].outputs == {"text": "0+1+4"}
    assert record.tasks["read"].outputs == {"text": ["0", "1", "4"]}
    more = run(path, last=4)
    assert more.tasks["square"].outputs["square"] == [0, 1, 4, 9]
    assert [more.tasks[f"square.{n}"].state for n in range(4)] == ["CACHED", "CACHED", "CACHED", "COMPLETE"]
    none = run(path, last=0)
    assert none.state == "COMPLETE" and none.tasks["square"].outputs == {"square": [], "file": []}
    assert states(none)["all"] == "CANCELED" and none.tasks["total"].outputs == {"total": 0}


def test_items_may_be_objects_of_inputs_and_a_bad_one_fails_its_list_only(tools):
    adder(tools)
    each = {"value": [{"left": 1, "right": 2}, {"left": 5}]}
    tasks = {
        "add": {"component": "add.ipynb", "for_each": each},
        "square": {"component": "square.ipynb", "for_each": {"value": [2, -1], "input": "n", "max_parallel": 1}},
        "after": {"component": "total.ipynb", "inputs": {"numbers": {"output": "square.square"}}},
    }
    record = run(write_pipeline(tools / "p.pipeline", tasks))
    assert record.tasks["add"].outputs == {"total": [3, 7]}
    assert record.tasks["square"].error == "square.1 FAILED" and "no negative" in record.tasks["square.1"].error
    assert (record.state, states(record)["after"]) == ("FAILED", "CANCELED")


@pytest.mark.parametrize(
    ("each", "said"),
    [
        ({"value": 3, "input": "n"}, "3 is none"),
        ({"parameter": "last", "input": "n"}, "int is none"),
        ({"output": "total.total", "input": "n"}, "int is none"),
        ({"value": [1, "two"], "input": "n"}, "item 1: 'n': 'two' is not int"),
        ({"value": [1], "input": "m"}, "no input 'm'"),
        ({"value": [1]}, "no object of inputs"),
        ({"value": [{"m": 1}]}, "no input 'm'"),
        ({"output": "nobody.found", "input": "n"}, "no task 'nobody'"),
        ({"secret": "S", "input": "n"}, "secret"),
        ({"value": [1], "input": "file"}, "no input 'file'"),
    ],
)
def test_a_for_each_that_can_not_be_is_said_in_one_line(tools, each, said):
    tasks = {"total": {"component": "total.ipynb"}, "square": {"component": "square.ipynb", "for_each": each}}
    path = write_pipeline(tools / "p.pipeline", tasks, parameters={"last": {"type": "int", "default": 3}})
    found = check(read_pipeline(path), tools, Catalog([]))
    (problem,) = [item for item in found.diagnostics if item.level == "error"]
    assert said in problem.message and (problem.task, problem.field) == ("square", "for_each")


def test_a_list_that_is_none_when_it_comes_fails_the_task_in_one_line(tools):
    write_notebook(tools / "odd.ipynb", code("found = 'no list'\nok: int = 1", "outputs"))
    document = {
        "odd": {"component": "odd.ipynb"},
        "square": {"component": "square.ipynb", "for_each": {"output": "odd.found", "input": "n"}},
    }
    path = write_pipeline(tools / "p.pipeline", document)
    checked = check(read_pipeline(path), tools, Catalog([]))
    assert any("list" in item.message for item in checked.diagnostics)
    write_notebook(tools / "odd.ipynb", code("found: list = []\nfound += ['a', 2]", "outputs"))
    record = run(path)
    assert record.tasks["square"].error == "for_each: item 0: 'n': 'a' is not int"


def test_the_last_task_always_runs_and_sees_how_the_run_went(tools):
    write_notebook(
        tools / "tell.ipynb",
        "import os",
        code("said: str = os.environ['CLAIMED_RUN_STATE'] + ' ' + os.environ['CLAIMED_RUN_FAILED']", "outputs"),
    )
    tasks = {
        "tell": {"component": "tell.ipynb"},
        "square": {"component": "square.ipynb", "inputs": {"n": {"value": -1}}},
    }
    record = run(write_pipeline(tools / "p.pipeline", tasks, on_exit="tell"))
    assert (record.state, record.tasks["tell"].state) == ("FAILED", "COMPLETE")
    assert record.tasks["tell"].outputs == {"said": "FAILED square"}
    tasks["square"]["inputs"]["n"]["value"] = 2
    again = run(write_pipeline(tools / "p.pipeline", tasks, on_exit="tell"))
    assert (again.state, again.tasks["tell"].outputs) == ("COMPLETE", {"said": "COMPLETE "})


@pytest.mark.parametrize(
    ("last", "tasks", "said"),
    [
        ("nobody", {}, "no task 'nobody'"),
        (
            "total",
            {"total": {"component": "total.ipynb", "inputs": {"numbers": {"output": "n.found"}}}},
            "may never be",
        ),
        ("n", {"total": {"component": "total.ipynb", "inputs": {"numbers": {"output": "n.found"}}}}, "waits for 'n'"),
    ],
)
def test_a_last_task_that_can_not_be_is_said(tools, last, tasks, said):
    path = write_pipeline(tools / "p.pipeline", {"n": {"component": "numbers.ipynb"}, **tasks}, on_exit=last)
    found = check(read_pipeline(path), tools, Catalog([]))
    assert any(said in item.message for item in found.diagnostics if item.level == "error")


def test_only_chosen_errors_are_tried_again(tools):
    body = (
        "import pathlib\ntries = pathlib.Path(count)\n"
        "tries.write_text(tries.read_text() + '.' if tries.exists() else '.')\nraise {}('x')"
    )
    tasks = {}
    for name, error in (("again", "ConnectionError"), ("once", "ValueError")):
        write_notebook(
            tools / f"{name}.ipynb", code(f"count: str = {str(tools / name)!r}", "parameters"), body.format(error)
        )
        retry = {"attempts": 2, "backoff": 0, "on": ["ConnectionError", "timeout"]}
        tasks[name] = {"component": f"{name}.ipynb", "retry": retry}
    record = run(write_pipeline(tools / "p.pipeline", tasks))
    assert set(states(record).values()) == {"FAILED"}
    assert ((tools / "again").read_text(), (tools / "once").read_text()) == ("...", ".")


def test_a_run_that_takes_too_long_is_stopped(tools):
    write_notebook(tools / "slow.ipynb", "import time\ntime.sleep(60)")
    tasks = {"slow": {"component": "slow.ipynb"}, "n": {"component": "numbers.ipynb"}}
    record = run(write_pipeline(tools / "p.pipeline", tasks, timeout=4))
    assert record.state == "FAILED" and record.seconds < 20
    assert "longer than its timeout of 4 s" in record.tasks["slow"].reason


def test_tasks_get_what_they_ask_for_and_never_more_than_there_is():
    capacity = Capacity(cores=4, memory=8 << 30, gpus=("0", "1"), jobs=4)
    for name, wanted in (("a", Resources(gpu=1)), ("b", Resources(cpu=2)), ("c", Resources(memory=6 << 30))):
        capacity.check(name, wanted)
    assert capacity.take("a", Resources(gpu=1)).environment["CUDA_VISIBLE_DEVICES"] == "0"
    share = capacity.take("b", Resources(cpu=2))
    assert share.environment["OMP_NUM_THREADS"] == "2" and share.environment["CUDA_VISIBLE_DEVICES"] == ""
    assert capacity.take("c", Resources(memory=6 << 30)) is not None
    assert capacity.take("d", Resources()) is None  # no core is left
    capacity.give_back("b")
    assert capacity.take("d", Resources(memory=4 << 30)) is None  # no memory is left
    assert capacity.take("e", Resources(gpu=2)) is None  # one GPU is left
    assert capacity.take("f", Resources(gpu=1)).gpus == ("1",)
    assert capacity.take("g", Resources(cpu=64)) is None
    for name in "acf":
        capacity.give_back(name)
    assert capacity.take("g", Resources(cpu=64)).cpu == 4  # all of them
    with pytest.raises(TooMuch, match="asks for 3 GPUs, and this machine has 2"):
        capacity.check("x", Resources(gpu=3))
    with pytest.raises(TooMuch, match=r"16\.0 GiB of memory, and this machine has 8\.0 GiB"):
        capacity.check("x", Resources(memory=16 << 30))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, Resources()),
        ({"cpu": "500m", "memory": "1Gi", "gpu": 1}, Resources(cpu=0.5, memory=1 << 30, gpu=1)),
        ({"cpu": 2, "memory": "2G"}, Resources(cpu=2, memory=2_000_000_000)),
        ({"memory": 1024}, Resources(memory=1024)),
    ],
)
def test_resources_are_read_as_kubernetes_writes_them(given, wanted):
    assert parse_resources(given) == wanted


@pytest.mark.parametrize(
    "given", [3, {"cores": 1}, {"cpu": "many"}, {"gpu": 0.5}, {"cpu": -1}, {"memory": "4 Gigs"}, {"cpu": 0}]
)
def test_resources_that_are_none_are_refused(tools, given):
    with pytest.raises(BadResources):
        parse_resources(given)


def test_a_task_that_asks_for_more_than_the_machine_has_is_said_before_anything_runs(tools):
    tasks = {
        "n": {"component": "numbers.ipynb"},
        "big": {"component": "numbers.ipynb", "resources": {"memory": "900Ti"}},
    }
    record = run(write_pipeline(tools / "p.pipeline", tasks))
    assert record.state == "FAILED" and "task big: asks for" in record.error
    assert set(states(record).values()) == {"CANCELED"}


def test_the_longest_way_to_the_end_goes_first(tools):
    adder(tools)
    tasks = {name: {"component": "add.ipynb"} for name in "abc"}
    tasks["d"] = {"component": "add.ipynb", "inputs": {"left": {"output": "c.total"}}}
    tasks["e"] = {"component": "add.ipynb", "inputs": {"left": {"output": "d.total"}}}
    path = write_pipeline(tools / "p.pipeline", tasks)
    planned = plan(check(read_pipeline(path), tools, Catalog([])), {}, path=str(path))
    assert ranks(planned.tasks) == {"a": 1, "b": 1, "c": 3, "d": 2, "e": 1}


@pytest.mark.slow
def test_a_task_sees_its_share_of_the_machine(tools):
    write_notebook(
        tools / "share.ipynb",
        "import os",
        code("threads: str = os.environ['OMP_NUM_THREADS']\nnames: list = sorted(os.environ)", "outputs"),
    )
    record = run(write_pipeline(tools / "p.pipeline", {"s": {"component": "share.ipynb", "resources": {"cpu": 1}}}))
    assert record.tasks["s"].outputs["threads"] == "1"
    assert "CUDA_VISIBLE_DEVICES" not in json.dumps(record.tasks["s"].outputs["names"])

"""The local engine runs real notebooks in real kernels, and tells the truth about what became of them."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest
from authoring import adder, code, write_notebook, write_pipeline, writer_and_reader

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.lineage import open_store, upstream
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.eventlog import read_events
from claimed_jlab.run.follow import follow
from claimed_jlab.run.local.engine import submit
from claimed_jlab.run.plan import plan
from claimed_jlab.run.runs import find_run

pytestmark = pytest.mark.slow


def start(path, *, jobs=2, cache=True, **arguments):
    checked = check(read_pipeline(path), path.parent, Catalog([]))
    return submit(plan(checked, arguments, path=str(path)), jobs=jobs, cache=cache)


def run(path, **options):
    started = start(path, **options)
    for _ in follow(started):
        pass
    return started.record()


def states(record):
    return {name: task.state for name, task in record.tasks.items()}


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def worker_of(started):
    return next(event["pid"] for event in read_events(started.events) if "pid" in event)


@pytest.fixture
def chain(tmp_path):
    writer_and_reader(tmp_path)
    return write_pipeline(
        tmp_path / "chain.pipeline",
        {
            "write": {"component": "write.ipynb", "inputs": {"rows": {"parameter": "rows"}}},
            "count": {"component": "count.ipynb", "inputs": {"table": {"output": "write.table"}}},
            "other": {"component": "write.ipynb", "inputs": {"rows": {"value": 1}}},
        },
        parameters={"rows": {"type": "int", "default": 4}},
    )


def test_a_pipeline_runs_and_its_values_artifacts_and_lineage_are_recorded(chain, tmp_path, claimed_home):
    before = (tmp_path / "write.ipynb").read_bytes()
    record = run(chain)
    assert record.state == "COMPLETE" and set(states(record).values()) == {"COMPLETE"}
    assert record.tasks["count"].outputs == {"count": 4}
    table = record.tasks["write"].outputs["table"]
    assert table["type"] == "Dataset" and table["name"] == "table.csv"
    assert record.tasks["count"].inputs["table"]["artifact_id"] == table["artifact_id"]
    executed = json.loads(open(record.tasks["write"].notebook).read())
    assert any("rows = 4" in "".join(cell["source"]) for cell in executed["cells"])
    assert (tmp_path / "write.ipynb").read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == []
    answer = upstream(open_store(claimed_home / "lineage.db"), table["artifact_id"])
    assert {node.type for node in answer.nodes} == {"system.Dataset", "system.ContainerExecution"}


def test_an_unchanged_task_is_skipped_and_a_changed_parameter_runs_only_what_depends_on_it(chain):
    run(chain)
    again = run(chain)
    assert set(states(again).values()) == {"CACHED"} and again.state == "COMPLETE"
    assert again.tasks["count"].outputs == {"count": 4} and again.tasks["count"].notebook is not None
    changed = run(chain, rows=7)
    assert states(changed) == {"write": "COMPLETE", "count": "COMPLETE", "other": "CACHED"}
    assert changed.tasks["write"].reason == "input rows changed from 4 to 7"
    assert changed.tasks["count"].outputs == {"count": 7}
    assert set(states(run(chain, cache=False)).values()) == {"COMPLETE"}


def test_a_cached_task_runs_again_when_its_output_was_deleted_or_changed(chain):
    first = run(chain)
    path = first.tasks["write"].outputs["table"]["uri"].removeprefix("file://")
    os.unlink(path)
    deleted = run(chain)
    assert states(deleted) == {"write": "COMPLETE", "count": "CACHED", "other": "CACHED"}
    assert "deleted" in deleted.tasks["write"].reason
    os.chmod(path, 0o644)
    with open(path, "a") as file:
        file.write("tampered")
    assert "changed by hand" in run(chain).tasks["write"].reason


def test_a_failed_task_stops_only_what_depends_on_it_and_shows_cell_and_traceback(tmp_path):
    adder(tmp_path)
    write_notebook(
        tmp_path / "fail.ipynb",
        code("n: int = 1", "parameters"),
        "print('so far, so good')",
        "wanted = 'label'\nraise ValueError(f'no column {wanted!r}; columns are: a, b')",
        code("m: int = 1", "outputs"),
    )
    path = write_pipeline(
        tmp_path / "p.pipeline",
        {
            "fail": {"component": "fail.ipynb"},
            "after": {"component": "add.ipynb", "inputs": {"left": {"output": "fail.m"}}},
            "later": {"component": "add.ipynb", "inputs": {"left": {"output": "after.total"}}},
            "apart": {"component": "add.ipynb"},
        },
    )
    record = run(path)
    assert record.state == "FAILED" and "task fail" in record.error
    assert states(record) == {"fail": "FAILED", "after": "CANCELED", "later": "CANCELED", "apart": "COMPLETE"}
    failed = record.tasks["fail"]
    assert failed.error == "cell 3: ValueError: no column 'label'; columns are: a, b"
    assert failed.cell == 3 and "raise" in failed.traceback
    started = find_run(record.run_id)
    assert "so far, so good" in started.log("fail").read_text()
    assert failed.notebook and json.loads(open(failed.notebook).read())["cells"]


def test_values_reach_the_code_as_they_are_meant_in_both_conventions(tmp_path):
    hostile = "a 'quoted' \"path\" with $(spaces) and \\ ünïcode\nline"
    write_notebook(
        tmp_path / "values.ipynb",
        code(
            "text: str = ''\nflag: bool = True\nitems: list = []\nnested: dict = {}\nratio: float = 0.5", "parameters"
        ),
        code("import datetime\nlate: str = 'x'\nday: str = '2000-01-01'", "parameters"),
        "import json, os\n"
        "env_items = json.loads(os.environ.get('env_items', '[]'))\n"
        "env_flag = bool(os.environ.get('env_flag', 'True'))\n"
        "env_true = bool(os.environ.get('env_true', 'False'))\n"
        "env_text = os.environ.get('env_text', 'x')\n"
        "env_number = int(os.environ.get('env_number', '1'))\n",
        code(
            "seen: dict = dict(text=text, flag=flag, items=items, nested=nested, ratio=ratio, env_flag=env_flag,\n"
            "    env_true=env_true, env_text=env_text, env_number=env_number, env_items=env_items, late=late,\n"
            "    day=str(datetime.date.fromisoformat(day)))",
            "outputs",
        ),
    )
    values = {
        "text": hostile,
        "flag": False,
        "items": [1, "two", None, [3.5]],
        "nested": {"a b": {"c": True}},
        "ratio": 1,
        "env_flag": False,
        "env_true": True,
        "env_text": hostile,
        "env_number": 42,
        "env_items": ["a b", "it's", None, True],
        "late": "set in a second cell with the tag",
        "day": "2026-11-22",
    }
    inputs = {name: {"value": value} for name, value in values.items()}
    record = run(write_pipeline(tmp_path / "p.pipeline", {"v": {"component": "values.ipynb", "inputs": inputs}}))
    assert record.tasks["v"].outputs["seen"] == values, record.tasks["v"].error


def test_independent_tasks_run_at_the_same_time(tmp_path):
    body = "import time\nbegan = time.time()\ntime.sleep(1.5)\ntotal = left"
    write_notebook(
        tmp_path / "wait.ipynb",
        code("left: int = 1", "parameters"),
        body,
        code("began: float = began\nended: float = time.time()", "outputs"),
    )
    tasks = {name: {"component": "wait.ipynb", "inputs": {"left": {"value": i}}} for i, name in enumerate("ab")}
    outputs = [task.outputs for task in run(write_pipeline(tmp_path / "p.pipeline", tasks)).tasks.values()]
    assert max(item["began"] for item in outputs) < min(item["ended"] for item in outputs)


def test_a_task_sees_an_empty_folder_of_its_own_and_the_modules_beside_its_notebook(tmp_path):
    (tmp_path / "beside.py").write_text("answer = 42")
    write_notebook(
        tmp_path / "look.ipynb",
        code('made: "Output[Artifact]" = "made.txt"', "parameters"),
        "import os, beside\nfound = os.listdir('.')\nopen(made, 'w').write('x')\nopen('stray.txt', 'w').write('x')",
        code("answer: int = beside.answer\nfolder: str = os.getcwd()\nfound: list = found", "outputs"),
    )
    tasks = {"one": {"component": "look.ipynb"}, "two": {"component": "look.ipynb", "cache": False}}
    record = run(write_pipeline(tmp_path / "p.pipeline", tasks))
    one, two = record.tasks["one"].outputs, record.tasks["two"].outputs
    assert one["answer"] == 42 and one["found"] == ["outputs"]
    assert one["folder"] != two["folder"] and not os.path.exists(one["folder"])


def test_a_secret_is_resolved_in_the_kernel_and_seen_nowhere(tmp_path, monkeypatch, claimed_home):
    monkeypatch.setenv("THE_TOKEN", "s3cr3t-value")
    write_notebook(
        tmp_path / "use.ipynb",
        code('token: "Secret" = ""', "parameters"),
        "print('the token is', token)",
        code("length: int = len(token)", "outputs"),
    )
    task = {"component": "use.ipynb", "inputs": {"token": {"secret": "THE_TOKEN"}}}
    record = run(write_pipeline(tmp_path / "p.pipeline", {"use": task}))
    assert record.tasks["use"].outputs == {"length": len("s3cr3t-value")}
    for path in claimed_home.rglob("*"):
        if path.is_file():
            assert b"s3cr3t-value" not in path.read_bytes(), path
    assert run(write_pipeline(tmp_path / "p.pipeline", {"use": task})).tasks["use"].state == "COMPLETE"


def test_an_output_that_was_declared_and_not_written_is_named_with_what_was_written(tmp_path):
    write_notebook(
        tmp_path / "forget.ipynb",
        code('model: "Output[Model]" = "model.joblib"', "parameters"),
        "open('other.txt', 'w').write('x')",
    )
    record = run(write_pipeline(tmp_path / "p.pipeline", {"t": {"component": "forget.ipynb"}}))
    assert "'model' was declared and not written" in record.tasks["t"].error
    assert "other.txt" in record.tasks["t"].error


@pytest.mark.parametrize("default", ["..", "a/../..", "/etc", "x/", "."])
def test_no_name_of_an_output_leads_out_of_the_tasks_folder(tmp_path, default):
    write_notebook(
        tmp_path / "out.ipynb",
        "import os\nodd = os.environ.get('../../odd', 'x')\nopen(odd, 'w').write('odd')",
        code(f'file: "Output[Dataset]" = {default!r}', "parameters"),
        "open(file, 'w').write('written')",
        code("place: str = file", "outputs"),
    )
    record = run(write_pipeline(tmp_path / "p.pipeline", {"t": {"component": "out.ipynb"}}))
    task = record.tasks["t"]
    assert record.state == "COMPLETE", task.error
    assert "/outputs/" in task.outputs["place"] and ".." not in task.outputs["place"]
    assert {
        name: open(value["uri"].removeprefix("file://")).read()
        for name, value in task.outputs.items()
        if name != "place"
    } == {
        "file": "written",
        "../../odd": "odd",
    }


def test_an_output_that_is_a_link_out_of_the_folder_is_refused_and_one_inside_is_followed(tmp_path):
    write_notebook(
        tmp_path / "link.ipynb",
        code('outside: bool = True\nfile: "Output[Dataset]" = "out.txt"', "parameters"),
        "import os\nopen('inside.txt', 'w').write('inside')\n"
        "os.symlink('/etc/hostname' if outside else os.path.abspath('inside.txt'), file)",
    )
    tasks = {
        name: {"component": "link.ipynb", "inputs": {"outside": {"value": name == "out"}}} for name in ("out", "in")
    }
    record = run(write_pipeline(tmp_path / "p.pipeline", tasks))
    assert "leads out of the task's folder" in record.tasks["out"].error
    path = record.tasks["in"].outputs["file"]["uri"].removeprefix("file://")
    assert open(path).read() == "inside" and not os.path.islink(path)


def test_a_cell_that_is_no_python_names_itself_and_the_line(tmp_path):
    write_notebook(tmp_path / "bad.ipynb", code("n: int = 1", "parameters"), "x = 1\ny = (", "z = 1")
    record = run(write_pipeline(tmp_path / "p.pipeline", {"t": {"component": "bad.ipynb"}}))
    assert record.tasks["t"].cell == 2
    assert "cell 2" in record.tasks["t"].error and "SyntaxError" in record.tasks["t"].error
    assert "line 2" in record.tasks["t"].error and "\n" not in record.tasks["t"].error


def test_a_kernel_that_dies_fails_its_task_and_names_the_cell(tmp_path):
    write_notebook(
        tmp_path / "die.ipynb",
        code("n: int = 1", "parameters"),
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    )
    record = run(write_pipeline(tmp_path / "p.pipeline", {"t": {"component": "die.ipynb"}}))
    assert record.tasks["t"].state == "FAILED" and record.tasks["t"].cell == 2
    assert "kernel died" in record.tasks["t"].error


def test_a_condition_that_is_false_cancels_its_task_and_what_follows_with_the_reason(tmp_path):
    adder(tmp_path)
    tasks = {
        "a": {"component": "add.ipynb"},
        "b": {"component": "add.ipynb", "when": "a.total > limit", "inputs": {"left": {"value": 9}}},
        "c": {"component": "add.ipynb", "inputs": {"left": {"output": "b.total"}}},
    }
    path = write_pipeline(tmp_path / "p.pipeline", tasks, parameters={"limit": {"type": "int", "default": 100}})
    record = run(path)
    assert record.state == "COMPLETE"
    assert states(record) == {"a": "COMPLETE", "b": "CANCELED", "c": "CANCELED"}
    assert "a.total > limit is false" in record.tasks["b"].reason
    assert states(run(path, limit=1)) == {"a": "CACHED", "b": "COMPLETE", "c": "COMPLETE"}


def test_a_task_is_retried_and_a_timeout_ends_it(tmp_path):
    marker = tmp_path / "marker"
    write_notebook(
        tmp_path / "flaky.ipynb",
        code(f"marker: str = {str(marker)!r}", "parameters"),
        "import os\nif not os.path.exists(marker):\n    open(marker, 'w')\n    raise RuntimeError('not yet')",
    )
    write_notebook(tmp_path / "slow.ipynb", code("n: int = 1", "parameters"), "import time\ntime.sleep(60)")
    tasks = {
        "flaky": {"component": "flaky.ipynb", "retry": {"attempts": 1, "backoff": 0.1}},
        "slow": {"component": "slow.ipynb", "timeout": 3},
    }
    record = run(write_pipeline(tmp_path / "p.pipeline", tasks))
    assert record.tasks["flaky"].state == "COMPLETE" and record.tasks["flaky"].attempt == 2
    assert record.tasks["slow"].state == "FAILED" and "timeout of 3 s" in record.tasks["slow"].error


@pytest.fixture
def half_done(tmp_path):
    """A run that has finished one task and is in the middle of another."""
    adder(tmp_path)
    write_notebook(
        tmp_path / "sleep.ipynb",
        code("n: int = 1", "parameters"),
        "import os, time\nprint('pid', os.getpid(), flush=True)\ntime.sleep(float(os.environ.get('NAP', '120')))",
    )
    path = write_pipeline(
        tmp_path / "p.pipeline",
        {
            "add": {"component": "add.ipynb"},
            "sleep": {"component": "sleep.ipynb", "inputs": {"n": {"output": "add.total"}}},
            "last": {"component": "add.ipynb", "inputs": {"left": {"output": "add.total"}, "right": {"value": 1}}},
        },
    )
    started = start(path, jobs=1)
    wait_until(lambda: started.log("sleep").exists() and "pid" in started.log("sleep").read_text())
    return path, started


def kernel_of(started):
    return int(started.log("sleep").read_text().split("pid")[1].split()[0])


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_killed_worker_reads_failed_within_ten_seconds_and_a_new_run_picks_up(half_done, monkeypatch, claimed_home):
    path, started = half_done
    kernel = kernel_of(started)
    os.kill(worker_of(started), signal.SIGKILL)
    wait_until(lambda: started.record().ended, seconds=10)
    record = started.record()
    assert record.state == "FAILED" and record.error == "worker died"
    assert states(record) == {"add": "COMPLETE", "sleep": "FAILED", "last": "CANCELED"}
    assert not started.scratch.exists()
    wait_until(lambda: not alive(kernel))
    store = open_store(claimed_home / "lineage.db")
    from claimed_jlab.lineage.model import ExecutionState
    from claimed_jlab.lineage.read import executions

    with store.read() as connection:
        assert all(item.state != ExecutionState.RUNNING for item in executions(connection))
    monkeypatch.setenv("NAP", "0")
    again = run(path)
    assert states(again) == {"add": "CACHED", "sleep": "COMPLETE", "last": "COMPLETE"}


def test_a_worker_that_never_began_says_what_it_printed_last(chain, monkeypatch):
    monkeypatch.setattr("claimed_jlab.run.runs.STARTING_SECONDS", 0.0)
    monkeypatch.setattr("sys.executable", "/bin/sh")  # which takes `-m` for an option that it does not know
    started = start(chain)
    wait_until((started.folder / "worker.log").read_text)
    assert started.record().error.startswith("worker died: ") and "claimed_jlab" in started.record().error


def test_cancel_stops_within_seconds_and_leaves_no_kernel(half_done):
    _, started = half_done
    kernel = kernel_of(started)
    started.request_cancel()
    wait_until(lambda: started.record().ended, seconds=30)
    assert started.record().state == "CANCELED"
    assert states(started.record()) == {"add": "COMPLETE", "sleep": "CANCELED", "last": "CANCELED"}
    wait_until(lambda: not alive(kernel))

"""Less than a whole run, an old one again, and what a run would do: in real kernels."""

from __future__ import annotations

import pytest
from authoring import adder, code, write_notebook, write_pipeline
from test_local_engine import run, states

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.follow import follow
from claimed_jlab.run.forecast import remaining_seconds
from claimed_jlab.run.local.engine import submit
from claimed_jlab.run.local.foresee import foresee
from claimed_jlab.run.plan import plan
from claimed_jlab.run.runs import find_run
from claimed_jlab.run.select import NoEarlierResult, again, environment_changes, last_run, select, select_failed
from claimed_jlab.run.sources import SourceGone, Sources

pytestmark = pytest.mark.slow


@pytest.fixture
def line(tmp_path):
    """a -> b -> c, and d beside them."""
    adder(tmp_path)
    tasks = {
        "a": {"component": "add.ipynb", "inputs": {"left": {"parameter": "n"}}},
        "b": {"component": "add.ipynb", "inputs": {"left": {"output": "a.total"}}},
        "c": {"component": "add.ipynb", "inputs": {"left": {"output": "b.total"}}},
        "d": {"component": "add.ipynb", "inputs": {"left": {"value": 100}}},
    }
    return write_pipeline(tmp_path / "p.pipeline", tasks, parameters={"n": {"type": "int", "default": 1}})


def planned(path, **arguments):
    return plan(check(read_pipeline(path), path.parent, Catalog([])), arguments, path=str(path))


def done(part, **options):
    started = submit(part, jobs=2, **options)
    for _ in follow(started):
        pass
    return started.record()


def test_parts_of_a_run_take_the_rest_from_an_earlier_one(line):
    with pytest.raises(NoEarlierResult, match=r"no earlier result of 'a'.*--to a"):
        select(planned(line), "only", "b")
    first = done(select(planned(line), "to", "b"))
    assert states(first) == {"a": "COMPLETE", "b": "COMPLETE"}
    whole = run(line)
    assert states(whole) == {"a": "CACHED", "b": "CACHED", "c": "COMPLETE", "d": "COMPLETE"}
    only = done(select(planned(line, n=5), "only", "b"), cache=False)
    assert states(only) == {"a": "CACHED", "b": "COMPLETE"}
    assert only.tasks["a"].reason == f"taken from the run {whole.run_id}" and only.tasks["b"].outputs == {"total": 5}
    after = done(select(planned(line), "from", "b"), cache=False)
    assert states(after) == {"a": "CACHED", "b": "COMPLETE", "c": "COMPLETE"}
    with pytest.raises(ClaimedError, match=r"no task 'z'.*its tasks are: "):
        select(planned(line), "only", "z")


def test_what_failed_is_run_again_and_nothing_else(tmp_path):
    adder(tmp_path)
    flag = tmp_path / "flag"
    write_notebook(
        tmp_path / "may.ipynb",
        code(f"n: int = 1\nflag: str = {str(flag)!r}", "parameters"),
        "import os\nassert os.path.exists(flag), 'not yet'",
        code("m: int = n", "outputs"),
    )
    tasks = {
        "a": {"component": "add.ipynb", "cache": False},
        "may": {"component": "may.ipynb", "inputs": {"n": {"output": "a.total"}}},
        "after": {"component": "add.ipynb", "inputs": {"left": {"output": "may.m"}}},
    }
    path = write_pipeline(tmp_path / "p.pipeline", tasks)
    failed = run(path)
    assert states(failed) == {"a": "COMPLETE", "may": "FAILED", "after": "CANCELED"}
    flag.touch()
    again_ = done(select_failed(planned(path), last_run(str(path))))
    assert states(again_) == {"a": "CACHED", "may": "COMPLETE", "after": "COMPLETE"}
    with pytest.raises(ClaimedError, match="nothing failed"):
        select_failed(planned(path), find_run(again_.run_id))


def test_an_old_run_is_run_again_with_the_code_that_it_had(line, claimed_home):
    old = run(line)
    adder(line.parent, body="total = left * 1000 + right")
    assert run(line).tasks["a"].outputs == {"total": 1002}
    found = find_run(old.run_id)
    repeated = again(found, Sources(claimed_home / "sources"))
    record = done(repeated, cache=False)
    assert {name: task.outputs for name, task in record.tasks.items()} == {
        name: task.outputs for name, task in old.tasks.items()
    }
    assert environment_changes(repeated, found.order.packages) == []
    with pytest.raises(SourceGone, match="its code was not kept"):
        again(found, Sources(claimed_home / "nothing"))


def test_a_changed_line_is_named(line):
    run(line)
    adder(line.parent, body="total = left - right")
    record = run(line)
    assert (
        record.tasks["d"].reason == "code changed: cell 3, line 1: `total = left + right` became `total = left - right`"
    )


def kept_in(home):
    """All files but what the database makes and takes away for itself."""
    return sorted(str(path) for path in home.rglob("*") if not path.name.startswith("lineage.db-"))


def test_what_a_run_would_do_is_said_and_nothing_is_done(line, claimed_home):
    before = foresee(planned(line))
    assert {name: task.state for name, task in before.items()} == dict.fromkeys("abcd", "NEW")
    assert before["a"].reason == "first run" and "not known yet" in before["b"].reason
    run(line)
    kept = kept_in(claimed_home)
    after = foresee(planned(line, n=2))
    assert {name: task.state for name, task in after.items()} == {"a": "NEW", "b": "NEW", "c": "NEW", "d": "CACHED"}
    assert after["a"].reason == "input left changed from 1 to 2"
    same = foresee(planned(line))
    assert {task.state for task in same.values()} == {"CACHED"}
    assert {task.state for task in foresee(planned(line), cache=False).values()} == {"NEW"}
    assert kept_in(claimed_home) == kept


def test_what_a_task_took_is_told_and_foretold(line, tmp_path):
    write_notebook(
        tmp_path / "busy.ipynb",
        "import subprocess, sys\nkept = b'x' * 120_000_000\n"
        "subprocess.run([sys.executable, '-c', 'for n in range(10**7): pass'], check=True)",
    )
    path = write_pipeline(tmp_path / "busy.pipeline", {"busy": {"component": "busy.ipynb", "cache": False}})
    first = run(path)
    task = first.tasks["busy"]
    assert task.memory_bytes > 120_000_000 and 0.1 < task.cpu_seconds < 60
    assert task.expected is None
    assert run(path).tasks["busy"].expected == task.seconds


def test_the_end_is_foretold_by_what_tasks_took_before(line):
    parts = planned(line)
    took = {"a": 2.0, "b": 3.0, "c": 1.0, "d": 10.0}
    assert remaining_seconds(parts, {}, {}, took, jobs=2) == 10
    assert remaining_seconds(parts, {}, {}, took, jobs=1) == 16
    states_ = {"a": "COMPLETE", "b": "RUNNING", "d": "CACHED"}
    assert remaining_seconds(parts, states_, {"b": 2.5}, took, jobs=1) == 1.5
    assert remaining_seconds(parts, {}, {}, {"a": 1.0}, jobs=1) is None


def test_a_variable_that_a_task_reads_or_declares_is_part_of_what_it_depends_on(tmp_path, monkeypatch):
    write_notebook(
        tmp_path / "read.ipynb",
        "import os\nregion = os.environ.get('REGION', 'nowhere')",
        code("here: str = region", "outputs"),
    )
    write_notebook(tmp_path / "none.ipynb", code("n: int = 1", "parameters"))
    tasks = {
        "read": {"component": "read.ipynb"},
        "told": {"component": "none.ipynb", "environment": ["REGION", "NOT_SET"]},
    }
    path = write_pipeline(tmp_path / "p.pipeline", tasks)
    monkeypatch.setenv("REGION", "north")
    assert states(run(path)) == {"read": "COMPLETE", "told": "COMPLETE"}
    assert states(run(path)) == {"read": "CACHED", "told": "CACHED"}
    monkeypatch.setenv("REGION", "south")
    again = run(path)
    assert {task.reason for task in again.tasks.values()} == {"environment variable REGION changed"}
    assert again.tasks["read"].outputs == {"here": "south"}


def test_a_task_that_takes_the_time_of_the_run_is_never_skipped(tmp_path):
    write_notebook(tmp_path / "say.ipynb", code("at: str = ''", "parameters"), code("said: str = at", "outputs"))
    value = "{{$.pipeline_job_create_time_utc}} {{$.pipeline_task_name}}"
    path = write_pipeline(
        tmp_path / "p.pipeline", {"say": {"component": "say.ipynb", "inputs": {"at": {"value": value}}}}
    )
    assert run(path).tasks["say"].outputs["said"].endswith("Z say")
    assert run(path).tasks["say"].reason == "it takes the name or the time of the run"

"""A colleague's run beside one's own, by what the lineage store that both share tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import code, write_notebook, write_pipeline
from test_local_engine import run

from claimed_jlab.lineage import open_store
from claimed_jlab.run.compare import Comparison, compare_runs
from claimed_jlab.run.facts import find_facts
from claimed_jlab.run.runs import UnknownRun

pytestmark = pytest.mark.slow

DOUBLE = "open(table, 'w').write(str(rate * 2))"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    fit(tmp_path, DOUBLE)
    tasks = {
        "fit": {"component": "fit.ipynb", "inputs": {"rate": {"parameter": "rate"}}},
        "each": {"component": "fit.ipynb", "for_each": {"value": [1, 2], "input": "rate"}},
    }
    return write_pipeline(tmp_path / "p.pipeline", tasks, parameters={"rate": {"type": "float", "default": 0.5}})


def fit(folder: Path, body: str) -> None:
    parameters = code('rate: float = 0.1\ntable: "Output[Dataset]" = "t.csv"', "parameters")
    write_notebook(folder / "fit.ipynb", parameters, body, code("score: float = rate + 1", "outputs"))


def compared(home: Path, *runs: str) -> Comparison:
    return compare_runs([find_facts(one, lambda: open_store(home / "lineage.db")) for one in runs], home)


def test_a_colleagues_run_is_compared_with_ones_own(document, claimed_home, monkeypatch, tmp_path):
    pytest.importorskip("nbdime")
    theirs = run(document).run_id
    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path / "mine"))
    monkeypatch.setenv("CLAIMED_LINEAGE", str(claimed_home / "lineage.db"))
    fit(tmp_path, DOUBLE.replace("2", "3"))
    mine = run(document, rate=0.75).run_id

    found = compared(claimed_home, theirs, mine)

    rows = {row.name: row for row in found.parameters + found.metrics + found.inputs + found.outputs}
    assert rows["rate"].values == [0.5, 0.75] and rows["fit.score"].values == [1.5, 1.75]
    assert not rows["each.1.score"].differs
    was, now = rows["fit.table"].values
    assert was != now and was.startswith("t.csv (") and now.startswith("t.csv (")
    tasks = {task.name: task for task in found.tasks}
    assert set(tasks) == {"fit", "each", "each.0", "each.1"}
    assert rows["each.score"].values == [[2, 3], [2, 3]] and not tasks["each"].differs
    was, now = rows["each.table"].values
    assert was != now and all(one.startswith("t.csv (") for one in was + now)
    assert all(one is not None and one.state == "COMPLETE" and one.seconds for one in tasks["fit"].values)
    assert [head.user for head in found.runs] == [found.runs[0].user] * 2 and found.runs[0].seconds
    # Of theirs no code was kept here: the executed notebooks have it.
    (change,) = next(one for one in found.code if one.task == "fit").changes
    assert "-" + DOUBLE in change.text and "rate * 3" in change.text
    assert {one.task: len(one.changes) for one in found.code} == {"fit": 1, "each": 1}
    assert {row.name: row.differs for row in found.environment}["fit: python"] is False


@pytest.fixture
def nested(tmp_path: Path) -> Path:
    """A list, a pipeline in the pipeline, one for each item of a list, and one for whom the list is gathered."""
    fit(tmp_path, DOUBLE)
    count = code('tables: "list[Input[Dataset]]" = []', "parameters")
    write_notebook(
        tmp_path / "count.ipynb", count, code("n: int = sum(len(open(one).read()) for one in tables)", "outputs")
    )
    rate = {"rate": {"type": "float", "default": 0.5}}
    inner = {"fit": {"component": "fit.ipynb", "inputs": {"rate": {"parameter": "rate"}}}}
    outputs = {"table": {"output": "fit.table"}, "score": {"output": "fit.score"}}
    write_pipeline(tmp_path / "inner.pipeline", inner, parameters=rate, outputs=outputs)
    tasks = {
        "each": {"component": "fit.ipynb", "for_each": {"parameter": "rates", "input": "rate"}},
        "prepare": {"component": "./inner.pipeline", "inputs": {"rate": {"parameter": "rate"}}},
        "many": {"component": "./inner.pipeline", "for_each": {"parameter": "rates", "input": "rate"}},
        "count": {"component": "count.ipynb", "inputs": {"tables": {"output": "each.table"}}},
    }
    rates = {"rates": {"type": "list", "default": [1, 2]}}
    return write_pipeline(tmp_path / "p.pipeline", tasks, parameters={**rate, **rates})


def as_told(home: Path, mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the runs that were are a colleague's."""
    monkeypatch.setenv("CLAIMED_HOME", str(mine))
    monkeypatch.setenv("CLAIMED_LINEAGE", str(home / "lineage.db"))


def test_a_colleagues_lists_and_pipelines_are_compared_as_ones_own(nested, claimed_home, monkeypatch, tmp_path):
    theirs, second = run(nested).run_id, run(nested, rate=0.75, rates=[1, 3]).run_id
    both = compared(claimed_home, theirs, second)
    as_told(claimed_home, tmp_path / "mine", monkeypatch)
    mine = run(nested, rate=0.75, rates=[1, 3]).run_id

    found = compared(claimed_home, theirs, mine)

    assert {head.state for head in found.runs} == {"COMPLETE"}
    assert {"each", "each.1", "prepare", "prepare.fit", "many", "many.1.fit"} < {task.name for task in found.tasks}
    for part in ("parameters", "metrics", "inputs", "outputs", "environment"):
        known, told = ({row.name: row for row in getattr(one, part)} for one in (both, found))
        assert told == known, part
    for task in found.tasks:
        assert not task.differs, task
    assert all(task.values[1].component for task in found.tasks)


def test_two_runs_of_colleagues_are_compared_as_far_as_lineage_tells(nested, claimed_home, monkeypatch, tmp_path):
    theirs = [run(nested).run_id, run(nested, rate=0.75).run_id]
    as_told(claimed_home, tmp_path / "mine", monkeypatch)

    found = compared(claimed_home, *theirs)

    rows = {row.name: row.values for row in found.metrics}
    assert rows["prepare.fit.score"] == [1.5, 1.75] and rows["each.score"] == [[2, 3], [2, 3]]
    # Which task gives the output of the whole is in the document that only they have.
    assert "prepare.score" not in rows
    assert {task.name for task in found.tasks} >= {"each", "prepare", "many"} and not found.code


def test_a_list_without_items_is_nothing_to_compare(nested, claimed_home, monkeypatch, tmp_path):
    theirs = run(nested, rates=[]).run_id
    as_told(claimed_home, tmp_path / "mine", monkeypatch)
    mine = run(nested, rates=[]).run_id

    found = compared(claimed_home, theirs, mine)

    assert {head.state for head in found.runs} == {"COMPLETE"}
    assert {task.name for task in found.tasks} == {"prepare", "prepare.fit", "count"}
    assert not [row for row in found.metrics if row.differs]


def test_a_list_that_failed_is_compared(nested, claimed_home, monkeypatch, tmp_path):
    theirs = run(nested, rates=[1, 2]).run_id
    fit(tmp_path, "assert rate < 2")
    failed = run(nested, rates=[1, 2], rate=0.5).run_id
    as_told(claimed_home, tmp_path / "mine", monkeypatch)
    mine = run(nested, rates=[1, 2]).run_id

    tasks = {task.name: task for task in compared(claimed_home, failed, mine).tasks}
    assert [value.state for value in tasks["each"].values] == ["FAILED", "FAILED"] and not tasks["each"].differs
    tasks = {task.name: task for task in compared(claimed_home, theirs, failed, mine).tasks}
    assert [value.state for value in tasks["each"].values] == ["COMPLETE", "FAILED", "FAILED"]


def test_nobody_knows_a_run_that_never_was(claimed_home):
    with pytest.raises(UnknownRun, match="there is no run '20250101-000000-abc'"):
        find_facts("20250101-000000-abc", lambda: open_store(claimed_home / "lineage.db"))

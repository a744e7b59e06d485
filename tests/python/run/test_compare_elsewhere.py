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
    assert set(tasks) == {"fit", "each.0", "each.1"}
    assert all(one is not None and one.state == "COMPLETE" and one.seconds for one in tasks["fit"].values)
    assert [head.user for head in found.runs] == [found.runs[0].user] * 2 and found.runs[0].seconds
    # Of theirs no code was kept here: the executed notebooks have it.
    (change,) = next(one for one in found.code if one.task == "fit").changes
    assert "-" + DOUBLE in change.text and "rate * 3" in change.text
    assert {row.name: row.differs for row in found.environment}["fit: python"] is False


def test_nobody_knows_a_run_that_never_was(claimed_home):
    with pytest.raises(UnknownRun, match="there is no run '20250101-000000-abc'"):
        find_facts("20250101-000000-abc", lambda: open_store(claimed_home / "lineage.db"))

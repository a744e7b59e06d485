"""A task of a pipeline may be a Python file, or a function in one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from authoring import write_pipeline

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.follow import follow
from claimed_jlab.run.local.engine import submit
from claimed_jlab.run.plan import plan
from claimed_jlab.run.tryout import plan_try

SCRIPT = '''"""Write a table."""
from __future__ import annotations

from beside import HEADER

# %% tags=["parameters"]
rows: int = 3
table: "Output[Dataset]" = "table.csv"

# %%
def main() -> None:
    with open(table, "w") as file:
        file.write(HEADER + "".join(f"{n}\\n" for n in range(rows)))

if __name__ == "__main__":
    main()
'''
TOOLS = '''
from typing import NamedTuple
from beside import HEADER

class Counted(NamedTuple):
    lines: int
    first: str

def count(table: "Input[Dataset]", /, *, skip: int = 0) -> Counted:
    """Count the lines of a table."""
    lines = open(table).readlines()[skip:]
    assert lines[0] == HEADER
    return Counted(len(lines), lines[0].strip())

def fail(n: int = 1) -> int:
    raise ValueError("no column 'x'")
'''
KFP = """
from kfp.dsl import Input, Output, Dataset, Metrics, component

@component
def measure(table: Input[Dataset], metrics: Output[Metrics]) -> int:
    lines = open(table.path).readlines()
    metrics.log_metric("lines", len(lines))
    return len(lines)
"""


def checked(path):
    return check(read_pipeline(path), path.parent, Catalog([]))


def run(path):
    started = submit(plan(checked(path), {}, path=str(path)))
    for _ in follow(started):
        pass
    return started.record()


@pytest.fixture
def mixed(tmp_path):
    (tmp_path / "write.py").write_text(SCRIPT)
    (tmp_path / "beside.py").write_text('HEADER = "n\\n"\n')
    (tmp_path / "tools.py").write_text(TOOLS)
    (tmp_path / "packed.py").write_text(KFP)
    return write_pipeline(
        tmp_path / "mixed.pipeline",
        {
            "write": {"component": "./write.py", "inputs": {"rows": {"value": 4}}},
            "count": {"component": "./tools.py:count", "inputs": {"table": {"output": "write.table"}}},
            "measure": {"component": "packed.py:measure", "inputs": {"table": {"output": "write.table"}}},
        },
    )


@pytest.mark.slow
def test_scripts_and_functions_run_are_skipped_and_say_what_changed(mixed, tmp_path):
    record = run(mixed)
    assert record.state == "COMPLETE", record.error
    assert record.tasks["count"].outputs == {"lines": 5, "first": "n"}
    assert record.tasks["measure"].outputs["output"] == 5
    metrics = record.tasks["measure"].outputs["metrics"]
    assert json.loads(Path(metrics["uri"].removeprefix("file://")).read_text()) == {"lines": 5}
    assert {task.state for task in run(mixed).tasks.values()} == {"CACHED"}
    (tmp_path / "write.py").write_text(SCRIPT.replace("range(rows)", "range(rows + 1)"))
    again = run(mixed)
    assert again.tasks["count"].outputs["lines"] == 6 and again.tasks["write"].state == "COMPLETE"
    assert "write.py, line 13" in again.tasks["write"].reason or "code changed" in again.tasks["write"].reason


@pytest.mark.slow
def test_a_function_that_raises_is_told_in_its_own_words(mixed, tmp_path):
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "./tools.py:fail"}})
    assert run(path).tasks["a"].error.endswith("ValueError: no column 'x'")


@pytest.mark.slow
def test_a_script_is_tried_as_a_notebook_is(mixed, tmp_path):
    started = submit(plan_try(tmp_path / "write.py", {"rows": {"value": 1}}))
    for _ in follow(started):
        pass
    assert started.record().state == "COMPLETE"


@pytest.mark.parametrize(
    ("text", "reference", "words"),
    [
        ("a = 1\nb = (\n", "./bad.py", "line 2"),
        ("def f(n):\n    return n\n", "./bad.py:f", "line 1"),
        ("a = 1\n", "./bad.py:f", "there is no function 'f'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_before_the_run_with_its_line(tmp_path, text, reference, words):
    (tmp_path / "bad.py").write_text(text)
    found = checked(write_pipeline(tmp_path / "p.pipeline", {"a": {"component": reference}}))
    (finding,) = [item for item in found.diagnostics if item.level == "error"]
    assert finding.task == "a" and words in finding.message and "\n" not in finding.message

"""What differs between two versions of a document, in data and in words."""

from __future__ import annotations

import json

from click.testing import CliRunner
from pipeline_versions import BASE, changed

from claimed_jlab.cli.commands import claimed
from claimed_jlab.pipeline.difference import difference
from claimed_jlab.pipeline.rename import find_renames, renamed


def words(before, after):
    return difference(before, after).lines


def test_nothing_differs_from_itself_in_another_order():
    assert words(BASE, {**BASE, "tasks": dict(reversed(BASE["tasks"].items()))}) == []


def test_each_kind_of_change_is_said_in_words():
    after = changed(
        (("tasks", "judge"), None),
        (("tasks", "report"), {"component": "output/report@1.0.0"}),
        (("tasks", "train", "inputs", "C"), {"parameter": "seed"}),
        (("tasks", "train", "timeout"), 60),
        (("layout", "load"), [5, 5]),
        (("parameters", "seed", "default"), 8),
        (("parameters", "rate"), {"type": "float"}),
        (("name",), "Debit"),
        (("canvas", "notes", "n1"), {"text": "hello", "position": [0, 0]}),
    )
    assert words(BASE, after) == [
        "pipeline: name changed from Credit to Debit",
        'pipeline: canvas.notes.n1 set to {"text": "hello", "position": [0, 0]}',
        "parameter seed: default changed from 7 to 8",
        "parameter rate: added",
        "task load: moved",
        "task train: timeout set to 60",
        "task train: C changed from 1.0 to parameter seed",
        "task report: added (output/report@1.0.0)",
        "task judge: removed (metrics/judge@1.0.0)",
    ]


def test_a_renamed_task_is_no_removed_and_added_one():
    after = changed((("tasks", "fit", "timeout"), 3), of=renamed(BASE, {"train": "fit"}))
    found = difference(BASE, after)
    assert [(task.name, task.change, task.was) for task in found.tasks] == [("fit", "renamed", "train")]
    assert found.lines == ["task train: renamed to fit", "task fit: timeout set to 3"]


def test_a_task_that_only_has_the_same_component_is_another_task():
    after = changed((("tasks", "train"), None), (("layout", "train"), None))
    after["tasks"]["other"] = {"component": "train/sklearn-classifier@1.0.0", "inputs": {"data": {"value": "x"}}}
    assert find_renames(BASE, after) == {}


def test_the_command_prints_lines_or_json(tmp_path):
    one, other = tmp_path / "a.pipeline", tmp_path / "b.pipeline"
    one.write_text(json.dumps(BASE))
    other.write_text(json.dumps(changed((("layout", "load"), [5, 5]))))
    done = CliRunner().invoke(claimed, ["pipeline", "diff", str(one), str(other)])
    assert (done.exit_code, done.output) == (0, "task load: moved\n")
    done = CliRunner().invoke(claimed, ["pipeline", "diff", "--json", str(one), str(other)])
    assert json.loads(done.output)["tasks"][0]["change"] == "moved"


def test_a_broken_version_is_one_line_with_its_file(tmp_path):
    (tmp_path / "a.pipeline").write_text('{\n "name": \n}')
    done = CliRunner().invoke(claimed, ["pipeline", "diff", str(tmp_path / "a.pipeline"), str(tmp_path / "b.pipeline")])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1 and "a.pipeline: line 3" in done.stderr

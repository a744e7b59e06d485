"""Two people's branches merge: by git's own merge in the usual cases, by ours where lines are not enough."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipeline_versions import BASE, changed

from claimed_jlab.pipeline.merge import merge, merge_texts
from claimed_jlab.pipeline.rename import renamed
from claimed_jlab.pipeline.text import document_text

NEW = {"component": "output/report@1.0.0", "inputs": {"data": {"output": "load.table"}}}


def git(folder, *words, check=True):
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b"}
    done = subprocess.run(["git", *words], cwd=folder, env={**os.environ, **who}, capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def branches(folder, ours, theirs, *, driver=False, base=BASE):
    """Merges two branches by git itself; the merge's process, and the document's path."""
    path = folder / "p.pipeline"
    git(folder, "init", "-q", "-b", "main")
    if driver:
        (folder / ".gitattributes").write_text("*.pipeline merge=claimed diff=claimed\n")
        command = f"{Path(sys.executable).with_name('jupyter-claimed')} pipeline"
        git(folder, "config", "merge.claimed.driver", f"{command} merge %O %A %B")
        git(folder, "config", "diff.claimed.command", f"{command} diff")
    path.write_text(document_text(base))
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "base")
    git(folder, "checkout", "-qb", "theirs")
    path.write_text(document_text(theirs, like=base))
    git(folder, "commit", "-qam", "theirs")
    git(folder, "checkout", "-q", "main")
    path.write_text(document_text(ours, like=base))
    git(folder, "commit", "-qam", "ours")
    return git(folder, "merge", "-q", "--no-edit", "theirs", check=False), path


USUAL = {
    "two added tasks": (
        changed((("tasks", "clean"), NEW), (("layout", "clean"), [0, 90])),
        changed((("tasks", "report"), NEW), (("layout", "report"), [0, 180])),
    ),
    "a moved and an edited one": (
        changed((("layout", "train"), [640, 40])),
        changed((("tasks", "train", "inputs", "C"), {"value": 0.5})),
    ),
    "a rename and an edit of another task": (
        renamed(BASE, {"train": "fit"}),
        changed((("tasks", "load", "inputs", "source"), {"value": "b.csv"})),
    ),
}


@pytest.mark.parametrize("case", USUAL)
def test_git_merges_the_usual_cases_by_itself(case, tmp_path):
    ours, theirs = USUAL[case]
    done, path = branches(tmp_path, ours, theirs)
    assert done.returncode == 0, done.stdout + path.read_text()
    assert json.loads(path.read_text()) == merge(BASE, ours, theirs).data


HARD = {
    "two tasks added at one place": (
        changed((("tasks", "report"), NEW), (("layout", "report"), [0, 90])),
        changed((("tasks", "result"), NEW), (("layout", "result"), [0, 180])),
    ),
    "a renamed task edited by the other": (
        renamed(BASE, {"train": "fit"}),
        changed((("tasks", "train", "inputs", "C"), {"value": 0.5}), (("tasks", "judge", "timeout"), 60)),
    ),
    "both moved the same task": (changed((("layout", "train"), [1, 1])), changed((("layout", "train"), [2, 2]))),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", HARD)
def test_the_merge_driver_merges_what_lines_cannot(case, tmp_path):
    ours, theirs = HARD[case]
    done, path = branches(tmp_path, ours, theirs, driver=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(path.read_text()) == merge(BASE, ours, theirs).data
    assert not merge(BASE, ours, theirs).conflicts


@pytest.mark.slow
def test_a_conflict_is_named_by_task_and_field_and_the_document_stays_whole(tmp_path):
    ours = changed((("tasks", "train", "inputs", "C"), {"value": 2.0}))
    theirs = changed((("tasks", "train", "inputs", "C"), {"parameter": "seed"}))
    done, path = branches(tmp_path, ours, theirs, driver=True)
    assert done.returncode == 1
    said = [line for line in done.stderr.splitlines() if line.startswith("conflict")]
    assert said == ["conflict: task train, C: changed by both sides, each in its own way; ours is kept"]
    assert json.loads(path.read_text()) == {**ours}
    assert "p.pipeline" in git(tmp_path, "diff", "--name-only", "--diff-filter=U").stdout


@pytest.mark.slow
def test_git_diff_speaks_of_tasks(tmp_path):
    ours = changed((("tasks", "train", "inputs", "C"), {"value": 2.0}))
    branches(tmp_path, ours, {**BASE, "name": "Debit"}, driver=True)
    assert "task train: C changed from 1.0 to 2.0" in git(tmp_path, "diff", "theirs", "main").stdout


def test_a_rename_takes_the_edits_of_the_other_side_along():
    ours, theirs = HARD["a renamed task edited by the other"]
    data = merge(BASE, ours, theirs).data
    assert data["tasks"]["fit"]["inputs"]["C"] == {"value": 0.5}
    assert data["tasks"]["judge"]["inputs"] == {"model": {"output": "fit.model"}}
    assert data["tasks"]["judge"]["when"] == "fit.accuracy > 0.5"
    assert "train" not in data["tasks"] and "train" not in data["layout"]


CONFLICTS = {
    "removed and edited": (
        changed((("tasks", "judge"), None)),
        changed((("tasks", "judge", "timeout"), 5)),
        "task judge: removed by us and changed by them; it is kept as theirs",
    ),
    "removed and newly used": (
        changed((("tasks", "judge"), None), (("layout", "judge"), None)),
        changed((("tasks", "report"), {"component": "x", "inputs": {"data": {"output": "judge.table"}}})),
        "task report, data: it needs task 'judge', which the other side removed",
    ),
    "renamed in two ways": (
        renamed(BASE, {"train": "fit"}),
        renamed(BASE, {"train": "learn"}),
        "task train: renamed to 'fit' by us and to 'learn' by them; 'fit' is kept",
    ),
    "two tasks of one name": (
        changed((("tasks", "report"), NEW)),
        changed((("tasks", "report"), {"component": "y"})),
        "task report, component: added by both sides, each in its own way; ours is kept",
    ),
    "a renamed task and a new one of that name": (
        renamed(BASE, {"judge": "report"}),
        changed((("tasks", "report"), NEW)),
        "task report, component: added by both sides, each in its own way; ours is kept",
    ),
    "a parameter's default": (
        changed((("parameters", "seed", "default"), 1)),
        changed((("parameters", "seed", "default"), 2)),
        "parameter seed, default: changed by both sides, each in its own way; ours is kept",
    ),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_what_both_changed_is_a_conflict_in_words(case):
    ours, theirs, words = CONFLICTS[case]
    assert words in [str(conflict) for conflict in merge(BASE, ours, theirs).conflicts]


def test_what_one_side_changed_keeps_its_text_to_the_letter():
    text = json.dumps(BASE, indent=4)
    mine = text.replace('"a.csv"', '"b.csv"')
    assert merge_texts(text, mine, text) == (mine, []) == merge_texts(text, text, mine)


def test_fields_of_the_future_merge_too():
    ours = changed((("tasks", "train", "x_future"), {"a": 1}), (("x_top", "one"), 1))
    theirs = changed((("x_top", "two"), 2))
    data = merge(BASE, ours, theirs).data
    assert data["x_top"] == {"one": 1, "two": 2} and data["tasks"]["train"]["x_future"] == {"a": 1}


EDITS = st.sampled_from(
    [
        (("tasks", "train", "inputs", "C"), {"value": 3}),
        (("tasks", "train", "timeout"), 9),
        (("tasks", "judge"), None),
        (("tasks", "new"), NEW),
        (("layout", "load"), [7, 7]),
        (("parameters", "seed", "default"), 8),
        (("name",), "Other"),
    ]
)


@given(st.lists(EDITS, max_size=3, unique_by=str), st.lists(EDITS, max_size=3, unique_by=str))
def test_merging_loses_nothing_that_one_side_alone_did(first, second):
    ours, theirs = changed(*first), changed(*second)
    assert merge(BASE, ours, BASE).data == ours and merge(BASE, BASE, theirs).data == theirs
    assert merge(BASE, ours, copy.deepcopy(ours)).data == ours
    one, other = merge(BASE, ours, theirs), merge(BASE, theirs, ours)
    assert one.data == other.data or one.conflicts or "layout" in str(first)

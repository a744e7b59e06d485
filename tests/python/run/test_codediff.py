"""What changed in the code between two runs, cell by cell."""

from __future__ import annotations

import json

import pytest

from claimed_jlab.run.codediff import NoNbdime, code_changes


def notebook(path, *cells, tags=()):
    listed = [
        {"cell_type": "code", "source": cell, "metadata": {"tags": list(tags) if at == 0 else []}, "outputs": [],
         "execution_count": at}
        for at, cell in enumerate(cells)
    ]  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": listed}))
    return path


@pytest.fixture
def two(tmp_path):
    def make(before, after):
        return notebook(tmp_path / "a" / "n.ipynb", *before), notebook(tmp_path / "b" / "n.ipynb", *after)

    return make


def seen(changes):
    return [(change.where, change.kind) for change in changes]


FIT = "model = fit(data)\nscore = model.score(test)\nprint(score)"


def test_the_same_code_has_no_changes_whatever_it_printed(two):
    assert code_changes(*two(["a = 1", FIT], ["a = 1", FIT])) == []


def test_a_cell_that_changed_is_shown_with_its_lines(two):
    (change,) = code_changes(*two(["a = 1", FIT], ["a = 1", FIT.replace("test", "holdout")]))

    assert (change.where, change.kind) == ("cell 2", "changed")
    assert "-score = model.score(test)" in change.text
    assert "+score = model.score(holdout)" in change.text


def test_a_cell_that_was_put_in_moves_the_others_and_is_the_only_change(two):
    changes = code_changes(*two(["a = 1", FIT], ["a = 1", "import pandas as pd\ndata = pd.read_csv(path)", FIT]))

    assert seen(changes) == [("cell 2", "added")]
    assert changes[0].text.startswith("import pandas")


def test_a_cell_that_was_taken_out_is_named_by_its_old_number(two):
    changes = code_changes(*two(["import os\nprint(os.getcwd())", "a = 1", FIT], ["a = 1", FIT]))

    assert seen(changes) == [("cell 1", "removed")]


def test_modules_beside_the_notebook_count(two, tmp_path):
    two(["import mine"], ["import mine"])
    (tmp_path / "a" / "mine.py").write_text("x = 1\n")
    (tmp_path / "b" / "mine.py").write_text("x = 2\n")
    (tmp_path / "b" / "more.py").write_text("y = 1\n")

    assert seen(code_changes(tmp_path / "a", tmp_path / "b")) == [("mine.py", "changed"), ("more.py", "added")]


def test_what_was_injected_with_parameters_is_no_code(tmp_path):
    before = notebook(tmp_path / "a.ipynb", "seed = 1", FIT, tags=["injected-parameters"])
    after = notebook(tmp_path / "b.ipynb", "seed = 2", FIT, tags=["injected-parameters"])

    assert code_changes(before, after) == []


def test_without_nbdime_it_says_what_to_install(two, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "nbdime.diffing.notebooks", None)

    with pytest.raises(NoNbdime, match=r"pip install 'claimed-jlab\[compare\]'"):
        code_changes(*two(["a = 1"], ["a = 2"]))

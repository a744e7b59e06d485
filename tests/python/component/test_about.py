"""What a notebook says of itself, by its first markdown, its metadata, its file's name."""

from __future__ import annotations

import json

import nbformat
import pytest
from authoring import code, markdown, write_notebook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimed_jlab.component.create import create_component
from claimed_jlab.component.reader import read_component

CELL = code("n: int = 1", "parameters")


def test_a_title_with_slashes_names_category_and_group(tmp_path):
    spec = read_component(
        write_notebook(tmp_path / "x.ipynb", markdown("# Metric / Explainability / AIX360-LIME"), CELL)
    )
    assert (spec.category, spec.group, spec.title) == ("metric", "Explainability", "AIX360-LIME")
    spec = read_component(write_notebook(tmp_path / "x.ipynb", markdown("# Rate / hour"), CELL))
    assert (spec.category, spec.title) == ("", "Rate / hour")


@pytest.mark.parametrize(
    ("name", "category"), [("input-url", "input"), ("metric_confusion", "metric"), ("my-input", ""), ("input", "")]
)
def test_a_file_named_as_claimed_does_has_its_category(tmp_path, name, category):
    assert read_component(write_notebook(tmp_path / f"{name}.ipynb", CELL)).category == category


def test_metadata_counts_before_what_is_read(tmp_path):
    fields = {"title": "T", "description": "D", "category": "train", "group": "G", "tags": "a, b,a", "author": "Ada"}
    path = write_notebook(tmp_path / "input-x.ipynb", markdown("# Metric / A / B\n\nText."), CELL, **fields)
    spec = read_component(path)
    assert (spec.title, spec.description, spec.category, spec.group) == ("T", "D", "train", "G")
    assert (spec.tags, spec.author) == (("a", "b"), "Ada")


def test_authors_of_the_notebook_format_are_the_author(tmp_path):
    path = write_notebook(tmp_path / "x.ipynb", CELL)
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["authors"] = [{"name": "Ada"}, {"name": "Grace"}, "no object"]
    path.write_text(json.dumps(notebook))
    assert read_component(path).author == "Ada, Grace"


@pytest.mark.parametrize(
    ("given", "licence", "fix"),
    [
        ("apache-2.0 or mit", "Apache-2.0 OR MIT", None),
        ("Apache License, Version 2.0", "Apache License, Version 2.0", "Apache-2.0"),
        ("BSD 3-Clause", "BSD 3-Clause", "BSD-3-Clause"),
        ("LicenseRef-hospital", "LicenseRef-hospital", None),
        ("do what you like", "do what you like", None),
    ],
)
def test_a_licence_is_one_of_spdx_or_a_doubt(tmp_path, given, licence, fix):
    spec = read_component(write_notebook(tmp_path / "x.ipynb", markdown("# T"), CELL, license=given))
    assert spec.license == licence
    doubts = [item for item in spec.diagnostics if item.code == "bad-license"]
    assert bool(doubts) == (licence == given and licence != "LicenseRef-hospital")
    if fix:
        assert doubts[0].fix.edits[0].value == fix


def test_a_marked_licence_is_read_from_comments_and_markdown(tmp_path):
    spec = read_component(write_notebook(tmp_path / "x.ipynb", "# SPDX-License-Identifier: MIT", CELL))
    assert spec.license == "MIT"
    text = markdown("# T\n\n<!-- SPDX-License-Identifier: Apache-2.0 -->")
    assert read_component(write_notebook(tmp_path / "x.ipynb", text, CELL)).license == "Apache-2.0"


@pytest.mark.parametrize(
    ("given", "version"), [("1.2", "1.2.0"), ("v2", "2.0.0"), ("new", "0.1.0"), ("1.2.3", "1.2.3")]
)
def test_a_version_is_semantic_or_made_so(tmp_path, given, version):
    spec = read_component(write_notebook(tmp_path / "x.ipynb", markdown("# T"), CELL, version=given))
    assert spec.version == version
    assert [item.code for item in spec.diagnostics] == (["bad-version"] if given != version else [])


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=20) | st.sampled_from(["../../evil", "/etc/x", "a/b", "..", "con\n", "-rf", "$(id)", "é"]))
def test_no_name_or_category_leads_out_of_the_folder(tmp_path, wish):
    path = write_notebook(tmp_path / "x.ipynb", CELL, name=wish, category=wish)
    out = tmp_path / "out"
    spec = create_component(path, out, force=True)
    assert (out / spec.name / f"{spec.name}.ipynb").is_file()
    assert [item.name for item in tmp_path.iterdir() if item.name not in ("x.ipynb", "out")] == []
    assert all(letter.isalnum() or letter == "-" for letter in spec.name + spec.category)

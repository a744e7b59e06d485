"""A Python file is a component as a notebook is: with cells by the percent format, or without any."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.cli.commands import claimed
from claimed_jlab.component.catalog import component_at
from claimed_jlab.component.create import create_component
from claimed_jlab.component.inspection import inspect_notebook
from claimed_jlab.component.reader import read_component, source_digest
from claimed_jlab.component.script import NotAScript, script_notebook
from claimed_jlab.component.source import read_notebook

CLEAN = '''#!/usr/bin/env python
# SPDX-License-Identifier: MIT
"""Clean a table.

Drops the rows
that are incomplete.
"""
from __future__ import annotations

# %% tags=["parameters"]
# Table to clean
data: "Input[Dataset]" = "raw.csv"
# Rows to keep
limit: int = 3
kept: "Output[Dataset]" = "kept.csv"

# %% [markdown]
# ## Then
#
# it is done

# %% Write
if __name__ == "__main__":
    open(kept, "w").write("".join(open(data).readlines()[:limit]))

# %% tags=["outputs"]
# How many there are
rows: int = limit
'''


def script(folder: Path, text: str, name: str = "clean.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def cells(text):
    return [(cell["cell_type"], cell["source"]) for cell in script_notebook(text, "x.py")["cells"]]


def test_a_script_with_cells_is_read_as_the_notebook_that_it_is(tmp_path):
    spec = read_component(script(tmp_path, CLEAN))
    assert (spec.name, spec.title, spec.license) == ("clean", "Clean a table", "MIT")
    assert spec.description == "Drops the rows that are incomplete."
    assert [(port.name, port.type, port.default) for port in spec.inputs] == [
        ("data", "Input[Dataset]", "raw.csv"),
        ("limit", "int", 3),
    ]
    assert [(port.name, port.type) for port in spec.outputs] == [("kept", "Output[Dataset]"), ("rows", "int")]
    assert spec.input("limit").description == "Rows to keep" and spec.diagnostics == ()


def test_ports_and_findings_name_the_line_in_the_file_and_offer_no_edit_of_cells(tmp_path):
    text = CLEAN.replace("limit: int = 3", "limit: integer = 3\nseed = 1")
    spec = read_component(script(tmp_path, text))
    finding = next(item for item in spec.diagnostics if item.code == "unknown-type")
    line = text[: text.index("limit: integer")].count("\n") + 1
    assert (finding.where, finding.line, finding.fix) == (f"line {line}", line, None)
    assert read_notebook(tmp_path / "clean.py")["cells"][finding.cell - 1]["metadata"]["tags"] == ["parameters"]
    assert spec.input("seed").line == line + 1 and spec.input("seed").fix is None


def test_a_script_without_markers_is_one_cell_and_reads_the_environment(tmp_path):
    text = '"""Greet"""\nimport os\n\nname = os.environ.get("name", "you")\ntimes = int(os.environ.get("times", "2"))\n'
    spec = read_component(script(tmp_path, text))
    assert [(port.name, port.type, port.default, port.line) for port in spec.inputs] == [
        ("name", "str", "you", 4),
        ("times", "int", 2, 5),
    ]
    assert [kind for kind, _ in cells(text)] == ["markdown", "code"]


def test_values_at_the_top_of_a_script_without_markers_are_no_inputs_and_it_is_said_how_they_would_be(tmp_path):
    spec = read_component(script(tmp_path, "import os\n\nlimit: int = 3\nprint(limit, os.sep)\n"))
    finding = next(item for item in spec.diagnostics if item.code == "untagged-parameters")
    assert spec.inputs == () and finding.where == "line 3" and '# %% tags=["parameters"]' in finding.message


def test_a_marker_within_a_text_a_function_or_a_list_is_none():
    text = 'a = """\n# %%\n"""\ndef f():\n    b = 1\n# %%\n    return b\nc = [\n# %%\n1]\n# %%time\nd = 1\n'
    assert cells(text) == [("code", text.removesuffix("\n"))]


@pytest.mark.parametrize("marker", ["# %%", "#%%", "# %% Title", "# %%\t", "# %%%", "# %% [code]"])
def test_every_editors_marker_begins_a_cell(marker):
    assert cells(f"a = 1\n{marker}\nb = 2\n") == [("code", "a = 1"), ("code", "b = 2")]


@pytest.mark.parametrize(
    "tags", ['tags=["x", "parameters"]', "tags = ['x', 'parameters']", '{"tags": ["x", "parameters"]}']
)
def test_tags_are_read_as_jupytext_writes_them(tags):
    cell = script_notebook(f"# %% A title {tags}\na = 1\n", "x.py")["cells"][0]
    assert cell["metadata"]["tags"] == ["x", "parameters"]


def test_markdown_is_read_from_comments_and_from_a_string():
    text = '# %% [markdown]\n# # One\n#\n# two\n# %% [md]\n"""\n# Three\n"""\n# %% [raw]\n# as it is\n'
    assert cells(text) == [("markdown", "# One\n\ntwo"), ("markdown", "# Three"), ("raw", "as it is")]


def test_jupytexts_header_gives_the_kernel_and_the_metadata_and_a_ruler_is_a_comment():
    header = "# ---\n# jupyter:\n#   kernelspec:\n#     name: other\n#   claimed:\n#     version: 2.0.0\n# ---\n"
    found = script_notebook(f"{header}\na = 1\n", "x.py")
    assert found["metadata"] == {"kernelspec": {"name": "other"}, "claimed": {"version": "2.0.0"}}
    assert [cell["source"] for cell in found["cells"]] == ["a = 1"]
    assert cells("# ---\n# a: b: c\n# ---\na = 1") == [("code", "# ---\n# a: b: c\n# ---\na = 1")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a = 1\nb = (\n", 2, "was never closed"),
        ("a = 1\nreturn a\n", 2, "outside function"),
        ("a = 1\n# %% tags=[parameters]\nb = 2\n", 2, "write tags="),
        ("# %% [markdown]\n# text\na = 1\n", 3, "holds code"),
    ],
)
def test_what_is_wrong_with_a_script_is_one_line_with_its_line_number(tmp_path, text, line, words):
    path = script(tmp_path, text)
    with pytest.raises(NotAScript, match=words) as caught:
        read_component(path)
    assert caught.value.where == f"{path}, line {line}"
    done = CliRunner().invoke(claimed, ["component", "validate", str(path)])
    assert done.exit_code == 1 and f"line {line}" in done.output and "Traceback" not in done.output


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a = '\x00'"])
def test_a_file_that_is_no_text_is_said_to_be_no_python(tmp_path, content):
    path = tmp_path / "odd.py"
    path.write_bytes(content)
    with pytest.raises(NotAScript):
        read_component(path)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    assert cells("\ufeff" + CLEAN.replace("\n", "\r\n")) == cells(CLEAN)


def test_creating_makes_the_usual_folder_with_a_notebook_of_the_script(tmp_path):
    path = script(tmp_path, CLEAN)
    script(tmp_path, "VALUE = 1\n", "beside.py")
    spec = create_component(path, tmp_path / "out")
    folder = tmp_path / "out" / "clean"
    assert {item.name for item in folder.iterdir()} >= {"clean.ipynb", "component.yaml", "README.md", "beside.py"}
    assert not (folder / "clean.py").exists()
    again = component_at(folder)
    assert again.diagnostics == () and again.digest == spec.digest == source_digest(path)
    assert [port.name for port in again.inputs] == ["data", "limit"]


def test_a_script_in_the_folder_of_its_component_stays_its_source(tmp_path):
    folder = tmp_path / "clean"
    folder.mkdir()
    create_component(script(folder, CLEAN), tmp_path)
    assert not list(folder.glob("*.ipynb")) and component_at(folder).title == "Clean a table"


def test_an_unsaved_script_is_inspected_as_it_stands_in_the_editor(tmp_path):
    path = script(tmp_path, "a = 1\n")
    assert inspect_notebook(path, tmp_path / "out", CLEAN).component.title == "Clean a table"


def test_editing_the_script_changes_the_digest_and_its_prose_does_not(tmp_path):
    path = script(tmp_path, CLEAN)
    first = source_digest(path)
    path.write_text(CLEAN.replace("it is done", "it was done"), encoding="utf-8")
    assert source_digest(path) == first
    path.write_text(CLEAN.replace("[:limit]", "[1:limit]"), encoding="utf-8")
    assert source_digest(path) != first


def test_what_a_module_beside_it_imports_is_required_too(tmp_path):
    script(tmp_path, "import yaml\nimport clean\n", "beside.py")
    path = script(tmp_path, "import beside\n")
    assert [item.split("==")[0].lower() for item in read_component(path).requirements] == ["pyyaml"]


_TEXTS = st.text(st.sampled_from("aé# %\n\t\"'\\[]{}=🦀\x0c\u2028:"), max_size=40)
_STATEMENTS = st.one_of(
    _TEXTS.map(lambda text: f"x = {text!r}"),
    _TEXTS.map(lambda text: "# " + text.replace("\n", " ").replace("\r", " ")),
    st.sampled_from(
        [
            's = """\n# %% tags=["parameters"]\n"""',
            "def f():\n    a = 1\n# %%\n    return a",
            "# %%x",
            "y = (\n# %%\n1)",
        ]
    ),
)
_CELLS = st.lists(st.tuples(st.lists(_STATEMENTS, min_size=1, max_size=4), st.sets(_TEXTS, max_size=2)), max_size=5)


def _is_marker(line):
    return line.lstrip("#").lstrip(" \t").startswith("%%")


@given(_CELLS)
def test_what_is_written_as_cells_is_read_as_those_cells_with_their_tags_and_lines(written):
    groups = [
        (["z = 0", *(one for one in statements if not (one.startswith("#") and _is_marker(one)))], sorted(tags))
        for statements, tags in written
    ]
    text = "".join(f"# %% tags={tags!r}\n" + "\n".join(group) + "\n\n" for group, tags in groups)
    found = script_notebook(text, "x.py")["cells"]
    assert [cell["source"].rstrip() for cell in found] == ["\n".join(group).rstrip() for group, _ in groups]
    assert [cell["metadata"].get("tags", []) for cell in found] == [tags for _, tags in groups]
    lines = text.split("\n")
    for cell in found:
        assert lines[cell["metadata"]["source_line"] - 1] == "z = 0"


@given(st.text(st.sampled_from("ab#% \n\"'=1[]()\\\t:mrkdown"), max_size=60))
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line_and_no_code_is_lost(text):
    try:
        found = script_notebook(text, "x.py")
    except NotAScript as error:
        assert "\n" not in str(error)
        return
    code = "\n".join(cell["source"] for cell in found["cells"] if cell["cell_type"] == "code")
    left = [ast.dump(node) for node in ast.parse(code).body]
    whole = [ast.dump(node) for node in ast.parse(text).body]
    prose = [node for node in ast.parse(text).body if isinstance(node, ast.Expr)]
    assert [one for one in whole if one not in left] == [] or prose

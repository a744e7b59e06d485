"""A doubt ends when its fix is applied, and nothing else of the notebook changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from authoring import code, markdown, write_notebook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimed_jlab.component.edits import Fix, InsertCell, ReplaceLines, SetMetadata, TagCell
from claimed_jlab.component.reader import read_component

IMPORTS = "import os\nimport pandas as pd\n"


def applied(fix: Fix, notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook after the fix, by the meaning that `edits` gives each edit."""
    after = json.loads(json.dumps(notebook))
    for edit in fix.edits:
        if isinstance(edit, TagCell):
            after["cells"][edit.cell - 1]["metadata"].setdefault("tags", []).append(edit.tag)
        elif isinstance(edit, ReplaceLines):
            lines = "".join(after["cells"][edit.cell - 1]["source"]).split("\n")
            lines[edit.first - 1 : edit.last] = edit.text.split("\n")
            after["cells"][edit.cell - 1]["source"] = "\n".join(lines)
        elif isinstance(edit, InsertCell):
            cell = {"cell_type": edit.cell_type, "metadata": {"tags": list(edit.tags)}, "source": edit.source}
            after["cells"].insert(edit.at - 1, cell)
        elif isinstance(edit, SetMetadata):
            after["metadata"].setdefault("claimed", {})[edit.key] = edit.value
    return after


def finding(spec, code):
    return next(item for item in spec.diagnostics if item.code == code)


# sentence: (cells, code of the doubt, label of its fix, inputs after it, outputs after it)
CASES = {
    "a cell that only sets values is tagged": (
        ["import os", "# rows\nrows = 3\nname = 'a'", "print(rows)"],
        "untagged-parameters",
        "Tag this cell",
        {"rows": "int", "name": "str"},
        {},
    ),
    "a file that is written becomes an output": (
        [code("rows = 3", "parameters"), IMPORTS + "pd.DataFrame().to_csv('out/Kept rows.csv')"],
        "undeclared-output",
        "Declare this path as an output",
        {"rows": "int"},
        {"kept_rows": "Output[Dataset]"},
    ),
    "a file that is read becomes an input": (
        [code("rows = 3", "parameters"), IMPORTS + "frame = pd.read_csv('rows.csv')"],
        "undeclared-input",
        "Declare this path as an input",
        {"rows": "int", "rows_file": "Input[Dataset]"},
        {},
    ),
    "where no cell is tagged one is put in first": (
        [
            markdown("# Title"),
            IMPORTS + "n = int(os.environ.get('n', '1'))",
            "import joblib\njoblib.dump(n, 'é.joblib')",
        ],
        "undeclared-output",
        "Declare this path as an output",
        {"n": "int"},
        {"file": "Output[Model]"},
    ),
    "a secret's value is taken out": (
        [code("n = 1\napi_key = 'sk-123'", "parameters")],
        "literal-secret",
        "Remove the value",
        {"n": "int", "api_key": "Secret"},
        {},
    ),
    "a secret's default in the environment is taken out": (
        ["import os\nkey = os.environ.get('api_key', 'sk-123')  # to call with"],
        "literal-secret",
        "Remove the value",
        {"api_key": "Secret"},
        {},
    ),
    "a secret in a call becomes an input": (
        [code("n = 1", "parameters"), "connect(n, password='hunter2')"],
        "literal-secret",
        "Make it an input",
        {"n": "int", "password": "Secret"},
        {},
    ),
    "a type of another language becomes ours": (
        [code("flag: boolean = True\nn: Int = 3", "parameters")],
        "unknown-type",
        "Write bool",
        {"flag": "bool", "n": "int"},
        {},
    ),
    "a number of the environment is cast": (
        ["import os\nport = os.environ.get('port', 8080)  # where it listens"],
        "uncast",
        "Put int() around it",
        {"port": "int"},
        {},
    ),
    "a notebook without a title gets one to write over": (
        [code("n: int = 3", "parameters")],
        "no-title",
        "Add a title",
        {"n": "int"},
        {},
    ),
}


@pytest.mark.parametrize("sentence", CASES)
def test_a_fix_ends_its_doubt(sentence, tmp_path):
    cells, doubt, label, inputs, outputs = CASES[sentence]
    path = write_notebook(tmp_path / "my-notebook.ipynb", *cells)
    before = json.loads(path.read_text())
    found = finding(read_component(path), doubt)
    assert found.fix is not None and found.fix.label == label
    spec = read_component(path, content=applied(found.fix, before))
    assert {port.name: port.type for port in spec.inputs} == inputs
    assert {port.name: port.type for port in spec.outputs} == outputs
    same = [item for item in spec.diagnostics if (item.code, item.field) == (doubt, found.field)]
    assert same == []


ANNOTATED = {
    "a number": ([code("n = 3", "parameters")], "n", "n: int = 3"),
    "a path behind other letters": (
        [code("# é\nä = 'é.csv'; b = 1", "parameters"), "import pandas\npandas.read_csv(ä)"],
        "ä",
        "# é\nä: \"Input[Dataset]\" = 'é.csv'; b = 1",
    ),
    "a call over lines": (
        [
            IMPORTS,
            "n = int(os.environ.get(\n    'n', 'x'\n))\nout = os.environ.get('out')",
            "pd.DataFrame().to_csv(out)",
        ],
        "out",
        "n = int(os.environ.get(\n    'n', 'x'\n))\nout: \"Output[Dataset]\" = os.environ.get('out')",
    ),
    "a choice": (
        [code("k = 'a'", "parameters"), "assert k in ('a', 'b')"],
        "k",
        "k: \"Literal['a', 'b']\" = 'a'",
    ),
    "a line below magics": (
        [code("\n\n!pip install \\\n  left\nn = 3", "parameters")],
        "n",
        "\n\n!pip install \\\n  left\nn: int = 3",
    ),
}


@pytest.mark.parametrize("sentence", ANNOTATED)
def test_an_inferred_type_is_written_down_as_it_was_understood(sentence, tmp_path):
    cells, name, after = ANNOTATED[sentence]
    path = write_notebook(tmp_path / "notebook.ipynb", *cells)
    spec = read_component(path)
    port = spec.input(name) or spec.output(name)
    assert port.inferred and port.fix.label == "Add an annotation"
    content = applied(port.fix, json.loads(path.read_text()))
    assert "".join(content["cells"][port.cell - 1]["source"]) == after
    declared = read_component(path, content=content)
    again = declared.input(name) or declared.output(name)
    assert (again.type, again.inferred, again.fix) == (port.type, False, None)
    assert after.split("\n")[again.line - 1].startswith(name)


def test_no_fix_holds_a_secret_that_stands_on_its_line(tmp_path):
    cell = "api_key = 'sk-123'; n = 3"
    path = write_notebook(tmp_path / "notebook.ipynb", code(cell, "parameters"), "open('x.txt', 'w').write(str(n))")
    assert "sk-123" not in read_component(path).model_dump_json()


def test_a_file_that_the_notebook_writes_itself_is_no_missing_input(tmp_path):
    cells = [code("n = 1", "parameters"), "open('a.txt', 'w').write('x')", "open('a.txt').read()"]
    spec = read_component(write_notebook(tmp_path / "notebook.ipynb", *cells))
    assert [item.code for item in spec.diagnostics] == ["no-title", "undeclared-output"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(min_size=1, max_size=12), st.sampled_from(["{} = 3", "x = 1; {} = 'é'", "{} = [\n  1]", "\n\n{} = 2.5"]))
def test_whatever_the_name_an_annotation_keeps_the_value(tmp_path, name, line):
    path = write_notebook(tmp_path / "notebook.ipynb", code(line.format(name), "parameters"))
    for port in read_component(path).inputs:
        if port.fix is not None:
            content = applied(port.fix, json.loads(path.read_text()))
            again = read_component(path, content=content).input(port.name)
            assert (again.default, again.inferred) == (port.default, False)

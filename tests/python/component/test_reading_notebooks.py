"""A notebook is read into a spec by `ast`, never run; every doubt is a diagnostic with a cell and a line."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from authoring import code, markdown, write_notebook

from claimed_jlab.component.reader import read_component
from claimed_jlab.component.source import NotANotebook


def read(tmp_path, *cells, **claimed):
    return read_component(write_notebook(tmp_path / "notebook.ipynb", *cells, **claimed))


def codes(spec):
    return {item.code for item in spec.diagnostics}


def test_a_parameters_cell_declares_typed_inputs_with_defaults_and_descriptions(tmp_path):
    spec = read(
        tmp_path,
        code(
            "# Table to learn from\n# with a label\n"
            'data: "Input[Dataset]" = "sample/credit.csv"\n'
            "C: float = 1.0  # Inverse strength\n"
            "kind: \"Literal['a', 'b']\" = 'a'\n"
            "flags: list[str] = ['x']\n"
            "options: dict = {'k': [1, None]}\n"
            "epochs = 60 * 60\n"
            'token: "Secret" = ""\n',
            "parameters",
        ),
    )
    by_name = {port.name: port for port in spec.inputs}
    assert {name: port.type for name, port in by_name.items()} == {
        "data": "Input[Dataset]",
        "C": "float",
        "kind": "Literal['a', 'b']",
        "flags": "list",
        "options": "dict",
        "epochs": "int",
        "token": "Secret",
    }
    assert by_name["data"].description == "Table to learn from with a label"
    assert by_name["C"].description == "Inverse strength"
    assert by_name["options"].default == {"k": [1, None]}
    assert by_name["epochs"].default == 3600 and by_name["epochs"].inferred
    assert not by_name["C"].inferred
    assert by_name["kind"].choices == ["a", "b"]
    assert by_name["token"].default is None and not by_name["token"].optional


def test_an_artifact_input_must_be_given_unless_its_default_is_empty(tmp_path):
    spec = read(tmp_path, code('a: "Input[Dataset]" = "a.csv"\nb: "Input[Dataset]" = ""\nn: int = 3', "parameters"))
    assert {port.name: port.optional for port in spec.inputs} == {"a": False, "b": True, "n": True}


def test_outputs_are_artifacts_of_the_parameters_cell_and_variables_of_the_outputs_cell(tmp_path):
    spec = read(
        tmp_path,
        code('model: "Output[Model]" = "model.joblib"', "parameters"),
        code("# Share of right answers\naccuracy: float = 0.5\nnames = ['a']\n_private = 1", "outputs"),
    )
    assert [(port.name, port.type, port.kind) for port in spec.outputs] == [
        ("model", "Output[Model]", "artifact"),
        ("accuracy", "float", "parameter"),
        ("names", "list", "parameter"),
    ]
    assert spec.outputs[1].description == "Share of right answers"


@pytest.mark.parametrize(
    ("line", "kind", "default", "optional"),
    [
        ("x = os.environ.get('x')", "str", None, False),
        ("x = os.environ.get('x', 'text')", "str", "text", True),
        ("x = int(os.environ.get('x', '1'))", "int", 1, True),
        ("x = float(os.environ.get('x', 2.5))", "float", 2.5, True),
        ("x = bool(os.environ.get('x', 'False'))", "bool", False, True),
        ("x = boolean(os.environ.get('x', True))", "bool", True, True),
        ("x = int(os.getenv('x', 60*60))", "int", 3600, True),
        ("x = int(\n    os.environ.get(\n        'x',\n        '7'\n    )\n)", "int", 7, True),
        ("other = os.environ.get('x', 'bound to another name')", "str", "bound to another name", True),
        ("x = environ.get('x', 'imported')", "str", "imported", True),
    ],
)
def test_claimed_environment_lines_are_inputs(tmp_path, line, kind, default, optional):
    spec = read(tmp_path, f"import os\nfrom os import environ\n# What it is\n{line}")
    (port,) = spec.inputs
    assert (port.name, port.type, port.default, port.optional) == ("x", kind, default, optional)
    assert port.convention == "environment" and port.description == "What it is"


def test_setting_a_variable_and_building_images_are_no_inputs(tmp_path):
    spec = read(
        tmp_path,
        "import os\nos.environ['version'] = '1'\ncreate_image = bool(os.environ.get('create_image', False))",
        "n = os.environ.get('n', '1')",
    )
    assert [port.name for port in spec.inputs] == ["n"]
    assert "scaffolding" in codes(spec)


def test_a_parameter_that_the_code_reads_or_writes_as_a_file_is_an_artifact(tmp_path):
    spec = read(
        tmp_path,
        "import os, joblib\nimport pandas as pd",
        "data_dir = os.environ.get('data_dir', './')\n"
        "source = os.environ.get('source', 'in.csv')\n"
        "target = os.environ.get('target', 'out.csv')\n"
        "model_target = os.environ.get('model_target', 'model.joblib')",
        "frame = pd.read_csv(os.path.join('x', source))\nframe.to_csv(f'y/{target}')\njoblib.dump(1, model_target)",
    )
    assert {port.name: port.type for port in spec.inputs} == {"data_dir": "str", "source": "Input[Dataset]"}
    assert {port.name: port.type for port in spec.outputs} == {
        "target": "Output[Dataset]",
        "model_target": "Output[Model]",
    }
    assert all(port.inferred for port in spec.outputs)


def test_the_first_markdown_and_the_metadata_name_the_component(tmp_path):
    spec = read(
        tmp_path,
        markdown("# Train a model\n\nFits it.\nThen saves it.\n\nMore that is not taken."),
        code("n = 1", "parameters"),
        category="train",
        group="scikit-learn",
        version="1.2.0",
        tags=["model"],
    )
    assert (spec.title, spec.description) == ("Train a model", "Fits it. Then saves it.")
    assert spec.reference == "train/notebook@1.2.0"
    assert (spec.group, spec.tags) == ("scikit-learn", ("model",))


def test_requirements_come_from_pip_lines_and_imports_and_never_from_running(tmp_path):
    spec = read(
        tmp_path,
        "!pip install rich==13.0.1 'click>=8'\n%pip install PyYAML",
        "%%bash\npip3 install -q git+https://example.org/team/tool.git",
        "import os, json, sklearn.metrics\nimport not_installed_anywhere",
    )
    assert {"rich==13.0.1", f"click=={version('click')}", "git+https://example.org/team/tool.git"} <= set(
        spec.requirements
    )
    assert any(item.startswith("PyYAML==") for item in spec.requirements)
    assert any(item.startswith("scikit-learn") for item in spec.requirements)
    assert not any("json" in item for item in spec.requirements)
    assert "not_installed_anywhere" in spec.requirements and "unpinned" in codes(spec)


def test_a_cell_that_is_no_python_is_a_diagnostic_and_the_rest_is_read(tmp_path):
    spec = read(tmp_path, "this is no python", code("n: int = 1", "parameters"))
    assert [port.name for port in spec.inputs] == ["n"]
    (found,) = [item for item in spec.diagnostics if item.code == "not-python"]
    assert (found.cell, found.line, found.where) == (1, 1, "cell 1, line 1")


def test_doubts_are_said_with_their_place(tmp_path):
    spec = read(tmp_path, code("a: Frame = 1\nb: int = open('x')\nb: int = 2", "parameters"))
    assert {"unknown-type", "default-not-literal", "declared-twice"} <= codes(spec)
    assert all(item.cell == 1 and item.line for item in spec.diagnostics if item.code != "no-title")


def test_a_secret_written_in_the_notebook_is_an_error_that_names_the_cell(tmp_path):
    spec = read(tmp_path, "import os", "password = os.environ.get('password', 'hunter2')")
    assert [item.where for item in spec.errors] == ["cell 2, line 1"]
    assert "hunter2" not in spec.model_dump_json()


@pytest.mark.parametrize(
    ("text", "word"), [("{", "JSON"), ("[]", "nbformat"), ('{"nbformat": 4}', "cells"), ("", "JSON")]
)
def test_a_file_that_is_no_notebook_is_refused_in_one_line(tmp_path, text, word):
    path = tmp_path / "no.ipynb"
    path.write_text(text)
    with pytest.raises(NotANotebook) as caught:
        read_component(path)
    assert word in str(caught.value) and str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_notebook_of_an_older_format_is_read(tmp_path):
    path = tmp_path / "old.ipynb"
    path.write_text(
        '{"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "x"}, "worksheets": [{"metadata": {}, "cells":'
        ' [{"cell_type": "code", "language": "python", "metadata": {}, "collapsed": false,'
        ' "input": "import os\\nn = int(os.environ.get(\'n\', 1))", "outputs": []}]}]}'
    )
    assert [port.name for port in read_component(path).inputs] == ["n"]


def test_the_digest_moves_with_the_code_and_not_with_prose_or_outputs(tmp_path):
    cell = code("n: int = 1", "parameters")
    first = read(tmp_path, markdown("# One"), cell).digest
    assert read(tmp_path, markdown("# Two"), cell).digest == first
    assert read(tmp_path, markdown("# Two"), code("n: int = 2", "parameters")).digest != first
    (tmp_path / "local_module.py").write_text("x = 1")
    assert read(tmp_path, markdown("# Two"), cell).digest != first

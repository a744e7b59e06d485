"""`component.yaml` loads in KFP, carries our spec, and what it tells a pod to run really runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from authoring import code, markdown, write_notebook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimed_jlab.component.create import ComponentExists, create_component
from claimed_jlab.component.kfp_yaml import component_document, component_yaml, read_component_yaml
from claimed_jlab.component.reader import read_component


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(
        tmp_path / "scale.ipynb",
        markdown("# Scale\n\nMultiplies what is in a file."),
        code(
            'data: "Input[Dataset]" = "in.txt"\nfactor: float = 2.0\nshout: bool = False\n'
            'words: list = ["a"]\nscaled: "Output[Dataset]" = "out.txt"',
            "parameters",
        ),
        code("floor: float = 0.0", "parameters"),
        "import os\nsuffix = os.environ.get('suffix', '!')\nquiet = bool(os.environ.get('quiet', 'True'))",
        "number = max(floor, float(open(data).read()) * factor)\nopen(scaled, 'w').write(str(number))",
        code("result: float = number\nsaid: str = ('LOUD' if shout else 'soft') + suffix + str(quiet)", "outputs"),
    )


def test_kfp_loads_the_component(notebook, tmp_path):
    from kfp.components import load_component_from_file

    spec = create_component(notebook, tmp_path / "made")
    loaded = load_component_from_file(str(tmp_path / "made" / "scale" / "component.yaml")).component_spec
    assert {name: port.type for name, port in loaded.inputs.items()} == {
        "data": "system.Dataset@0.0.1",
        "factor": "Float",
        "shout": "Boolean",
        "words": "List",
        "floor": "Float",
        "suffix": "String",
        "quiet": "Boolean",
    }
    assert loaded.inputs["factor"].default == 2.0 and loaded.inputs["words"].default == ["a"]
    assert set(loaded.outputs) == {port.name for port in spec.outputs} | {"executed_notebook", "execution_log"}


def test_the_spec_comes_back_from_the_file(notebook, tmp_path):
    spec = create_component(notebook, tmp_path / "made")
    bare = {"cell": None, "line": None, "fix": None}
    ports = {way: tuple(port.model_copy(update=bare) for port in getattr(spec, way)) for way in ("inputs", "outputs")}
    assert read_component_yaml(tmp_path / "made" / "scale" / "component.yaml") == spec.model_copy(
        update={"diagnostics": (), **ports}
    )


@pytest.mark.slow
def test_the_step_that_a_pod_runs_reads_values_writes_outputs_and_keeps_false_false(notebook, tmp_path):
    container = component_document(read_component(notebook))["implementation"]["container"]
    given_paths = {"data": tmp_path / "data"}
    given_paths["data"].write_text("21")
    values = {"factor": "2.0", "floor": "50", "shout": "True", "words": '["x"]', "suffix": "?", "quiet": "False"}
    outputs = {}

    def resolve(word):
        if isinstance(word, str):
            return [word]
        if "if" in word:
            return [part for inner in word["if"]["then"] for part in resolve(inner)]
        if "inputValue" in word:
            return [values[word["inputValue"]]]
        if "inputPath" in word:
            return [str(given_paths[word["inputPath"]])]
        name = word["outputPath"]
        outputs[name] = tmp_path / "launcher" / name / "data"
        return [str(outputs[name])]

    arguments = [part for word in container["args"] for part in resolve(word)]
    work = tmp_path / "pod"
    work.mkdir()
    command = [sys.executable, *container["command"][1:], *arguments]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert outputs["scaled"].read_text() == "50.0"
    assert outputs["result"].read_text() == "50.0"
    assert outputs["said"].read_text() == "LOUD?False"


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"])), default=st.text(st.characters(exclude_categories=["Cs"]))
)
def test_no_description_or_default_can_become_yaml(tmp_path, text, default):
    path = write_notebook(
        tmp_path / "hostile.ipynb",
        code(f"name: str = {default!r}", "parameters"),
        title=text or "x",
        description=text,
    )
    spec = read_component(path)
    document = component_document(spec)
    assert yaml.safe_load(component_yaml(spec)) == document
    assert json.loads(document["metadata"]["annotations"]["claimed.spec"])["description"] == text
    assert spec.inputs[0].default == default


def test_an_existing_component_is_not_overwritten_unless_asked(notebook, tmp_path):
    create_component(notebook, tmp_path / "made")
    before = (tmp_path / "made" / "scale" / "scale.ipynb").read_text()
    write_notebook(notebook, code("other: int = 1", "parameters"))
    with pytest.raises(ComponentExists):
        create_component(notebook, tmp_path / "made")
    assert (tmp_path / "made" / "scale" / "scale.ipynb").read_text() == before
    replaced = create_component(notebook, tmp_path / "made", force=True)
    assert [port.name for port in replaced.inputs] == ["other"] and replaced.version == "1.0.0"
    assert read_component(Path(replaced.path)).version == "1.0.0"
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["scale"]


def test_the_users_notebook_is_not_written_to_and_the_copy_has_no_outputs(notebook, tmp_path):
    content = json.loads(notebook.read_text())
    content["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "patient 42"}]
    notebook.write_text(json.dumps(content))
    before = notebook.read_bytes()
    create_component(notebook, tmp_path / "made")
    assert notebook.read_bytes() == before
    assert "patient 42" not in (tmp_path / "made" / "scale" / "scale.ipynb").read_text()

"""The CWL tool of a component: cwltool accepts it, whatever its texts are, and runs it to the same results."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from authoring import code, markdown, write_notebook
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimed_jlab.component.export.cwl import cwl_document, cwl_yaml
from claimed_jlab.component.reader import read_component
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec

ROOT = Path(__file__).parents[4]
HOSTILE = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("$(){}[]\\\"'\n#;:/*")), max_size=20
)
MEAN = "x\"'); ${throw 1;} $(self[0]) \\$(1) \\\\ \n#`|\u2028\U0001f600{{$"


@pytest.fixture(scope="module")
def environment():
    """The environment that has cwltool. In CI it is made here when `make` has not done so; else the test is skipped."""
    maker, folder = ROOT / "tests" / "cwl" / "make_env.sh", ROOT / ".venv-cwl"
    if os.environ.get("CI"):
        with maker.open() as one_at_a_time:
            fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
            made = subprocess.run(["sh", maker], capture_output=True, text=True, timeout=900)
        assert made.returncode == 0, made.stderr
    elif not (folder / "bin" / "cwltool").exists():
        pytest.skip("no cwltool: make its environment with `sh tests/cwl/make_env.sh`")
    return folder


@pytest.fixture(scope="module")
def cwltool(environment):
    def run(*words, cwd):
        # The step's python is this one, as in an image where all is installed.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [environment / "bin" / "cwltool", "--no-container", *map(str, words)],
            cwd=cwd,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=240,
        )

    return run


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(
        tmp_path / "scale.ipynb",
        markdown("# Scale\n\nMultiplies what is in a file."),
        code(
            '# The table\ndata: "Input[Dataset]" = "in.txt"\nmore: "Input[Model]" = None\nfactor: float = 2.0\n'
            "n: int\nshout: bool = True\nwords: list = ['a']\nmode: \"Literal['soft-er', 'loud']\" = 'loud'\n"
            f'mean: str = {MEAN!r}\ntoken: "Secret"\nscaled: "Output[Dataset]" = \'out.txt\'',
            "parameters",
        ),
        "import os\nsuffix = os.environ.get('the suffix', '!')",
        "number = float(open(data).read()) * factor * n\nopen(scaled, 'w').write(str(number))",
        code(
            "result: float = number\ncount: int = n\nok: bool = shout\nall_words: list = [*words, mode, more]\n"
            "said: str = mean + suffix + str(type(factor).__name__)",
            "outputs",
        ),
    )


@pytest.mark.slow
def test_cwltool_runs_the_tool_and_gives_its_outputs(cwltool, notebook, tmp_path):
    tool = tmp_path / "scale.cwl"
    tool.write_text(cwl_yaml(read_component(notebook)), encoding="utf-8")
    (tmp_path / "seven.txt").write_text("7")
    job = {
        "data": {"class": "File", "path": str(tmp_path / "seven.txt")},
        "factor": 2.0,
        "n": 3,
        "shout": False,
        "words": '["x y", "$(1)"]',
        "token": "hunter2",
        "the_suffix": "?",
    }
    (tmp_path / "job.json").write_text(json.dumps(job))
    done = cwltool("--outdir", tmp_path / "out", tool, tmp_path / "job.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    outputs = json.loads(done.stdout)
    assert Path(outputs["scaled"]["path"]).read_text() == "42.0"
    assert outputs["result"] == 42.0 and outputs["count"] == 3 and outputs["ok"] is False
    assert json.loads(outputs["all_words"]) == ["x y", "$(1)", "loud", None]
    assert outputs["said"] == f"{MEAN}?float"
    assert "hunter2" not in done.stderr


@pytest.mark.slow
def test_cwltool_accepts_a_bundled_component(cwltool, tmp_path):
    from claimed_jlab.component.catalog import default_catalog

    tool = tmp_path / "component.cwl"
    tool.write_text(cwl_yaml(default_catalog().resolve("train/sklearn-classifier")), encoding="utf-8")
    done = cwltool("--validate", tool, cwd=tmp_path)
    assert done.returncode == 0 and "valid CWL" in done.stdout, done.stderr


VALIDATE = """
import sys
from cwltool.main import main
for path in sys.argv[1:]:
    assert main(["--validate", path]) == 0, path
"""


@pytest.mark.slow
def test_cwltool_accepts_tools_with_hostile_texts(environment, tmp_path):
    tools = []
    for number, text in enumerate([MEAN, "$(", "${", "#main", "a/b", "../x", "\t", "*?[", "$import", "- x: &y"]):
        tools.append(tmp_path / f"{number}.cwl")
        tools[-1].write_text(cwl_yaml(hostile_spec(tmp_path, text, text)), encoding="utf-8")
    command = [environment / "bin" / "python", "-c", VALIDATE, *tools]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0 and done.stdout.count("valid CWL") == len(tools), done.stderr


@settings(deadline=None, max_examples=100)
@given(name=HOSTILE, text=HOSTILE)
@example(name="\x85", text="a\x85\u2028b")
def test_no_text_becomes_yaml_or_an_expression(tmp_path_factory, name, text):
    spec = hostile_spec(tmp_path_factory.mktemp("hostile"), name, text)
    document = cwl_document(spec)
    assert yaml.safe_load(cwl_yaml(spec)) == document
    assert len(document["inputs"]) == len(spec.inputs) and len(document["outputs"]) == len(spec.outputs)
    evaluated = [entry["valueFrom"] for entry in document["arguments"]]
    evaluated += [entry["inputBinding"]["valueFrom"] for entry in document["inputs"].values()]
    evaluated += [entry["outputBinding"]["glob"] for entry in document["outputs"].values()]
    for expression in evaluated:
        rest = expression
        if "$" in expression:
            assert expression.startswith("${return ") and expression.endswith(";}")
            rest = expression[len("${return ") : -len(";}")].replace("String(self)", "")
        assert all(
            letter.isascii() and (letter.isalnum() or letter in '-_./\\", []')
            for letter in rest.replace("Number.isInteger(self) ? self.toFixed(1) : ", "")
        ), expression


def test_types_and_defaults_are_cwls():
    ports = [
        InputSpec(name="big", type="int", default=2**70, optional=True),
        InputSpec(name="odd", type="float", default=float("inf"), optional=True),
        InputSpec(name="secret", type="Secret", default="hunter2", optional=True),
        InputSpec(name="table", type="dict", default={"a": [1]}, optional=True),
        InputSpec(name="step", type="Literal[1, 2]", default=2, optional=True),
        InputSpec(name="style", type="Literal['a b', 'c']", default="c", optional=True),
    ]
    inputs = _document(ports)["inputs"]
    assert {name: (entry["type"][1], entry.get("default")) for name, entry in inputs.items()} == {
        "big": ("long", None),
        "odd": ("double", None),
        "secret": ("string", None),
        "table": ("string", '{"a": [1]}'),
        "step": ("long", 2),
        "style": ("string", "c"),
    }


def _document(ports):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        notebook = write_notebook(Path(folder) / "n.ipynb", "1")
        return cwl_document(ComponentSpec(name="n", inputs=tuple(ports), path=str(notebook)))


def hostile_spec(folder, name, text) -> ComponentSpec:
    notebook = write_notebook(folder / "n.ipynb", "1")
    return ComponentSpec(
        name=name or "x",
        title=text,
        description=text,
        path=str(notebook),
        requirements=(text,),
        inputs=(
            InputSpec(name=name, type="str", default=text, optional=True, description=text, convention="environment"),
            InputSpec(name=f"{name}2", type="list", default=[text], optional=True),
            InputSpec(name=f"{name}3", type="Input[Dataset]", default=text, description=text),
            InputSpec(name=f"{name}4", type="Secret"),
        ),
        outputs=(
            OutputSpec(name=name, type="Output[Model]", default=text, description=text),
            OutputSpec(name=f"{name}2", type="float", description=text),
        ),
    )

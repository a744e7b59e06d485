"""A notebook in another language runs in its own kernel: parameters in, files out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from authoring import adder, code, write_notebook, write_pipeline
from hypothesis import given
from hypothesis import strategies as st
from test_local_engine import run

from claimed_jlab.component.foreign import as_python
from claimed_jlab.component.reader import read_component
from claimed_jlab.run.local.kernelspecs import kernelspecs

BASH = """\
# Who is greeted
name="World"  # Someone's name
times=2
loud=true  # bool
letter="letter.txt"  # Output[Dataset] What was written
for word in *.none; do :; done"""


def foreign(path, kernel, language, *cells):
    write_notebook(path, *cells)
    content = json.loads(path.read_text())
    content["metadata"]["kernelspec"] = {"name": kernel, "language": language, "display_name": kernel}
    path.write_text(json.dumps(content))
    return path


def test_the_parameters_of_another_language_are_read_and_what_is_not_is_said(tmp_path):
    spec = read_component(foreign(tmp_path / "greet.ipynb", "bash", "bash", code(BASH, "parameters"), "echo $name"))
    assert [(port.name, port.type, port.default) for port in spec.inputs] == [
        ("name", "str", "World"),
        ("times", "int", 2),
        ("loud", "bool", True),
    ]
    assert [(port.name, port.type) for port in spec.outputs] == [("letter", "Output[Dataset]")]
    assert spec.inputs[0].description == "Who is greeted" and spec.outputs[0].description == "What was written"
    assert [(found.code, found.line) for found in spec.diagnostics if found.code == "not-read"] == [("not-read", 6)]
    assert spec.language == "bash"


@pytest.mark.parametrize(
    ("line", "python"),
    [
        ("n <- 5L", "n = 5"),
        ("rate <- 0.5 # float How fast", 'rate: "float" = 0.5  # How fast'),
        ('data <- "a#b.csv"  # Input[Dataset]', "data: \"Input[Dataset]\" = 'a#b.csv'"),
        ("quiet <- TRUE", "quiet = True"),
        ("val n = 3;", "n = 3"),
        ("let s = 'x' // the text", "s = 'x'  # the text"),
        ("x <- NULL", "x = None"),
        ("", ""),
    ],
)
def test_a_plain_assignment_is_said_in_python(line, python):
    assert as_python(line) == (python, [])


@given(st.text())
def test_whatever_stands_in_a_cell_what_is_said_is_python(text):
    compile(as_python(text)[0], "cell", "exec")


@pytest.fixture
def bash(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    folder = tmp_path / "jupyter" / "kernels" / "bash"
    folder.mkdir(parents=True)
    spec = {"argv": [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"], "language": "bash"}
    (folder / "kernel.json").write_text(json.dumps({**spec, "display_name": "Bash"}))
    kernelspecs.cache_clear()
    yield
    kernelspecs.cache_clear()


@pytest.mark.slow
def test_a_notebook_of_bash_runs_between_python_ones(tmp_path, bash):
    adder(tmp_path)
    foreign(
        tmp_path / "greet.ipynb",
        "bash",
        "bash",
        code(BASH.rpartition("\n")[0], "parameters"),
        'for i in $(seq $times); do echo "hello $name" >> "$letter"; done; echo threads $OMP_NUM_THREADS',
    )
    write_notebook(
        tmp_path / "read.ipynb",
        code('letter: "Input[Dataset]" = "x"', "parameters"),
        code("text: str = open(letter).read()", "outputs"),
    )
    tasks = {
        "two": {"component": "add.ipynb", "inputs": {"left": {"value": 1}, "right": {"value": 2}}},
        "greet": {
            "component": "greet.ipynb",
            "inputs": {"name": {"value": "a 'b' $c"}, "times": {"output": "two.total"}},
            "resources": {"cpu": 1},
        },
        "read": {"component": "read.ipynb", "inputs": {"letter": {"output": "greet.letter"}}},
    }
    record = run(write_pipeline(tmp_path / "p.pipeline", tasks))
    assert record.state == "COMPLETE", record.error
    assert record.tasks["read"].outputs == {"text": "hello a 'b' $c\n" * 3}
    assert "threads 1" in Path(record.tasks["greet"].log).read_text()


@pytest.mark.slow
def test_a_language_that_has_no_kernel_here_is_one_line(tmp_path):
    foreign(tmp_path / "r.ipynb", "ir", "R", code("n <- 1", "parameters"))
    record = run(write_pipeline(tmp_path / "p.pipeline", {"r": {"component": "r.ipynb"}}))
    assert "the kernel 'ir' is not installed" in record.tasks["r"].error

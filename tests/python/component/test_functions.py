"""A function in a Python file is a component: what its signature and its docstring say is its interface."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.component.catalog import component_at
from claimed_jlab.component.create import create_component
from claimed_jlab.component.docstring import read_docstring
from claimed_jlab.component.function import NotAFunction
from claimed_jlab.component.reader import read_component, source_digest
from claimed_jlab.component.source import NotANotebook, read_notebook

TOOLS = '''
import json
from pathlib import Path
from typing import Literal, NamedTuple, Optional

LIMIT = 2

class Outcome(NamedTuple):
    rows: int
    share: float

def normalize(
    table: "Input[Dataset]",
    kept: "Output[Dataset]",
    limit: int = LIMIT,
    mode: Literal["mean", "max"] = "mean",
    seed: Optional[int] = None,
    *,
    token: "Secret",
) -> Outcome:
    """Normalize a column.

    Each value becomes its share
    of the sum.

    Args:
        table: The table,
            with a header
        limit (int): Rows to keep

    Returns:
        rows: How many there are
    """
    return Outcome(1, 0.5)

def plain(n: int, where: Path) -> "float":
    """Half of it

    Parameters
    ----------
    n : int
        What to halve.

    Returns
    -------
    float
        The half.
    """
    return n / 2

def silent(words: list = ("a", "b"), factor: float = 1e999):
    print(words)
'''
KFP = """
from kfp import dsl
from kfp.dsl import Dataset, Input, Metrics, Output
from typing import NamedTuple
import math
import sys

BASE = math.e

def root(x):
    return x ** (1 / BASE)

@dsl.component(base_image="python:3.11", packages_to_install=["pyyaml==6.0"])
def score(data: Input[Dataset], metrics: Output[Metrics], x: float = 4.0) -> NamedTuple("O", [("a", int), ("b", str)]):
    from collections import namedtuple
    metrics.log_metric("lines", len(open(data.path).readlines()))
    return namedtuple("O", ["a", "b"])(int(root(x)), metrics.name)
"""


def module(folder: Path, text: str, name: str = "tools.py") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def function(folder: Path, name: str, text: str = TOOLS):
    module(folder, text)
    return read_component(folder / f"tools.py:{name}")


def test_a_signature_and_its_docstring_are_the_interface(tmp_path):
    spec = function(tmp_path, "normalize")
    assert (spec.name, spec.title) == ("normalize", "Normalize a column")
    assert spec.description == "Each value becomes its share of the sum."
    assert [(port.name, port.type, port.default, port.optional) for port in spec.inputs] == [
        ("table", "Input[Dataset]", None, False),
        ("limit", "int", 2, True),
        ("mode", "Literal['mean', 'max']", "mean", True),
        ("seed", "int", None, True),
        ("token", "Secret", None, False),
    ]
    assert spec.input("table").description == "The table, with a header"
    assert spec.input("limit").description == "Rows to keep"
    assert [(port.name, port.type) for port in spec.outputs] == [
        ("kept", "Output[Dataset]"),
        ("rows", "int"),
        ("share", "float"),
    ]
    assert spec.output("rows").description == "How many there are" and spec.diagnostics == ()


def test_a_port_stands_at_its_parameters_line_in_the_module(tmp_path):
    spec = function(tmp_path, "normalize")
    assert TOOLS.split("\n")[spec.input("limit").line - 1].strip() == "limit: int = LIMIT,"


def test_a_returned_value_is_called_output_and_numpydoc_is_read(tmp_path):
    spec = function(tmp_path, "plain")
    assert [(port.name, port.type, port.description) for port in spec.outputs] == [("output", "float", "The half.")]
    assert spec.input("n").description == "What to halve." and not spec.input("n").optional
    assert spec.input("where").type == "str"
    silent = function(tmp_path, "silent")
    assert silent.outputs == () and silent.input("words").default == ["a", "b"]


def test_nothing_of_the_module_is_run_to_read_it(tmp_path):
    text = "raise SystemExit(9)\ndef f(n: int) -> int:\n    return n\n"
    assert function(tmp_path, "f", text).output("output").type == "int"


def test_what_the_module_imports_is_required(tmp_path):
    text = "import yaml\ndef f(n: int) -> int:\n    return n\n"
    assert [item.split("==")[0].lower() for item in function(tmp_path, "f", text).requirements] == ["pyyaml"]


def test_a_function_of_kfp_stands_alone_and_needs_no_kfp(tmp_path):
    spec = function(tmp_path, "score", KFP)
    assert spec.requirements == ("pyyaml==6.0",)
    assert [port.type for port in (*spec.inputs, *spec.outputs)] == [
        "Input[Dataset]",
        "float",
        "Output[Metrics]",
        "int",
        "str",
    ]
    code = "\n".join(cell["source"] for cell in read_notebook(tmp_path / "tools.py:score")["cells"][1:])
    assert "kfp" not in code.replace("KFP", "").lower().replace("_claimed", "") and "import sys" not in code
    (tmp_path / "data.txt").write_text("1\n2\n")
    space = {"data": str(tmp_path / "data.txt")}
    code = code.replace('data: "Input[Dataset]"\n', "").replace("'metrics.json'", repr(str(tmp_path / "m.json")))
    code = code.replace("from __future__ import annotations\n", "")
    exec(compile(f"from __future__ import annotations\n{code}", "x", "exec"), space)
    assert space["a"] == int(4 ** (1 / 2.718281828)) and space["b"] == "metrics"
    assert (tmp_path / "m.json").read_text() == '{"lines": 2}'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("def g(): pass", None, "there is no function 'f'"),
        ("def f(n): pass", 1, "'n' has no type"),
        ("\ndef f(*n: int): pass", 2, "stands for any arguments"),
        ("def f(\n  n: set = make()): pass", 2, "no literal"),
        ("import pandas as pd\ndef f(n: pd.DataFrame): pass", 2, "is no type"),
        ("def f() -> 'Output[Model]': pass", 1, "take its path as a parameter"),
        ("async def f(): pass", 1, "is async"),
        ("@dsl.container_component\ndef f(): pass", 1, "compile it to YAML"),
        ("def f(:", 1, "not valid Python"),
    ],
)
def test_what_can_be_no_component_is_one_line_with_its_line_number(tmp_path, text, line, words):
    with pytest.raises(Exception, match=words) as caught:
        function(tmp_path, "f", text)
    where = str(tmp_path / "tools.py")
    assert caught.value.where == (f"{where}, line {line}" if line else where) and "\n" not in str(caught.value)


def test_a_module_that_is_not_there_or_has_no_importable_name_is_said(tmp_path):
    with pytest.raises(NotANotebook, match="there is no such file"):
        read_component(tmp_path / "tools.py:f")
    module(tmp_path, "def f(): pass", "my-tools.py")
    with pytest.raises(NotAFunction, match="can't be imported"):
        read_component(tmp_path / "my-tools.py:f")


def test_creating_makes_a_folder_with_the_notebook_and_the_module(tmp_path):
    module(tmp_path, TOOLS)
    spec = create_component(tmp_path / "tools.py:normalize", tmp_path / "out")
    folder = tmp_path / "out" / "normalize"
    assert {"normalize.ipynb", "tools.py", "component.yaml"} <= {item.name for item in folder.iterdir()}
    again = component_at(folder)
    assert again.digest == spec.digest == source_digest(tmp_path / "tools.py:normalize") and not again.diagnostics


def test_a_changed_module_is_other_code(tmp_path):
    before = function(tmp_path, "plain").digest
    assert function(tmp_path, "plain", TOOLS.replace("n / 2", "n / 3")).digest != before


def test_sphinx_and_sections_of_other_kinds_are_told_apart():
    text = "Do it.\n\nWell.\n\n:param int n: How often\n:returns: It\n\nRaises:\n    ValueError: never\n"
    found = read_docstring(text)
    assert (found.title, found.description, found.parameters, found.returned) == (
        "Do it",
        "Well.",
        {"n": "How often"},
        "It",
    )


@given(st.text(st.sampled_from("Args:\n -Parmetesnul#*()"), max_size=80))
def test_any_docstring_can_be_read(text):
    found = read_docstring(text)
    assert "\n" not in found.title

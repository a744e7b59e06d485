"""A new version's number follows from what changed in the interface, and the change is said in words."""

from __future__ import annotations

import pytest
from authoring import code, write_notebook

from claimed_jlab.component.difference import differences, next_version
from claimed_jlab.component.reader import read_component

BASE = 'n: int = 1\nmust: "Input[Dataset]" = "a.csv"\nkind: "Literal[\'a\']" = "a"\nout: "Output[Model]" = "m"'


def spec(tmp_path, parameters, body="pass", outputs="m: int = 1"):
    cells = [code(parameters, "parameters"), body, code(outputs, "outputs")]
    return read_component(write_notebook(tmp_path / "notebook.ipynb", *cells, version="1.2.3"))


@pytest.mark.parametrize(
    ("parameters", "body", "outputs", "version", "words"),
    [
        (BASE, "pass", "m: int = 1", "1.2.3", None),
        (BASE, "print(1)", "m: int = 1", "1.2.4", "the code changed"),
        (BASE, "import click", "m: int = 1", "1.2.4", "+click=="),
        (BASE + "\nmore: int = 1", "pass", "m: int = 1", "1.3.0", "new optional input 'more' (int)"),
        (BASE, "pass", "m: int = 1\nk: str = ''", "1.3.0", "new output 'k' (str)"),
        (BASE.replace("['a']", "['a', 'b']"), "pass", "m: int = 1", "1.3.0", "became Literal['a', 'b']"),
        (BASE.replace("n: int", "n: float"), "pass", "m: int = 1", "1.3.0", "int became float"),
        (BASE.replace("n: int = 1\n", ""), "pass", "m: int = 1", "2.0.0", "input 'n' was removed"),
        (BASE.replace("n: int = 1", "n: str = ''"), "pass", "m: int = 1", "2.0.0", "int became str"),
        (BASE.replace("n: int = 1", "n: int"), "pass", "m: int = 1", "2.0.0", "must now be given"),
        (BASE + '\nmore: "Input[Model]" = "m"', "pass", "m: int = 1", "2.0.0", "must be given 'more'"),
        (BASE, "pass", "m: float = 1", "2.0.0", "int became float"),
        (BASE.replace("Output[Model]", "Output[Dataset]"), "pass", "m: int = 1", "2.0.0", "became Output[Dataset]"),
        (BASE.replace("int = 1", "int = 2"), "pass", "m: int = 1", "1.2.4", "the default 1 became 2"),
    ],
)
def test_the_version_follows_from_the_difference(tmp_path, parameters, body, outputs, version, words):
    old = spec(tmp_path, BASE)
    new = spec(tmp_path, parameters, body, outputs)
    said = "; ".join(change.words for change in differences(old, new))
    assert next_version(old, new) == version, said
    assert (words or "") in said

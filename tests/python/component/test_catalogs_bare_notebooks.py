"""A library of bare notebooks, as CLAIMED's own is, becomes a catalog when it is fetched."""

from __future__ import annotations

import pytest
from authoring import code, markdown, write_notebook
from outside_places import commit, greeter

from claimed_jlab.component.catalog import default_catalog
from claimed_jlab.component.catalogs.operations import add, refresh
from claimed_jlab.component.catalogs.store import store
from claimed_jlab.component.catalogs.trust import is_trusted, trust
from claimed_jlab.component.create import create_component


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "component-library"
    write_notebook(
        folder / "lib" / "input" / "input-url.ipynb",
        markdown("# Input URL"),
        markdown("Reads a file from a URL."),
        "import os\nimport words",
        "# url of source\nurl = os.environ.get('url')\n\n# where it goes\noutput_data = os.environ.get('output_data', 'data.csv')",
        "open(output_data, 'w').write(url)",
    )
    (folder / "lib" / "input" / "words.py").write_text("x = 1\n")
    write_notebook(folder / "lib" / "input" / "notes.ipynb", "print('no component')")
    write_notebook(folder / "lib" / "input" / "leak.ipynb", code('key: "Secret" = "hunter2"', "parameters"))
    for name in ("filter", "spark-sample"):
        write_notebook(folder / "lib" / "filter" / f"{name}.ipynb", code("n: int = 1", "parameters"))
    write_notebook(folder / "top.ipynb", code("n: int = 1", "parameters"))
    (folder / "lib" / "input" / "broken.ipynb").write_text("{")
    commit(folder)
    return folder


def found():
    return {spec.reference: spec for spec in default_catalog().components() if spec.catalog == "component-library"}


def test_every_notebook_that_declares_inputs_is_a_component_of_its_folders_category(library):
    add(library.as_uri())
    assert set(found()) == {
        "input/input-url@0.1.0",
        "input/leak@0.1.0",
        "filter/filter@0.1.0",
        "filter/spark-sample@0.1.0",
        "component-library/top@0.1.0",
    }
    spec = found()["input/input-url@0.1.0"]
    assert [port.name for port in spec.inputs] == ["url"] and spec.title == "Input URL"
    assert found()["input/leak@0.1.0"].errors
    assert (next(store().glob("*/lib/input/input-url")) / "words.py").exists()


def test_it_is_trusted_and_asked_about_again_as_any_other(library):
    add(library.as_uri())
    trust([found()["input/input-url@0.1.0"]])
    assert is_trusted(found()["input/input-url@0.1.0"]) and not is_trusted(found()["filter/filter@0.1.0"])
    write_notebook(library / "lib" / "input" / "other.ipynb", code("n: int = 1", "parameters"))
    commit(library)
    refresh(default_catalog().catalog("component-library"))
    assert is_trusted(found()["input/input-url@0.1.0"])
    (library / "lib" / "input" / "words.py").write_text("x = 2\n")
    commit(library)
    refresh(default_catalog().catalog("component-library"))
    assert not is_trusted(found()["input/input-url@0.1.0"])


def test_a_library_that_has_its_layout_is_left_as_it_is(library):
    create_component(greeter(library / "n"), library / "lib" / "made")
    commit(library)
    add(library.as_uri())
    assert "test/greet@1.0.0" in found() and "input/input-url@0.1.0" not in found()

"""A component brings what its notebook was run with, and no more of it than may be handed on."""

from __future__ import annotations

import json

import nbformat
import papermill
import pytest
from authoring import code, markdown, write_notebook

from claimed_jlab.component.catalog import component_at
from claimed_jlab.component.create import create_component


@pytest.fixture
def notebook(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "rows.csv").write_text("n\n" + "".join(f"{number}\n" for number in range(500)))
    (tmp_path / "private.csv").write_text("name\nAda\n")
    (folder / "model.bin").write_bytes(b"\0" * (2 << 20))
    return write_notebook(
        folder / "count.ipynb",
        markdown("# Count\n\nCounts rows."),
        code(
            'rows: "Input[Dataset]" = "rows.csv"\nother: "Input[Dataset]" = "../private.csv"\n'
            'model: "Input[Model]" = "model.bin"\nlimit: int = 7\ntoken: "Secret" = ""',
            "parameters",
        ),
        code("count: int = min(limit, len(open(rows).readlines()))", "outputs"),
    )


def ran(path, **parameters):
    papermill.execute_notebook(str(path), str(path), parameters, cwd=str(path.parent), progress_bar=False)
    return path


def test_a_notebook_that_never_ran_brings_no_sample(notebook, tmp_path):
    made = create_component(notebook, tmp_path / "out")
    assert not (tmp_path / "out" / "count" / "sample").exists() and made.name == "count"


@pytest.mark.slow
def test_a_notebook_that_ran_brings_its_values_and_the_head_of_its_small_files(notebook, tmp_path):
    create_component(ran(notebook, limit=9), tmp_path / "out")
    folder = tmp_path / "out" / "count"
    values = json.loads((folder / "sample" / "inputs.json").read_text())
    assert values == {"rows": "sample/rows.csv", "limit": 9}
    assert (folder / "sample" / "rows.csv").read_text().splitlines()[-1] == "98"
    assert sorted(item.name for item in (folder / "sample").iterdir()) == ["inputs.json", "rows.csv"]
    cleaned = nbformat.read(folder / "count.ipynb", as_version=4)
    assert len(cleaned.cells) == 3 and not any(cell.get("outputs") for cell in cleaned.cells)
    assert [item.code for item in component_at(folder).diagnostics] == []


@pytest.mark.slow
def test_a_sample_is_left_out_when_asked(notebook, tmp_path):
    create_component(ran(notebook), tmp_path / "out", with_sample=False)
    assert not (tmp_path / "out" / "count" / "sample").exists()

"""What holds for every bundled notebook."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import nbformat
import papermill
import pytest
from component_runs import COMPONENTS, NOTEBOOKS, read, tagged

every = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.parent.relative_to(COMPONENTS)))


def test_the_library_has_its_components() -> None:
    assert {str(path.parent.relative_to(COMPONENTS)) for path in NOTEBOOKS} >= {
        "input/load-table",
        "metric/aif360-fairness",
        "metric/blessing",
        "metric/lime-explanation",
        "predict/sklearn-predict",
        "train/sklearn-classifier",
        "transform/aif360-reweighing",
        "transform/split-table",
    }


@every
def test_a_notebook_is_valid_without_outputs_and_named_as_its_folder(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert path.stem == path.parent.name
    for cell in notebook.cells:
        assert cell.cell_type != "code" or (cell.outputs == [] and cell.execution_count is None)


@every
def test_a_notebook_says_what_it_is(path: Path) -> None:
    notebook = read(path)
    about = notebook.metadata.claimed
    assert about.category == path.parents[1].name
    assert about.group and about.tags and about.license == "Apache-2.0" and about.version == "1.0.0"
    title, _, description = notebook.cells[0].source.partition("\n")
    assert title.startswith("# ") and len(description.split()) > 8


@every
@pytest.mark.parametrize("tag", ["parameters", "outputs"])
def test_every_input_and_output_has_a_type_a_value_and_a_description(path: Path, tag: str) -> None:
    source = tagged(read(path), tag).source
    lines = source.splitlines()
    statements = ast.parse(source).body
    assert statements
    for statement in statements:
        assert isinstance(statement, ast.AnnAssign) and statement.value is not None, ast.unparse(statement)
        assert lines[statement.lineno - 2].startswith("# "), ast.unparse(statement)


@every
def test_a_notebook_knows_nothing_of_the_example_and_installs_nothing(path: Path) -> None:
    source = "\n".join(cell.source for cell in read(path).cells).lower()
    for word in ("german", "credit", "personal_status", "pip install", "http"):
        assert word not in source


@pytest.mark.slow
@every
def test_a_notebook_runs_by_hand_in_its_own_folder(path: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(path.parent, tmp_path / path.parent.name)
    given = {file.name for file in folder.iterdir()}
    executed = papermill.execute_notebook(
        str(folder / path.name), None, cwd=str(folder), kernel_name="python3", progress_bar=False
    )
    made = {file.name for file in folder.iterdir()} - given
    expected = {
        ast.literal_eval(statement.value)
        for statement in ast.parse(tagged(executed, "parameters").source).body
        if isinstance(statement, ast.AnnAssign) and statement.value and "Output[" in ast.unparse(statement.annotation)
    }
    assert made == expected
    errors = [
        output.text
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert errors == [], "a component that is used as it should be warns of nothing"

"""Runs a bundled component's cells in this process, which is fast; a slow test proves each in a kernel."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[3]
COMPONENTS = ROOT / "components"
NOTEBOOKS = sorted(COMPONENTS.glob("*/*/*.ipynb"))


def read(notebook: Path) -> Any:
    return nbformat.read(str(notebook), as_version=4)


def tagged(notebook: Any, tag: str) -> Any:
    """The one cell with a tag."""
    (cell,) = [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]
    return cell


def run(reference: str, folder: Path, **inputs: Any) -> dict[str, Any]:
    """Executes a component with inputs over its defaults, in a copy of its folder; its variables.

    reference: such as "train/sklearn-classifier".
    """
    place = folder / reference.replace("/", "-")
    shutil.copytree(COMPONENTS / reference, place, dirs_exist_ok=True)
    notebook = read(place / f"{reference.split('/')[1]}.ipynb")
    names: dict[str, Any] = {"__name__": "__main__"}
    before = Path.cwd()
    os.chdir(place)
    try:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"{reference}#{cell.id}", "exec", dont_inherit=True), names)
                if "parameters" in cell.metadata.get("tags", []):
                    unknown = set(inputs) - set(names)
                    assert not unknown, unknown
                    names.update(inputs)
    finally:
        os.chdir(before)
    names["folder"] = place
    return names

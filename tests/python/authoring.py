"""Notebooks and pipelines for tests, written as a person would write them, in few words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    """A code cell."""
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)} if tags else {})


def markdown(source: str) -> nbformat.NotebookNode:
    """A markdown cell."""
    return nbformat.v4.new_markdown_cell(source)


def write_notebook(path: Path, *cells: nbformat.NotebookNode | str, **claimed: Any) -> Path:
    """Writes a notebook; plain strings are code. claimed: the notebook's `claimed` metadata."""
    notebook = nbformat.v4.new_notebook(cells=[code(cell) if isinstance(cell, str) else cell for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    if claimed:
        notebook.metadata["claimed"] = claimed
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def write_pipeline(path: Path, tasks: dict[str, Any], **fields: Any) -> Path:
    """Writes a document. A task is {"component": …, "inputs": {name: source}}."""
    document = {"format": "claimed-pipeline/1", "name": path.stem, **fields, "tasks": tasks}
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    return path


def adder(folder: Path, name: str = "add", *, body: str = "total = left + right") -> Path:
    """A notebook that adds two numbers."""
    return write_notebook(
        folder / f"{name}.ipynb",
        markdown(f"# {name.title()}\n\nAdds two numbers."),
        code("# The first number\nleft: int = 1\n# The second number\nright: int = 2", "parameters"),
        code(f"{body}\nprint('the total is', total)"),
        code("# Their sum\ntotal: int = total", "outputs"),
    )


def writer_and_reader(folder: Path) -> None:
    """Two notebooks: `write.ipynb` makes a table, `count.ipynb` counts its rows."""
    write_notebook(
        folder / "write.ipynb",
        code('rows: int = 3\ntable: "Output[Dataset]" = "table.csv"', "parameters"),
        "with open(table, 'w') as f:\n    f.write('n\\n' + ''.join(f'{i}\\n' for i in range(rows)))",
    )
    write_notebook(
        folder / "count.ipynb",
        code('table: "Input[Dataset]" = "table.csv"', "parameters"),
        code("count: int = len(open(table).readlines()) - 1", "outputs"),
    )

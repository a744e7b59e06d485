"""A sample of what a notebook was run with, to try its component on: values, and the small files beside the notebook.

Only files in the notebook's own folder are taken, and of a long table the first lines only: a component is handed on.
"""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from claimed_jlab.component.parameters import NO_VALUE, assignments, jsonable, literal
from claimed_jlab.component.source import NotebookSource, parse_notebook
from claimed_jlab.component.spec import ComponentSpec, InputSpec

FOLDER = "sample"
FILE_NAME = f"{FOLDER}/inputs.json"
_BYTES = 1 << 20
_LINES = 100
_TABLES = frozenset({".csv", ".tsv", ".txt", ".jsonl"})


def sample(notebook: Path, content: dict[str, Any], spec: ComponentSpec) -> dict[str, bytes]:
    """The files of a sample by their path in the component's folder; none where the notebook was never run.

    `sample/inputs.json` has the value of each input; that of an artifact is a path as seen from the component's folder.
    """
    if not _has_run(content):
        return {}
    files: dict[str, bytes] = {}
    values = {port.name: port.default for port in spec.inputs if not port.secret and port.default is not None}
    values |= _injected(parse_notebook(notebook, content), spec)
    for port in spec.inputs:
        if port.kind == "artifact" and (found := _file(notebook.parent, values.pop(port.name, None))):
            place = _place(port, found, files)
            files[place] = _content(found)
            values[port.name] = place
    if not values:
        return {}
    text = json.dumps(values, indent=2, ensure_ascii=False) + "\n"
    return {FILE_NAME: text.encode("utf-8", "backslashreplace"), **files}


def _has_run(content: dict[str, Any]) -> bool:
    return any(cell.get("execution_count") for cell in content["cells"] if cell.get("cell_type") == "code")


def _injected(source: NotebookSource, spec: ComponentSpec) -> dict[str, Any]:
    """What papermill set when it ran the notebook."""
    values = {}
    for cell in source.tagged("injected-parameters"):
        for item in assignments(cell):
            value, port = literal(item.value), spec.input(item.name)
            if port is not None and not port.secret and value is not NO_VALUE:
                values[item.name] = jsonable(value)
    return values


def _file(folder: Path, value: Any) -> Path | None:
    """The file that an artifact's value names, if it may be handed on."""
    if not isinstance(value, str) or not value or PurePath(value).is_absolute():
        return None
    path = (folder / value).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return None
    return path if path.stat().st_size <= _BYTES or path.suffix.lower() in _TABLES else None


def _place(port: InputSpec, path: Path, files: dict[str, bytes]) -> str:
    place = f"{FOLDER}/{path.name}"
    return place if place not in files and place != FILE_NAME else f"{FOLDER}/{port.alias}-{path.name}"


def _content(path: Path) -> bytes:
    if path.suffix.lower() not in _TABLES:
        return path.read_bytes()
    with path.open("rb") as file:
        return b"".join(islice(file, _LINES))[:_BYTES]

"""Elyra, the peer that runs pipelines in JupyterLab: in an environment of its own, because it pins much."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.figures import BIN, cpu_of

_ELYRA = "elyra==4.1.1"
_FOLDER = Path(__file__).parents[2] / ".venv-elyra"
_INSTALL_SECONDS = 900


def elyra_program() -> Path | None:
    """`elyra-pipeline`, installed when it is not yet; None, with a word on standard error, where that can't be."""
    program = _FOLDER / "bin" / "elyra-pipeline"
    if not program.exists():
        uv = str(BIN / "uv")
        for command in (
            [uv, "venv", "--quiet", "--python", "3.11", str(_FOLDER)],
            [uv, "pip", "install", "--quiet", "--python", str(_FOLDER / "bin" / "python"), _ELYRA],
        ):
            try:
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
            except (OSError, subprocess.SubprocessError) as error:
                said = getattr(error, "stderr", None) or str(error)
                print(f"{_ELYRA} is not measured, it could not be installed: {said.strip()[-300:]}", file=sys.stderr)
                shutil.rmtree(_FOLDER, ignore_errors=True)
                return None
    return program


def elyra_seconds(program: Path, notebook: Path, folder: Path, *, chained: bool) -> float:
    """Wall seconds of `elyra-pipeline run` for ten copies of a notebook, in a line or apart."""
    folder.mkdir()
    for number in range(10):
        shutil.copy(notebook, folder / f"t{number}.ipynb")
    document = folder / "ten.pipeline"
    document.write_text(json.dumps(_document(chained)), encoding="utf-8")
    return cpu_of([str(program), "run", document.name], cwd=folder)[1]


def _document(chained: bool) -> dict[str, object]:
    properties = {"name": "ten"}
    pipeline = {
        "id": "p",
        "nodes": [_node(number, chained) for number in range(10)],
        "app_data": {"ui_data": {"comments": []}, "version": 8, "runtime_type": "", "properties": properties},
        "runtime_ref": "",
    }
    return {
        "doc_type": "pipeline",
        "version": "3.0",
        "id": "elyra",
        "primary_pipeline": "p",
        "pipelines": [pipeline],
        "schemas": [],
    }


def _node(number: int, chained: bool) -> dict[str, object]:
    parameters = {
        "filename": f"t{number}.ipynb",
        "outputs": [],
        "env_vars": [],
        "dependencies": [],
        "include_subdirectories": False,
        "runtime_image": "python:3.11",
    }
    before = {"id": f"l{number}", "node_id_ref": f"n{number - 1}", "port_id_ref": "outPort"}
    label = {"label": f"t{number}"}
    return {
        "id": f"n{number}",
        "type": "execution_node",
        "op": "execute-notebook-node",
        "app_data": {"component_parameters": parameters, **label, "ui_data": label},
        "inputs": [{"id": "inPort", "app_data": {"ui_data": {}}, "links": [before] if chained and number else []}],
        "outputs": [{"id": "outPort", "app_data": {"ui_data": {}}}],
    }

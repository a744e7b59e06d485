"""What runs in a pod, run here in a folder, with the launcher's placeholders replaced as the launcher does."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from authoring import code, write_notebook

from claimed_jlab.component.reader import read_component
from claimed_jlab.run.kubeflow.packing import pack

_PLACE = re.compile(r"\{\{\$\.(inputs|outputs)\.(parameters|artifacts)\['(.*?)'\](?:\.(path|output_file))?\}\}")


def run_pod(notebook, folder, values, environment=None):
    """Runs a component's container on this machine. values: of inputs; a path for an artifact. Gives the outputs."""
    container = pack(read_component(notebook), None, None).container
    made = {}

    def place(found):
        side, _, name, _ = found.groups()
        if side == "inputs":
            return str(values[name])
        made[name] = folder / "outputs" / name
        return str(made[name])

    words = [_PLACE.sub(place, word) for word in [*container["command"], *container["args"]]]
    words = [sys.executable if word == "python3" else word for word in words]
    words = [word for word in words if not word.startswith('{"IfPresent"')]
    environment = {**os.environ, **(environment or {})}
    subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return {name: path.read_text() for name, path in made.items()}


@pytest.mark.slow
@pytest.mark.parametrize("second", [False, True])
def test_a_secret_comes_as_a_variable_and_is_in_no_cell_of_the_executed_notebook(tmp_path, second):
    cells = [code("n: int = 1", "parameters")] if second else []
    write_notebook(
        tmp_path / "ask.ipynb",
        *cells,
        code('token: "Secret" = ""\nfile: "Output[Dataset]" = "f.txt"', "parameters"),
        "open(file, 'w').write(str(len(token)))",
        code("size: int = len(token)", "outputs"),
    )
    given = {"token": "", "n": "1"}
    found = run_pod(tmp_path / "ask.ipynb", tmp_path, given, {"token": "hunter2"})
    assert (found["file"], found["size"]) == ("7", "7")
    assert "hunter2" not in found["executed_notebook"] + found["execution_log"]

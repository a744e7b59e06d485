"""Compiling for Kubeflow: beside KFP's own compiler on the same graph, and beside Elyra's export."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import nbformat

from tests.bench.elyra import elyra_export_cpu, elyra_program
from tests.bench.figures import BIN, Figure, cpu_of

_TASKS = 1000

_KFP = """
import sys, time
from kfp import compiler, dsl
from claimed_jlab.kfp import load_component
step = load_component("./step.ipynb", beside=sys.argv[1])
began = time.process_time()

@dsl.pipeline(name="line")
def line():
    task = step(n=1)
    for _ in range(int(sys.argv[2]) - 1):
        task = step(n=task.outputs["m"])

compiler.Compiler().compile(line, sys.argv[1] + ".json")
print(time.process_time() - began)
"""


def compiling() -> list[Figure]:
    """A thousand tasks in a line: CPU seconds and memory, with the writing of the JSON."""
    from claimed_jlab.component.catalog import Catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.pipeline.validate import check
    from claimed_jlab.run.kubeflow.compile import compile_pipeline, spec_text

    with tempfile.TemporaryDirectory() as folder:
        document = _line(Path(folder))
        checked = check(read_pipeline(document), document.parent, Catalog([]), document)
        times = []
        for _ in range(5):
            began = time.process_time()
            spec_text(compile_pipeline(checked), as_json=True)
            times.append(time.process_time() - began)
        tracemalloc.start()
        spec_text(compile_pipeline(checked), as_json=True)
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        command = [sys.executable, "-c", _KFP, str(document), str(_TASKS)]
        kfp = float(subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL).split()[-1])
    ours = sorted(times)[2]
    return [
        Figure(f"kubeflow: compile {_TASKS} tasks", ours, 0.3, "s CPU", "promise"),
        Figure(f"kubeflow: compile {_TASKS} tasks", ours, kfp / 15, "s CPU", "a fifteenth of the kfp DSL compiler"),
        Figure(f"kubeflow: compile {_TASKS} tasks, memory", peak, 150, "MB", "promise"),
    ]


def exporting() -> list[Figure]:
    """A hundred tasks: the whole command beside Elyra's, which exports the same notebooks."""
    program = elyra_program()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        document = _line(folder, 100)
        command = [str(BIN / "jupyter"), "claimed", "pipeline", "export", str(document), "--to", "kfp"]
        ours = sorted(cpu_of(command)[0] for _ in range(5))[2]
        if program is None:
            return []
        elyra = elyra_export_cpu(program, folder / "step.ipynb", folder / "elyra", 100)
    return [Figure("kubeflow: export 100 tasks", ours, elyra / 50, "s CPU", "a fiftieth of elyra-pipeline export")]


def _line(folder: Path, count: int = _TASKS) -> Path:
    cells = [
        nbformat.v4.new_code_cell("n: int = 0", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("m: int = n + 1", metadata={"tags": ["outputs"]}),
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "step.ipynb")
    tasks = {
        f"t{i}": {"component": "step.ipynb", "inputs": {"n": {"output": f"t{i - 1}.m"} if i else {"value": 1}}}
        for i in range(count)
    }
    path = folder / "line.pipeline"
    path.write_text(json.dumps({"format": "claimed-pipeline/1", "name": "line", "tasks": tasks}), encoding="utf-8")
    return path

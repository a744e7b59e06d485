"""Running pipelines: whole commands against papermill, and what a task costs beside the work of its notebook."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import nbformat

from tests.bench.elyra import elyra_program, elyra_seconds
from tests.bench.figures import BIN, Figure, cpu_of

_PAPERMILL = """
import sys, papermill
for i in range(10):
    papermill.execute_notebook(sys.argv[1], f"{sys.argv[2]}/out{i}.ipynb", dict(n=i), progress_bar=False)
"""
_PEER = "papermill x10 in one process"


def ten_notebooks() -> list[Figure]:
    """Ten trivial notebooks, in a line and apart: the whole command, against papermill ten times in one process."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        notebook = _trivial(here)
        _, peer = cpu_of([sys.executable, "-c", _PAPERMILL, str(notebook), folder])
        line, apart = _pipeline(here, 10, chained=True), _pipeline(here, 10, chained=False)
        first = median(_run(line, here / f"home{i}")[1] for i in range(3))
        again_cpu, again = _run(line, here / "home0")
        ten = median(_run(apart, here / f"apart{i}", "--jobs", "2")[1] for i in range(3))
        elyra = _elyra(notebook, here, first, ten)
        _, hundred = _run(_pipeline(here, 100, chained=False), here / "hundred", "--jobs", "2")
    return [
        Figure("run: 10 notebooks in a line", first, peer / 4, "s", f"a quarter of {_PEER}"),
        Figure("run: 10 notebooks apart, 2 cores", ten, peer / 6, "s", f"a sixth of {_PEER}"),
        Figure("run: 100 notebooks apart, each", hundred * 1000 / 100, ten * 1000 / 10, "ms", "each of the 10"),
        Figure("run: the line, unchanged", again, first, "s", "the first time"),
        Figure("run: the line, unchanged, CPU", again_cpu, first, "s CPU", "wall of the first time"),
        *elyra,
    ]


def _elyra(notebook: Path, here: Path, line: float, apart: float) -> list[Figure]:
    """The same two beside Elyra, which runs one task after another; nothing where it can't be installed."""
    program = elyra_program()
    if program is None:
        return []
    return [
        Figure(
            f"run: 10 notebooks {name}",
            ours,
            elyra_seconds(program, notebook, here / f"elyra-{chained}", chained=chained),
            "s",
            "elyra",
        )
        for name, ours, chained in (("in a line", line, True), ("apart", apart, False))
    ]


def kernels() -> list[Figure]:
    """A task's overhead in a warm kernel, and the floors under it: start, fork, one round trip."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        _trivial(here)
        overhead = _overhead(here)
        trip, fork = asyncio.run(_floors(here))
        os.environ["CLAIMED_FORK"] = "off"
        try:
            _, start = asyncio.run(_floors(here))
        finally:
            del os.environ["CLAIMED_FORK"]
    return [
        Figure("kernel: overhead of a task in a warm one", overhead, 60, "ms", "promise"),
        Figure("kernel: forked, ready to work", fork, start, "ms", "a kernel started as a program"),
        Figure("kernel: one round trip", trip, 10, "ms", "an execute request and its answer"),
    ]


def _overhead(here: Path) -> float:
    """Milliseconds of a task in a line of 20, from its first event to its last, less those in its cells; the median."""
    from claimed_jlab.run.eventlog import read_events

    home = here / "overhead"
    _run(_pipeline(here, 20, chained=True), home)
    [log] = home.glob("runs/*/events.jsonl")
    found = []
    times: dict[tuple[str, str], float] = {}
    for event in read_events(log):
        if "task" in event:
            times[event["task"], event["state"]] = datetime.fromisoformat(event["time"]).timestamp()
    for path in log.parent.glob("notebooks/*.ipynb"):
        cells = sum(map(_in_cell, nbformat.read(path, as_version=4).cells))
        found.append(1000 * (times[path.stem, "COMPLETE"] - times[path.stem, "RUNNING"] - cells))
    return median(found)


def _in_cell(cell: nbformat.NotebookNode) -> float:
    times = cell.metadata.get("execution", {})
    if "iopub.execute_input" not in times or "shell.execute_reply" not in times:
        return 0.0
    began, ended = (
        datetime.fromisoformat(times[name].replace("Z", "+00:00"))
        for name in ("iopub.execute_input", "shell.execute_reply")
    )
    return max(0.0, (ended - began).total_seconds())


async def _floors(here: Path) -> tuple[float, float]:
    """Milliseconds of a round trip, and of a kernel until it answers; the first kernel, which starts the server, aside."""
    from claimed_jlab.run.local.kernels import Kernel, KernelPool
    from claimed_jlab.run.local.notebook import run_silently

    pool = KernelPool(here)
    trips, starts = [], []
    for number in range(6):
        kernel, taken = await _timed(lambda: pool.take("python3"))
        assert isinstance(kernel, Kernel)
        for _ in range(5):
            trips.append((await _timed(lambda one=kernel: run_silently(one, "1")))[1])
        await kernel.stop()
        starts += [taken] if number else []
    await pool.close()
    return median(trips), median(starts)


async def _timed(what: Callable[..., Awaitable[Any]]) -> tuple[Any, float]:
    began = time.perf_counter()
    answer = await what()
    return answer, 1000 * (time.perf_counter() - began)


def _run(pipeline: Path, home: Path, *options: str) -> tuple[float, float]:
    environment = {**os.environ, "CLAIMED_HOME": str(home)}
    return cpu_of([str(BIN / "jupyter"), "claimed", "run", str(pipeline), *options], env=environment)


def _trivial(folder: Path) -> Path:
    cells = [
        nbformat.v4.new_code_cell("n: int = 0", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("m: int = n + 1", metadata={"tags": ["outputs"]}),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "trivial.ipynb")
    return folder / "trivial.ipynb"


def _pipeline(folder: Path, length: int, *, chained: bool) -> Path:
    """A pipeline that runs the trivial notebook `length` times: each on the result of the one before, or all apart."""
    tasks = {
        f"t{i}": {
            "component": "trivial.ipynb",
            "inputs": {"n": {"output": f"t{i - 1}.m"} if chained and i else {"value": i}},
        }
        for i in range(length)
    }
    path = folder / f"{'line' if chained else 'apart'}{length}.pipeline"
    path.write_text(json.dumps({"format": "claimed-pipeline/1", "name": path.stem, "tasks": tasks}))
    return path

"""What the editor asks while one types: the validator and the description of a large document."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.figures import BIN, Figure

_TASKS = 300
_ROOT = Path(__file__).parents[2]


def validation() -> list[Figure]:
    """Three hundred tasks of the catalog, each on the one before: milliseconds of CPU."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.describe import describe_text, validate_text

    with tempfile.TemporaryDirectory() as name:
        folder, catalog = Path(name), default_catalog()
        (folder / "x.csv").write_text("a\n")
        text = _document()
        assert validate_text(text, folder, catalog).valid
        checked = _cpu(lambda: validate_text(text, folder, catalog))
        described = _cpu(lambda: describe_text(text, folder, catalog))
    return [
        Figure(f"editor: validate {_TASKS} tasks", checked, 50, "ms CPU", "promise"),
        Figure(f"editor: describe {_TASKS} tasks, to draw them", described, 100, "ms CPU", "two validations"),
    ]


def drawing() -> list[Figure]:
    """Three hundred tasks in Chromium, from the double click to the last wire, and the slowest frame of a drag."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "CLAIMED_FIGURES": str(figures)}
        subprocess.run(
            ["jlpm", "test:ui", "drawing.bench"], cwd=_ROOT, env=environment, check=True, capture_output=True
        )
        found = json.loads(figures.read_text(encoding="utf-8"))
        layouts = Path(folder) / "layouts.json"
        command = ["jlpm", "bench:ts", "layout.bench", f"--outputJson={layouts}"]
        subprocess.run(command, cwd=_ROOT, env=environment, check=True, capture_output=True)
        benches = json.loads(layouts.read_text(encoding="utf-8"))["files"][0]["groups"][0]["benchmarks"]
    took = {bench["name"]: bench["mean"] for bench in benches}
    return [
        Figure("editor: 300 tasks, open to drawn", found["open"], 1500, "ms", "promise"),
        Figure("editor: a drag among 300 tasks, longest frame", found["longest"], 100, "ms", "promise"),
        Figure("editor: lay out 1,000 tasks", took["1000 tasks"], 200, "ms", "promise"),
    ]


def _cpu(what: Callable[[], Any]) -> float:
    times = []
    for _ in range(7):
        began = time.process_time()
        what()
        times.append(1000 * (time.process_time() - began))
    return median(times)


def _document() -> str:
    tasks = {
        f"t{number}": {
            "component": "transform/split-table@1.0.0",
            "inputs": {
                "data": {"output": f"t{number - 1}.train"} if number else {"value": "x.csv"},
                "label_column": {"value": "risk"},
            },
        }
        for number in range(_TASKS)
    }
    return json.dumps({"format": "claimed-pipeline/1", "name": "many", "tasks": tasks})

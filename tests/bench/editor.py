"""What the editor asks while one types: the validator and the description of a large document."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.figures import Figure

_TASKS = 300


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

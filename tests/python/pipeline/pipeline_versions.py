"""A small document in versions, for what compares and merges them."""

from __future__ import annotations

import copy
from typing import Any

BASE: dict[str, Any] = {
    "format": "claimed-pipeline/1",
    "name": "Credit",
    "parameters": {"seed": {"type": "int", "default": 7}},
    "tasks": {
        "load": {"component": "input/load-table@1.0.0", "inputs": {"source": {"value": "a.csv"}}},
        "split": {
            "component": "transform/split-table@1.0.0",
            "inputs": {"data": {"output": "load.table"}, "seed": {"parameter": "seed"}},
        },
        "train": {
            "component": "train/sklearn-classifier@1.0.0",
            "inputs": {"data": {"output": "split.train"}, "C": {"value": 1.0}},
        },
        "judge": {
            "component": "metrics/judge@1.0.0",
            "inputs": {"model": {"output": "train.model"}},
            "when": "train.accuracy > 0.5",
        },
    },
    "layout": {"judge": [900, 0], "load": [0, 0], "split": [300, 0], "train": [600, 0]},
}


def changed(*changes: tuple[tuple[str, ...], Any], of: dict[str, Any] = BASE) -> dict[str, Any]:
    """The document with values set at paths; None removes."""
    data = copy.deepcopy(of)
    for path, value in changes:
        inner = data
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        if value is None:
            inner.pop(path[-1])
        else:
            inner[path[-1]] = value
    return data

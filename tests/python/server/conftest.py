"""A pipeline of two tasks in the folder of the server."""

from __future__ import annotations

import pytest
from authoring import adder, write_pipeline


@pytest.fixture
def document(jp_root_dir):
    adder(jp_root_dir)
    tasks = {
        "first": {"component": "add.ipynb", "inputs": {"left": {"parameter": "n"}}},
        "second": {"component": "add.ipynb", "inputs": {"left": {"output": "first.total"}}},
    }
    return write_pipeline(jp_root_dir / "p.pipeline", tasks, parameters={"n": {"type": "int", "default": 1}})

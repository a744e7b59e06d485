"""Runs the notebook beside it, in an image where all it needs is installed. Stands there as `run.py`, with `step.py`.

Takes the step's words: `--parameter NAME TYPE VALUE`, `--artifact NAME PATH`, `--output NAME PATH` and so on; of a
word given twice the later counts.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path


def main(words: list[str]) -> None:
    step = importlib.import_module("step")
    given: dict[str, dict[str, str]] = {"parameters": {}, "environment": {}, "values": {}}
    step.parse(words, given)
    os.environ.update(given["environment"])
    notebook = Path(__file__).with_name("notebook.ipynb").read_text(encoding="utf-8")
    step.run(json.loads(notebook), given)


if __name__ == "__main__":
    main(sys.argv[1:])

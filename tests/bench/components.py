"""Reading notebooks, and a catalog of a thousand components."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import median

import nbformat

from tests.bench.figures import BIN, Figure, cpu_of
from tests.bench.palette import palette

_CELLS = 30
_COMPONENTS = 1000


def reading() -> list[Figure]:
    """A notebook of 30 cells into a spec: warm, in process; and the whole command."""
    from claimed_jlab.component.reader import read_component

    with tempfile.TemporaryDirectory() as folder:
        notebook = _notebook(Path(folder) / "thirty.ipynb", 1, _CELLS)
        read_component(notebook)
        times = []
        for _ in range(25):
            began = time.perf_counter()
            read_component(notebook)
            times.append((time.perf_counter() - began) * 1000)
        command = [str(BIN / "jupyter"), "claimed", "component", "create", str(notebook), "--out", f"{folder}/out"]
        cpu = median(cpu_of([*command, "--force"])[0] for _ in range(5))
    return [
        Figure("component: read a notebook of 30 cells", median(times), 20, "ms", "promise"),
        Figure("component: create, whole command", cpu, 0.5, "s CPU", "promise"),
    ]


def catalog() -> list[Figure]:
    """A thousand components: the first scan, the palette's answer after it, and the memory they take."""
    from claimed_jlab.component.catalog import Catalog, Source
    from claimed_jlab.component.create import create_component

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        create_component(_notebook(root / "one.ipynb", 1, 5), root / "made")
        text = (root / "made" / "one" / "component.yaml").read_text()
        for number in range(_COMPONENTS):
            place = root / "catalog" / f"category{number % 20}" / f"one{number}"
            place.mkdir(parents=True)
            (place / "one.ipynb").write_bytes((root / "made" / "one" / "one.ipynb").read_bytes())
            (place / "component.yaml").write_text(text.replace('"name": "one"', f'"name": "one{number}"'))
            os.utime(place, (time.time() - 3600,) * 2)  # a catalog that is being written is looked at more closely
        found = Catalog([Source("bench", root / "catalog")])
        began = time.perf_counter()
        assert len(found.components()) == _COMPONENTS
        cold = time.perf_counter() - began
        warm = []
        for _ in range(20):
            began = time.perf_counter()
            found.listing_json()
            warm.append((time.perf_counter() - began) * 1000)
        asked = palette(root / "catalog", root / "home")
    return [
        Figure("catalog of 1,000: first scan", cold, 2, "s", "promise"),
        Figure("catalog of 1,000: palette, nothing changed", median(warm), 15, "ms", "promise"),
        *asked,
    ]


def _notebook(path: Path, parameters: int, cells: int) -> Path:
    code = "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2]})\nfor row in frame.itertuples():\n    print(f'{row.a:3d}')"
    made = [nbformat.v4.new_code_cell("# How many\nn: int = 1", metadata={"tags": ["parameters"]})]
    made += [nbformat.v4.new_code_cell(code) for _ in range(cells - 1)]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path

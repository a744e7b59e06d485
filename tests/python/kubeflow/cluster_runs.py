"""Pipelines of our own on the stand-in for Kubeflow: an engine that is set up for it, and how a run is followed."""

from __future__ import annotations

import time
from pathlib import Path

import yaml
from authoring import code, write_notebook, write_pipeline

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.run.kubeflow.offer import KubeflowEngine
from claimed_jlab.run.preparing import prepare
from claimed_jlab.run.runs import Run

ENDED = ("COMPLETE", "FAILED", "CANCELED")


def engine_for(server, **settings) -> KubeflowEngine:
    """The engine as a user has it whose settings name this server."""
    given = {"endpoint": server.url, "timeout_seconds": 5, **settings}
    engine = KubeflowEngine()
    engine.configure(given)
    return engine


def shell(folder: Path, name: str, script: str, inputs=(), outputs=(), image="python:3.11-slim") -> None:
    """A component of KFP's own that is a line of shell, for tests that want no kernel. `$0` and on are its ports."""
    words = [*({"inputValue": one} for one in inputs), *({"outputPath": one} for one in outputs)]
    document = {
        "name": name,
        "inputs": [{"name": one, "type": "String"} for one in inputs],
        "outputs": [{"name": one, "type": "String"} for one in outputs],
        "implementation": {"container": {"image": image, "command": ["sh", "-c", script], "args": words}},
    }
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")


def notebooks(folder: Path) -> None:
    """`make.ipynb` writes a table of n rows, `sum.ipynb` adds them up and reports it."""
    write_notebook(
        folder / "make.ipynb",
        code('n: int = 3\ntable: "Output[Dataset]" = "table.csv"', "parameters"),
        'open(table, "w").write("x\\n" + "".join(f"{i}\\n" for i in range(n)))\nprint("made", n)',
        code("rows: int = n", "outputs"),
    )
    write_notebook(
        folder / "sum.ipynb",
        code('table: "Input[Dataset]" = "table.csv"\nmetrics: "Output[Metrics]" = "metrics.json"', "parameters"),
        "import json\ntotal = sum(map(int, open(table).read().split()[1:]))\n"
        'json.dump({"total": total}, open(metrics, "w"))',
        code("result: int = total", "outputs"),
    )


def two_steps(folder: Path) -> Path:
    """A pipeline of these two."""
    notebooks(folder)
    tasks = {
        "make": {"component": "./make.ipynb", "inputs": {"n": {"parameter": "n"}}},
        "sum": {"component": "./sum.ipynb", "inputs": {"table": {"output": "make.table"}}},
    }
    return write_pipeline(folder / "two.pipeline", tasks, parameters={"n": {"type": "int", "default": 4}})


def hello(folder: Path, script: str = "echo hello", **fields) -> Path:
    """A pipeline of one line of shell."""
    shell(folder, "hello", script)
    return write_pipeline(folder / "hello.pipeline", {"hello": {"component": "./hello.yaml", **fields}}, name="hello")


def send(engine: KubeflowEngine, path: Path, *, cache: bool = True, **arguments) -> Run:
    """Submits a document."""
    work = prepare(path, arguments, Catalog([]), engine=engine, cache=cache)
    return engine.submit(work)


def followed(engine: KubeflowEngine, run: Run, seconds: float = 60.0):
    """The record of the run's end."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        engine.refresh(run)
        record = run.record()
        if record.state in ENDED:
            return record
        time.sleep(0.2)
    raise AssertionError(f"it did not end: {run.record().state}, {engine.standing(run, run.record())}")

"""What it costs to follow many runs on a cluster: looks at the stand-in, which is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import Figure

_RUNS = 100
_SECONDS = 30.0
_COMPONENT = {
    "name": "wait",
    "implementation": {"container": {"image": "python:3.11-slim", "command": ["sh", "-c", "sleep 3600"]}},
}


def polling() -> list[Figure]:
    """A hundred running runs, followed by one process for half a minute: its part of a core."""
    with tempfile.TemporaryDirectory() as folder, _home(Path(folder)), _server(Path(folder)) as url:
        from claimed_jlab.run.engines import engine_names
        from claimed_jlab.run.kubeflow.offer import KubeflowEngine
        from claimed_jlab.run.remote import Poller, living

        engine = KubeflowEngine({"endpoint": url})
        _submit(engine, Path(folder))
        poller = Poller(lambda name: engine, engine_names)
        end = time.monotonic() + _RUNS / 4
        while time.monotonic() < end:  # the first look at each tells that it runs
            poller.look()
            time.sleep(0.5)
        began, used = time.monotonic(), time.process_time()
        while time.monotonic() - began < _SECONDS:
            poller.look()
            time.sleep(1.0)
        part = 100 * (time.process_time() - used) / (time.monotonic() - began)
        assert len(list(living())) == _RUNS
    return [Figure(f"kubeflow: follow {_RUNS} running runs", part, 2.0, "% of a core", "promise")]


def _submit(engine: object, folder: Path) -> None:
    from claimed_jlab.component.catalog import Catalog
    from claimed_jlab.run.preparing import prepare

    (folder / "wait.yaml").write_text(json.dumps(_COMPONENT), encoding="utf-8")
    tasks = {"wait": {"component": "./wait.yaml", "inputs": {}}}
    document = folder / "wait.pipeline"
    document.write_text(json.dumps({"format": "claimed-pipeline/1", "name": "wait", "tasks": tasks}), encoding="utf-8")
    work = prepare(document, {}, Catalog([]), engine=engine)
    for _ in range(_RUNS):
        engine.submit(work)


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    before = os.environ.get("CLAIMED_HOME")
    os.environ["CLAIMED_HOME"] = str(folder / "home")
    try:
        yield
    finally:
        os.environ.pop("CLAIMED_HOME")
        if before is not None:
            os.environ["CLAIMED_HOME"] = before


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.kfp_server", "--port", "0", "--folder", str(folder / "kfp")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()

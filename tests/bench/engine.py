"""The engine: what was not changed, what it hashes, what a thousand tasks weigh, and what survives being killed."""

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

import nbformat

from claimed_jlab.run.eventlog import read_events
from tests.bench.figures import BIN, Figure, cpu_of

_UNCHANGED = 100
_MANY = 1000
_KILLS = 200
_HASHED = 512 << 20


def unchanged() -> list[Figure]:
    """A hundred tasks that nothing changed for, a megabyte each: the CPU beyond that of one such task."""
    with _home() as folder:
        hundred, one = _independent(folder, "hundred", _UNCHANGED), _independent(folder, "one", 1)
        seconds = {}
        for pipeline in (one, hundred):
            command = [str(BIN / "jupyter"), "claimed", "run", str(pipeline)]
            cpu_of(command)
            # The worker is no child of ours, and says itself what it took.
            seconds[pipeline] = cpu_of(command)[0] + _worker_seconds(folder / "home")
    beyond = seconds[hundred] - seconds[one]
    return [Figure(f"run: {_UNCHANGED} tasks unchanged, beyond start-up", beyond, 1, "s CPU", "promise")]


def hashing() -> list[Figure]:
    """Hashing a file of half a gibibyte, as seconds for one gibibyte."""
    from claimed_jlab.run.local.hashing import hash_file

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.bin"
        path.write_bytes(os.urandom(1 << 20) * (_HASHED >> 20))
        hash_file(path)
        began = time.process_time()
        hash_file(path)
        taken = (time.process_time() - began) * (1 << 30) / _HASHED
    return [Figure("hash of a gibibyte on one core", taken, 1, "s CPU", "promise")]


def many_tasks() -> list[Figure]:
    """The worker's own memory with a thousand tasks, all but the first few skipped."""
    with _home() as folder:
        pipeline = _independent(folder, "many", _MANY, alike=True)
        command = [str(BIN / "jupyter"), "claimed", "run", str(pipeline)]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        most = 0
        while running.poll() is None:
            most = max(most, _worker_memory(folder / "home"))
            time.sleep(0.05)
        assert running.returncode == 0
    return [Figure(f"memory of the worker with {_MANY} tasks", most / 1e6, 200, "MB", "promise")]


def campaign() -> list[Figure]:
    """Kills at random points of a run of twelve tasks; how often what is left was not as promised."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "python"))
    sys.path.insert(0, str(Path(__file__).parents[1] / "python" / "run"))
    from campaign import kill_once, kills, twelve_tasks

    broken = 0
    with _home() as folder:
        document = twelve_tasks(folder)
        for kill in kills(_KILLS):
            try:
                kill_once(document, kill)
            except AssertionError as error:
                broken += 1
                print(f"{kill}: {error}", file=sys.stderr)
    return [Figure(f"{_KILLS} kills at random points: promises broken", broken, 0, "", "promise")]


@contextmanager
def _home() -> Iterator[Path]:
    """A folder with a CLAIMED home of its own."""
    before = os.environ.get("CLAIMED_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CLAIMED_HOME"] = f"{folder}/home"
        try:
            yield Path(folder)
        finally:
            os.environ.pop("CLAIMED_HOME")
            if before is not None:
                os.environ["CLAIMED_HOME"] = before


def _independent(folder: Path, name: str, count: int, *, alike: bool = False) -> Path:
    """A pipeline of tasks that wait for nothing, each with a file of a megabyte."""
    cells = [
        nbformat.v4.new_code_cell('n: int = 0\nfile: "Output[Dataset]" = "out.bin"', metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("open(file, 'wb').write(n.to_bytes(4, 'big') * 250_000)"),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "megabyte.ipynb")
    tasks = {
        f"t{number}": {"component": "megabyte.ipynb", "inputs": {"n": {"value": 0 if alike else number}}}
        for number in range(count)
    }
    path = folder / f"{name}.pipeline"
    path.write_text(json.dumps({"format": "claimed-pipeline/1", "name": name, "tasks": tasks}))
    return path


def _worker_seconds(home: Path) -> float:
    """The processor time of the worker of the newest run."""
    newest = max((home / "runs").glob("*"))
    return float(list(read_events(newest / "events.jsonl"))[-1]["worker_seconds"])


def _worker_memory(home: Path) -> int:
    """The most memory that the worker of the newest run had, in bytes; 0 where there is none."""
    from claimed_jlab.run.local.meter import high_water

    for run in sorted((home / "runs").glob("*"), reverse=True):
        for event in read_events(run / "events.jsonl"):
            return high_water(event["pid"]) if "pid" in event else 0
    return 0

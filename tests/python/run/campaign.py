"""Kills runs at random points, and holds what is left to what a log that can be trusted promises.

Used by a short test, and at length by `make bench`.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from authoring import code, write_notebook, write_pipeline

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.eventlog import read_events
from claimed_jlab.run.follow import follow
from claimed_jlab.run.local.engine import submit
from claimed_jlab.run.local.hashing import digest_of
from claimed_jlab.run.plan import plan
from claimed_jlab.run.record import GOOD
from claimed_jlab.run.runs import Run

WITHIN_SECONDS = 10.0
LONGEST_SECONDS = 6.0
# ml_metadata.Execution.State
_RUNNING = 2


@dataclass(frozen=True)
class Kill:
    """One point of the campaign. victim: the worker, or one of its kernels.  after: seconds from the start."""

    number: int
    victim: str
    after: float


def kills(count: int, seed: int = 1) -> list[Kill]:
    """The same points for the same seed."""
    chance = random.Random(seed)
    victims = ("worker", "worker", "worker", "kernel", "all")
    return [Kill(number, chance.choice(victims), chance.uniform(0, LONGEST_SECONDS)) for number in range(count)]


def twelve_tasks(folder: Path) -> Path:
    """A pipeline of twelve tasks, each with a file and a value: four in a line, three times, from one parameter."""
    write_notebook(
        folder / "step.ipynb",
        code('n: int = 0\nfile: "Output[Dataset]" = "file.txt"', "parameters"),
        "open(file, 'w').write('x' * 100_000 + str(n))",
        code("following: int = n + 1", "outputs"),
    )
    tasks = {}
    for row in range(3):
        for column in range(4):
            source = {"output": f"t{row}-{column - 1}.following"} if column else {"parameter": f"n{row}"}
            tasks[f"t{row}-{column}"] = {"component": "step.ipynb", "inputs": {"n": source}}
    parameters = {f"n{row}": {"type": "int", "default": row * 100} for row in range(3)}
    return write_pipeline(folder / "twelve.pipeline", tasks, parameters=parameters)


def kill_once(document: Path, kill: Kill) -> str:
    """Starts a run that nothing of can be skipped, kills, and checks; returns how the killed run ended.

    Raises AssertionError with what was not as promised.
    """
    arguments = {f"n{row}": 1_000_000 * (kill.number + 1) + row * 1000 for row in range(3)}
    planned = plan(check(read_pipeline(document), document.parent, Catalog([])), arguments, path=str(document))
    run = submit(planned, jobs=2)
    time.sleep(kill.after)
    victims = _victims(run, kill.victim)
    for process in victims:
        _signal(process)
    acknowledged = {
        event["task"] for event in read_events(run.events) if event.get("state") in GOOD and "task" in event
    }
    ended = _wait_for_end(run)
    _check_files(run, acknowledged)
    _check_processes(run)
    _check_lineage(run)
    again = submit(planned, jobs=2)
    for _ in follow(again):
        pass
    record = again.record()
    assert record.state == "COMPLETE", f"{kill}: run again, it was {record.state}: {record.error}"
    lost = [name for name in acknowledged if record.tasks[name].state != "CACHED"]
    assert not lost, f"{kill}: {lost} had ended well, and ran again"
    return ended


def _victims(run: Run, victim: str) -> list[int]:
    worker = next((event["pid"] for event in read_events(run.events) if "pid" in event), None)
    kernels = list(_processes(run))
    if victim == "kernel":
        return kernels[:1]
    found = [worker] if worker else []
    return [*found, *kernels] if victim == "all" else found


def _wait_for_end(run: Run) -> str:
    """A killed worker's run must read FAILED in time; one whose kernel was killed goes on by itself."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        began = time.monotonic()
        record = run.record()
        if record.ended:
            return record.state
        if run.is_dead():
            while not run.record().ended:
                assert time.monotonic() - began < WITHIN_SECONDS, "a dead run still reads RUNNING"
                time.sleep(0.1)
        time.sleep(0.1)
    raise AssertionError("the run neither ended nor died")


def _check_files(run: Run, acknowledged: set[str]) -> None:
    record = run.record()
    for name in acknowledged:
        task = record.tasks[name]
        assert task.state in GOOD, f"{name} had ended well, and now reads {task.state}"
        path = Path(task.outputs["file"]["uri"].removeprefix("file://"))
        assert digest_of(path) == task.outputs["file"]["digest"], f"{path} is not what its name says"
    for place in (run.folder.parents[1] / "objects").glob("[0-9a-f][0-9a-f]/*/*"):
        if not place.name.startswith(".") and not place.name.endswith(".files.json"):
            assert digest_of(place) == f"blake3:{place.parent.name}", f"{place} was half published"


def _check_processes(run: Run) -> None:
    deadline = time.monotonic() + WITHIN_SECONDS
    while left := list(_processes(run)):
        assert time.monotonic() < deadline, f"processes of the run are left: {left}"
        time.sleep(0.1)


def _check_lineage(run: Run) -> None:
    question = (
        "SELECT DISTINCT e.last_known_state FROM Execution e JOIN Association a ON a.execution_id = e.id "
        "JOIN Context c ON c.id = a.context_id WHERE c.name LIKE ?"
    )
    with closing(sqlite3.connect(run.folder.parents[1] / "lineage.db")) as store:
        states = {row[0] for row in store.execute(question, (f"%{run.run_id}%",))}
    assert _RUNNING not in states, "lineage still says RUNNING"


def _processes(run: Run) -> Iterator[int]:
    """What works in the run's scratch folder: its kernels, and their children."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                inside = os.readlink(entry / "cwd").startswith(str(run.scratch))
            except OSError:
                continue
            if inside:
                yield int(entry.name)


def _signal(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)

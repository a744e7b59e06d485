"""What recording a run costs, beside ml-metadata and MLflow; many writers at once; a chain that theirs cut."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

from claimed_jlab.lineage import ArtifactRecord, RecordedRun, find, open_journal, open_store, read, upstream_ids
from tests.bench.figures import Figure
from tests.bench.lineage import JUDGE, ROOT
from tests.bench.peers import peer

_RUNS = 3000
_WRITERS, _EACH = 64, 40
_CHAIN = 10_000
_MLFLOW = ("mlflow-skinny>=3", "sqlalchemy", "alembic")


def recording() -> list[Figure]:
    """One run, acknowledged; and how fast the runs come into the store."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "lineage.db") as store:
        journal = open_journal(store)
        journal.record_run(a_run(-1))
        journal.drain()
        times = []
        for number in range(_RUNS):
            run = a_run(number)
            began = time.perf_counter()
            journal.record_run(run)
            times.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        journal.drain(patience=60)
        drained = time.perf_counter() - began
        journal.close()
    figures = [Figure(f"lineage: {_RUNS:,} recorded runs into the store", drained, _RUNS / 3000, "s", "promise")]
    for times_of, name, ratio in ((_official, "ml-metadata in WAL mode", 3), (_mlflow, "MLflow on SQLite", 50)):
        theirs = times_of()
        if theirs is not None:
            bound = median(theirs) / ratio
            figures.append(
                Figure(f"lineage: record a run, {ratio} times as fast", median(times), bound, "ms p50", name)
            )
    return figures


def a_run(number: int, **given: object) -> RecordedRun:
    """Five parameters, five metrics, two inputs, two outputs."""
    return RecordedRun(
        f"run-{os.getpid()}-{number}",
        "Credit",
        parameters=dict.fromkeys(("C", "seed", "depth", "rate", "folds"), number),
        metrics=dict.fromkeys(("accuracy", "auc", "f1", "loss", "recall"), 0.75),
        **{
            "inputs": {f"in{at}": ArtifactRecord("Dataset", f"file:///in{at}", digest=f"d{at}") for at in range(2)},
            "outputs": {f"out{at}": ArtifactRecord("Dataset", f"file:///{number}/{at}") for at in range(2)},
            **given,
        },  # type: ignore[arg-type]
    )


def writers() -> list[Figure]:
    """Sixty-four processes that record into one SQLite store as fast as they can."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lineage.db"
        open_store(path).close()
        children = [_child(path, Path(folder) / f"{number}.json") for number in range(_WRITERS)]
        codes = [os.waitpid(child, 0)[1] for child in children]
        times = [one for number in range(_WRITERS) for one in json.loads((Path(folder) / f"{number}.json").read_text())]
        with open_store(path) as store:
            open_journal(store).drain(patience=120)
            with store.read() as connection:
                kept = len(read.contexts(connection, type="system.PipelineRun"))
            open_journal(store).close()
    lost = _WRITERS * _EACH - kept + sum(code != 0 for code in codes)
    return [
        Figure("lineage: 64 writers, a run recorded", quantiles(times, n=100)[98], 50, "ms p99", "promise"),
        Figure("lineage: 64 writers, runs lost or failed", lost, 0, "runs", "promise"),
    ]


def _child(path: Path, out: Path) -> int:
    """A writer of its own process; its times are in the file when it ends."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        journal, times = open_journal(open_store(path)), []
        for number in range(_EACH):
            began = time.perf_counter()
            journal.record_run(a_run(number))
            times.append((time.perf_counter() - began) * 1000)
            if number % 10 == 9:
                journal.drain(patience=0)
        out.write_text(json.dumps(times))
        code = 0
    finally:
        os._exit(code)


def chain() -> list[Figure]:
    """Everything upstream of the last of ten thousand runs in a line, where ml-metadata stops after a hundred."""
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "lineage.db") as store:
        journal, before = open_journal(store), ArtifactRecord("Dataset", "file:///0")
        for number in range(_CHAIN):
            made = ArtifactRecord("Dataset", f"file:///{number + 1}")
            journal.record_run(a_run(number, inputs={"in": before}, outputs={"out": made}))
            before = made
        journal.drain(patience=120)
        journal.close()
        last = int(find(store, f"uri:{before.uri}").nodes[0].id.partition("/")[2])
        began = time.perf_counter()
        found = len(upstream_ids(store, last))
        seconds = time.perf_counter() - began
    # Each run and what it made; at the beginning one file, and its import.
    return [
        Figure(
            "lineage: nodes missing upstream of 10,000 runs in a line", 2 * _CHAIN + 2 - found, 0, "nodes", "promise"
        ),
        Figure("lineage: upstream of 10,000 runs in a line, without an index", seconds, 2, "s", "promise"),
    ]


def _official() -> list[float] | None:
    if not JUDGE.exists():
        print(f"no ml-metadata at {JUDGE}: run tests/mlmd/make_env.sh", file=sys.stderr)
        return None
    return _script(JUDGE, ROOT / "tests" / "mlmd" / "recording.py", "lineage.db", 300)


def _mlflow() -> list[float] | None:
    python = peer("mlflow", *_MLFLOW)
    return None if python is None else _script(python, Path(__file__).with_name("mlflow_recording.py"), "", 60)


def _script(python: Path, script: Path, name: str, count: int) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        place = str(Path(folder) / name) if name else folder
        out = subprocess.run([str(python), str(script), place, str(count)], check=True, capture_output=True, text=True)
    found: list[float] = json.loads(out.stdout.splitlines()[-1])
    return found

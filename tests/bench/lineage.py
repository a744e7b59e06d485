"""What answers about lineage cost in a store of a million nodes, and beside Google's own library on the same file."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles

from claimed_jlab.lineage import Store, close_index, find, open_index, open_store, upstream, upstream_ids
from tests.bench.figures import Figure
from tests.bench.lineage_stores import STORY, last_artifact, store_of

SIZES = (10_000, 100_000, 1_000_000)
_LARGEST = SIZES[-1]
ROOT = Path(__file__).parents[2]
JUDGE = ROOT / ".venv-mlmd" / "bin" / "python"
_HOPS = 100  # the most that the official library takes
_CAUGHT_UP = 1000

_MEMORY = """
import sys
from claimed_jlab.lineage import open_index, open_store, upstream_ids
def resident():
    lines = open("/proc/self/smaps_rollup").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024
store = open_store(sys.argv[1])
upstream_ids(store, 1)
before = resident()
open_index(store)
for artifact in map(int, sys.argv[2:]):
    upstream_ids(store, artifact)
print(resident() - before)
"""


def answers() -> list[Figure]:
    """Upstream of about a thousand nodes, among a million; and what the index costs."""
    path = store_of(_LARGEST)
    with open_store(path) as store:
        open_index(store)  # made by the first measurement, kept for the others
        figures = [*_index(store, path), *_listing(store)]
        times = timed(upstream_ids, store, some(_LARGEST, 400))
        theirs = official(_LARGEST)
        close_index(store)
    p99 = quantiles(times, n=100)[98]
    figures += [
        Figure("lineage of 1,000 among 10⁶ nodes", median(times), 1, "ms p50", "promise"),
        Figure("lineage of 1,000 among 10⁶ nodes, the slow ones", p99, 5, "ms p99", "promise"),
    ]
    if theirs is None:
        print(f"no ml-metadata at {JUDGE}: run tests/mlmd/make_env.sh", file=sys.stderr)
    else:
        figures.append(
            Figure("lineage: 50 times as fast", median(times), theirs / 50, "ms p50", "get_lineage_subgraph")
        )
    return figures


def some(nodes: int, count: int) -> list[int]:
    """Last artifacts of stories anywhere in the store."""
    chance = random.Random(nodes)
    return [last_artifact(chance.randrange(nodes // STORY)) for _ in range(count)]


def timed(ask: Callable[[Store, int], object], store: Store, artifacts: list[int]) -> list[float]:
    """Milliseconds of each question."""
    for artifact in artifacts[:5]:
        ask(store, artifact)
    return [_milliseconds(lambda artifact=artifact: ask(store, artifact)) for artifact in artifacts]


def whole(store: Store, artifact: int) -> object:
    """The answer with all that is shown of its nodes and edges."""
    return upstream(store, artifact)


def official(nodes: int) -> float | None:
    """Milliseconds that get_lineage_subgraph takes for the same questions, on a copy of the store; None without it."""
    if not JUDGE.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(store_of(nodes), folder))
        command = [JUDGE, ROOT / "tests" / "mlmd" / "subgraph.py", copy, _HOPS, *some(nodes, 30)]
        out = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True).stdout
    return median(milliseconds for milliseconds, _ in json.loads(out))


def _index(store: Store, path: Path) -> list[Figure]:
    opened = []
    for _ in range(5):
        close_index(store)
        opened.append(_milliseconds(lambda: open_index(store)))
    command = [sys.executable, "-c", _MEMORY, str(path), *map(str, some(_LARGEST, 50))]
    memory = float(subprocess.check_output(command, text=True, cwd=ROOT))
    return [
        Figure("lineage index of 10⁶ nodes: open", median(opened), 200, "ms", "promise"),
        Figure("lineage index of 10⁶ nodes: memory", memory, 40, "MB", "promise"),
        Figure(
            f"lineage index of 10⁶ nodes: catch up {_CAUGHT_UP:,} events",
            _catching_up(store, path),
            20,
            "ms",
            "promise",
        ),
    ]


def _catching_up(store: Store, path: Path) -> float:
    """Milliseconds that a question takes longer when another program has written a thousand events."""
    index = open_index(store)
    times = []
    with closing(sqlite3.connect(path)) as connection:
        (last,) = connection.execute("SELECT max(id) FROM Event").fetchone()
        for type_ in (1, 2, 5, 6, 7):  # types that the store has not yet: an event is unique by its type
            connection.execute(
                "INSERT INTO Event (artifact_id, execution_id, type, milliseconds_since_epoch)"
                " SELECT artifact_id, execution_id, ?, 0 FROM Event WHERE type = 3 LIMIT ?",
                (type_, _CAUGHT_UP),
            )
            connection.commit()
            with store.read() as reader:
                times.append(_milliseconds(lambda reader=reader: index.graph(reader)))
        connection.execute("DELETE FROM Event WHERE id > ?", (last,))
        connection.commit()
    close_index(store)
    open_index(store)
    return median(times)


def _listing(store: Store) -> list[Figure]:
    first, anywhere = [], []
    chance = random.Random(1)
    find(store, "")
    for _ in range(40):
        first.append(_milliseconds(lambda: find(store, "")))
        number = chance.randrange(1, _LARGEST // 2)
        anywhere.append(_milliseconds(lambda cursor=f"{number}.1.{number}": find(store, "", cursor=cursor)))
    return [
        Figure("lineage: the newest 50 of 10⁶ nodes", median(first), 5, "ms p50", "promise"),
        Figure("lineage: 50 of 10⁶ nodes from anywhere", median(anywhere), 5, "ms p50", "promise"),
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000

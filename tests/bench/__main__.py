"""`make bench`: measures what we promise, each as a ratio against a peer or a bound in the same run, and prints a table.

Exit 1 when a promise is broken. `make bench ARGS=run` measures only what has `run` in its name.
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench import (
    components,
    editor,
    engine,
    kubeflow,
    lineage,
    lineage_drawing,
    lineage_http,
    polling,
    recording,
    running,
)
from tests.bench.figures import BIN, Figure, cpu_of


def package_import() -> list[Figure]:
    """`import claimed_jlab`, in milliseconds of its own, read in fresh interpreters."""
    code = "import time; t = time.perf_counter(); import claimed_jlab; print(time.perf_counter() - t)"
    times = [float(subprocess.check_output([sys.executable, "-c", code])) * 1000 for _ in range(9)]
    return [Figure("import claimed_jlab", median(times), 15, "ms", "promise")]


def help_text() -> list[Figure]:
    """`jupyter claimed --help`: CPU seconds of the whole command."""
    times = [cpu_of([str(BIN / "jupyter"), "claimed", "--help"])[0] for _ in range(7)]
    return [Figure("jupyter claimed --help", median(times), 0.4, "s CPU", "promise")]


_SERVER = """
import resource, sys
from jupyter_server.serverapp import ServerApp
app = ServerApp()
app.initialize(["--ServerApp.jpserver_extensions=%s", "--ServerApp.open_browser=False", "--allow-root",
                "--ServerApp.port=0", "--ServerApp.log_level=ERROR"])
import asyncio
app.io_loop.run_sync(app._post_start)
usage = resource.getrusage(resource.RUSAGE_SELF)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


def server_start() -> list[Figure]:
    """What the extension adds to a server that starts: CPU and memory, each against the same server without it."""
    samples: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for _ in range(7):
        for with_us in (False, True):
            code = _SERVER % {"claimed_jlab": with_us}
            out = subprocess.check_output([sys.executable, "-c", code], stderr=subprocess.DEVNULL, text=True)
            cpu, memory = map(float, out.split()[-2:])
            samples[with_us].append((cpu, memory))
    added = [median(x[i] for x in samples[True]) - median(x[i] for x in samples[False]) for i in (0, 1)]
    return [
        Figure("server start with the extension: CPU added", added[0] * 1000, 60, "ms CPU", "without it"),
        Figure("server start with the extension: memory added", added[1], 12, "MB", "without it"),
    ]


BENCHES = {
    "import": package_import,
    "help": help_text,
    "server": server_start,
    "run": running.ten_notebooks,
    "kernel": running.kernels,
    "unchanged": engine.unchanged,
    "hashing": engine.hashing,
    "many": engine.many_tasks,
    "campaign": engine.campaign,
    "editor": editor.validation,
    "drawing": editor.drawing,
    "kubeflow": kubeflow.compiling,
    "kubeflow-export": kubeflow.exporting,
    "kubeflow-polling": polling.polling,
    "component": components.reading,
    "catalog": components.catalog,
    "lineage": lineage.answers,
    "lineage-http": lineage_http.over_http,
    "lineage-recording": recording.recording,
    "lineage-writers": recording.writers,
    "lineage-chain": recording.chain,
    "lineage-layout": lineage_drawing.layout,
    "lineage-pictures": lineage_drawing.pictures,
}


def main(wanted: list[str]) -> int:
    """Measures what is wanted (all by default) and prints the table."""
    figures = [
        figure
        for name, bench in BENCHES.items()
        if not wanted or any(word in name for word in wanted)
        for figure in bench()
    ]
    table = Table(title="claimed-jlab, measured", title_justify="left")
    for header, side in (
        ("what", "left"),
        ("ours", "right"),
        ("bound", "right"),
        ("ratio", "right"),
        ("against", "left"),
    ):
        table.add_column(header, justify=side)
    table.add_column("holds")
    for figure in figures:
        ratio = figure.ours / figure.bound if figure.bound else float("nan")
        numbers = (f"{figure.ours:.3g} {figure.unit}", f"{figure.bound:.3g} {figure.unit}", f"{ratio:.2f}")
        table.add_row(figure.name, *numbers, figure.against, "yes" if figure.holds else "NO")
    console = Console()
    (console if console.is_terminal else Console(width=130)).print(table)
    return 0 if all(figure.holds for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

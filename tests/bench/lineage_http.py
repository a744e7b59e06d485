"""What an answer about lineage takes over HTTP: a real Jupyter server on a store of a million nodes."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from tests.bench.figures import Figure
from tests.bench.lineage import some
from tests.bench.lineage_stores import store_of

_NODES = 1_000_000
_ASKED = 200
_PATIENCE_SECONDS = 60.0


def over_http() -> list[Figure]:
    """Upstream of about a thousand nodes, whole, as a browser gets it."""
    times = []
    with _server(store_of(_NODES)) as connection:
        for number, artifact in enumerate(some(_NODES, _ASKED + 10)):
            began = time.perf_counter()
            nodes = len(_ask(connection, f"/claimed/lineage/{artifact}")["nodes"])
            if number >= 10:
                times.append((time.perf_counter() - began) * 1000)
    p95 = quantiles(times, n=20)[18]
    return [
        Figure(f"lineage over HTTP: {nodes} of 10⁶ nodes", median(times), 20, "ms p50", "promise"),
        Figure(f"lineage over HTTP: {nodes} of 10⁶ nodes, the slow ones", p95, 20, "ms p95", "promise"),
    ]


@contextmanager
def _server(store: Path) -> Iterator[http.client.HTTPConnection]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "jupyter", "server", f"--port={port}", "--no-browser", "--allow-root"]
        command += ["--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={folder}"]
        environment = {**os.environ, "CLAIMED_LINEAGE": str(store), "CLAIMED_HOME": folder}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield _connected(port)
        finally:
            process.terminate()
            process.wait(30)


def _connected(port: int) -> http.client.HTTPConnection:
    """A connection to a server that has opened its index."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            _ask(connection, "/claimed/lineage/1")
        except (OSError, ValueError):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
            continue
        time.sleep(3)  # the index is opened behind the first question
        return connection


def _ask(connection: http.client.HTTPConnection, path: str) -> dict[str, list[object]]:
    connection.request("GET", path)
    found: dict[str, list[object]] = json.loads(connection.getresponse().read())
    return found

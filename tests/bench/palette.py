"""The palette's request to a real server with a catalog of a thousand components: time, 304, memory."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

from tests.bench.figures import Figure

_REQUESTS = 40
_TOKEN = "bench"
_SERVER = """
import sys
from jupyter_server.serverapp import ServerApp
app = ServerApp()
app.initialize(["--ServerApp.jpserver_extensions=claimed_jlab=True", "--ServerApp.open_browser=False",
                "--allow-root", "--ServerApp.port=" + sys.argv[2], "--ServerApp.log_level=ERROR",
                "--IdentityProvider.token=bench", "--ClaimedApp.component_paths=" + sys.argv[1]])
app.io_loop.add_callback(lambda: print("listening", flush=True))
app.start()
"""


def palette(components: Path, home: Path) -> list[Figure]:
    """What a palette costs once the first answer was given; against an answer of the same server that reads nothing."""
    with _server(components, home) as (server, port):
        bare, _ = _asked(port, "/api", None)
        before = psutil.Process(server.pid).memory_info().rss
        _, etag = _asked(port, "/claimed/components", None)
        whole, _ = _asked(port, "/claimed/components", None)
        unchanged, _ = _asked(port, "/claimed/components", etag)
        added = (psutil.Process(server.pid).memory_info().rss - before) / 1024**2
    return [
        Figure("catalog of 1,000: palette request, whole", median(whole), 15, "ms p50", "promise"),
        Figure("catalog of 1,000: palette request, 304", median(unchanged), 15, "ms p50", "promise"),
        Figure(
            "catalog of 1,000: 304, more than a plain request", median(unchanged) - median(bare), 15, "ms p50", "/api"
        ),
        Figure("catalog of 1,000: memory added to the server", added, 40, "MB", "before the palette"),
    ]


@contextmanager
def _server(components: Path, home: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", _SERVER, str(components), str(port)]
    environment = {**os.environ, "CLAIMED_HOME": str(home)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        yield process, port
    finally:
        process.terminate()
        process.wait()


def _asked(port: int, path: str, etag: str | None) -> tuple[list[float], str]:
    """(milliseconds of each request, the last ETag). Holds that a known ETag is answered 304, with nothing more."""
    times, found = [], ""
    for _ in range(_REQUESTS):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Authorization": f"token {_TOKEN}", **({"If-None-Match": etag} if etag else {})}
        began = time.perf_counter()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        times.append((time.perf_counter() - began) * 1000)
        assert (answer.status, content == b"") == ((304, True) if etag else (200, False)), (answer.status, path)
        found = answer.headers.get("Etag", "")
        connection.close()
    return times, found

"""Databases for lineage tests: one of each kind of server a session, an empty database of it a test."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

SERVERS = Path(__file__).parents[1] / "databases"
sys.path.insert(0, str(SERVERS))
import servers  # noqa: E402

KINDS = ("sqlite", "postgresql", "mysql")
_numbers = itertools.count()


class Server:
    """A server of this session."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder

    def create(self, options: str | None = None) -> str:
        """The name of a new, empty database."""
        name = f"t{os.getpid()}_{next(_numbers)}"
        exact = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" if self.kind == "mysql" else ""
        self.admin(f"CREATE DATABASE {name} {exact if options is None else options}")
        return name

    def drop(self, name: str) -> None:
        self.admin(f"DROP DATABASE IF EXISTS {name}" + (" WITH (FORCE)" if self.kind == "postgresql" else ""))

    def url(self, name: str, user: str = servers.USER) -> str:
        if self.kind == "postgresql":
            return f"postgresql://{user}@/{name}?host={self.folder}"
        return f"mysql://{user}@localhost/{name}?unix_socket={self.folder}/sock"

    def admin(self, statement: str, database: str | None = None) -> str:
        """What an administrator's statement prints."""
        if self.kind == "postgresql":
            command = [servers.program("psql"), "-h", self.folder, "-U", servers.USER, "-d", database or "postgres"]
            command += ["-v", "ON_ERROR_STOP=1", "-qAt", "-c", statement]
        else:
            command = [servers.program("mariadb"), "--no-defaults", f"--socket={self.folder}/sock", "--user=root", "-N"]
            command += ["-e", statement, *([database] if database else [])]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout


def start(kind: str) -> Server:
    """The session's server of that kind, started by whichever worker needs it first; or the test is skipped."""
    if os.environ.get("CLAIMED_TEST_SERVERS") == "none":
        pytest.skip("stores on servers are tested with another interpreter")
    absent = servers.missing(kind)
    if absent is not None:
        if os.environ.get("CI"):
            pytest.fail(absent)
        pytest.skip(absent)
    # Of xdist's workers the one session's own process is the parent.
    session = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    # With the time of its start: numbers of processes come again, and a killed machine leaves folders.
    began = int(psutil.Process(session).create_time())
    folder = Path(tempfile.gettempdir()) / f"claimed-{kind}-{session}-{began}"
    try:
        folder.mkdir()
    except FileExistsError:
        pass
    else:
        command = [sys.executable, str(SERVERS / "servers.py"), kind, str(folder), str(session)]
        subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while not (folder / "ready").exists():
        if (folder / "failed").exists() or time.monotonic() > deadline:
            reason = (folder / "failed").read_text() if (folder / "failed").exists() else "it takes too long"
            pytest.fail(f"the {kind} server can't be started: {reason}")
        time.sleep(0.05)
    return Server(kind, folder)

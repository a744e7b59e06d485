"""A process that outlives a killed worker by a moment, to end what would outlive it for good: cold kernels, containers.

It runs as `python -m claimed_jlab.run.local.guard`, with JSON lines on standard input:

    {"keep": "4711", "pid": 4711}, {"keep": "claimed-…", "command": ["docker", "rm", "--force", "claimed-…"]},
    {"release": "4711"}, {"end": true}

When the lines end without an `end`, the worker was killed: the kernels that are kept are killed with all that descends
from them, and the commands are run. Kernels that were forked are the fork server's to end (`forkserver.py`).
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from claimed_jlab.run.local.forkserver import kill_tree

_COMMAND_SECONDS = 60


class Guard:
    """The worker's side of it. The process is started when the first thing is kept."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def keep_kernel(self, pid: int) -> None:
        """A kernel, which leads a session of its own, is to end with this process."""
        self._tell({"keep": str(pid), "pid": pid})

    def keep(self, name: str, command: Sequence[str]) -> None:
        """The command is to run when this process ends without a `release` of the name."""
        self._tell({"keep": name, "command": [*command]})

    def release(self, name: str) -> None:
        """What was kept under the name has ended."""
        if self._process is not None:
            self._tell({"release": name})

    def close(self) -> None:
        """Ends it; whatever is still kept is left alone."""
        if self._process is None:
            return
        self._tell({"end": True})
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, message: dict[str, Any]) -> None:
        # Without one, things are as they would be without a guard: no reason to fail a task.
        with suppress(OSError):
            if self._process is None:
                self._process = _start()
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "claimed_jlab.run.local.guard"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=sys.prefix,  # `-m` looks for modules where it is started: not in a folder of the user's
    )


def main() -> None:
    """Listens until the worker is gone, then ends what it left."""
    kept: dict[str, dict[str, Any]] = {}
    for line in sys.stdin.buffer:
        message = json.loads(line)
        if "end" in message:
            return
        if "keep" in message:
            kept[message["keep"]] = message
        else:
            kept.pop(message["release"], None)
    for thing in kept.values():
        if "pid" in thing:
            kill_tree(thing["pid"])
        else:
            with suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(thing["command"], stdin=subprocess.DEVNULL, check=False, timeout=_COMMAND_SECONDS)


if __name__ == "__main__":
    main()

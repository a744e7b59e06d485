"""Starting the program of a fork server. Imports next to nothing: it is started before all else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

_SCRIPT = Path(__file__).with_name("forkserver.py")  # never imported here: it is a program


class Launched(NamedTuple):
    """A fork server that makes ready. connection: our end of the socket to it.  options: the interpreter's own."""

    process: subprocess.Popen[bytes]
    connection: socket.socket
    options: list[str]


def launch(libraries: Sequence[str] = (), options: Sequence[str] = ()) -> Launched:
    """Starts one. libraries: modules that it loads before it forks. Raises OSError."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, *options, str(_SCRIPT), str(theirs.fileno()), *libraries]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True
        )
    return Launched(process, ours, [*options])


def forks_here() -> bool:
    """Whether kernels are forked on this platform: CLAIMED_FORK says `on` or `off`, else on Linux only.

    macOS: its system libraries (Accelerate, Objective-C, the resolver) may abort a process that was forked and did not
    exec; Python's own multiprocessing no longer forks there for that reason.
    """
    wish = os.environ.get("CLAIMED_FORK", "").lower()
    if not hasattr(os, "fork") or not hasattr(os, "waitid") or wish in ("off", "0", "no", "false"):
        return False
    return sys.platform == "linux" or wish in ("on", "1", "yes", "true")

"""A worker that is started before it is known what is to run. Imports next to nothing, so that it can be the first."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def worker(order: str) -> list[str]:
    """The command of a worker. order: the folder of a run, or `-` to stand by."""
    return [sys.executable, "-m", "claimed_jlab.run.local.ready", order]


class StandBy:
    """A worker that makes ready meanwhile. It ends with this process, if it gets nothing."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            self._process = subprocess.Popen(
                worker("-"),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                cwd=sys.prefix,  # `-m` looks for modules where it is started: not in a folder of the user's
            )

    def take(self, folder: Path) -> bool:
        """Gives it the folder of a run; False where it is gone."""
        if self._process is None or self._process.stdin is None or self._process.poll() is not None:
            return False
        try:
            with self._process.stdin as order:
                order.write(f"{folder}\n".encode())
        except OSError:
            return False
        return True

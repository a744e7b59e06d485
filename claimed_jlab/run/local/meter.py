"""What a task took of the machine: the processor time and the memory of its kernel and all its children."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import psutil

from claimed_jlab.run.local.forkserver import descendants

_EVERY_SECONDS = 0.5


class Meter:
    """Follows one kernel from when its task begins. The memory is the most that was seen, looked at twice a second."""

    def __init__(self, pid: int | None) -> None:
        self._process: psutil.Process | None = None
        self._before = 0.0
        self._peak = 0
        with suppress(psutil.Error, TypeError):
            self._process = psutil.Process(pid) if pid is not None else None
            self._before = self._cpu()
        self._looking = asyncio.create_task(self._look())

    def stop(self) -> tuple[float | None, int | None]:
        """(seconds of processor time, bytes of memory) since it began; None where the system does not say."""
        self._looking.cancel()
        if self._process is None:
            return None, None
        try:
            self._measure()
            cpu = round(max(0.0, self._cpu() - self._before), 3)
        except psutil.Error:
            return None, self._peak or None
        return cpu, self._peak or None

    async def _look(self) -> None:
        with suppress(psutil.Error):
            while self._process is not None:
                self._measure()
                await asyncio.sleep(_EVERY_SECONDS)

    def _measure(self) -> None:
        assert self._process is not None
        total = self._process.memory_info().rss
        for child in _children(self._process):
            with suppress(psutil.Error):
                total += child.memory_info().rss
        self._peak = max(self._peak, total, high_water(self._process.pid))

    def _cpu(self) -> float:
        """Of the process, of its children that ended, and of those that live."""
        assert self._process is not None
        times = self._process.cpu_times()
        total = times.user + times.system + times.children_user + times.children_system
        for child in _children(self._process):
            with suppress(psutil.Error):
                own = child.cpu_times()
                total += own.user + own.system
        return float(total)


def _children(process: psutil.Process) -> list[psutil.Process]:
    """All that descend from it. By the process's own list where Linux has it: psutil reads all of /proc."""
    if not Path(f"/proc/{process.pid}/task/{process.pid}/children").exists():
        return list(process.children(recursive=True))
    found = []
    for pid in descendants(process.pid):
        with suppress(psutil.Error):
            found.append(psutil.Process(pid))
    return found


def high_water(pid: int) -> int:
    """The most memory that a process ever had, in bytes, where Linux tells it."""
    with suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0

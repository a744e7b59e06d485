"""What this machine has for tasks, and who has it now. Nothing is given twice."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.resources import Resources

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_TINY = 1e-9


class TooMuch(ClaimedError):
    """A task asks for more than this machine has."""

    code = "too-much"


@dataclass(frozen=True)
class Share:
    """What a task was given. cpu: cores.  memory: bytes, 0 where none was asked for.  gpus: their ids.

    hides: whether the GPUs that are not its own are hidden from the task.
    """

    cpu: float
    memory: int = 0
    gpus: tuple[str, ...] = ()
    hides: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """Variables that hold a task's libraries to its share."""
        threads = str(max(1, int(self.cpu + _TINY)))
        found = dict.fromkeys(THREAD_VARIABLES, threads)
        if self.hides:
            found["CUDA_VISIBLE_DEVICES"] = ",".join(self.gpus)
        return found


THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "POLARS_MAX_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)


class Capacity:
    """The cores, the memory and the GPUs of one run. jobs: tasks at once."""

    def __init__(self, *, cores: float, memory: int, gpus: tuple[str, ...], jobs: int) -> None:
        self.cores = cores
        self.memory = memory
        self.gpus = gpus
        self.jobs = jobs
        self._given: dict[str, Share] = {}
        self._asked_for_gpus = False

    def check(self, task: str, wanted: Resources) -> None:
        """Raises TooMuch for what this machine can never give; more cores than it has are all of them."""
        self._asked_for_gpus = self._asked_for_gpus or wanted.gpu > 0
        if wanted.gpu > len(self.gpus):
            has = f"{len(self.gpus)}" if self.gpus else "none"
            raise TooMuch(f"asks for {wanted.gpu} GPUs, and this machine has {has}", where=f"task {task}")
        if (wanted.memory or 0) > self.memory:
            asked, has = _gibibytes(wanted.memory or 0), _gibibytes(self.memory)
            raise TooMuch(f"asks for {asked} of memory, and this machine has {has}", where=f"task {task}")

    def take(self, task: str, wanted: Resources) -> Share | None:
        """The share of a task, or None while others have what it needs."""
        cpu = min(wanted.cpu or self.cores / self.jobs, self.cores)
        memory = wanted.memory or 0
        taken = self._given.values()
        free_gpus = [gpu for gpu in self.gpus if not any(gpu in share.gpus for share in taken)]
        enough = (
            len(self._given) < self.jobs
            and sum(share.cpu for share in taken) + cpu <= self.cores + _TINY
            and sum(share.memory for share in taken) + memory <= self.memory
            and wanted.gpu <= len(free_gpus)
        )
        if not enough:
            return None
        share = Share(cpu, memory, tuple(free_gpus[: wanted.gpu]), hides=self._asked_for_gpus)
        self._given[task] = share
        return share

    def give_back(self, task: str) -> None:
        """A task has ended; its share is free."""
        self._given.pop(task, None)


def machine(jobs: int | None) -> Capacity:
    """The capacity of this machine, within the limits of the container that it may be."""
    cores = available_cores()
    return Capacity(cores=cores, memory=available_memory(), gpus=visible_gpus(), jobs=jobs or cores)


def available_cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_memory() -> int:
    """Bytes of memory, of the machine or of the control group that this process is held to."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")] if hasattr(os, "sysconf") else [1 << 62]
    for path in _CGROUP_LIMITS:
        with suppress(OSError, ValueError):
            found.append(int(path.read_text()))
    return min(found)


def visible_gpus() -> tuple[str, ...]:
    """The ids of the GPUs that this process may use, as CUDA_VISIBLE_DEVICES takes them."""
    given = os.environ.get("CUDA_VISIBLE_DEVICES")
    if given is not None:
        return tuple(part.strip() for part in given.split(",") if part.strip() and part.strip() != "-1")
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        listed = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(str(number) for number, line in enumerate(listed.stdout.splitlines()) if line.startswith("GPU"))


def _gibibytes(count: int) -> str:
    return f"{count / (1 << 30):.1f} GiB"

"""Kernels started ahead of need. Each runs one task and is thrown away; its folder is the task's folder."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.manager import AsyncKernelManager

DEFAULT_KERNEL = "python3"
_START_SECONDS = 60


class KernelFailed(ClaimedError):
    """A kernel that did not start, or that is not installed."""

    code = "kernel-failed"


@dataclass
class Kernel:
    """A running kernel, ready for one task. folder: its working directory, empty."""

    manager: AsyncKernelManager
    client: AsyncKernelClient
    folder: Path

    async def stop(self) -> None:
        """Ends the kernel and its children, and removes its folder."""
        self.client.stop_channels()
        with suppress(Exception):
            await self.manager.shutdown_kernel(now=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    async def interrupt(self) -> None:
        """Sends SIGINT, as a person's Ctrl-C would."""
        with suppress(Exception):
            await self.manager.interrupt_kernel()


@dataclass
class KernelPool:
    """Starts kernels so that a task seldom waits for one.

    scratch: where the kernels' folders are made.
    """

    scratch: Path
    _waiting: list[asyncio.Task[Kernel]] = field(default_factory=list)

    def expect(self, count: int) -> None:
        """Has `count` Python kernels started or starting."""
        while len(self._waiting) < count:
            self._waiting.append(asyncio.create_task(self._start(DEFAULT_KERNEL)))

    async def take(self, kernel_name: str) -> Kernel:
        """A fresh kernel for one task. Raises KernelFailed."""
        if kernel_name == DEFAULT_KERNEL and self._waiting:
            return await self._waiting.pop(0)
        return await self._start(kernel_name)

    async def close(self) -> None:
        """Ends the kernels that nobody took."""
        waiting, self._waiting = self._waiting, []
        for kernel in await asyncio.gather(*waiting, return_exceptions=True):
            if isinstance(kernel, Kernel):
                await kernel.stop()

    async def _start(self, kernel_name: str) -> Kernel:
        from jupyter_client.manager import AsyncKernelManager

        folder = Path(tempfile.mkdtemp(prefix="task-", dir=self.scratch))
        manager = AsyncKernelManager(kernel_name=kernel_name)
        try:
            await manager.start_kernel(cwd=str(folder), env=dict(os.environ))
            client = manager.client()
            client.start_channels()
            await client.wait_for_ready(timeout=_START_SECONDS)
        except Exception as error:
            with suppress(Exception):
                await manager.shutdown_kernel(now=True)
            raise KernelFailed(f"the kernel {kernel_name!r} did not start: {error}") from error
        return Kernel(manager, client, folder)


def kernel_for(name: str, language: str) -> tuple[str, str]:
    """The installed kernelspec for a notebook, and a note when it is not the one that the notebook names.

    Raises KernelFailed for a kernel that is not installed and is no Python.
    """
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    installed = KernelSpecManager()
    try:
        installed.get_kernel_spec(name or DEFAULT_KERNEL)
        return name or DEFAULT_KERNEL, ""
    except NoSuchKernel:
        if language != "python":
            there = ", ".join(sorted(installed.find_kernel_specs())) or "none"
            raise KernelFailed(f"the kernel {name!r} is not installed", hint=f"installed: {there}") from None
    return DEFAULT_KERNEL, f"The kernel {name!r} is not installed here: {DEFAULT_KERNEL!r} was taken.\n"

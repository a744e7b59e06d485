"""The worker's side of the fork server: starts it, asks it for kernels, and hears what becomes of them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from claimed_jlab.run.local.launch import Launched

_START_SECONDS = 60
_END_SECONDS = 5


class ForkedProcess:
    """A kernel that was forked, with what jupyter_client asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.listens = asyncio.Event()
        self.ended = asyncio.Event()

    def poll(self) -> int | None:
        """Its exit status, or None while it lives; negative for the signal that ended it."""
        return self.returncode

    def wait(self) -> int | None:
        """The same: jupyter_client waits for the end before it asks."""
        return self.returncode

    def send_signal(self, number: int) -> None:
        """A signal to the kernel alone. Raises ProcessLookupError when it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL to the kernel alone."""
        self.send_signal(signal.SIGKILL)

    terminate = kill

    def end(self, status: int) -> None:
        """It has ended, by what the fork server says."""
        self.returncode = status
        self.ended.set()
        self.listens.set()


class ForkServer:
    """One fork server, that was launched by this process. It ends with this process, and its kernels with it."""

    def __init__(self, launched: Launched) -> None:
        self._process, self._ours, self.options = launched
        self._writer: asyncio.StreamWriter | None = None
        self._forks: dict[int, asyncio.Future[ForkedProcess]] = {}
        self._kernels: dict[int, ForkedProcess] = {}
        self._listening: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self._lost = False

    async def fork(self, argv: Sequence[str], command: Sequence[str], cwd: str, env: dict[str, str]) -> ForkedProcess:
        """A kernel that listens. Raises OSError, TimeoutError.

        argv: its `sys.argv`.  command: the command line it would have been started with.
        """
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        await self._connected.wait()
        if self._lost or self._writer is None:
            raise OSError("the fork server is gone")
        number = len(self._forks)
        future = self._forks[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "argv": [*argv], "original": [*command], "cwd": cwd, "env": env}
        self._writer.write(json.dumps(request).encode() + b"\n")
        kernel: ForkedProcess = await asyncio.wait_for(future, _START_SECONDS)
        await asyncio.wait_for(kernel.listens.wait(), _START_SECONDS)
        return kernel

    async def close(self) -> None:
        """Ends the server; it kills what is left of its kernels first."""
        if self._writer is not None:
            self._writer.close()
        self._ours.close()
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self._process.wait, _END_SECONDS)
        self._process.kill()
        if self._listening is not None:
            await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        with suppress(OSError):
            reader, self._writer = await asyncio.open_unix_connection(sock=self._ours)
            self._connected.set()
            while line := await reader.readline():
                self._hear(json.loads(line))
        self._lose()

    def _hear(self, message: dict[str, Any]) -> None:
        pid = message["pid"]
        if "id" in message:
            kernel = self._kernels[pid] = ForkedProcess(pid)
            future = self._forks[message["id"]]
            if not future.done():
                future.set_result(kernel)
        elif "status" in message:
            self._kernels.pop(pid).end(message["status"])
        else:
            self._kernels[pid].listens.set()

    def _lose(self) -> None:
        """The server has ended. Its kernels, if any, are ended too: nobody would say when they do."""
        self._lost = True
        self._connected.set()
        for pid, kernel in self._kernels.items():
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
            kernel.end(-signal.SIGKILL)
        self._kernels.clear()
        for future in self._forks.values():
            if not future.done():
                future.set_exception(OSError("the fork server ended"))

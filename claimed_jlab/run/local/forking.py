"""The worker's side of the fork server: starts it, asks it for kernels, and hears what becomes of them.

`ForkProvisioner` is jupyter_client's own way of starting kernels otherwise; what it does not override is as for a
kernel that is started as a program.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from claimed_jlab.run.local import forkserver

_LAUNCHER = "ipykernel_launcher"
_START_SECONDS = 60


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
    """One fork server. It ends with this process, and its kernels with it.

    libraries: modules that it loads before it forks.  options: the interpreter's own.
    """

    def __init__(self, libraries: Sequence[str], options: Sequence[str]) -> None:
        self._libraries = tuple(libraries)
        self._options = tuple(options)
        self._writer: asyncio.StreamWriter | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._forks: dict[int, asyncio.Future[ForkedProcess]] = {}
        self._kernels: dict[int, ForkedProcess] = {}
        self._listening: asyncio.Task[None] | None = None
        self._lost = False

    async def fork(self, command: Sequence[str], cwd: str, env: dict[str, str]) -> ForkedProcess:
        """A kernel that listens on the connection file of its command. Raises OSError, TimeoutError."""
        await self._start()
        if self._lost or self._writer is None:
            raise OSError("the fork server is gone")
        number = len(self._forks)
        future = self._forks[number] = asyncio.get_running_loop().create_future()
        argv = [_origin(_LAUNCHER), *command[-2:]]
        request = {"id": number, "argv": argv, "original": [*command], "cwd": cwd, "env": env}
        self._writer.write(json.dumps(request).encode() + b"\n")
        kernel: ForkedProcess = await asyncio.wait_for(future, _START_SECONDS)
        await asyncio.wait_for(kernel.listens.wait(), _START_SECONDS)
        return kernel

    async def close(self) -> None:
        """Ends the server; it kills what is left of its kernels first."""
        if self._writer is not None:
            self._writer.close()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, 5)
            self._process.kill()
        if self._listening is not None:
            await asyncio.gather(self._listening, return_exceptions=True)

    async def _start(self) -> None:
        if self._process is not None:
            return
        ours, theirs = socket.socketpair()
        command = [sys.executable, *self._options, forkserver.__file__, str(theirs.fileno()), *self._libraries]
        with theirs:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], start_new_session=True
            )
        reader, self._writer = await asyncio.open_unix_connection(sock=ours)
        self._listening = asyncio.create_task(self._listen(reader))

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        with suppress(OSError):
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
        for pid, kernel in self._kernels.items():
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
            kernel.end(-signal.SIGKILL)
        self._kernels.clear()
        for future in self._forks.values():
            if not future.done():
                future.set_exception(OSError("the fork server ended"))


class ForkProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts a kernel by a fork; all else is as for a kernel that was started as a program."""

    server: ForkServer

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Forks the kernel. Raises OSError, TimeoutError when there is none to be had."""
        self.cwd = kwargs["cwd"]
        self.process = await self.server.fork(cmd, str(self.cwd), kwargs["env"])
        self.pid = self.pgid = self.process.pid  # it leads a session, and so a group, of its own
        return self.connection_info  # type: ignore[no-any-return]


def provide(manager: AsyncKernelManager, server: ForkServer, kernel_id: str) -> None:
    """Has a manager start its kernel by a fork."""
    manager.kernel_id = kernel_id
    provisioner = ForkProvisioner(kernel_id=kernel_id, kernel_spec=manager.kernel_spec, parent=manager)
    provisioner.server = server
    manager.provisioner = provisioner


def plain_options(manager: AsyncKernelManager) -> list[str] | None:
    """The interpreter's options of a manager's kernel; None unless it is this very interpreter's, started plainly."""
    spec = manager.kernel_spec
    if spec is None or spec.env or spec.metadata.get("kernel_provisioner"):
        return None
    command = manager.format_kernel_cmd()
    if command[0] != sys.executable or command[-4:-1] != ["-m", _LAUNCHER, "-f"]:
        return None
    options = command[1:-4]
    return options if all(option.startswith("-X") and len(option) > 2 for option in options) else None


def forks_here() -> bool:
    """Whether kernels are forked on this platform: CLAIMED_FORK says `on` or `off`, else on Linux only.

    macOS: its system libraries (Accelerate, Objective-C, the resolver) may abort a process that was forked and did not
    exec; Python's own multiprocessing no longer forks there for that reason.
    """
    wish = os.environ.get("CLAIMED_FORK", "").lower()
    if not hasattr(os, "fork") or not hasattr(os, "waitid") or wish in ("off", "0", "no", "false"):
        return False
    return sys.platform == "linux" or wish in ("on", "1", "yes", "true")


def _origin(module: str) -> str:
    spec = find_spec(module)
    return str(Path(spec.origin)) if spec and spec.origin else module

"""Kernels started ahead of need. Each runs one task and is thrown away; its folder is the task's folder.

A kernel of this interpreter is forked (`forking.py`) where the platform allows it; any other kernelspec, and a fork
that failed, takes the cold path: a program of its own, started by jupyter_client.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

from claimed_jlab.run.local.forking import ForkServer
from claimed_jlab.run.local.forkserver import kill_tree
from claimed_jlab.run.local.guard import Guard
from claimed_jlab.run.local.kernelspecs import DEFAULT_KERNEL, KernelFailed, kernelspecs
from claimed_jlab.run.local.launch import forks_here, launch

if TYPE_CHECKING:
    import zmq.asyncio
    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.manager import AsyncKernelManager

_START_SECONDS = 60
_END_SECONDS = 5


@dataclass
class Kernel:
    """A running kernel, ready for one task. folder: its working directory, empty.

    ending: where the tasks are kept that clear up behind kernels.  guard: what ends it if this process is killed.
    """

    manager: AsyncKernelManager
    client: AsyncKernelClient
    folder: Path
    ending: set[asyncio.Task[None]]
    guard: Guard

    @property
    def pid(self) -> int | None:
        """The id of its process; None when it is not of this machine."""
        return _pid(self.manager)

    async def stop(self) -> None:
        """Kills the kernel and its children. Its folder is removed afterwards, while others go on."""
        self.client.stop_channels()
        with suppress(Exception):
            _kill(self.manager)
        task = asyncio.create_task(self._clear())
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)

    async def interrupt(self) -> None:
        """Sends SIGINT, as a person's Ctrl-C would."""
        with suppress(Exception):
            await self.manager.interrupt_kernel()

    def death(self) -> str:
        """How the kernel ended, in words; empty while it lives."""
        process = getattr(self.manager.provisioner, "process", None)
        status = process.poll() if process is not None else None
        if status is None:
            return ""
        if status == -getattr(signal, "SIGKILL", 9):
            return "it was killed (SIGKILL), perhaps for lack of memory"
        if status < 0:
            with suppress(ValueError):
                return f"by the signal {signal.Signals(-status).name}"
        return f"it exited with status {status}"

    async def _clear(self) -> None:
        ended = getattr(getattr(self.manager.provisioner, "process", None), "ended", None)
        with suppress(Exception):
            if ended is not None:  # known at once; jupyter_client looks every 0.1 s
                await asyncio.wait_for(ended.wait(), _END_SECONDS)
            await self.manager.shutdown_kernel(now=True)
        self.guard.release(str(self.pid))
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)


@dataclass
class KernelPool:
    """Starts kernels so that a task seldom waits for one.

    scratch: where the kernels' folders are made.  libraries: what the fork server loads ahead (see preload.py).
    early: a fork server that was started before it was known what to load; used where that is nothing.
    At most as many kernels wait as were expected last; each has the memory of a bare kernel, 36 MB, or 16 MB
    when it was forked. The rest is given back at once.
    """

    scratch: Path
    libraries: Sequence[str] = ()
    early: ForkServer | None = None
    guard: Guard = field(default_factory=Guard)
    _waiting: list[asyncio.Task[Kernel]] = field(default_factory=list)
    _ending: set[asyncio.Task[None]] = field(default_factory=set)
    _servers: list[ForkServer] = field(default_factory=list)
    _server: ForkServer | None = None
    _context: zmq.asyncio.Context | None = None

    def __post_init__(self) -> None:
        if self.early is not None:
            self._servers.append(self.early)
            if not self.libraries:
                self._server = self.early

    def warm(self) -> None:
        """Starts the fork server, where there is one: beside what this process still has to import."""
        if self._server is None and forks_here():
            with suppress(OSError):
                self._forks([])

    def expect(self, count: int) -> None:
        """Has `count` Python kernels started or starting, and no more."""
        if count:
            self.warm()
        while len(self._waiting) < count:
            self._waiting.append(asyncio.create_task(self._start(DEFAULT_KERNEL)))
        surplus, self._waiting = self._waiting[count:], self._waiting[:count]
        for start in surplus:
            self._discard(start)

    async def take(self, kernel_name: str, environment: Mapping[str, str] | None = None) -> Kernel:
        """A fresh kernel for one task. environment: variables that it is started with. Raises KernelFailed."""
        while kernel_name == DEFAULT_KERNEL and environment is None and self._waiting:
            kernel = await self._waiting.pop(0)
            if not kernel.death():
                return kernel
            await kernel.stop()  # it died while it waited, as a system does that is short of memory
        return await self._start(kernel_name, environment)

    async def close(self) -> None:
        """Ends the kernels that nobody took, and waits until all are gone."""
        self.expect(0)
        while self._ending:
            # Not gather: since Python 3.12 that does not wait at all for tasks that are done, and so never lets the
            # loop take them out.
            await asyncio.wait([*self._ending])
        for server in self._servers:
            await server.close()
        self.guard.close()
        if self._context is not None:
            self._context.destroy(linger=0)

    def _discard(self, start: asyncio.Task[Kernel]) -> None:
        async def discard() -> None:
            with suppress(Exception):
                await (await start).stop()

        task = asyncio.create_task(discard())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _start(self, kernel_name: str, environment: Mapping[str, str] | None = None) -> Kernel:
        folder = Path(tempfile.mkdtemp(prefix="task-", dir=self.scratch))
        try:
            forked = None if environment is not None else await self._forked(kernel_name, folder)
            kernel = forked or await self._started(kernel_name, folder, environment or {})
        except BaseException as error:
            shutil.rmtree(folder, ignore_errors=True)
            if not isinstance(error, Exception):
                raise
            raise KernelFailed(f"the kernel {kernel_name!r} did not start: {error}") from error
        return kernel

    async def _forked(self, kernel_name: str, folder: Path) -> Kernel | None:
        """A kernel by a fork, or None when there is none to be had: then it is started as a program."""
        if kernel_name != DEFAULT_KERNEL or not forks_here():
            return None
        from claimed_jlab.run.local import provisioner

        manager = self._manager(kernel_name)
        options = provisioner.plain_options(manager)
        if options is None:
            return None
        try:
            server = self._forks(options)
            provisioner.provide(manager, server, str(uuid.uuid4()))
            return await self._run(manager, folder)
        except (OSError, TimeoutError, asyncio.TimeoutError, RuntimeError):
            return None

    def _forks(self, options: list[str]) -> ForkServer:
        if self._server is None or self._server.options != options:
            self._servers.append(ForkServer(launch(self.libraries, options)))
            self._server = self._servers[-1]
        return self._server

    async def _started(self, kernel_name: str, folder: Path, environment: Mapping[str, str]) -> Kernel:
        return await self._run(self._manager(kernel_name), folder, environment)

    async def _run(self, manager: AsyncKernelManager, folder: Path, cold: Mapping[str, str] | None = None) -> Kernel:
        """cold: what the environment of a kernel that is started as a program has beside this one's."""
        client: AsyncKernelClient | None = None
        try:
            await manager.start_kernel(cwd=str(folder), env={**os.environ, **(cold or {})})
            pid = _pid(manager)
            if cold is not None and pid is not None:
                self.guard.keep_kernel(pid)
            client = manager.client()
            # No heartbeat: the manager knows when its process ends. No answers: `input()` says that there are none.
            client.start_channels(hb=False)
            client.allow_stdin = False
            await _greet(client)
        except BaseException:
            if client is not None:
                client.stop_channels()  # a context with an open socket never ends
            _kill(manager)
            with suppress(Exception):
                await manager.shutdown_kernel(now=True)
            raise
        return Kernel(manager, client, folder, self._ending, self.guard)

    def _manager(self, kernel_name: str) -> AsyncKernelManager:
        import zmq.asyncio
        from jupyter_client.manager import AsyncKernelManager

        if self._context is None:
            self._context = zmq.asyncio.Context()  # one for all kernels: each has a thread
        return AsyncKernelManager(kernel_name=kernel_name, context=self._context, kernel_spec_manager=kernelspecs())


async def _greet(client: AsyncKernelClient) -> None:
    """Waits until the kernel answers on the channel of replies and on that of outputs. Raises RuntimeError.

    As jupyter_client's `wait_for_ready`, which then listens for another 0.2 s to what is there already; here what is
    not about a cell is passed over when a cell runs.
    """
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        client.kernel_info()
        with suppress(Empty):
            reply = await client.get_shell_msg(timeout=1)
            if reply["msg_type"] == "kernel_info_reply":
                await client.get_iopub_msg(timeout=0.2)
                client._handle_kernel_info_reply(reply)
                return
        if not await client.is_alive():
            raise RuntimeError("it died before it answered")
    raise RuntimeError(f"no answer in {_START_SECONDS} s")


def _pid(manager: AsyncKernelManager) -> int | None:
    pid = getattr(getattr(manager.provisioner, "process", None), "pid", None)
    return int(pid) if pid is not None else None


def _kill(manager: AsyncKernelManager) -> None:
    process = getattr(manager.provisioner, "process", None)
    if process is not None and process.poll() is None and hasattr(signal, "SIGKILL"):
        kill_tree(process.pid)

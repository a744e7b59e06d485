"""The fork server: a process that has imported what a Python kernel needs, and forks a kernel whenever it is asked.

It runs as a script (`python forkserver.py FD [MODULE…]`), so that a kernel finds nothing of ours in `sys.modules`, and
it imports without starting anything: no ZMQ context, no event loop, no thread.
FD is a socket to the worker, with JSON lines:

    worker to server   {"id": 1, "argv": [...], "original": [...], "cwd": "/…", "env": {...}}
    server to worker   {"id": 1, "pid": 4711}, {"pid": 4711, "ready": true}, {"pid": 4711, "status": -9}

Each kernel leads a session of its own, as one that jupyter_client starts. Nothing outlives its owner:
- a kernel that ended: the rest of its process group is killed before it is reaped, while its id is still its own;
- the worker ended, however it did: the socket closes, the server kills all its kernels' groups and ends;
- the server was killed: ipykernel's own poller in each kernel sees another parent within a second and ends it.
PR_SET_PDEATHSIG is not used: it speaks of the thread that forked, and would not reach the kernel's children.
"""

from __future__ import annotations

import gc
import importlib
import itertools
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import Any, NoReturn

# What a kernel imports while it starts, beyond its own package; which of it there is depends on the versions.
_KERNEL = (
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.history",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "tornado.platform.asyncio",
    "psutil",
    "sqlite3",
    "pdb",
    "faulthandler",
    "runpy",
    "resource",
)
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class Server:
    """Forks kernels, tells the worker what becomes of them. worker: the socket to it."""

    def __init__(self, worker: socket.socket) -> None:
        self._worker = worker
        self._unread = b""
        self._kernels: dict[int, int] = {}  # process id: the pipe by which it says that it listens
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._waker, False)
        signal.signal(signal.SIGCHLD, _nothing)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)

    def serve(self) -> tuple[dict[str, Any], int]:
        """Serves until the worker is gone. Returns only in a child: what it is to be, and its pipe to the server."""
        while True:
            pipes = {pipe: pid for pid, pipe in self._kernels.items() if pipe >= 0}
            readable = select.select([self._worker.fileno(), self._woken, *pipes], [], [])[0]
            for pipe in set(readable) & set(pipes):
                self._hear(pipes[pipe])
            if self._woken in readable:
                os.read(self._woken, 4096)
                self._reap()
            if self._worker.fileno() in readable:
                for request in self._requests():
                    pipe = self._fork(request)
                    if pipe >= 0:
                        return request, pipe

    def _requests(self) -> list[dict[str, Any]]:
        received = self._worker.recv(1 << 20)
        if not received:
            self._end()
        *lines, self._unread = (self._unread + received).split(b"\n")
        return [json.loads(line) for line in lines]

    def _fork(self, request: dict[str, Any]) -> int:
        """In the server -1; in the child the pipe that tells the server that the kernel listens."""
        from_child, to_server = os.pipe()
        pid = os.fork()
        if pid:
            os.close(to_server)
            self._kernels[pid] = from_child
            self._tell({"id": request["id"], "pid": pid})
            return -1
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._worker.close()
        for fd in (from_child, self._woken, self._waker, *self._kernels.values()):
            if fd >= 0:
                os.close(fd)
        return to_server

    def _hear(self, pid: int) -> None:
        pipe = self._kernels[pid]
        listens = os.read(pipe, 1)
        os.close(pipe)
        self._kernels[pid] = -1
        if listens:
            self._tell({"pid": pid, "ready": True})

    def _reap(self) -> None:
        while self._kernels:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            kill_tree(ended.si_pid)
            _, status = os.waitpid(ended.si_pid, 0)
            pipe = self._kernels.pop(ended.si_pid, -1)
            if pipe >= 0:
                os.close(pipe)
            self._tell({"pid": ended.si_pid, "status": os.waitstatus_to_exitcode(status)})

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            self._worker.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            self._end()

    def _end(self) -> NoReturn:
        """The worker is gone. No clean-up of Python's own: it could wait."""
        for pid in self._kernels:
            kill_tree(pid)
        os._exit(0)


def kill_tree(pid: int) -> None:
    """Kills a kernel that leads a process group: the group, and those of its children that left it.

    Where there is no /proc, the group alone. No error when nothing is left of it.
    """
    for child in descendants(pid):
        with suppress(OSError):
            os.kill(child, signal.SIGKILL)
    for kill in (os.killpg, os.kill):  # alone, while it has no group yet
        try:
            return kill(pid, signal.SIGKILL)
        except OSError:
            continue


def descendants(pid: int) -> list[int]:
    """Its children, theirs, and so on; none where there is no /proc."""
    found = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as listed:  # noqa: PTH123
                for child in map(int, listed.read().split()):
                    found += [child, *descendants(child)]
    return found


def _nothing(*_: object) -> None:
    """A handler, so that the signal wakes the server; a child that ended is dealt with in the loop."""


def preload(modules: list[str]) -> None:
    """Imports modules. One that starts a thread is given up: the server begins again without it.

    A fork copies only the thread that forks; locks that others hold stay locked for ever.
    """
    given = {name: os.environ.get(name) for name in _ONE_THREAD}
    # OpenBLAS starts its threads when it is loaded; the child gives it as many as its task has (see setup.py).
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as error:  # the task that needs it will say so, in its own words
            print(f"{module} was not loaded ahead: {error}", file=sys.stderr)
        if _threads() > 1:
            rest = [name for name in modules if name != module]
            _restore(given)
            os.execv(sys.executable, [*sys.orig_argv[: sys.orig_argv.index(sys.argv[1]) + 1], *rest])
    _restore(given)


def _restore(environment: dict[str, str | None]) -> None:
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208
    except OSError:
        return threading.active_count()


def become(request: dict[str, Any], marks: dict[str, str]) -> None:
    """Makes this child what a process that was just started would be. marks: variables that the preloaded set."""
    nothing, closed = os.pipe()
    os.close(closed)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.chdir(request["cwd"])
    parent = os.environ["JPY_PARENT_PID"]
    os.environ.clear()
    os.environ.update({**marks, **request["env"], "JPY_PARENT_PID": parent})
    time.tzset()
    sys.argv[:] = request["argv"]
    sys.orig_argv[:] = request["original"]
    _forget()


def _forget() -> None:
    """What modules made when they were imported, and what no two kernels may share.

    `random` seeds itself again after a fork, `tempfile` and `uuid` ask the system.
    """
    import tempfile

    tempfile.tempdir = None
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()
    process = sys.modules.get("multiprocessing.process")
    if process is not None:
        vars(process)["ORIGINAL_DIR"] = os.getcwd()  # noqa: PTH109 (as a text, like there)
        process.current_process().authkey = os.urandom(32)


def _number_threads(used: int | None = None) -> int:
    """Has threads numbered from 1 again, or passes over `used` numbers. Returns how many had been given.

    Some modules make a thread, not started, when they are imported; a kernel that was started imports them later.
    """
    if used is None:
        given = int(threading._counter()) - 1  # type: ignore[attr-defined]
        threading._counter = itertools.count(1).__next__  # type: ignore[attr-defined]
        return given
    for _ in range(used):
        threading._counter()  # type: ignore[attr-defined]
    return used


def main(fd: int, modules: list[str]) -> None:
    """The server, and in each child the kernel; a kernel ends as any Python program does."""
    if sys.path and sys.path[0] == os.path.dirname(os.path.realpath(__file__)):  # noqa: PTH120
        del sys.path[0]
    # Before ipykernel is imported: it reads this once, for the process that its poller watches.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    before = set(os.environ)
    app = importlib.import_module("ipykernel.kernelapp").IPKernelApp
    for module in _KERNEL:
        with suppress(ImportError):
            importlib.import_module(module)
    preload(modules)
    marks = {name: value for name, value in os.environ.items() if name not in before}
    gc.collect()
    gc.freeze()  # what is never collected is never written to, and stays shared
    request, pipe = Server(socket.socket(fileno=fd)).serve()
    become(request, marks)
    numbers = _number_threads()
    kernel = app.instance()
    kernel.initialize()
    _number_threads(numbers)
    os.write(pipe, b"1")
    os.close(pipe)
    kernel.start()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

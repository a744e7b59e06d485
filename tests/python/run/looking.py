"""Run in a kernel: what a notebook can see of it, as JSON, without what each kernel has of its own."""

import asyncio
import atexit
import gc
import json
import locale
import logging
import multiprocessing
import os
import resource
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from pathlib import Path


def _shown(value):
    return getattr(value, "__qualname__", None) or str(value)


def _kind(fd):
    try:
        target = os.readlink(f"/proc/self/fd/{fd}")
    except OSError:
        return "gone"
    return target.split(":")[0] if ":[" in target or target.startswith(("pipe", "socket")) else Path(target).name


def _stream(stream):
    return [type(stream).__name__, stream.encoding, getattr(stream, "errors", None), stream.isatty()]


_modules = sorted(name for name in sys.modules if name != "resource")
_kinds = Counter(map(_kind, os.listdir("/proc/self/fd")))
_own = {"JPY_PARENT_PID"}

seen = {
    "folder": Path.cwd().name[:5],
    "listed": sorted(os.listdir(".")),
    "path": sys.path,
    "argv": [Path(text).name if "kernel" in text or text.endswith(".json") else text for text in sys.argv][:-1],
    "original": sys.orig_argv[:-1],
    "environment": {name: value for name, value in os.environ.items() if name not in _own},
    "parent": os.environ["JPY_PARENT_PID"] == str(os.getppid()),
    "signals": {str(number): _shown(signal.getsignal(number)) for number in signal.valid_signals()},
    "blocked": sorted(map(str, signal.pthread_sigmask(signal.SIG_BLOCK, []))),
    "wakeup": signal.set_wakeup_fd(-1) >= 0,
    "leads": [os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid()],
    # How many sockets and event descriptors ZMQ has open differs from one started kernel to the next.
    "files": {kind: kind in ("anon_inode", "socket") or count for kind, count in sorted(_kinds.items())},
    "standard": [_kind(fd) for fd in range(3)],
    "end of input": os.read(0, 1).decode(),
    "threads": sorted((type(thread).__name__, thread.name, thread.daemon) for thread in threading.enumerate()),
    "next thread": threading.Thread().name,
    "tasks": len(os.listdir("/proc/self/task")),
    "main": [threading.main_thread() is threading.current_thread(), threading.main_thread().name],
    "streams": [_stream(stream) for stream in (sys.stdin, sys.stdout, sys.stderr, sys.__stdin__, sys.__stdout__)],
    "hooks": [_shown(hook) for hook in (sys.excepthook, type(sys.displayhook), threading.excepthook)],
    "umask": [os.umask(0o22), os.umask(0o22)],
    "limits": [resource.getrlimit(number) for number in range(10)],
    "priority": os.getpriority(os.PRIO_PROCESS, 0),
    "method": multiprocessing.get_start_method(),
    "process": multiprocessing.current_process().name,
    "flags": [str(sys.flags), sys.warnoptions, str(sys._xoptions), sys.executable, sys.dont_write_bytecode],
    "interpreter": [sys.getrecursionlimit(), sys.getswitchinterval(), gc.isenabled(), gc.get_threshold()],
    "warnings": [[item[0], str(item[1]), item[2].__name__, str(item[3]), item[4]] for item in warnings.filters],
    "logging": [logging.getLogger().level, len(logging.getLogger().handlers), sorted(logging.root.manager.loggerDict)],
    "loop": [type(asyncio.get_event_loop_policy()).__name__, type(asyncio.get_running_loop()).__name__],
    "locale": [locale.setlocale(locale.LC_ALL), time.tzname],
    "temporary": tempfile.gettempdir(),
    "exits": atexit._ncallbacks(),
    "module": [__name__, sorted(name for name in vars(sys.modules["__main__"]) if name.startswith("__"))],
    "modules": _modules,
}
seen = json.loads(json.dumps(seen))

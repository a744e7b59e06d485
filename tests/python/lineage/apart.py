"""What a store answers in a process of its own: to another user, or under limits that are not to hold for the tests."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pkgutil import iter_modules, walk_packages
from types import ModuleType
from typing import Any

from claimed_jlab import cli, lineage, run
from claimed_jlab.lineage import StoreUnavailable

NOBODY = 65534


def apart(action: Callable[[], Any]) -> Any:
    """What the action answers in a process of its own, or the line with which it is refused."""

    def run(queue: multiprocessing.Queue[Any]) -> None:
        try:
            queue.put(action())
        except StoreUnavailable as error:
            queue.put(str(error))
        except BaseException as error:
            queue.put(f"wrong error: {error!r}")

    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[Any] = context.Queue()
    process = context.Process(target=run, args=(queue,))
    process.start()
    answer = queue.get(timeout=60)
    process.join()
    return answer


def as_nobody(action: Callable[[], Any]) -> Any:
    """The same of a user without rights. Root becomes one; anybody else stays who they are."""
    _load_all()

    def drop() -> Any:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return action()

    return apart(drop)


@cache
def _load_all() -> None:
    """What is imported when it is needed: this checkout may lie where nobody else may look."""
    wanted = [*_modules(lineage), *_modules(cli), *(f"{run.__name__}.{one.name}" for one in iter_modules(run.__path__))]
    for name in (*wanted, "sqlalchemy.dialects.sqlite"):
        with suppress(ModuleNotFoundError):  # one that wants an extra
            import_module(name)


def _modules(package: ModuleType) -> list[str]:
    return [module.name for module in walk_packages(package.__path__, f"{package.__name__}.")]

"""What a store answers in a process of its own: to another user, or under limits that are not to hold for the tests."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from typing import Any

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

    def run() -> Any:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        return action()

    return apart(run)

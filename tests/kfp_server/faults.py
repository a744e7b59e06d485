"""What goes wrong on purpose: rules for requests, and for pods."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass
from typing import Any

from tests.kfp_server.resolve import DriverError

KINDS = {
    "status": "answers `status` as KFP would (401, 403, 404, 409, 429 with Retry-After, 500, 503)",
    "timeout": "takes the request and does not answer for `seconds`",
    "half": "cuts the connection in the middle of the body",
    "reset": "cuts the connection without an answer",
    "login": "answers an HTML sign-in page with `status` (200, or 302 to Dex)",
    "html": "answers an HTML error page with `status`",
    "nonsense": "answers `status` with JSON that is no answer of KFP's",
    "lost": "does what is asked and cuts the connection instead of answering",
    "slow": "waits `seconds` and then answers well",
    "gone": "answers 404: the run, or what is asked for, is not there any more",
}
POD_KINDS = ("image", "oom", "evicted", "error", "driver", "slow")


@dataclass
class Fault:
    """A rule for requests. path: a regular expression, searched in the path below the prefix.

    count: how often it holds; None is always.  after: how many requests that fit go well before.
    """

    kind: str
    path: str = ""
    method: str = ""
    count: int | None = None
    after: int = 0
    status: int = 500
    seconds: float = 60.0
    retry_after: int | None = None
    message: str = ""


@dataclass
class PodFault:
    """A rule for the pods of a task (`task`: a regular expression for its whole name).

    image: can't be pulled, the pod stays PENDING.  oom, evicted, error: it dies.  driver: the driver fails.
    slow: it takes `seconds` more to start.  log: what it still writes.
    """

    kind: str
    task: str = ".*"
    count: int | None = None
    seconds: float = 0.0
    log: str = ""


class Faults:
    """The rules that hold now. The last one that was added is asked first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Fault] = []
        self._pods: list[PodFault] = []

    def add(self, fault: Fault | PodFault) -> None:
        if fault.kind not in (KINDS if isinstance(fault, Fault) else POD_KINDS):
            raise ValueError(f"no fault {fault.kind!r}: there are {', '.join(KINDS)}; of pods {', '.join(POD_KINDS)}")
        with self._lock:
            (self._rules if isinstance(fault, Fault) else self._pods).insert(0, fault)  # type: ignore[arg-type]

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._pods.clear()

    def of_request(self, method: str, path: str) -> Fault | None:
        """The rule that a request meets; it is used up by one."""
        with self._lock:
            for rule in self._rules:
                if rule.method not in ("", method) or not re.search(rule.path, path):
                    continue
                if rule.after > 0:
                    rule.after -= 1
                    continue
                if _used(rule):
                    return rule
        return None

    def of_pod(self, task: str, moment: str) -> PodFault | None:
        """The rule that a pod meets. moment: `driver`, `image` or `pod`. Raises DriverError."""
        kinds = {"driver": ("driver",), "image": ("image",), "pod": ("oom", "evicted", "error", "slow")}[moment]
        with self._lock:
            for rule in self._pods:
                if rule.kind in kinds and re.fullmatch(rule.task, task) and (moment == "image" or _used(rule)):
                    if moment == "driver":
                        raise DriverError(rule.log or "driver execution failed: rpc error: code = Unavailable")
                    return rule
        return None

    def dump(self) -> list[dict[str, Any]]:
        with self._lock:
            return [*map(asdict, self._rules), *map(asdict, self._pods)]


def _used(rule: Fault | PodFault) -> bool:
    if rule.count is None:
        return True
    rule.count -= 1
    return rule.count >= 0

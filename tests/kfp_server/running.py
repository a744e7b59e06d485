"""What the tasks of one run share, and where each of them stands."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.kfp_server.argo import Workflow
from tests.kfp_server.launcher import Machine
from tests.kfp_server.lineage import Lineage
from tests.kfp_server.options import Options
from tests.kfp_server.resolve import Json
from tests.kfp_server.specs import Spec


@dataclass
class Run:
    """What all tasks of one run share. done: what container tasks gave, by their node, kept for a retry."""

    id: str
    spec: Spec
    workflow: Workflow
    machine: Machine
    lineage: Lineage
    options: Options
    names: dict[str, str]
    root: str
    namespace: str
    cache: dict[str, Any]
    done: dict[str, Json]
    fault: Callable[[str, str], Any]
    changed: Callable[[], None]
    stop: threading.Event = field(default_factory=threading.Event)

    def component(self, name: str) -> Json:
        found: Json = self.spec.pipeline["components"][name]
        return found

    def executor(self, component: Json) -> tuple[Json, Json]:
        """(executor, what Kubernetes is told of it) of a component that is executed."""
        label = component["executorLabel"]
        kubernetes = self.spec.platform.get("platforms", {}).get("kubernetes", {})
        more = kubernetes.get("deploymentSpec", {}).get("executors", {}).get(label, {})
        return self.spec.pipeline["deploymentSpec"]["executors"][label], more


@dataclass(frozen=True)
class Place:
    """Where a task stands. path: of its node.  parent: the node that it is in.  after: the nodes it waited for."""

    path: str
    parent: str
    after: tuple[str, ...] = ()
    dag: int = 0
    iteration: int | None = None
    name: str = ""


def wait(run: Run, seconds: float) -> None:
    """Waits, but not for a run that is stopped."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and not run.stop.is_set():
        time.sleep(min(0.05, max(0.0, end - time.monotonic())))

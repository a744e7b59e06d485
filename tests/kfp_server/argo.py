"""The Argo workflow that KFP makes of a run: its nodes, as the API gives them back in `task_details`.

The names of the nodes follow from the spec; the id of a node is the workflow's name and the FNV-1a of the node's name,
the name of a pod has the template between them. Nothing but a display name, times, a state and the ids of children
comes out of the API: that is all that real KFP gives.
"""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.kfp_server.state import new_id
from tests.kfp_server.wire import node_stamp, now, present, stamp

# Argo's phases, as KFP's API names them; Omitted has no name there.
STATES = {
    "Pending": "PENDING",
    "Running": "RUNNING",
    "Succeeded": "SUCCEEDED",
    "Skipped": "SKIPPED",
    "Failed": "FAILED",
    "Error": "FAILED",
}
DONE = ("Succeeded", "Skipped", "Failed", "Error", "Omitted")


def fnv1a(text: str) -> int:
    """The 32-bit hash that Argo names nodes by."""
    found = 2166136261
    for byte in text.encode():
        found = ((found ^ byte) * 16777619) & 0xFFFFFFFF
    return found


def workflow_name(pipeline: str) -> str:
    """A name as Kubernetes generates them."""
    letters = "bcdfghjklmnpqrstvwxz2456789"
    return f"{pipeline[:57]}-{''.join(random.choices(letters, k=5))}"


@dataclass
class Node:
    """name: the whole path.  template: empty for what is no pod.  message: what Argo and `kubectl` say, not the API."""

    name: str
    display: str
    kind: str
    template: str = ""
    phase: str = "Pending"
    started: float = field(default_factory=now)
    finished: float | None = None
    children: list[str] = field(default_factory=list)
    leaves: list[str] = field(default_factory=list)
    history: list[tuple[float, str]] = field(default_factory=list)
    task_id: str = field(default_factory=new_id)
    message: str = ""
    exit_code: int | None = None
    pod: str = ""


class Workflow:
    """The nodes of one run. Safe to use from the threads of its tasks."""

    def __init__(self, name: str, created: float, nodes: list[dict[str, Any]] | None = None) -> None:
        self.name = name
        self.created = created
        self._lock = threading.RLock()
        self.nodes = {one["name"]: Node(**one) for one in nodes or []}

    def node_id(self, name: str) -> str:
        return name if name == self.name else f"{self.name}-{fnv1a(name)}"

    def pod_name(self, name: str, template: str) -> str:
        return f"{self.name}-{template}-{fnv1a(name)}"

    def start(self, name: str, kind: str, *, parent: str = "", after: list[str] | None = None, **more: Any) -> Node:
        """Adds a node, a child of its parent or of what it waited for. One that is there is begun again."""
        with self._lock:
            display = name.rsplit(".", 1)[-1] if name != self.name else name
            node = Node(name, display, kind, **more)
            if node.template:
                node.pod = self.pod_name(name, node.template)
            old = self.nodes.get(name)
            if old is not None:
                node.task_id, node.history = old.task_id, old.history
            self.nodes[name] = node
            self.link(name, parent=parent, after=after)
            self._set(node, node.phase)
            return node

    def link(self, name: str, *, parent: str = "", after: list[str] | None = None) -> None:
        """Hangs a node below what it waited for, or as one of the first below its DAG, as Argo does."""
        with self._lock:
            before = [leaf for one in after or [] for leaf in self._leaves(one)] or ([parent] if parent else [])
            for one in before:
                children = self.nodes[one].children
                if self.node_id(name) not in children:
                    children.append(self.node_id(name))

    def phase(self, node: Node, phase: str, message: str = "") -> None:
        with self._lock:
            self._set(node, phase)
            node.message = message or node.message
            if phase in DONE:
                node.finished = now()

    def drop(self, keep: set[str]) -> None:
        """Removes what did not succeed, before a retry. keep: the nodes that stay."""
        with self._lock:
            for name in [name for name in self.nodes if name not in keep]:
                del self.nodes[name]

    def details(self, run_id: str) -> list[dict[str, Any]]:
        """The run's `task_details`."""
        with self._lock:
            nodes = sorted(self.nodes.values(), key=lambda node: node.task_id)
            return [self._detail(node, run_id) for node in nodes]

    def pods(self) -> dict[str, Node]:
        with self._lock:
            return {node.pod: node for node in self.nodes.values() if node.pod}

    def dump(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(node) for node in self.nodes.values()]

    def _set(self, node: Node, phase: str) -> None:
        node.phase = phase
        state = STATES.get(phase, "RUNTIME_STATE_UNSPECIFIED")
        if not node.history or node.history[-1][1] != state:
            node.history.append((now(), state))

    def _leaves(self, name: str) -> list[str]:
        node = self.nodes.get(name)
        if node is None:
            return []
        found = [leaf for one in node.leaves for leaf in self._leaves(one)]
        return found or [name]

    def _detail(self, node: Node, run_id: str) -> dict[str, Any]:
        return {
            "run_id": run_id,
            "task_id": node.task_id,
            "display_name": node.display,
            "create_time": stamp(self.created),
            "start_time": node_stamp(node.started),
            "end_time": node_stamp(node.finished),
            **present(
                {
                    "state": STATES.get(node.phase),
                    "state_history": [{"update_time": stamp(time), "state": state} for time, state in node.history],
                    "child_tasks": [{"pod_name": child} for child in node.children],
                }
            ),
        }

"""What became of each task, from the list of Argo's nodes that the API gives for a run.

The list has a node's display name, times and state, and the ids of its children, but neither its own id nor its parent.
Ids are hashes of names, though, and names follow from the spec: so a node whose display name is not the only one of
its kind is known by its child.  Source: kubeflow/pipelines, backend/src/v2/compiler/argocompiler, and Argo's
`NodeID` (FNV-1a, 32 bits).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.run.kubeflow.client import moment
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.record import State

_STATES: dict[str, State] = {
    "PENDING": "RUNNING",
    "RUNNING": "RUNNING",
    "CANCELING": "RUNNING",
    "PAUSED": "RUNNING",
    "SUCCEEDED": "COMPLETE",
    "SKIPPED": "CANCELED",
    "FAILED": "FAILED",
    "CANCELED": "CANCELED",
}
_IMPL = "system-container-impl"
_DRIVER = "system-container-driver"


@dataclass(frozen=True)
class Leaf:
    """A task of the spec that a pod does.

    label: what its node is shown as.  path: of its node, from `root` on.  names: of its task and those it is in, as the
    spec's `taskInfo` has them.  loops: paths of the loops that it is in.  templates: that its pod may be named by.
    image: of its pod.
    """

    task: str
    label: str
    path: str
    names: tuple[str, ...]
    loops: tuple[str, ...] = ()
    templates: tuple[str, ...] = (_IMPL,)
    image: str = ""


@dataclass
class TaskState:
    """A task of the plan: its state, its times (ISO 8601) and the pods whose logs tell of it.

    pods: one for each item, each by the names that it may have, the likeliest first.
    """

    state: State
    started: str | None = None
    finished: str | None = None
    pods: list[tuple[str, ...]] = field(default_factory=list)


def run_state(text: str) -> State:
    """Our state of a run that the API calls so."""
    return _STATES.get(text, "NEW")


def leaves(spec: Mapping[str, Any], platform: Mapping[str, Any], plan: Plan) -> list[Leaf]:
    """The tasks of the plan as the spec has them, in its blocks. platform: what Kubernetes is told."""
    known = {task.name for task in plan.work()} | set(plan.groups) | {task.name for task in plan.tasks}
    told = platform.get("platforms", {}).get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {})
    return list(_Walk(spec, told, known).below(spec["root"]["dag"], "", "root", (), ()))


class _Walk:
    def __init__(self, spec: Mapping[str, Any], told: Mapping[str, Any], known: set[str]) -> None:
        self._spec = spec
        self._told = told
        self._known = known

    def below(
        self, dag: Mapping[str, Any], prefix: str, path: str, names: tuple[str, ...], loops: tuple[str, ...]
    ) -> Iterator[Leaf]:
        for key, task in dag.get("tasks", {}).items():
            component = self._spec["components"][task["componentRef"]["name"]]
            called = task.get("taskInfo", {}).get("name") or key
            name, place, inside = f"{prefix}{called}", f"{path}.{key}", (*names, called)
            inner = component.get("dag")
            if inner is None:
                if name in self._known:
                    templates, image = self._templates(task, component), self._image(component)
                    yield Leaf(name, key, place, inside, loops, templates, image)
                continue
            repeated = "parameterIterator" in task or "artifactIterator" in task
            within = (*loops, place) if repeated else loops
            yield from self.below(inner, f"{name}." if name in self._known else prefix, place, inside, within)

    def _image(self, component: Mapping[str, Any]) -> str:
        executors = self._spec.get("deploymentSpec", {}).get("executors", {})
        executor = executors.get(component.get("executorLabel", ""), {})
        return str(executor.get("container", {}).get("image", ""))

    def _templates(self, task: Mapping[str, Any], component: Mapping[str, Any]) -> tuple[str, ...]:
        """KFP names a template by what is special about it, more of it in later versions."""
        found = [_IMPL]
        if "retryPolicy" in task:
            found.insert(0, f"retry-{_IMPL}")
        about = self._told.get(component.get("executorLabel", ""), {}).get("podMetadata", {})
        if about:
            counts = f"metadata-{len(about.get('annotations', {}))}-{len(about.get('labels', {}))}"
            found = [f"{counts}-{found[0]}", *found]
        return tuple(found)


def node_id(workflow: str, name: str) -> str:
    """Argo's id of a node, by its name without the workflow's."""
    value = 0x811C9DC5
    for byte in f"{workflow}.{name}".encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return f"{workflow}-{value}"


def pod_name(workflow: str, name: str, template: str) -> str:
    """The name of the pod of a node."""
    return f"{workflow}-{template}-{node_id(workflow, name).rpartition('-')[2]}"


def workflow_of(details: list[dict[str, Any]]) -> str:
    """The name of the workflow: the node that the root's driver is a child of has it."""
    for entry in details:
        name = entry.get("display_name", "")
        if name and node_id(name, "root-driver") in _children(entry):
            return str(name)
    return ""


class Nodes:
    """The nodes of one run."""

    def __init__(self, details: list[dict[str, Any]], workflow: str) -> None:
        self._workflow = workflow
        self._named: dict[str, list[dict[str, Any]]] = {}
        for entry in details:
            self._named.setdefault(entry.get("display_name", ""), []).append(entry)

    def of(self, leaf: Leaf) -> TaskState | None:
        """What became of a task; None where it has not come to it."""
        entries = [(place, entry) for place in self._places(leaf) if (entry := self._entry(leaf.label, place))]
        if not entries:
            return self._unreached(leaf)
        found = [self._state(leaf, place, entry) for place, entry in entries]
        one = found[0] if len(found) == 1 and not leaf.loops else _together(found)
        return (self._unreached(leaf) or one) if one.state == "NEW" else one

    def _places(self, leaf: Leaf) -> list[str]:
        """The paths of its nodes: one, or one for each item of the loops that it is in."""
        if not leaf.loops:
            return [leaf.path]
        if not self._workflow:
            return []
        return list(_each_item(leaf, len(self._named.get(leaf.label, []))))

    def _entry(self, label: str, place: str) -> dict[str, Any] | None:
        named = self._named.get(label, [])
        if len(named) > 1 or "(" in place:
            children = {node_id(self._workflow, f"{place}.{name}") for name in ("executor", "executor(0)")}
            return next((entry for entry in named if children & _children(entry)), None)
        return named[0] if named else None

    def _unreached(self, leaf: Leaf) -> TaskState | None:
        """A task whose driver failed has no node of its own yet, and one below a false condition never gets one."""
        driver = self._named.get(f"{leaf.label}-driver", [])
        if len(driver) == 1 and driver[0].get("state") == "FAILED" and not leaf.loops:
            times = moment(driver[0].get("start_time")), moment(driver[0].get("end_time"))
            found = TaskState("FAILED", *times)
            if self._workflow:
                found.pods.append((pod_name(self._workflow, f"{leaf.path}-driver", _DRIVER),))
            return found
        for block in reversed(leaf.path.split(".")[1:-1]):
            named = self._named.get(block, [])
            if len(named) == 1 and named[0].get("state") == "SKIPPED":
                return TaskState("CANCELED", None, moment(named[0].get("end_time")))
        return None

    def _state(self, leaf: Leaf, place: str, entry: dict[str, Any]) -> TaskState:
        state = _STATES.get(entry.get("state", ""), "NEW")
        started, finished = moment(entry.get("start_time")), moment(entry.get("end_time"))
        pods: list[tuple[str, ...]] = []
        if self._workflow:
            tries = self._tries(place)
            node = f"{place}.executor{tries}"
            pods = [tuple(pod_name(self._workflow, node, template) for template in leaf.templates)]
        if state == "COMPLETE" and self._was_cached(entry):
            return TaskState("CACHED", started, finished, pods)
        return TaskState(state, started, finished, pods)

    def _tries(self, place: str) -> str:
        """The last attempt of a task that was tried again, as its pod's name has it."""
        last = ""
        for number in range(100):
            wanted = f"executor({number})"
            if wanted not in self._named:
                return last
            parent = node_id(self._workflow, f"{place}.{wanted}")
            if any(parent in _children(entry) for entry in self._named.get("executor", [])):
                last = f"({number})"
        return last

    def _was_cached(self, entry: dict[str, Any]) -> bool:
        """A pod that was skipped while its task succeeded is all that the API tells of a cache hit."""
        start, end = entry.get("start_time", ""), entry.get("end_time", "")
        skipped = [
            one
            for one in self._named.get("executor", [])
            if one.get("state") == "SKIPPED" and start <= one.get("start_time", "") <= end
        ]
        ran = [
            one
            for one in self._named.get("executor", [])
            if one.get("state") == "SUCCEEDED" and start <= one.get("start_time", "") and one.get("end_time", "") <= end
        ]
        return bool(skipped) and not ran


def _each_item(leaf: Leaf, most: int) -> Iterator[str]:
    """The paths of a task for each item, in order. Only a loop of its own is looked through, not one in another."""
    loop = leaf.loops[-1]
    rest = leaf.path[len(loop) + 1 :]
    for number in range(most):
        yield f"{loop}.iteration-iterations({number}:{number}).iteration-item.{rest}"


def _together(found: list[TaskState]) -> TaskState:
    states = [one.state for one in found]
    state: State = "COMPLETE"
    for wanted in ("RUNNING", "FAILED", "NEW", "COMPLETE", "CACHED", "CANCELED"):
        if wanted in states:
            state = wanted
            break
    started = min((one.started for one in found if one.started), default=None)
    finished = max((one.finished for one in found if one.finished), default=None)
    return TaskState(state, started, finished, [pod for one in found for pod in one.pods])


def _children(entry: Mapping[str, Any]) -> set[str]:
    return {child.get("pod_name", "") for child in entry.get("child_tasks", [])}

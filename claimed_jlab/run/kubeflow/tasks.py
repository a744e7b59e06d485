"""The tasks of one document in their DAGs: wired, guarded by conditions, repeated in loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claimed_jlab.component.types import PortType
from claimed_jlab.pipeline.document import ForEach, Source, Task
from claimed_jlab.pipeline.python.conditions import Comparison
from claimed_jlab.pipeline.validate import Checked
from claimed_jlab.run.kubeflow import executors
from claimed_jlab.run.kubeflow.cel import CannotSay, condition
from claimed_jlab.run.kubeflow.dag import Channel, Collector, Dag, Kind, channel, dashed, unused
from claimed_jlab.run.kubeflow.kubernetes import kubernetes_of

if TYPE_CHECKING:
    from claimed_jlab.run.kubeflow.compile import Parts

Inputs = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Names:
    """prefix: before the names of a document's components.  keys: what its tasks are called in the spec.

    image: of its notebooks whose task names none.
    """

    prefix: str
    keys: Mapping[str, str]
    image: str | None


class TaskBuilder:
    """Puts tasks into DAGs. channel_of: a parameter or an output by its name.  nested: the component of a pipeline."""

    def __init__(
        self,
        checked: Checked,
        parts: Parts,
        names: Names,
        channel_of: Callable[[str], Channel],
        nested: Callable[[str], dict[str, Any]],
    ) -> None:
        self._checked = checked
        self._keys = names.keys
        self._default_image = names.image
        self._parts = parts
        self._prefix = names.prefix
        self._channel = channel_of
        self._nested = nested
        self._blocks = 0
        self._home: dict[str, str] = {}

    def task(self, name: str, dag: Dag, items: dict[str, Channel] | None = None) -> None:
        """Adds a task. items: the inputs that the item of a loop gives."""
        task = self._checked.document.tasks[name]
        inputs: Inputs = {"artifacts": {}, "parameters": {}}
        after: set[str] = set()
        for field, source in task.inputs.items():
            self._input(name, field, source, dag, inputs, after)
        for field, item in (items or {}).items():
            inputs[item.kind][self._key(name, field)] = dag.wire(item)[0]
        after |= {self._place(self._keys[other], dag) for other in task.after} - {""}
        reference = self._component(name, task, dag, inputs, after)
        about: dict[str, Any] = {
            "taskInfo": {"name": name},
            "componentRef": {"name": reference},
            "cachingOptions": {"enableCache": True} if task.cache else {},
        }
        if task.retry is not None:
            backoff = int(task.retry.backoff) if "backoff" in task.retry.model_fields_set else 0
            about["retryPolicy"] = {
                "maxRetryCount": task.retry.attempts,
                "backoffDuration": f"{backoff}s",
                "backoffFactor": 2.0,
                "backoffMaxDuration": "3600s",
            }
        dag.add(self._keys[name], about, inputs, after)

    def looped(self, name: str, dag: Dag) -> None:
        """Adds a task, in its loop where it has one."""
        each = self._checked.document.tasks[name].for_each
        if each is None:
            return self.task(name, dag)
        inner = Dag()
        items, iterator = self._items(name, each, inner)
        self.task(name, inner, items)
        policy = {"iteratorPolicy": {"parallelismLimit": each.max_parallel}} if each.max_parallel else {}
        key = self._keys[name]
        block = self.block(f"for-loop-{key}", inner, dag, {**iterator, **policy})
        component = self._parts.components[dag.tasks[block]["componentRef"]["name"]]
        dag.collects[key] = Collector(block, key, component)
        return None

    def guarded(self, comparison: Comparison, inner: Dag, dag: Dag) -> None:
        """Adds a block that runs only when a comparison holds."""
        for side in (comparison.left, comparison.right):
            if side.named:
                inner.holes.setdefault((hole := self._channel(side.text)).name, hole)
        trigger = {"triggerPolicy": {"condition": condition(comparison, self._channel)}}
        self._blocks += 1
        self.block(f"condition-{self._blocks}", inner, dag, trigger)

    def block(self, name: str, inner: Dag, dag: Dag, about: dict[str, Any]) -> str:
        """Adds the task of a block, with all that comes into it from outside; returns the task's name."""
        loops = about.get("parameterIterator", about.get("artifactIterator", {})).get("itemInput")
        component: dict[str, Any] = {"dag": {"tasks": inner.tasks}}
        definitions = inner.definitions()
        if definitions:
            component["inputDefinitions"] = definitions
        inputs: Inputs = {"artifacts": {}, "parameters": {}}
        waits: set[str] = set()
        for hole in inner.holes.values():
            if hole.name == loops:
                continue
            wire, producer = dag.wire(hole)
            inputs[hole.kind][hole.name] = wire
            waits |= {producer} if producer else set()
        for task in inner.tasks:
            self._home[task] = name
        reference = self._parts.component(f"{self._prefix}{name}", component)
        dag.add(name, {"taskInfo": {"name": name}, "componentRef": {"name": reference}, **about}, inputs, waits)
        return name

    def _items(self, name: str, each: ForEach, inner: Dag) -> tuple[dict[str, Channel], dict[str, Any]]:
        """(the inputs that an item gives, the iterator of the loop)."""
        spec = self._checked.components[name]
        if each.kind == "value":
            assert isinstance(each.value, list)
            fields = _fields(each.value)
            kind = _item_type(each.value)
            item = channel("", f"{self._keys[name]}-loop-item", "parameters", {"parameterType": kind})
            iterator = {"items": {"raw": executors.raw_items(each.value)}, "itemInput": item.name}
        else:
            source = self._channel(each.output or str(each.parameter))
            inner.holes[source.name] = source
            artifacts = source.kind == "artifacts"
            fields = []
            declared = {k: v for k, v in source.declared().items() if k == "artifactType"}
            item = channel(
                "",
                f"{source.name.removeprefix('pipelinechannel--')}-loop-item",
                source.kind,
                declared if artifacts else {"parameterType": "STRING"},
            )
            word = "inputArtifact" if artifacts else "inputParameter"
            iterator = {"items": {word: source.name}, "itemInput": item.name}
        inner.holes[item.name] = item
        key = "artifactIterator" if item.kind == "artifacts" else "parameterIterator"
        if each.input is not None:
            return {each.input: item}, {key: iterator}
        if each.kind != "value":
            raise CannotSay(
                "Kubeflow can't take the fields of items that are known only in the run",
                where=f"tasks.{name}.for_each",
                hint="name the input that takes an item",
            )
        known = [field for field in fields if spec.input(field) is not None]
        return {field: _field_of(item, field) for field in known}, {key: iterator}

    def _input(self, name: str, field: str, source: Source, dag: Dag, inputs: Inputs, after: set[str]) -> None:
        spec = self._checked.components[name]
        port = spec.input(field)
        key = self._key(name, field)
        kind: Kind = "artifacts" if port is not None and port.kind == "artifact" else "parameters"
        if source.kind == "secret":
            if port is not None and not port.optional:
                inputs["parameters"][key] = {"runtimeValue": {"constant": ""}}
        elif kind == "artifacts" and source.kind in ("parameter", "value"):
            if source.kind == "parameter" or source.value:
                assert port is not None
                self._import(name, field, source, port.port_type, dag, inputs, after)
        elif source.kind == "value":
            inputs[kind][key] = {"runtimeValue": {"constant": source.value}}
        else:
            wire, producer = dag.wire(self._channel(source.output or str(source.parameter)))
            inputs[kind][key] = wire
            after |= {producer} if producer else set()

    def _import(
        self, name: str, field: str, source: Source, port: PortType, dag: Dag, inputs: Inputs, after: set[str]
    ) -> None:
        """A file for an artifact input comes in by an importer."""
        if source.kind == "parameter":
            uri, given = {"runtimeParameter": "uri"}, dag.wire(self._channel(str(source.parameter)))[0]
        elif own := self._carried(f"{self._keys[name]}-{dashed(field)}", str(source.value), port.name, dag):
            inputs["artifacts"][self._key(name, field)] = imported(own)
            after.add(own)
            return
        else:
            uri = {"constant": self._parts.file(self._checked.folder, str(source.value))}
            given = {"runtimeValue": uri}
        own = self._importer(f"{self._keys[name]}-{dashed(field)}", port.name, uri, given, dag)
        inputs["artifacts"][self._key(name, field)] = imported(own)
        after.add(own)

    def _carried(self, wanted: str, text: str, title: str, dag: Dag) -> str | None:
        """Adds a task that gives a file which travels in the spec; returns its name, None for one that does not."""
        own = unused(f"{wanted}-file", dag.tasks)
        reference = self._parts.carrier(f"{self._prefix}{own}", self._checked.folder, text, title, self._default_image)
        if reference is None:
            return None
        caching = {"cachingOptions": {"enableCache": True}}
        dag.add(own, {"taskInfo": {"name": own}, "componentRef": {"name": reference}, **caching}, {}, set())
        return own

    def _importer(self, wanted: str, title: str, uri: dict[str, Any], given: dict[str, Any], dag: Dag) -> str:
        """Adds a task that brings in a file; returns its name. title: the type of the artifact."""
        own = unused(f"{wanted}-importer", dag.tasks)
        component, executor = executors.importer(title, uri)
        reference = self._parts.importer(f"{self._prefix}{own}", component, executor)
        about = {
            "taskInfo": {"name": "importer"},
            "componentRef": {"name": reference},
            "cachingOptions": {"enableCache": True},
        }
        dag.add(own, about, {"parameters": {"uri": given}}, set())
        return own

    def _component(self, name: str, task: Task, dag: Dag, inputs: Inputs, after: set[str]) -> str:
        wanted = f"{self._prefix}{self._keys[name]}"
        if name in self._checked.nested:
            return self._parts.component(wanted, self._nested(name))
        packed = self._parts.of(self._checked.components[name], self._image(name, task))
        if packed.upload is not None:
            uri = {"constant": packed.upload[0]}
            own = self._importer(f"{self._keys[name]}-notebook", "Artifact", uri, {"runtimeValue": uri}, dag)
            inputs["artifacts"][packed.notebook] = imported(own)
            after.add(own)
        return self._parts.executor(wanted, packed, executors.resources_of(task), kubernetes_of(task))

    def _image(self, name: str, task: Task) -> str | None:
        """The image that the document names for a task; a container keeps its own but where the task itself says."""
        if task.image or self._checked.components[name].container is not None:
            return task.image
        return self._default_image

    def _key(self, name: str, field: str) -> str:
        if name in self._checked.nested:
            return field
        return executors.keys(self._checked.components[name])[0].get(field, field)

    def _place(self, other: str, dag: Dag) -> str:
        """The task of a DAG that another task is, or stands in; empty where it is outside."""
        while other not in dag.tasks and other in self._home:
            other = self._home[other]
        return other if other in dag.tasks else ""


def imported(importer: str) -> dict[str, Any]:
    """How a task takes what an importer brings."""
    return {"taskOutputArtifact": {"producerTask": importer, "outputArtifactKey": "artifact"}}


def _field_of(item: Channel, field: str) -> Channel:
    return Channel(item.origin, item.key, item.kind, item.definition, selector=field)


def _fields(items: list[Any]) -> list[str]:
    first = items[0] if items else None
    return list(first) if isinstance(first, dict) else []


def _item_type(items: list[Any]) -> str:
    """What KFP takes the items of a known list for: the type of the first."""
    first = items[0] if items else ""
    for kind, name in ((bool, "BOOLEAN"), (int, "NUMBER_INTEGER"), (float, "NUMBER_DOUBLE"), (list, "LIST")):
        if isinstance(first, kind):
            return name
    return "STRUCT" if isinstance(first, dict) else "STRING"

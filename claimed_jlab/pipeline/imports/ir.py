"""KFP v2's intermediate representation (a PipelineSpec, as YAML or JSON) as a document.

Conditions and loops, which are pipelines inside the pipeline there, become `when` and `for_each` of the tasks in them.
Each container becomes a component of KFP's in a file beside the document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from claimed_jlab.component.catalogs.loose import line, mapping
from claimed_jlab.component.yaml_text import yaml_text
from claimed_jlab.pipeline.document import FORMAT
from claimed_jlab.pipeline.imports.imported import Imported, NotImportable, unique
from claimed_jlab.pipeline.imports.ir_conditions import expression_of
from claimed_jlab.pipeline.imports.ir_kubernetes import executors_of, kubernetes_of
from claimed_jlab.pipeline.imports.ir_values import bare, parameter_of, produced, typed
from claimed_jlab.pipeline.python.naming import identifier, is_task_name
from claimed_jlab.pipeline.resources import GPU

_PART = re.compile(r"""parseJson\(string_value\)\[['"](.*)['"]\]""")


def is_ir(data: Any) -> bool:
    """Whether data looks like a compiled pipeline of KFP's."""
    return isinstance(data, dict) and "root" in data and "pipelineInfo" in data


def read_ir(data: dict[str, Any], name: str, settings: Any = None) -> Imported:
    """The document of a compiled pipeline. name: of the file.  settings: of Kubernetes.  Raises NotImportable."""
    if not mapping(mapping(data.get("root")).get("dag")).get("tasks"):
        raise NotImportable("has no tasks in it", where="root.dag.tasks")
    return _Reader(data, name, executors_of(settings)).read()


@dataclass(frozen=True)
class _Scope:
    """What the inputs of a pipeline inside are, seen from the document: sources by name.

    item: the input that is the item of a loop.
    """

    inputs: dict[str, dict[str, Any]]
    conditions: tuple[str, ...] = ()
    each: dict[str, Any] | None = None
    item: str = ""
    tasks: dict[str, str] = field(default_factory=dict)


class _Reader:
    def __init__(self, data: dict[str, Any], name: str, settings: dict[str, Any]) -> None:
        self._settings = settings
        about = mapping(data.get("pipelineInfo"))
        title = line(about.get("displayName")) or line(about.get("name")) or name
        self._components = mapping(data.get("components"))
        self._executors = mapping(mapping(data.get("deploymentSpec")).get("executors"))
        self._root = mapping(data.get("root"))
        self._found = Imported({"format": FORMAT, "name": title})
        if about.get("description"):
            self._found.data["description"] = str(about["description"])
        self._tasks: dict[str, dict[str, Any]] = {}
        self._outputs: dict[str, dict[str, str]] = {}
        self._imported: dict[str, dict[str, Any]] = {}
        self._folder = f"{identifier(name)}-components"

    def read(self) -> Imported:
        inputs = mapping(mapping(self._root.get("inputDefinitions")).get("parameters"))
        parameters = {name: parameter_of(mapping(about)) for name, about in inputs.items()}
        if parameters:
            self._found.data["parameters"] = parameters
        for name in mapping(mapping(self._root.get("inputDefinitions")).get("artifacts")):
            self._found.lose(f"the pipeline's artifact {name!r}: give a file to the task that takes it", "root")
        outputs = self._dag(self._root, _Scope({name: {"parameter": name} for name in parameters}))
        self._found.data["tasks"] = self._tasks
        if outputs:
            self._found.data["outputs"] = {name: {"output": output} for name, output in outputs.items()}
        return self._found

    def _dag(self, component: dict[str, Any], scope: _Scope) -> dict[str, str]:
        """Reads the tasks of a pipeline; what each of its outputs is, as `task.output`."""
        dag = mapping(component.get("dag"))
        tasks = {key: mapping(task) for key, task in mapping(dag.get("tasks")).items()}
        names: dict[str, str] = {}
        scope = replace(scope, tasks=names)
        waiting = list(tasks)
        while waiting:
            key = next((item for item in waiting if not self._needs(tasks[item]) & set(waiting)), waiting[0])
            waiting.remove(key)
            self._one(key, tasks[key], scope, names)
        made = mapping(mapping(dag.get("outputs")).get("artifacts")) | mapping(
            mapping(dag.get("outputs")).get("parameters")
        )
        return dict(produced(made, names, self._outputs))

    @staticmethod
    def _needs(task: dict[str, Any]) -> set[str]:
        return {str(name) for name in task.get("dependentTasks") or []}

    def _one(self, key: str, task: dict[str, Any], scope: _Scope, names: dict[str, str]) -> None:
        reference = str(mapping(task.get("componentRef")).get("name"))
        component = mapping(self._components.get(reference))
        executor = mapping(self._executors.get(str(component.get("executorLabel"))))
        if "dag" in component:
            self._inner(key, task, component, scope, names)
        elif "importer" in executor:
            uri = mapping(mapping(executor["importer"]).get("artifactUri"))
            given = mapping(mapping(task.get("inputs")).get("parameters")).get("uri")
            source = self._source(mapping(given), scope) if given else {"value": uri.get("constant")}
            names[key] = key
            self._imported[key] = source or {"value": ""}
        else:
            self._task(key, task, reference, component, executor, scope, names)

    def _inner(
        self, key: str, task: dict[str, Any], component: dict[str, Any], scope: _Scope, names: dict[str, str]
    ) -> None:
        """A condition, a loop, or a pipeline in the pipeline, whose tasks come into the document."""
        inputs = dict(self._inputs(task, scope))
        conditions = scope.conditions + tuple(self._conditions(key, task, inputs))
        each, item = scope.each, scope.item
        iterator = mapping(task.get("parameterIterator"))
        if iterator:
            if each is not None:
                self._found.lose(f"the loop {key!r} is in a loop: the inner one only is kept", f"tasks.{key}")
            each, item = self._each(iterator, task, inputs), str(iterator.get("itemInput"))
            inputs.pop(item, None)
        if iterator and len(mapping(mapping(component.get("dag")).get("tasks"))) > 1:
            what = (
                f"that the tasks in the loop {key!r} are repeated together: make a pipeline of them, and loop over it"
            )
            self._found.lose(what, f"tasks.{key}")
        if mapping(task.get("artifactIterator")):
            self._found.lose(f"the loop {key!r} goes over artifacts", f"tasks.{key}")
        made = self._dag(component, _Scope(inputs, conditions, each, item))
        names[key] = key
        self._outputs[key] = made

    def _each(self, iterator: dict[str, Any], task: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
        items = mapping(iterator.get("items"))
        limit = mapping(task.get("iteratorPolicy")).get("parallelismLimit")
        bound = {"max_parallel": limit} if limit else {}
        if "raw" in items:
            return {"value": json.loads(str(items["raw"])), **bound}
        return {**inputs.get(str(items.get("inputParameter")), {"value": []}), **bound}

    def _conditions(self, key: str, task: dict[str, Any], inputs: dict[str, Any]) -> Iterator[str]:
        text = line(mapping(task.get("triggerPolicy")).get("condition"))
        said = expression_of(text, inputs) if text else None
        if said is not None:
            yield said
        elif text:
            self._found.lose(f"the condition {text!r}", f"tasks.{key}")

    def _task(
        self,
        key: str,
        task: dict[str, Any],
        reference: str,
        component: dict[str, Any],
        executor: dict[str, Any],
        scope: _Scope,
        names: dict[str, str],
    ) -> None:
        shown = line(mapping(task.get("taskInfo")).get("name"))
        name = unique(shown if is_task_name(shown) else identifier(shown or key), self._tasks)
        names[key] = name
        made: dict[str, Any] = {"component": self._component(reference, component, executor)}
        inputs = dict(self._inputs(task, scope))
        each = dict(scope.each) if scope.each is not None else None
        for field_name, source in [*inputs.items()]:
            if source == {"item": scope.item} and each is not None:
                each["input"] = field_name
                del inputs[field_name]
            elif "value" in source:
                inputs[field_name] = {"value": typed(component, field_name, source["value"])}
            elif source == {"item": f"{scope.item}.{field_name}"}:
                del inputs[field_name]  # an item is an object of inputs
            elif "item" in source:
                self._found.lose(f"{field_name}: a part of a loop's item", f"tasks.{name}.inputs.{field_name}", name)
                del inputs[field_name]
        own = kubernetes_of(self._settings.get(str(component.get("executorLabel"))))
        taken = mapping(mapping(component.get("inputDefinitions")).get("parameters"))
        inputs.update({field: {"secret": secret} for field, secret in own.secrets.items() if field in taken})
        variables = {field: secret for field, secret in own.secrets.items() if field not in taken}
        kubernetes = {**({"secrets_as_env": variables} if variables else {}), **own.asked}
        if kubernetes:
            made["kubernetes"] = kubernetes
        for what in own.lost:
            self._found.lose(what, f"tasks.{name}", name)
        if own.timeout:
            made["timeout"] = own.timeout
        if inputs:
            made["inputs"] = inputs
        if scope.conditions:
            made["when"] = " and ".join(f"({text})" if " or " in text else text for text in scope.conditions)
        if each is not None:
            made["for_each"] = each
        feeding = {source["output"].partition(".")[0] for source in inputs.values() if "output" in source}
        waits = (names.get(item, "") for item in sorted(self._needs(task)))
        after = [item for item in waits if item in self._tasks and item not in feeding]
        self._tasks[name] = {**made, **self._policies(name, task, executor), **({"after": after} if after else {})}
        self._outputs[name] = {}

    def _policies(self, name: str, task: dict[str, Any], executor: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        retry = mapping(task.get("retryPolicy"))
        if retry:
            wait = re.match(r"(\d+)", line(retry.get("backoffDuration")))
            found["retry"] = {
                "attempts": int(retry.get("maxRetryCount") or 0),
                **({"backoff": int(wait[1])} if wait else {}),
            }
        given = mapping(mapping(executor.get("container")).get("resources"))
        resources: dict[str, Any] = {}
        for ours, theirs in (("cpu", "resourceCpuLimit"), ("memory", "resourceMemoryLimit")):
            amount = given.get(theirs) or given.get(
                theirs.replace("resource", "").replace("C", "c", 1).replace("M", "m", 1)
            )
            if amount:
                resources[ours] = amount
        gpu = mapping(given.get("accelerator"))
        count = gpu.get("resourceCount") or gpu.get("count")
        if count:
            resources["gpu"] = int(count)
            kind = gpu.get("resourceType") or gpu.get("type")
            resources |= {"accelerator": kind} if kind and kind != GPU else {}
        if resources:
            found["resources"] = resources
        if not mapping(task.get("cachingOptions")).get("enableCache"):
            found["cache"] = False
        if mapping(task.get("triggerPolicy")).get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED":
            self._exit(name)
        return found

    def _exit(self, name: str) -> None:
        if "on_exit" in self._found.data:
            self._found.lose("a second task that runs when others have failed", f"tasks.{name}", name)
        else:
            self._found.data["on_exit"] = name

    def _component(self, reference: str, component: dict[str, Any], executor: dict[str, Any]) -> str:
        """The file of a component, made when it is first used."""
        title = re.sub(r"-\d+$", "", reference.removeprefix("comp-")) or "component"
        label = str(component.get("executorLabel"))
        # What it takes of a machine is the task's.
        container = {key: value for key, value in mapping(executor.get("container")).items() if key != "resources"}
        document = {
            "components": {reference: component},
            "deploymentSpec": {"executors": {label: {**executor, "container": container}}},
            "pipelineInfo": {"name": title},
            "schemaVersion": "2.1.0",
        }
        text = yaml_text(document)
        same = next((path for path, other in self._found.files.items() if bare(other) == bare(text)), None)
        taken = [path.rpartition("/")[2].removesuffix(".yaml") for path in self._found.files]
        path = same or f"{self._folder}/{unique(title, taken)}.yaml"
        self._found.files.setdefault(path, text)
        return f"./{path}"

    def _inputs(self, task: dict[str, Any], scope: _Scope) -> Iterator[tuple[str, dict[str, Any]]]:
        given = mapping(task.get("inputs"))
        for name, about in {**mapping(given.get("parameters")), **mapping(given.get("artifacts"))}.items():
            source = self._source(mapping(about), scope)
            if source is not None:
                yield name, source

    def _source(self, about: dict[str, Any], scope: _Scope) -> dict[str, Any] | None:
        outer = about.get("componentInputParameter") or about.get("componentInputArtifact")
        if outer is not None:
            part = _PART.fullmatch(line(about.get("parameterExpressionSelector")))
            if about.get("parameterExpressionSelector"):
                return {"item": f"{outer}.{part[1] if part else ''}"}
            return {"item": outer} if outer == scope.item else scope.inputs.get(str(outer))
        made = mapping(about.get("taskOutputParameter")) or mapping(about.get("taskOutputArtifact"))
        if made:
            task = str(made.get("producerTask"))
            output = str(made.get("outputParameterKey") or made.get("outputArtifactKey"))
            return self._produced(scope.tasks.get(task, task), output)
        runtime = mapping(about.get("runtimeValue"))
        return {"value": runtime.get("constant")} if runtime else None

    def _produced(self, task: str, output: str) -> dict[str, Any]:
        """An output of a task, of a pipeline inside, or of an importer."""
        if task in self._imported:
            return dict(self._imported[task])
        inner = self._outputs.get(task, {}).get(output)
        return {"output": inner or f"{task}.{output}"}

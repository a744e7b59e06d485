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
from claimed_jlab.pipeline.document import FORMAT
from claimed_jlab.pipeline.imports.imported import Imported, NotImportable, unique
from claimed_jlab.pipeline.imports.ir_conditions import expression_of
from claimed_jlab.pipeline.imports.ir_files import Files
from claimed_jlab.pipeline.imports.ir_kubernetes import executors_of, kubernetes_of
from claimed_jlab.pipeline.imports.ir_loops import stands_alone, with_item_type, with_numbers, without_unused
from claimed_jlab.pipeline.imports.ir_policies import is_last, policies_of
from claimed_jlab.pipeline.imports.ir_values import parameter_of, plain_names, produced, typed
from claimed_jlab.pipeline.python.naming import identifier, is_task_name
from claimed_jlab.pipeline.text import document_text

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
    """Reads one pipeline. outer: the reader of the one that it is in, whose files it adds to."""

    def __init__(self, data: dict[str, Any], name: str, settings: dict[str, Any], outer: _Reader | None = None) -> None:
        self._data = data
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
        self._renamed: dict[str, dict[str, str]] = {}
        self._imported: dict[str, dict[str, Any]] = {}
        self._files: Files = (
            outer._files.inside() if outer else Files(self._found.files, f"{identifier(name)}-components")
        )

    def read(self) -> Imported:
        inputs = mapping(mapping(self._root.get("inputDefinitions")).get("parameters"))
        names = plain_names(inputs)
        parameters = {names[name]: parameter_of(mapping(about)) for name, about in inputs.items()}
        if parameters:
            self._found.data["parameters"] = parameters
        for name in mapping(mapping(self._root.get("inputDefinitions")).get("artifacts")):
            self._found.lose(f"the pipeline's artifact {name!r}: give a file to the task that takes it", "root")
        outputs = self._dag(self._root, _Scope({name: {"parameter": plain} for name, plain in names.items()}))
        self._found.data["tasks"] = self._tasks
        if outputs:
            made = plain_names(outputs)
            self._found.data["outputs"] = {made[name]: {"output": output} for name, output in outputs.items()}
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
        return dict(produced(made, names, self._outputs, self._renamed))

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
        """A condition, a loop, or a pipeline in the pipeline: a document of its own, or tasks of this one."""
        if stands_alone(key, task, component) and self._document(key, task, component, scope, names):
            return
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

    def _document(
        self, key: str, task: dict[str, Any], component: dict[str, Any], scope: _Scope, names: dict[str, str]
    ) -> bool:
        """A pipeline inside as a document beside this one; False where no document can say it."""
        iterator = mapping(task.get("parameterIterator"))
        if iterator and scope.each is not None:
            return False
        if iterator:
            component = with_item_type(component, str(iterator.get("itemInput")), self._components)
        name = self._name(key, task)
        data = {**self._data, "root": component, "pipelineInfo": {"name": name}}
        before = dict(self._files.texts)
        inner = _Reader(data, name, self._settings, self).read()
        if inner.diagnostics or "on_exit" in inner.data:
            self._files.texts.clear()
            self._files.texts.update(before)
            return False
        inputs = dict(self._inputs(task, scope))
        if iterator:
            scope = replace(scope, each=self._each(iterator, task, inputs), item=str(iterator.get("itemInput")))
            inputs[scope.item] = {"item": scope.item}
        plain = plain_names(mapping(mapping(component.get("inputDefinitions")).get("parameters")))
        if iterator:
            with_numbers(inner.data, plain.get(scope.item, ""))
            without_unused(inner.data, plain.get(str(mapping(iterator.get("items")).get("inputParameter")), ""))
        known = inner.data.get("parameters", {})
        inputs = {field: source for field, source in inputs.items() if plain.get(field) in known}
        inputs = {plain.get(field, field): _typed(component, field, source) for field, source in inputs.items()}
        conditions = tuple(self._conditions(key, task, dict(self._inputs(task, scope))))
        scope = replace(scope, conditions=scope.conditions + conditions)
        names[key] = name
        made = {"component": self._files.document(name, document_text(inner.data))}
        self._place(name, made, task, inputs, scope, names)
        if not mapping(task.get("cachingOptions")).get("enableCache") and not iterator:
            self._tasks[name]["cache"] = False
        self._renamed[name] = plain_names(_outputs_of(component))
        return True

    def _name(self, key: str, task: dict[str, Any]) -> str:
        shown = line(mapping(task.get("taskInfo")).get("name"))
        return unique(shown if is_task_name(shown) else identifier(shown or key), self._tasks)

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
        name = names[key] = self._name(key, task)
        made: dict[str, Any] = {"component": self._files.component(reference, component, executor)}
        inputs = dict(self._inputs(task, scope))
        inputs = {field: _typed(component, field, source) for field, source in inputs.items()}
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
        self._place(name, made, task, inputs, scope, names)
        self._tasks[name] |= policies_of(task, executor)
        if is_last(task):
            self._exit(name)

    def _place(
        self,
        name: str,
        made: dict[str, Any],
        task: dict[str, Any],
        inputs: dict[str, dict[str, Any]],
        scope: _Scope,
        names: dict[str, str],
    ) -> None:
        """Puts a task into the document, under the conditions and in the loop of its scope."""
        each = dict(scope.each) if scope.each is not None else None
        for field_name, source in [*inputs.items()]:
            if source == {"item": scope.item} and each is not None:
                each["input"] = field_name
                del inputs[field_name]
            elif source == {"item": f"{scope.item}.{field_name}"}:
                del inputs[field_name]  # an item is an object of inputs
            elif "item" in source:
                self._found.lose(f"{field_name}: a part of a loop's item", f"tasks.{name}.inputs.{field_name}", name)
                del inputs[field_name]
        if inputs:
            made["inputs"] = inputs
        if scope.conditions:
            made["when"] = " and ".join(f"({text})" if " or " in text else text for text in scope.conditions)
        if each is not None:
            made["for_each"] = each
        feeding = {source["output"].partition(".")[0] for source in inputs.values() if "output" in source}
        waits = (names.get(item, "") for item in sorted(self._needs(task)))
        after = [item for item in waits if item in self._tasks and item not in feeding]
        self._tasks[name] = {**made, **({"after": after} if after else {})}
        self._outputs[name] = {}

    def _exit(self, name: str) -> None:
        if "on_exit" in self._found.data:
            self._found.lose("a second task that runs when others have failed", f"tasks.{name}", name)
        else:
            self._found.data["on_exit"] = name

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
        return {"output": inner or f"{task}.{self._renamed.get(task, {}).get(output, output)}"}


def _typed(component: dict[str, Any], name: str, source: dict[str, Any]) -> dict[str, Any]:
    return {"value": typed(component, name, source["value"])} if "value" in source else source


def _outputs_of(component: dict[str, Any]) -> list[str]:
    given = mapping(mapping(component.get("dag")).get("outputs"))
    return [*mapping(given.get("artifacts")), *mapping(given.get("parameters"))]

"""A checked document as KFP's PipelineSpec, schema 2.1.0, built as data: no code is generated, kfp is not imported.

The tasks stand in the blocks that KFP needs: below the conditions that hold for them, in their loops, before the exit
task. The same document gives the same bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimed_jlab.component.export.ir import PARAMETER_TYPES, SCHEMA, SDK, schema_of
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.component.yaml_text import yaml_text
from claimed_jlab.pipeline.document import Pipeline
from claimed_jlab.pipeline.python.arrange import Block, arrange, sayable_when
from claimed_jlab.pipeline.python.plain import plain_type
from claimed_jlab.pipeline.validate import Checked
from claimed_jlab.run.kubeflow import executors
from claimed_jlab.run.kubeflow.cel import CannotSay
from claimed_jlab.run.kubeflow.dag import Channel, Dag, channel, dashed, task_keys, unused
from claimed_jlab.run.kubeflow.options import DEFAULTS, with_site
from claimed_jlab.run.kubeflow.options import CompileOptions as CompileOptions
from claimed_jlab.run.kubeflow.packing import Packed, carrier, file_problem, file_upload, is_carried, pack
from claimed_jlab.run.kubeflow.tasks import Names, TaskBuilder


@dataclass
class Compiled:
    """spec: the PipelineSpec.  platform: the PlatformSpec with what is Kubernetes' own; empty where nothing is.

    uploads: what must be at which URI before a run: notebooks that are too large for the spec, files of this machine.
    """

    spec: dict[str, Any]
    platform: dict[str, Any]
    uploads: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Parts:
    """What all DAGs of one spec put in: components, executors, and what Kubernetes is told of these."""

    options: CompileOptions = DEFAULTS
    components: dict[str, Any] = field(default_factory=dict)
    executors: dict[str, Any] = field(default_factory=dict)
    kubernetes: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, bytes] = field(default_factory=dict)
    _packed: dict[str, Packed] = field(default_factory=dict)
    _executed: dict[tuple[int, str], str] = field(default_factory=dict)

    def of(self, spec: ComponentSpec, image: str | None) -> Packed:
        """A component with its container, each read once. Raises NotANotebook, NotebookTooLarge."""
        key = json.dumps([spec.path, spec.digest, image])
        if key not in self._packed:
            found = self._packed[key] = pack(spec, image, self.options.pipeline_root)
            self.uploads.update([found.upload] if found.upload else [])
        return self._packed[key]

    def file(self, folder: Path, text: str) -> str:
        """The URI of a file for an artifact input: as it is, or where it goes along with the run."""
        path, root = folder / text, self.options.pipeline_root
        if "://" in text or root is None or file_problem(path, self.options):
            return text
        uri, content = file_upload(path, root)
        self.uploads[uri] = content
        return uri

    def carrier(self, wanted: str, folder: Path, text: str, title: str, image: str | None) -> str | None:
        """The component that gives a file which travels in the spec; None for one that does not."""
        path = folder / text
        if "://" in text or not is_carried(path, self.options):
            return None
        component, container = carrier(path, title, image or self.options.image)
        return self._labelled(wanted, component, {"container": container}, with_site({}, self.options))

    def component(self, wanted: str, component: dict[str, Any]) -> str:
        """Adds a component; returns its name, which is `wanted` or the same with a number."""
        name = unused(f"comp-{wanted}", self.components)
        self.components[name] = component
        return name

    def importer(self, wanted: str, component: dict[str, Any], executor: dict[str, Any]) -> str:
        """Adds a component that brings in a file."""
        return self._labelled(wanted, component, executor, {})

    def executor(self, wanted: str, packed: Packed, resources: dict[str, Any], kubernetes: dict[str, Any]) -> str:
        """The component that runs so, one for all tasks that run alike. kubernetes: what it is told of these."""
        kubernetes = with_site(kubernetes, self.options)
        key = id(packed), json.dumps([resources, kubernetes])
        if key not in self._executed:
            container = {**packed.container, **({"resources": resources} if resources else {})}
            self._executed[key] = self._labelled(wanted, packed.component, {"container": container}, kubernetes)
        return self._executed[key]

    def _labelled(self, wanted: str, component: dict[str, Any], executor: dict[str, Any], more: dict[str, Any]) -> str:
        name = self.component(wanted, {})
        label = f"exec-{name.removeprefix('comp-')}"
        self.components[name] = {**component, "executorLabel": label}
        self.executors[label] = executor
        if more:
            self.kubernetes[label] = more
        return name


def spec_text(compiled: Compiled, *, as_json: bool = False) -> str:
    """What KFP takes as a file: YAML, of two documents where something is Kubernetes' own, or JSON.

    Raises CannotSay when JSON is asked for and can't hold it all.
    """
    if as_json:
        if compiled.platform:
            raise CannotSay("JSON can't hold what is Kubernetes' own (a secret, a timeout)", hint="write YAML")
        return json.dumps(compiled.spec, indent=2, ensure_ascii=False) + "\n"
    parts = [compiled.spec, *([compiled.platform] if compiled.platform else [])]
    return "---\n".join(yaml_text(part) for part in parts)


def compile_pipeline(checked: Checked, *, options: CompileOptions = DEFAULTS) -> Compiled:
    """Compiles a document without errors. Raises CannotSay, NotANotebook, NotebookTooLarge."""
    document, parts = checked.document, Parts(options)
    root = _Pipeline(checked, parts, "", options.image).component()
    spec = {
        "pipelineInfo": _info(document),
        "sdkVersion": SDK,
        "schemaVersion": SCHEMA,
        "deploymentSpec": {"executors": parts.executors},
        "components": parts.components,
        "root": root,
    }
    kubernetes = {"deploymentSpec": {"executors": parts.kubernetes}}
    platform = {"platforms": {"kubernetes": kubernetes}} if parts.kubernetes else {}
    return Compiled(spec, platform, parts.uploads)


def _info(document: Pipeline) -> dict[str, str]:
    """What the pipeline is called: as KFP takes names, and as it is."""
    name = dashed(document.name)[:128].rstrip("-") or "pipeline"
    shown = {"displayName": document.name} if document.name != name else {}
    return {"name": name, **shown, **({"description": document.description} if document.description else {})}


class _Pipeline:
    """One document: the whole, or one in another. prefix: before the names of its components.

    image: of its notebooks, where it names none.
    """

    def __init__(self, checked: Checked, parts: Parts, prefix: str, image: str | None) -> None:
        self._checked = checked
        self._document = checked.document
        self._parts = parts
        self._prefix = prefix
        self._image = self._document.image or image
        self._keys = task_keys(self._document.tasks)
        _refuse_unsayable(self._document)

    def component(self) -> dict[str, Any]:
        """The component that the document is: its DAG, what goes in and what comes out."""
        dag = Dag(own=frozenset(self._document.parameters))
        end = self._document.on_exit
        names = Names(self._prefix, self._keys, self._image)
        builder = TaskBuilder(self._checked, self._parts, names, self._channel, self._nested)
        if end is None:
            self._fill(builder, arrange(self._document), dag)
        else:
            inner = Dag()
            self._fill(builder, arrange(self._document), inner)
            key = self._keys[end]
            block = builder.block(f"exit-handler-{key}", inner, dag, {})
            builder.task(end, dag)
            dag.tasks[key]["dependentTasks"] = [block]
            dag.tasks[key]["triggerPolicy"] = {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
        component: dict[str, Any] = {"dag": {"tasks": dag.tasks}}
        self._declare(component, dag)
        return component

    def _fill(self, builder: TaskBuilder, block: Block, dag: Dag) -> None:
        for item in block.items:
            if isinstance(item, str):
                builder.looped(item, dag)
                continue
            inner = Dag()
            self._fill(builder, item, inner)
            assert item.condition is not None
            builder.guarded(item.condition, inner, dag)

    def _declare(self, component: dict[str, Any], dag: Dag) -> None:
        """What goes in and what comes out."""
        inputs = {name: _parameter(self._document, name) for name in self._document.parameters}
        if inputs:
            component["inputDefinitions"] = {"parameters": inputs}
        for name, output in self._document.outputs.items():
            source = self._channel(output.output)
            _, producer = dag.wire(source)
            if producer is None:
                raise CannotSay(f"the output {name!r} comes from a task under a condition", where=f"outputs.{name}")
            key = source.name if source.origin in dag.collects else source.key
            given = (
                {"artifactSelectors": [{"producerSubtask": producer, "outputArtifactKey": key}]}
                if source.kind == "artifacts"
                else {"valueFromParameter": {"producerSubtask": producer, "outputParameterKey": key}}
            )
            component["dag"].setdefault("outputs", {}).setdefault(source.kind, {})[name] = given
            declared = component.setdefault("outputDefinitions", {}).setdefault(source.kind, {})
            declared[name] = source.declared()

    def _nested(self, name: str) -> dict[str, Any]:
        """The component of a task that is a pipeline."""
        prefix = f"{self._prefix}{self._keys[name]}-"
        return _Pipeline(self._checked.nested[name], self._parts, prefix, self._image).component()

    def _channel(self, text: str) -> Channel:
        """A parameter (`seed`), or an output of a task (`train.accuracy`)."""
        origin, dot, name = text.partition(".")
        if not dot:
            kind = _parameter(self._document, origin)["parameterType"]
            return channel("", origin, "parameters", {"parameterType": kind})
        spec = self._checked.components[origin]
        key = name if origin in self._checked.nested else executors.keys(spec)[1][name]
        port = spec.output(name)
        assert port is not None
        each = self._document.tasks[origin].for_each is not None
        if port.kind == "artifact":
            more = {"isArtifactList": True} if each else {}
            return channel(
                self._keys[origin], key, "artifacts", {"artifactType": schema_of(port.port_type.name), **more}
            )
        kind = "LIST" if each else parameter_type(port.type)
        return channel(self._keys[origin], key, "parameters", {"parameterType": kind})


def parameter_type(text: str) -> str:
    """KFP's type of a parameter of ours: that of its choices for a Literal."""
    return PARAMETER_TYPES.get(plain_type(text), "STRING")


def _parameter(document: Pipeline, name: str) -> dict[str, Any]:
    declared = document.parameters[name]
    found: dict[str, Any] = {"parameterType": parameter_type(declared.type)}
    if "default" in declared.model_fields_set:
        found |= {"defaultValue": declared.default, "isOptional": True}
    if declared.description:
        found["description"] = declared.description
    return found


def _refuse_unsayable(document: Pipeline) -> None:
    for name, task in document.tasks.items():
        if sayable_when(document, task) is None:
            raise CannotSay(
                f"Kubeflow can't decide `{task.when}`",
                where=f"tasks.{name}.when",
                hint="it knows comparisons of parameters and outputs, joined by `and`",
            )

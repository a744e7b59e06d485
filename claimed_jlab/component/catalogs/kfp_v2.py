"""KFP's intermediate representation (v2) of one component: a PipelineSpec with one executor.

Format: kubeflow/pipelines, `pipeline_spec.proto`, as `kfp`'s compiler writes it into YAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimed_jlab.component.catalogs.errors import NotKfp
from claimed_jlab.component.catalogs.kfp_types import artifact_type, default_value, parameter_type
from claimed_jlab.component.catalogs.loose import container_of, line, mapping, mappings, paragraph
from claimed_jlab.component.spec import Container, Diagnostic, InputSpec, OutputSpec


class V2:
    """The intermediate representation, of one component."""

    def __init__(self, document: dict[str, Any], where: str) -> None:
        self._document = document
        self.diagnostics: list[Diagnostic] = []
        executors = mapping(mapping(document.get("deploymentSpec")).get("executors"))
        components = mapping(document.get("components"))
        run = [item for item in components.values() if "executorLabel" in mapping(item)]
        if len(run) != 1 or len(components) != 1:
            message = f"is a pipeline of {len(components)} components, not one component"
            raise NotKfp(message, where=where, hint="compile each component on its own")
        self._component = mapping(run[0])
        executor = mapping(executors.get(str(self._component.get("executorLabel"))))
        self._container = mapping(executor.get("container"))
        if not self._container.get("image"):
            kinds = ", ".join(map(str, executor)) or "nothing"
            raise NotKfp(f"is run by {kinds}, not by a container: only container components are read", where=where)
        self._where = where

    def title(self) -> str:
        return line(self._info().get("name")) or Path(self._where).stem

    def description(self) -> str:
        return paragraph(self._info().get("description"))

    def version(self) -> str:
        return "0.1.0"

    def author(self) -> str:
        return ""

    def container(self) -> Container:
        listed = [mapping(item) for item in mappings(self._container.get("env"))]
        return container_of(self._container, {str(item.get("name")): item.get("value") for item in listed})

    def inputs(self) -> Iterator[InputSpec]:
        for name, port in self._ports("inputDefinitions", "parameters"):
            kind = _parameter(port)
            default = default_value(kind, port.get("defaultValue"))
            optional = bool(port.get("isOptional")) or "defaultValue" in port
            about = line(port.get("description"))
            yield InputSpec(name=name, type=kind, description=about, default=default, optional=optional)
        for name, port in self._ports("inputDefinitions", "artifacts"):
            optional, about = bool(port.get("isOptional")), line(port.get("description"))
            yield InputSpec(name=name, type=f"Input[{_artifact(port)}]", description=about, optional=optional)

    def outputs(self) -> Iterator[OutputSpec]:
        for name, port in self._ports("outputDefinitions", "artifacts"):
            yield OutputSpec(name=name, type=f"Output[{_artifact(port)}]", description=line(port.get("description")))
        for name, port in self._ports("outputDefinitions", "parameters"):
            yield OutputSpec(name=name, type=_parameter(port), description=line(port.get("description")))

    def _ports(self, side: str, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        ports = mapping(mapping(self._component.get(side)).get(kind))
        yield from ((name, mapping(port)) for name, port in ports.items())

    def _info(self) -> dict[str, Any]:
        return mapping(self._document.get("pipelineInfo"))


def _parameter(port: dict[str, Any]) -> str:
    # `type` is how the first schema versions called it.
    return parameter_type(port.get("parameterType") or port.get("type")) or "str"


def _artifact(port: dict[str, Any]) -> str:
    declared = mapping(port.get("artifactType"))
    return artifact_type(declared.get("schemaTitle") or declared.get("instanceSchema"))

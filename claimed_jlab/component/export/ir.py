"""A component as KFP v2's intermediate representation: a PipelineSpec with this one component, built as data.

It is what KFP's compiler makes of our `component.yaml`, with the ports' descriptions, and without importing KFP.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from claimed_jlab.component.export.arguments import plain_type, tells_in_json
from claimed_jlab.component.kfp_yaml import component_document, kept_outputs
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec
from claimed_jlab.component.yaml_text import yaml_text

FILE_NAME = "component.ir.yaml"
SDK = "kfp-2.13.0"  # the oldest that our extra allows; KFP only shows it
SCHEMA = "2.1.0"
PARAMETER_TYPES = {
    "int": "NUMBER_INTEGER",
    "float": "NUMBER_DOUBLE",
    "bool": "BOOLEAN",
    "list": "LIST",
    "dict": "STRUCT",
}


def ir_yaml(spec: ComponentSpec) -> str:
    """The text of `component.ir.yaml`. Raises NotANotebook when its notebook is gone."""
    return yaml_text(ir_document(spec))


def ir_document(spec: ComponentSpec) -> dict[str, Any]:
    """The component as PipelineSpec's JSON form."""
    name = _dashed(spec.name)
    definitions = definitions_of(spec)
    inputs, outputs = definitions.get("inputDefinitions", {}), definitions.get("outputDefinitions", {})
    component = {**definitions, "executorLabel": f"exec-{name}"}
    return {
        "pipelineInfo": {"name": name, "description": spec.description or spec.title},
        "sdkVersion": SDK,
        "schemaVersion": SCHEMA,
        "deploymentSpec": {"executors": {f"exec-{name}": {"container": _container(spec)}}},
        "components": {f"comp-{name}": component},
        "root": {**deepcopy(definitions), "dag": _dag(name, inputs, outputs)},
    }


def definitions_of(spec: ComponentSpec) -> dict[str, Any]:
    """The inputDefinitions and outputDefinitions of a component, as far as it has any."""
    found = {"inputDefinitions": _inputs(spec), "outputDefinitions": _outputs(spec)}
    return {name: ports for name, ports in found.items() if ports}


def _dag(name: str, inputs: dict[str, Any], outputs: dict[str, Any]) -> dict[str, Any]:
    """One task, wired to the inputs and outputs of the whole."""
    wires: dict[str, Any] = {}
    if "parameters" in inputs:
        wires["parameters"] = {key: {"componentInputParameter": key} for key in inputs["parameters"]}
    if "artifacts" in inputs:
        wires["artifacts"] = {key: {"componentInputArtifact": key} for key in inputs["artifacts"]}
    task = {
        "taskInfo": {"name": name},
        **({"inputs": wires} if wires else {}),
        "cachingOptions": {"enableCache": True},
        "componentRef": {"name": f"comp-{name}"},
    }
    made: dict[str, Any] = {}
    if "artifacts" in outputs:
        made["artifacts"] = {
            key: {"artifactSelectors": [{"producerSubtask": name, "outputArtifactKey": key}]}
            for key in outputs["artifacts"]
        }
    if "parameters" in outputs:
        made["parameters"] = {
            key: {"valueFromParameter": {"producerSubtask": name, "outputParameterKey": key}}
            for key in outputs["parameters"]
        }
    return {"tasks": {name: task}, **({"outputs": made} if made else {})}


def _inputs(spec: ComponentSpec) -> dict[str, Any]:
    found: dict[str, Any] = {}
    keys = port_keys(spec, spec.inputs)
    for port in spec.inputs:
        entry: dict[str, Any] = {**_type(port), **_described(port)}
        if port.kind == "parameter" and port.optional and not port.secret and _tellable(port):
            entry["defaultValue"] = "" if port.prefix else port.default
        if port.optional:
            entry["isOptional"] = True
        found.setdefault(f"{port.kind}s", {})[keys[port.name]] = entry
    return found


def _outputs(spec: ComponentSpec) -> dict[str, Any]:
    found: dict[str, Any] = {}
    ports = all_outputs(spec)
    keys = port_keys(spec, ports)
    for port in ports:
        found.setdefault(f"{port.kind}s", {})[keys[port.name]] = {**_type(port), **_described(port)}
    return found


def all_outputs(spec: ComponentSpec) -> list[OutputSpec]:
    """The outputs of a component, and of a notebook what is kept of each run."""
    return [*spec.outputs, *(kept_outputs(spec) if spec.container is None else ())]


def _tellable(port: InputSpec) -> bool:
    return port.default is not None and tells_in_json(port.default)


def schema_of(title: str) -> dict[str, str]:
    """KFP's schema of an artifact of that type."""
    return {"schemaTitle": f"system.{title}", "schemaVersion": "0.0.1"}


def _type(port: InputSpec | OutputSpec) -> dict[str, Any]:
    if port.kind == "artifact":
        return {"artifactType": schema_of(port.port_type.name)}
    return {"parameterType": PARAMETER_TYPES.get(plain_type(port), "STRING")}


def _described(port: InputSpec | OutputSpec) -> dict[str, Any]:
    return {"description": port.description} if port.description else {}


def _container(spec: ComponentSpec) -> dict[str, Any]:
    container = component_document(spec)["implementation"]["container"]
    inputs = _places("inputs", spec.inputs)
    outputs = _places("outputs", all_outputs(spec))
    words = [_word(word, inputs, outputs) for word in container["args"]]
    return {"image": container["image"], "command": list(container["command"]), "args": words}


def _places(side: str, ports: Iterable[InputSpec | OutputSpec]) -> dict[str, str]:
    """For each port the placeholder that KFP's launcher replaces by its value or path."""
    ports = list(ports)
    keys = keys_of(port.name for port in ports)
    found = {}
    for port in ports:
        end = ".path" if port.kind == "artifact" else ".output_file" if side == "outputs" else ""
        found[port.name] = f"{{{{$.{side}.{port.kind}s['{keys[port.name]}']{end}}}}}"
    return found


def _word(word: Any, inputs: dict[str, str], outputs: dict[str, str]) -> str:
    if isinstance(word, str):
        # The requirements are JSON: there an escaped `$` is the same text, and no placeholder.
        return word.replace("{{$", "{{\\u0024") if word.startswith("[") else word
    if "if" in word:
        keys = keys_of(inputs)
        then = [_word(inner, inputs, outputs) for inner in word["if"]["then"]]
        return json.dumps({"IfPresent": {"InputName": keys[word["if"]["cond"]["isPresent"]], "Then": then}})
    if "outputPath" in word:
        return outputs[word["outputPath"]]
    return inputs[word["inputValue"] if "inputValue" in word else word["inputPath"]]


def port_keys(spec: ComponentSpec, ports: Iterable[InputSpec | OutputSpec]) -> dict[str, str]:
    """KFP's keys of a component's ports, by their names: those of a component that KFP compiled are keys already."""
    names = [port.name for port in ports]
    words = [*spec.container.command, *spec.container.args] if spec.container else [{}]
    if all(isinstance(word, str) for word in words) and all(map(str.isidentifier, names)):
        return {name: name for name in names}
    return keys_of(names)


def keys_of(names: Iterable[str]) -> dict[str, str]:
    """The ports' names as KFP keys them (`api key` becomes `api_key`), each once."""
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[^_0-9a-z]+", "_", name.lower()).strip("_") or "port"
        chosen, number = plain, 2
        while chosen in found.values():
            chosen, number = f"{plain}_{number}", number + 1
        found[name] = chosen
    return found


def _dashed(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "-", name.lower()).strip("-") or "component"

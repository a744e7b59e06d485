"""The JSON Schema of the form of a task: an entry for each input of its component, and what any task may say.

It describes, it does not judge: whether what was filled in is right is for the validator. Beside JSON Schema's own
words an input has `x-port` (the type in our words, and what it is without a value).
"""

from __future__ import annotations

from typing import Any

from claimed_jlab.component.spec import ComponentSpec, InputSpec
from claimed_jlab.pipeline.document import Task
from claimed_jlab.pipeline.resources import Resources

_KINDS = {"int": "integer", "float": "number", "bool": "boolean", "list": "array", "dict": "object"}
# How the fields of a task are called on a form, in the order in which they are asked for.
_TITLES = {
    "description": "Description",
    "after": "Only after",
    "when": "Only when",
    "for_each": "For each",
    "retry": "Retry",
    "timeout": "Timeout (seconds)",
    "resources": "Resources",
    "image": "Container image",
    "kubernetes": "Kubernetes",
    "cache": "Skip when nothing changed",
}
_RETRY = {"attempts": "Times to try again", "backoff": "Seconds before the first", "on": "Only for these errors"}
_RESOURCES = {
    "cpu": ("Cores", "Such as 2, 0.5 or 500m"),
    "memory": ("Memory", "Such as 4Gi or 500M"),
    "gpu": ("GPUs", "Whole ones"),
    "accelerator": ("Kind of GPU", "As Kubernetes calls it: nvidia.com/gpu, amd.com/gpu"),
}
_KUBERNETES = {
    "secrets_as_env": "Secrets as variables",
    "secrets_as_volumes": "Secrets as folders",
    "config_maps_as_env": "ConfigMaps as variables",
    "config_maps_as_volumes": "ConfigMaps as folders",
    "volumes": "Volumes",
    "empty_dirs": "Folders of the pod",
    "node_selector": "Node selector",
    "tolerations": "Tolerations",
    "node_affinity": "Node affinity",
    "image_pull_policy": "When the image is pulled",
    "image_pull_secrets": "Secrets to pull the image",
    "labels": "Labels",
    "annotations": "Annotations",
}


def task_schema(spec: ComponentSpec | None) -> dict[str, Any]:
    """The schema of a task of this component; without one, of what any task may say."""
    whole = Task.model_json_schema(mode="validation")
    own = whole["properties"]
    properties: dict[str, Any] = {"inputs": _inputs(spec)}
    for name, title in _TITLES.items():
        properties[name] = {**_plain(own[name], whole["$defs"]), "title": title}
    del properties["retry"]["description"], properties["timeout"]["description"]  # said by the titles
    properties["resources"] = _resources(properties["resources"])
    properties["kubernetes"] = _kubernetes(own["kubernetes"], whole["$defs"])
    properties["for_each"] = _for_each(properties["for_each"], spec)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": spec.title if spec else "",
        "description": spec.description if spec else "",
        "type": "object",
        "properties": properties,
    }


def _inputs(spec: ComponentSpec | None) -> dict[str, Any]:
    ports = spec.inputs if spec else ()
    return {"title": "Inputs", "type": "object", "properties": {port.name: _input(port) for port in ports}}


def _input(port: InputSpec) -> dict[str, Any]:
    """Where an input's value comes from: exactly one of four."""
    sources: dict[str, Any] = {
        "value": _value(port),
        "parameter": {"type": "string", "title": "Pipeline parameter"},
        "output": {"type": "string", "title": "Output of a task"},
        "secret": {"type": "string", "title": "Secret", "description": "Its name, never its value"},
    }
    kinds = ["output", "value"] if port.kind == "artifact" else ["value", "parameter", "output"]
    if port.secret:
        kinds = ["secret"]
    return {
        "title": port.name,
        "description": port.description,
        "type": "object",
        "oneOf": [{"properties": {kind: sources[kind]}, "required": [kind]} for kind in kinds],
        "x-port": {
            "type": port.type,
            "kind": port.kind,
            "optional": port.optional,
            "default": None if port.secret else port.default,
            "choices": port.choices,
            "sources": kinds,
        },
    }


def _value(port: InputSpec) -> dict[str, Any]:
    if port.kind == "artifact":
        return {"type": "string", "title": "File beside the pipeline", "format": "path"}
    if port.choices:
        return {"title": "Value", "enum": port.choices}
    return {"title": "Value", "type": _KINDS.get(port.port_type.name, "string")}


def _plain(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """A field's schema without references and without the choice of null: a form leaves out what is empty."""
    found = {key: value for key, value in schema.items() if key not in ("anyOf", "default", "title")}
    for option in schema.get("anyOf", []):
        if option.get("type") != "null":
            found = {**option, **found}
    if "$ref" in found:
        found = {**definitions[found.pop("$ref").rpartition("/")[2]], **found}
    if "properties" in found:
        found["properties"] = {name: _titled(name, item, definitions) for name, item in found["properties"].items()}
    return found if schema.get("default") is None else {**found, "default": schema["default"]}


def _titled(name: str, schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    return {**_plain(schema, definitions), "title": _RETRY.get(name, name.replace("_", " ").capitalize())}


def _for_each(schema: dict[str, Any], spec: ComponentSpec | None) -> dict[str, Any]:
    """The list is asked for as an input is; beside it, which input takes each item, and how many run at once."""
    properties = schema["properties"]
    names = [port.name for port in spec.inputs] if spec else []
    return {
        "title": schema["title"],
        "description": schema["description"],
        "type": "object",
        "properties": {
            "input": {**properties["input"], "title": "Takes each item", **({"enum": names} if names else {})},
            "max_parallel": {**properties["max_parallel"], "title": "How many at once"},
        },
        "x-port": {
            "type": "list",
            "kind": "parameter",
            "optional": True,
            "default": None,
            "choices": None,
            "sources": ["value", "parameter", "output"],
        },
    }


def _kubernetes(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """What a task asks of Kubernetes: each field is JSON with a description of its own."""
    found = _resolved(definitions["Kubernetes"], definitions)
    for name, item in found["properties"].items():
        item["title"] = _KUBERNETES[name]
    return {**found, "title": _TITLES["kubernetes"], "description": schema["description"]}


def _resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    """A schema without references, and without the choice of null."""
    if isinstance(schema, list):
        return [_resolved(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    found = {key: _resolved(value, definitions) for key, value in schema.items() if key not in ("anyOf", "default")}
    for option in schema.get("anyOf", []):
        found = {**found, **(_resolved(option, definitions) if option.get("type") != "null" else {})}
    return found


def _resources(schema: dict[str, Any]) -> dict[str, Any]:
    properties = {
        name: {"type": "string", "title": _RESOURCES[name][0], "description": _RESOURCES[name][1]}
        for name in Resources.model_fields
    }
    return {**schema, "type": "object", "properties": properties}

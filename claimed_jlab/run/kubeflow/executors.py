"""What a task asks of the machine and of Kubernetes, and the importers of files."""

from __future__ import annotations

import json
from typing import Any

from claimed_jlab.component.export.ir import port_keys, schema_of
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.pipeline.document import Task
from claimed_jlab.pipeline.resources import GPU, quantity

_GIGA = 1e9


def resources_of(task: Task) -> dict[str, Any]:
    """The limits that a task sets for its container."""
    given = task.resources or {}
    found: dict[str, Any] = {}
    if given.get("cpu") is not None:
        found |= {"cpuLimit": quantity(given["cpu"], "cpu"), "resourceCpuLimit": str(given["cpu"])}
    if given.get("memory") is not None:
        bytes_ = quantity(given["memory"], "memory")
        found |= {"memoryLimit": bytes_ / _GIGA, "resourceMemoryLimit": str(given["memory"])}
    if given.get("gpu"):
        count, kind = str(int(given["gpu"])), str(given.get("accelerator") or GPU)
        found["accelerator"] = {"count": count, "type": kind, "resourceCount": count, "resourceType": kind}
    return found


def importer(title: str, uri: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(component, executor) of a task that brings in a file by its URI. title: the type of the artifact."""
    schema = schema_of(title)
    component = {
        "inputDefinitions": {"parameters": {"uri": {"parameterType": "STRING"}}},
        "outputDefinitions": {"artifacts": {"artifact": {"artifactType": schema}}},
    }
    return component, {"importer": {"artifactUri": uri, "typeSchema": schema}}


def keys(spec: ComponentSpec) -> tuple[dict[str, str], dict[str, str]]:
    """(inputs, outputs): KFP's keys of a component's ports, by their names."""
    return port_keys(spec, spec.inputs), port_keys(spec, spec.outputs)


def raw_items(items: list[Any]) -> str:
    """The items of a loop that are known, as KFP writes them."""
    return json.dumps(items, sort_keys=True)

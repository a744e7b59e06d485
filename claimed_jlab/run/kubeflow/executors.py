"""What runs in a pod: the container of a task's component, with what the task asks of the machine."""

from __future__ import annotations

import json
from typing import Any

from claimed_jlab.component.export.ir import definitions_of, ir_document, keys_of, schema_of
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.pipeline.document import Task
from claimed_jlab.pipeline.resources import quantity
from claimed_jlab.run.kubeflow.containers import container_of

_GIGA = 1e9
GPU = "nvidia.com/gpu"


def component_and_container(spec: ComponentSpec) -> tuple[dict[str, Any], dict[str, Any]]:
    """(component with its definitions, container) of a component. Raises NotANotebook, NotebookTooLarge."""
    if spec.container is not None:
        return definitions_of(spec), container_of(spec)
    document = ir_document(spec)
    [component] = document["components"].values()
    [executor] = document["deploymentSpec"]["executors"].values()
    component = {key: value for key, value in component.items() if key != "executorLabel"}
    return component, dict(executor["container"])


def with_resources(container: dict[str, Any], task: Task) -> dict[str, Any]:
    """The container with the limits that a task sets."""
    given = task.resources or {}
    found: dict[str, Any] = {}
    if given.get("cpu") is not None:
        found |= {"cpuLimit": quantity(given["cpu"], "cpu"), "resourceCpuLimit": str(given["cpu"])}
    if given.get("memory") is not None:
        bytes_ = quantity(given["memory"], "memory")
        found |= {"memoryLimit": bytes_ / _GIGA, "resourceMemoryLimit": str(given["memory"])}
    if given.get("gpu"):
        count = str(int(given["gpu"]))
        found["accelerator"] = {"count": count, "type": GPU, "resourceCount": count, "resourceType": GPU}
    return {**container, "resources": found} if found else container


def kubernetes_of(task: Task) -> dict[str, Any]:
    """What the Kubernetes document says of a task: its secrets as environment variables, its timeout."""
    found: dict[str, Any] = {}
    secrets = [_secret(field, source.secret) for field, source in task.inputs.items() if source.secret is not None]
    if secrets:
        found["secretAsEnv"] = secrets
    if task.timeout is not None:
        found["activeDeadlineSeconds"] = str(int(task.timeout))
    return found


def _secret(field: str, secret: str) -> dict[str, Any]:
    """`name/key`, or the key by the input's name, as the environment variable of that name."""
    name, slash, key = secret.partition("/")
    return {
        "keyToEnv": [{"envVar": field, "secretKey": key if slash else field}],
        "optional": False,
        "secretName": name,
        "secretNameParameter": {"runtimeValue": {"constant": name}},
    }


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
    return keys_of(port.name for port in spec.inputs), keys_of(port.name for port in spec.outputs)


def raw_items(items: list[Any]) -> str:
    """The items of a loop that are known, as KFP writes them."""
    return json.dumps(items, sort_keys=True)

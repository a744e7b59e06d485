"""What a task asks of Kubernetes as KFP's KubernetesExecutorConfig, in JSON as its own functions write it.

Source: kfp-kubernetes 2.16, kubernetes_executor_config.proto; a number of 64 bits is a text there.
"""

from __future__ import annotations

from typing import Any

from claimed_jlab.pipeline.document import Task
from claimed_jlab.pipeline.kubernetes import Kubernetes, NodeAffinity, parse_kubernetes
from claimed_jlab.run.kubeflow.options import named_by, pull_secret


def kubernetes_of(task: Task) -> dict[str, Any]:
    """The settings of a task; what it does not ask for is not in them."""
    asked = parse_kubernetes(task.kubernetes)
    secrets = {field: source.secret for field, source in task.inputs.items() if source.secret is not None}
    found: dict[str, Any] = {
        "secretAsVolume": [
            {**_named("secretName", item.secret), "mountPath": item.path, "optional": item.optional}
            for item in asked.secrets_as_volumes
        ],
        "secretAsEnv": [
            _variable("secretName", "secretKey", name, reference)
            for name, reference in [*secrets.items(), *asked.secrets_as_env.items()]
        ],
        "configMapAsVolume": [
            {**_named("configMapName", item.config_map), "mountPath": item.path, "optional": item.optional}
            for item in asked.config_maps_as_volumes
        ],
        "configMapAsEnv": [
            _variable("configMapName", "configMapKey", name, reference)
            for name, reference in asked.config_maps_as_env.items()
        ],
        "imagePullPolicy": asked.image_pull_policy,
        "imagePullSecret": [pull_secret(name) for name in asked.image_pull_secrets],
        "podMetadata": _some({"labels": asked.labels, "annotations": asked.annotations}),
        "activeDeadlineSeconds": None if task.timeout is None else str(int(task.timeout)),
        **_places(asked),
    }
    return _some(found)


def _places(asked: Kubernetes) -> dict[str, Any]:
    """Where it runs, and what is mounted there."""
    return {
        "pvcMount": [
            _some(
                {
                    "constant": item.claim,
                    "mountPath": item.path,
                    "subPath": item.sub_path,
                    **named_by("pvcName", item.claim),
                }
            )
            for item in asked.volumes
        ],
        "emptyDirMounts": [
            _some({"volumeName": item.name, "mountPath": item.path, "medium": item.medium, "sizeLimit": item.size})
            for item in asked.empty_dirs
        ],
        "nodeSelector": _some({"labels": asked.node_selector}),
        "tolerations": [
            _some(
                {
                    **item.model_dump(include={"key", "operator", "value", "effect"}),
                    "tolerationSeconds": None if item.seconds is None else str(item.seconds),
                }
            )
            for item in asked.tolerations
        ],
        "nodeAffinity": [_affinity(item) for item in asked.node_affinity],
    }


def _affinity(item: NodeAffinity) -> dict[str, Any]:
    matches = {"matchExpressions": item.match_expressions, "matchFields": item.match_fields}
    found = {name: [_some(one.model_dump()) for one in given] for name, given in matches.items()}
    return _some({**found, "weight": item.weight})


def _variable(field: str, key_field: str, variable: str, reference: str) -> dict[str, Any]:
    """A variable from `name/key`, or from the key that is called as it is."""
    name, slash, key = reference.partition("/")
    pair = {"envVar": variable, key_field: key if slash else variable}
    return {"keyToEnv": [pair], "optional": False, **_named(field, name)}


def _named(field: str, name: str) -> dict[str, Any]:
    return {field: name, **named_by(field, name)}


def _some(fields: dict[str, Any]) -> dict[str, Any]:
    """Those that are set."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}

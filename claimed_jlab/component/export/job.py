"""A component as a Kubernetes Job: one pod, one run of the step, with the defaults as its arguments.

The pod fits the `restricted` security standard: no root, no capabilities, a read-only root. Files come from and go to
a claim mounted at /data; secrets come from a Secret and values without a default from a ConfigMap, by reference.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from claimed_jlab.component.export.arguments import (
    default_text,
    lead_words,
    output_paths,
    output_words,
    safe_names,
    step_command,
)
from claimed_jlab.component.kfp_yaml import IMAGE
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.component.yaml_text import yaml_text

_USER = 1001
_LONGEST_NAME = 52  # a label has 63 characters; the Secret's and the claim's names add to ours
_FOLDERS = {"work": "/work", "packages": "/packages", "tmp": "/tmp"}
_RESOURCES = {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "2", "memory": "4Gi"}}
_CONTAINER_SECURITY = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def job_yaml(spec: ComponentSpec) -> str:
    """The Job as YAML. Raises NotANotebook, NotebookTooLarge."""
    return yaml_text(job_document(spec))


def job_document(spec: ComponentSpec) -> dict[str, Any]:
    """The Job as data."""
    name = dns_name(spec.name)
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/managed-by": "claimed-jlab"}
    described = {"claimed/component": spec.reference, "claimed/description": spec.description}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": labels, "annotations": described},
        "spec": {"backoffLimit": 2, "template": {"metadata": {"labels": dict(labels)}, "spec": _pod(spec, name)}},
    }


def dns_name(text: str) -> str:
    """The text as a DNS-1123 label: small letters, digits and dashes, no dash at the ends."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_NAME].rstrip("-") or "component"


def _pod(spec: ComponentSpec, name: str) -> dict[str, Any]:
    volumes: list[dict[str, Any]] = [{"name": folder, "emptyDir": {}} for folder in _FOLDERS]
    mounts = [{"name": folder, "mountPath": path} for folder, path in _FOLDERS.items()]
    if spec.outputs or any(port.kind == "artifact" for port in spec.inputs):
        volumes.append({"name": "data", "persistentVolumeClaim": {"claimName": f"{name}-data"}})
        mounts.append({"name": "data", "mountPath": "/data"})
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": 0,
            "fsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(spec, name, mounts)],
        "volumes": volumes,
    }


def _container(spec: ComponentSpec, name: str, mounts: list[dict[str, str]]) -> dict[str, Any]:
    references = _references(spec, name)
    variables = [{"name": item.variable, "valueFrom": item.source} for item in references.values()]
    return {
        "name": "step",
        "image": IMAGE,
        "command": [_literal(word) for word in step_command(spec)],
        "args": _arguments(spec, references),
        "workingDir": "/work",
        "env": [*_environment(), *variables],
        "resources": _RESOURCES,
        "securityContext": _CONTAINER_SECURITY,
        "volumeMounts": mounts,
    }


def _arguments(spec: ComponentSpec, references: dict[str, _Reference]) -> list[str]:
    safe = safe_names(port.name for port in spec.inputs)
    words: list[str] = []
    for port in spec.inputs:
        lead = [_literal(word) for word in lead_words(port)]
        text = default_text(port)
        if port.name in references:
            words += [*lead, f"$({references[port.name].variable})"]
        elif text is not None:
            words += [*lead, _literal(text)]
        elif port.kind == "artifact" and not port.optional:
            words += [*lead, f"/data/inputs/{safe[port.name]}"]
    paths = output_paths(spec, "/data/outputs")
    for out in spec.outputs:
        words += [_literal(word) for word in output_words(out, paths[out.name])]
    return words


@dataclass(frozen=True)
class _Reference:
    """A value that the manifest names without holding it."""

    variable: str
    source: dict[str, Any]


def _references(spec: ComponentSpec, name: str) -> dict[str, _Reference]:
    """Secrets, and the values without a default: the pod waits until somebody gives them."""
    safe = safe_names(port.name for port in spec.inputs)
    found: dict[str, _Reference] = {}
    for port in spec.inputs:
        key = safe[port.name]
        if port.secret:
            found[port.name] = _Reference(
                f"CLAIMED_SECRET_{key}", {"secretKeyRef": {"name": f"{name}-secrets", "key": key}}
            )
        elif port.kind == "parameter" and not port.optional and not port.prefix:
            found[port.name] = _Reference(
                f"CLAIMED_VALUE_{key}", {"configMapKeyRef": {"name": f"{name}-values", "key": key}}
            )
    return found


def _environment() -> list[dict[str, Any]]:
    # Nobody but root may install into the image: packages go to a folder that is on the path before Python starts.
    values = {"HOME": "/work", "PIP_TARGET": "/packages", "PYTHONPATH": "/packages", "PIP_NO_CACHE_DIR": "1"}
    return [{"name": key, "value": value} for key, value in values.items()]


def _literal(word: str) -> str:
    """A word that Kubernetes hands over as it is: `$(NAME)` would be replaced by a variable, a secret's maybe."""
    return word.replace("$", "$$")

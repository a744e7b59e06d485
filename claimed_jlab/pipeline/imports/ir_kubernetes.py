"""What the Kubernetes settings of a compiled pipeline say of a task, as far as a document can say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.component.catalogs.loose import mapping
from claimed_jlab.pipeline.kubernetes import problems


@dataclass
class Settings:
    """secrets: by the variable that takes each, `name/key`, or `name` where the key is the variable's.

    timeout: seconds.  asked: what else a task asks of Kubernetes, as a document has it.  lost: in words, what it can't.
    """

    secrets: dict[str, str] = field(default_factory=dict)
    timeout: int | None = None
    asked: dict[str, Any] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def executors_of(settings: Any) -> dict[str, Any]:
    """The settings by executor, of the second document of a compiled pipeline."""
    kubernetes = mapping(mapping(mapping(settings).get("platforms")).get("kubernetes"))
    return mapping(mapping(kubernetes.get("deploymentSpec")).get("executors"))


def kubernetes_of(given: Any) -> Settings:
    """What is said of one task."""
    found = Settings()
    for key, value in mapping(given).items():
        if key == "activeDeadlineSeconds" and str(value).isdigit():
            found.timeout = int(value)
        elif key == "secretAsEnv":
            found.secrets = _variables(value, "secretName", "secretKey", found)
        elif key == "configMapAsEnv":
            _ask(found, key, "config_maps_as_env", _variables(value, "configMapName", "configMapKey", found))
        elif key == "podMetadata":
            _ask(found, key, "labels", dict(mapping(mapping(value).get("labels"))))
            _ask(found, key, "annotations", dict(mapping(mapping(value).get("annotations"))))
        elif key == "nodeSelector" and set(mapping(value)) <= {"labels"}:
            _ask(found, key, "node_selector", dict(mapping(mapping(value).get("labels"))))
        elif key == "imagePullPolicy":
            _ask(found, key, "image_pull_policy", value)
        elif key in _LISTS:
            ours, read = _LISTS[key]
            items = [read(mapping(item)) for item in value or []]
            _ask(found, key, ours, [item for item in items if item is not None])
            found.lost += [f"Kubernetes' {key} that is known only in the run"] * items.count(None)
        else:
            found.lost.append(f"Kubernetes' {key}")
    return found


def _ask(found: Settings, theirs: str, ours: str, value: Any) -> None:
    if not value:
        return
    wrong = next((why for _, why in problems({ours: value})), None)
    if wrong is None:
        found.asked[ours] = value
    else:
        found.lost.append(f"Kubernetes' {theirs}: {wrong}")


def _variables(given: Any, name_field: str, key_field: str, found: Settings) -> dict[str, str]:
    variables = {}
    for item in map(mapping, given or []):
        name = _name(item, name_field)
        if name is None or item.get("optional"):
            found.lost.append(
                f"Kubernetes' variables of {name or 'what is known only in the run'}, which may be absent"
            )
            continue
        for pair in map(mapping, item.get("keyToEnv") or []):
            variable, key = str(pair.get("envVar")), str(pair.get(key_field))
            variables[variable] = name if key == variable else f"{name}/{key}"
    return variables


def _name(item: dict[str, Any], field_name: str) -> str | None:
    """The name of a thing of Kubernetes'; None where it is known only in the run."""
    given = mapping(item.get(f"{field_name}Parameter"))
    constant = mapping(given.get("runtimeValue")).get("constant")
    if given and constant is None:
        return None
    name = constant if constant is not None else item.get(field_name, item.get("constant"))
    return str(name) if name else None


def _mounted(item: dict[str, Any], field_name: str, ours: str) -> dict[str, Any] | None:
    name = _name(item, field_name)
    optional = {"optional": True} if item.get("optional") else {}
    return None if name is None else {ours: name, "path": item.get("mountPath"), **optional}


def _claim(item: dict[str, Any]) -> dict[str, Any] | None:
    name = _name(item, "pvcName")
    inner = {"sub_path": item["subPath"]} if item.get("subPath") else {}
    return None if name is None else {"claim": name, "path": item.get("mountPath"), **inner}


def _empty_dir(item: dict[str, Any]) -> dict[str, Any]:
    names = {"volumeName": "name", "mountPath": "path", "medium": "medium", "sizeLimit": "size"}
    return {ours: item[theirs] for theirs, ours in names.items() if item.get(theirs)}


def _toleration(item: dict[str, Any]) -> dict[str, Any] | None:
    if "tolerationJson" in item:
        return None
    found = {name: item[name] for name in ("key", "operator", "value", "effect") if item.get(name)}
    seconds = item.get("tolerationSeconds")
    return {**found, **({"seconds": int(seconds)} if seconds is not None else {})}


def _affinity(item: dict[str, Any]) -> dict[str, Any] | None:
    if "nodeAffinityJson" in item:
        return None
    names = {"matchExpressions": "match_expressions", "matchFields": "match_fields", "weight": "weight"}
    return {ours: item[theirs] for theirs, ours in names.items() if item.get(theirs)}


_LISTS: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
    "secretAsVolume": ("secrets_as_volumes", lambda item: _mounted(item, "secretName", "secret")),
    "configMapAsVolume": ("config_maps_as_volumes", lambda item: _mounted(item, "configMapName", "config_map")),
    "pvcMount": ("volumes", _claim),
    "emptyDirMounts": ("empty_dirs", _empty_dir),
    "tolerations": ("tolerations", _toleration),
    "nodeAffinity": ("node_affinity", _affinity),
    "imagePullSecret": ("image_pull_secrets", lambda item: _name(item, "secretName")),
}

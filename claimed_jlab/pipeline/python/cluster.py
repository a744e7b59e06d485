"""What a task asks of Kubernetes as calls of `kfp.kubernetes`, and back: one call for each thing that is asked for.

The names are those of kfp-kubernetes 2.16.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import libcst as cst
from pydantic import ValidationError

from claimed_jlab.pipeline.kubernetes import parse_kubernetes
from claimed_jlab.pipeline.python.literals import literal, string
from claimed_jlab.pipeline.python.setting import Setting
from claimed_jlab.pipeline.python.syntax import argument_of, literal_of
from claimed_jlab.pipeline.python.values import Unsayable

# By the function: the field of the document, and what the arguments are called there, in their order.
_LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "use_secret_as_volume": (
        "secrets_as_volumes",
        {"secret_name": "secret", "mount_path": "path", "optional": "optional"},
    ),
    "use_config_map_as_volume": (
        "config_maps_as_volumes",
        {"config_map_name": "config_map", "mount_path": "path", "optional": "optional"},
    ),
    "mount_pvc": ("volumes", {"pvc_name": "claim", "mount_path": "path", "sub_path": "sub_path"}),
    "empty_dir_mount": (
        "empty_dirs",
        {"volume_name": "name", "mount_path": "path", "medium": "medium", "size_limit": "size"},
    ),
    "add_toleration": (
        "tolerations",
        {"key": "key", "operator": "operator", "value": "value", "effect": "effect", "toleration_seconds": "seconds"},
    ),
    "add_node_affinity": (
        "node_affinity",
        {"match_expressions": "match_expressions", "match_fields": "match_fields", "weight": "weight"},
    ),
}
_PAIRS = {
    "add_node_selector": ("node_selector", "label_key", "label_value"),
    "add_pod_label": ("labels", "label_key", "label_value"),
    "add_pod_annotation": ("annotations", "annotation_key", "annotation_value"),
}
_SINGLE = {
    "set_image_pull_policy": ("image_pull_policy", "policy"),
    "set_image_pull_secrets": ("image_pull_secrets", "secret_names"),
}
_VARIABLES = {
    "use_secret_as_env": ("secret", "secret_name", "secret_key_to_env"),
    "use_config_map_as_env": ("config", "config_map_name", "config_map_key_to_env"),
}
FUNCTIONS = frozenset({*_LISTS, *_PAIRS, *_SINGLE, *_VARIABLES})


def kubernetes_settings(given: Any) -> Iterator[Setting]:
    """The calls for what a task asks of Kubernetes; none where something is wrong with it."""
    try:
        parse_kubernetes(given)
    except ValidationError:
        return
    asked: dict[str, Any] = given or {}
    for kind, field in (("secret", "secrets_as_env"), ("config", "config_maps_as_env")):
        for variable, reference in asked.get(field, {}).items():
            yield variable_setting(kind, variable, reference)
    for function, (field, names) in _LISTS.items():
        for number, item in enumerate(asked.get(field, [])):
            words = [f"{theirs}={literal(item[ours])}" for theirs, ours in names.items() if ours in item]
            yield Setting(f"kubernetes:{field}:{number}", function, ", ".join(words), of_kubernetes=True)
    for function, (field, key_name, value_name) in _PAIRS.items():
        for key, value in asked.get(field, {}).items():
            words = [f"{key_name}={string(key)}", f"{value_name}={string(value)}"]
            yield Setting(f"kubernetes:{field}:{key}", function, ", ".join(words), of_kubernetes=True)
    for function, (field, name) in _SINGLE.items():
        if asked.get(field):
            yield Setting(f"kubernetes:{field}", function, f"{name}={literal(asked[field])}", of_kubernetes=True)


def variable_setting(kind: str, variable: str, reference: str) -> Setting:
    """An environment variable from the key `key` of `name/key`, else from the key that is called as it is."""
    function, names = next((name, names) for name, names in _VARIABLES.items() if names[0] == kind)
    name, slash, key = reference.partition("/")
    keys = f"{{{string(key if slash else variable)}: {string(variable)}}}"
    arguments = f"{names[1]}={string(name)}, {names[2]}={keys}"
    return Setting(f"{kind}:{variable}", function, arguments, of_kubernetes=True)


def read_call(function: str, call: cst.Call) -> list[tuple[str, Any]]:
    """(key, value) of the settings that a call makes; a list's key ends with `:`. Raises Unsayable."""
    if function in _VARIABLES:
        return list(_variables(function, call))
    if function in _LISTS:
        field, names = _LISTS[function]
        given = {ours: argument_of(call, theirs, place) for place, (theirs, ours) in enumerate(names.items(), start=1)}
        return [(f"kubernetes:{field}:", {ours: _value(node) for ours, node in given.items() if node is not None})]
    if function in _PAIRS:
        field, key_name, value_name = _PAIRS[function]
        key, value = _value(argument_of(call, key_name, 1)), _value(argument_of(call, value_name, 2))
        return [(f"kubernetes:{field}:{key}", value)]
    field, name = _SINGLE[function]
    return [(f"kubernetes:{field}", _value(argument_of(call, name, 1)))]


def asked_in(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What the settings of a task ask of Kubernetes, by their keys; variables from secrets are the caller's."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        kind, _, rest = key.partition(":")
        if kind == "config":
            found.setdefault("config_maps_as_env", {})[rest] = value
        if kind != "kubernetes":
            continue
        field, _, name = rest.partition(":")
        if field in {names[0] for names in _LISTS.values()}:
            found.setdefault(field, []).append(value)
        elif name:
            found.setdefault(field, {})[name] = value
        else:
            found[field] = value
    return found


def path_of_key(key: str) -> tuple[str, ...]:
    """The field of a task that a setting of Kubernetes is of."""
    kind, _, rest = key.partition(":")
    return ("kubernetes", "config_maps_as_env", rest) if kind == "config" else ("kubernetes", rest.partition(":")[0])


def _variables(function: str, call: cst.Call) -> Iterator[tuple[str, Any]]:
    kind, name_of, keys_of = _VARIABLES[function]
    name, keys = _value(argument_of(call, name_of, 1)), _value(argument_of(call, keys_of, 2))
    if not isinstance(name, str) or not isinstance(keys, dict):
        raise Unsayable("what it takes from has no name")
    for key, variable in keys.items():
        yield f"{kind}:{variable}", name if key == variable else f"{name}/{key}"


def _value(node: cst.BaseExpression | None) -> Any:
    if node is None:
        raise Unsayable("an argument is missing")
    try:
        return literal_of(node)
    except ValueError:
        raise Unsayable("its value is worked out by Python") from None

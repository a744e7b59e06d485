"""KFP's names of types, of component YAML (v1) and of the intermediate representation (v2), as types of ours."""

from __future__ import annotations

import json
from typing import Any

from claimed_jlab.component.types import ARTIFACTS

# kfp/dsl/types/type_utils.py: what KFP itself takes for a parameter.
_PARAMETERS = {
    "string": "str",
    "str": "str",
    "text": "str",
    "integer": "int",
    "int": "int",
    "number_integer": "int",
    "double": "float",
    "float": "float",
    "number_double": "float",
    "bool": "bool",
    "boolean": "bool",
    "jsonarray": "list",
    "list": "list",
    "jsonobject": "dict",
    "dict": "dict",
    "struct": "dict",
}
_ARTIFACTS = {name.lower(): name for name in ARTIFACTS} | {"slicedclassificationmetrics": "ClassificationMetrics"}
_TRUE, _FALSE = ("true", "yes", "y", "t", "on", "1"), ("false", "no", "n", "f", "off", "0")


def parameter_type(declared: object) -> str | None:
    """Our parameter type for a type of KFP's; None for what is an artifact, or not said."""
    name = _name(declared)
    return _PARAMETERS.get(name.lower()) if name else None


def artifact_type(declared: object) -> str:
    """The artifact's type: one of KFP's own, else Artifact (`CSV`, `GCSPath`, `{GCSPath: {…}}`, nothing at all)."""
    name = _name(declared) or ""
    return _ARTIFACTS.get(name.removeprefix("system.").lower(), "Artifact")


def default_value(kind: str, text: Any) -> Any:
    """The value that a default means; v1 writes all as text. None when it is none of this type, or says nothing."""
    if not isinstance(text, str):
        return _fitting(kind, text)
    if kind == "str":
        return text
    word = text.strip()
    if kind == "bool":
        return True if word.lower() in _TRUE else False if word.lower() in _FALSE else None
    try:
        return _fitting(kind, json.loads(word))
    except (ValueError, RecursionError):
        return None


def _fitting(kind: str, value: Any) -> Any:
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "str":
        return value if isinstance(value, str) else None if value is None else json.dumps(value)
    wanted = {"int": int, "float": float, "bool": bool, "list": list, "dict": dict}[kind]
    fits = isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))
    return value if fits else None


def _name(declared: object) -> str | None:
    """The outer name: `List[str]` is List, `{GCSPath: {data_type: CSV}}` is GCSPath."""
    if isinstance(declared, dict):
        declared = next(iter(declared), None)
    if not isinstance(declared, str):
        return None
    return declared.strip().partition("[")[0].rpartition("typing.")[2]

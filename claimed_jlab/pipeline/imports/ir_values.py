"""Values, parameters and outputs of KFP's intermediate representation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from claimed_jlab.component.catalogs.kfp_types import parameter_type
from claimed_jlab.component.catalogs.loose import mapping


def typed(component: dict[str, Any], name: str, value: Any) -> Any:
    """A value as its input takes it: protobuf has no whole numbers."""
    declared = mapping(mapping(mapping(component.get("inputDefinitions")).get("parameters")).get(name))
    is_int = parameter_type(declared.get("parameterType") or declared.get("type")) == "int"
    return int(value) if is_int and isinstance(value, float) and value.is_integer() else value


def parameter_of(about: dict[str, Any]) -> dict[str, Any]:
    """A parameter of a pipeline."""
    kind = parameter_type(about.get("parameterType") or about.get("type")) or "str"
    default = about.get("defaultValue")
    if kind == "int" and isinstance(default, float) and default.is_integer():
        default = int(default)
    found: dict[str, Any] = {"type": kind}
    if "defaultValue" in about or about.get("isOptional"):
        found["default"] = default
    return found | ({"description": str(about["description"])} if about.get("description") else {})


def produced(
    outputs: dict[str, Any], names: dict[str, str], known: dict[str, dict[str, str]]
) -> Iterator[tuple[str, str]]:
    """(output, `task.output`) of a pipeline. names: of its tasks.  known: what the outputs of pipelines inside are."""
    for name, about in outputs.items():
        choices = mapping(about).get("artifactSelectors") or [mapping(mapping(about).get("valueFromParameter"))]
        first = mapping(choices[0])
        task = names.get(str(first.get("producerSubtask")), str(first.get("producerSubtask")))
        output = str(first.get("outputArtifactKey") or first.get("outputParameterKey"))
        yield name, known.get(task, {}).get(output) or f"{task}.{output}"


def bare(text: str) -> str:
    """A component's text without the number that KFP gives each of its uses."""
    return re.sub(r"((?:comp|exec)-[\w-]+?)-\d+\b", r"\1", text)

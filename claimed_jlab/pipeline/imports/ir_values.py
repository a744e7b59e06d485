"""Values, parameters and outputs of KFP's intermediate representation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from claimed_jlab.component.catalogs.kfp_types import parameter_type
from claimed_jlab.component.catalogs.loose import mapping
from claimed_jlab.pipeline.imports.imported import unique
from claimed_jlab.pipeline.python.naming import identifier

_CHANNEL = "pipelinechannel--"


def typed(component: dict[str, Any], name: str, value: Any) -> Any:
    """A value as its input takes it: protobuf has no whole numbers."""
    declared = mapping(mapping(mapping(component.get("inputDefinitions")).get("parameters")).get(name))
    return whole(value, parameter_type(declared.get("parameterType") or declared.get("type")) or "str")


def whole(value: Any, kind: str) -> Any:
    """A value of a type, with the whole numbers in it as such."""
    if kind in ("int", "list", "dict") and isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [whole(item, kind) for item in value]
    return {key: whole(item, kind) for key, item in value.items()} if isinstance(value, dict) else value


def parameter_of(about: dict[str, Any]) -> dict[str, Any]:
    """A parameter of a pipeline."""
    kind = parameter_type(about.get("parameterType") or about.get("type")) or "str"
    default = whole(about.get("defaultValue"), kind)
    found: dict[str, Any] = {"type": kind}
    if "defaultValue" in about or about.get("isOptional"):
        found["default"] = default
    return found | ({"description": str(about["description"])} if about.get("description") else {})


def produced(
    outputs: dict[str, Any],
    names: dict[str, str],
    known: dict[str, dict[str, str]],
    renamed: dict[str, dict[str, str]],
) -> Iterator[tuple[str, str]]:
    """(output, `task.output`) of a pipeline. names: of its tasks.  known: what the outputs of pipelines inside are.

    renamed: what outputs are called of pipelines that are documents now.
    """
    for name, about in outputs.items():
        choices = mapping(about).get("artifactSelectors") or [mapping(mapping(about).get("valueFromParameter"))]
        first = mapping(choices[0])
        task = names.get(str(first.get("producerSubtask")), str(first.get("producerSubtask")))
        output = str(first.get("outputArtifactKey") or first.get("outputParameterKey"))
        yield name, known.get(task, {}).get(output) or f"{task}.{renamed.get(task, {}).get(output, output)}"


def plain_names(names: Iterable[str]) -> dict[str, str]:
    """What inputs and outputs of a pipeline are called: as they are, but for those that KFP's compiler made up."""
    found: dict[str, str] = {}
    for name in names:
        made_up = name.startswith(_CHANNEL)
        found[name] = unique(identifier(name.removeprefix(_CHANNEL)) if made_up else name, found.values())
    return found

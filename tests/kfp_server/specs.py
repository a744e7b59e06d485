"""Pipeline specs as they come: parsed by KFP's own protobuf, refused as KFP's template reader refuses them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import yaml
from google.protobuf import json_format
from kfp.pipeline_spec import pipeline_spec_pb2

from tests.kfp_server.refusals import Refused, invalid

SCHEMA = "2.1.0"
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?\Z")
_ARGO_NAME = re.compile(r"[a-zA-Z0-9][-a-zA-Z0-9]*\Z")
_KINDS: dict[str, tuple[str, Any]] = {
    "NUMBER_DOUBLE": ("type double or integer, but the parameter value is not of number value type", (int, float)),
    "NUMBER_INTEGER": ("type double or integer, but the parameter value is not of number value type", (int, float)),
    "STRING": ("type string, but the input parameter is not of string value type", str),
    "BOOLEAN": ("type bool, but the input parameter is not of bool value type", bool),
    "LIST": ("type list, but the input parameter is not of list value type", list),
    "STRUCT": ("type struct, but the input parameter is not of struct value type", dict),
}


@dataclass(frozen=True)
class Spec:
    """pipeline: the PipelineSpec.  platform: what is Kubernetes' own, empty where nothing is."""

    pipeline: dict[str, Any]
    platform: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.pipeline["pipelineInfo"]["name"])

    def struct(self) -> dict[str, Any]:
        """As the API gives it back."""
        if not self.platform:
            return self.pipeline
        return {"pipeline_spec": self.pipeline, "platform_spec": self.platform}


def read_spec(text: str | bytes) -> Spec:
    """Reads a YAML or JSON file of one or two documents. Raises Refused."""
    try:
        documents = [one for one in yaml.load_all(text, Loader=yaml.CSafeLoader) if one is not None]
    except yaml.YAMLError as error:
        raise _broken(f"unable to decode yaml document: {error}") from error
    return spec_of(documents)


def spec_of(documents: list[Any]) -> Spec:
    """The spec of parsed documents. Raises Refused."""
    pipeline: dict[str, Any] | None = None
    platform: dict[str, Any] = {}
    for document in documents:
        if not isinstance(document, dict):
            raise _broken("unable to decode yaml document: not a mapping")
        if "pipeline_spec" in document:
            return spec_of([document["pipeline_spec"], document.get("platform_spec") or {}])
        if "pipelineInfo" in document or "pipeline_info" in document:
            if pipeline is not None:
                raise _broken("multiple pipeline specs provided")
            pipeline = _checked(document)
        elif "platforms" in document:
            platform = _parsed(document, pipeline_spec_pb2.PlatformSpec(), "cannot unmarshal platform specific configs")
    if pipeline is None:
        raise _broken("no pipeline spec is provided")
    return Spec(pipeline, platform)


def _checked(document: dict[str, Any]) -> dict[str, Any]:
    found = _parsed(document, pipeline_spec_pb2.PipelineSpec(), "invalid v2 pipeline spec")
    if found.get("schemaVersion") != SCHEMA:
        version = found.get("schemaVersion", "")
        raise _broken(f"KFP only supports schema version {SCHEMA}, but the pipeline spec has version {version}")
    name = found.get("pipelineInfo", {}).get("name", "")
    if not name:
        raise _broken("invalid v2 pipeline spec: name is empty")
    if not _NAME.match(name):
        raise _broken(
            "invalid v2 pipeline spec: name should consist of lower case alphanumeric characters, '-' or '.', and must"
            " start and end with an alphanumeric character"
        )
    if len(name) > 128:
        raise invalid(f"pipeline's name must contain no more than 128 characters (got {len(name)})")
    if "root" not in found:
        raise _broken("invalid v2 pipeline spec: root component is empty")
    return found


def _parsed(document: dict[str, Any], message: Any, what: str) -> dict[str, Any]:
    try:
        json_format.ParseDict(json.loads(json.dumps(document, default=str)), message)
    except (json_format.ParseError, TypeError) as error:
        raise _broken(f"{what}: proto: {error}") from error
    return whole(json_format.MessageToDict(message))


def whole(value: Any) -> Any:
    """Numbers without a fraction as Go's protobuf writes them: 3, where Python's writes 3.0."""
    if isinstance(value, dict):
        return {name: whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _broken(message: str) -> Refused:
    return Refused(3, message, "InvalidInputError").wrapped()


def check_parameters(spec: Spec, given: dict[str, Any]) -> None:
    """Refuses values that the root of a spec can't take. Raises Refused."""
    declared = spec.pipeline["root"].get("inputDefinitions", {}).get("parameters", {})
    for name, parameter in declared.items():
        if name not in given:
            if not parameter.get("isOptional") and "defaultValue" not in parameter:
                raise invalid(
                    f"parameter {name} is not optional, yet has neither default value nor user provided value"
                )
            continue
        kind = parameter.get("parameterType", "")
        if kind not in _KINDS:
            raise invalid(f"input parameter {name} requires type unknown")
        words, types = _KINDS[kind]
        value = given[name]
        if not isinstance(value, types) or (isinstance(value, bool) and kind != "BOOLEAN"):
            raise invalid(f"input parameter {name} requires {words}")
    extra = sorted(set(given) - set(declared))
    if extra:
        raise invalid(f"parameter(s) provided are not required by pipeline: {', '.join(extra)}")


def _check_argo_name(owner: str, name: str) -> None:
    """Argo's rule for the names of tasks; KFP itself has none."""
    if not _ARGO_NAME.match(name) or len(f"{name}-driver") > 128:
        raise invalid(
            f"templates.{owner}.tasks.{name} name is invalid: '{name}' is invalid: name must consist of alpha-numeric"
            " characters or '-', and must start with an alpha-numeric character (e.g. My-name1-2, 123-NAME)"
        )


def check_compiles(spec: Spec, *, artifact_iterators: bool) -> None:
    """Refuses what KFP's compiler to Argo can't do. Raises Refused."""
    executors = spec.pipeline.get("deploymentSpec", {}).get("executors", {})
    components = spec.pipeline.get("components", {})
    for owner, component in [("root", spec.pipeline["root"]), *components.items()]:
        for name, task in component.get("dag", {}).get("tasks", {}).items():
            _check_argo_name(owner, name)
            where = f'compiling DAG "{owner}": compiling task "{name}"'
            if "artifactIterator" in task and not artifact_iterators:
                raise invalid("artifact iterator not implemented yet").wrapped(f'compiling DAG "{owner}"')
            used = components.get(task.get("componentRef", {}).get("name"))
            if used is None:
                raise invalid(f'component spec for "{task.get("componentRef", {}).get("name")}" not found').wrapped(
                    where
                )
            label = used.get("executorLabel")
            if label is not None and label not in executors:
                raise invalid(f'executor with label "{label}" not found').wrapped(where)
            if "importer" in executors.get(label, {}) and task.get("triggerPolicy", {}).get("condition"):
                raise invalid("triggerPolicy.condition on importer task is not supported").wrapped(where)

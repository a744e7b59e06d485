"""What goes into a task and what comes out of a DAG, as KFP's driver resolves it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.kfp_server.cel import CelError, select
from tests.kfp_server.placeholders import Context, replaced, text_of

Json = dict[str, Any]
NUMBERS = ("NUMBER_INTEGER", "NUMBER_DOUBLE")


class DriverError(Exception):
    """Why a driver failed; the pod's log is the only place that says it."""


@dataclass
class Values:
    """Parameters by name, and lists of artifacts by name."""

    parameters: dict[str, Any] = field(default_factory=dict)
    artifacts: dict[str, list[Json]] = field(default_factory=dict)

    def json(self) -> Json:
        return {"parameters": self.parameters, "artifacts": self.artifacts}


@dataclass
class Result:
    """phase: Argo's.  values: what came out."""

    phase: str
    values: Values = field(default_factory=Values)
    message: str = ""


def inputs_of(task: Json, component: Json, given: Values, results: dict[str, Result], names: dict[str, str]) -> Values:
    """The inputs of a task. given: those of its DAG.  results: of the tasks before it. Raises DriverError."""
    declared = component.get("inputDefinitions", {})
    found = Values()
    for name, source in task.get("inputs", {}).get("parameters", {}).items():
        optional = _optional(declared.get("parameters", {}).get(name))
        try:
            value = _parameter(source, given, results, names)
        except LookupError as error:
            if optional:
                continue
            raise DriverError(f"failed to resolve input parameter {name}: {error.args[0]}") from error
        if "parameterExpressionSelector" in source:
            try:
                value = select(value, source["parameterExpressionSelector"])
            except CelError as error:
                raise DriverError(f"failed to resolve input parameter {name}: {error}") from error
        found.parameters[name] = value
    for name, source in task.get("inputs", {}).get("artifacts", {}).items():
        try:
            found.artifacts[name] = _artifacts(source, given, results)
        except LookupError as error:
            if _optional(declared.get("artifacts", {}).get(name)):
                continue
            raise DriverError(f"failed to resolve input artifact {name}: {error.args[0]}") from error
    _settle(found, declared.get("parameters", {}), task, names)
    return found


def _settle(found: Values, declared: Json, task: Json, names: dict[str, str]) -> None:
    """Fills placeholders of constants, takes defaults, and makes constants what the component declares."""
    context = Context(parameters=found.parameters, names=names)
    sources = task.get("inputs", {}).get("parameters", {})
    for name, value in list(found.parameters.items()):
        constant = sources.get(name, {}).get("runtimeValue") is not None
        if constant and isinstance(value, str):
            value = replaced(value, context)
        if constant or isinstance(value, str):
            value = as_declared(value, declared.get(name, {}).get("parameterType", ""))
        found.parameters[name] = value
    for name, definition in declared.items():
        if name not in found.parameters and "defaultValue" in definition:
            found.parameters[name] = definition["defaultValue"]


def as_declared(value: Any, kind: str) -> Any:
    """A value as the type that the component declares. Raises DriverError."""
    if kind == "STRING":
        return text_of(value)
    if not isinstance(value, str) or kind in ("", "TASK_FINAL_STATUS"):
        return value
    try:
        if kind in NUMBERS:
            return _number(value, kind)
        if kind == "BOOLEAN":
            return {"true": True, "false": False}[value.strip().lower()]
        return json.loads(value)
    except (ValueError, KeyError) as error:
        raise DriverError(f"cannot convert {value!r} to {kind}") from error


def _number(text: str, kind: str) -> int | float:
    number = float(text)
    return int(number) if kind == "NUMBER_INTEGER" or number.is_integer() else number


def _optional(declared: Json | None) -> bool:
    return bool(declared and (declared.get("isOptional") or "defaultValue" in declared))


def _parameter(source: Json, given: Values, results: dict[str, Result], names: dict[str, str]) -> Any:
    if "componentInputParameter" in source:
        name = source["componentInputParameter"]
        if name not in given.parameters:
            raise LookupError(f"parent DAG does not have input parameter {name}")
        return given.parameters[name]
    if "taskOutputParameter" in source:
        wanted = source["taskOutputParameter"]
        return _produced(results, wanted["producerTask"], wanted["outputParameterKey"], "parameters")
    if "taskFinalStatus" in source:
        producer = source["taskFinalStatus"]["producerTask"]
        result = results.get(producer, Result("Failed"))
        state = "SUCCEEDED" if result.phase in ("Succeeded", "Skipped") else "FAILED"
        error = {"code": 9, "message": result.message} if state == "FAILED" else {}
        return {
            "state": state,
            "pipelineJobResourceName": names.get(".pipeline_job_resource_name", ""),
            "pipelineTaskName": producer,
            "error": error,
        }
    runtime = source.get("runtimeValue", {})
    return runtime.get("constant", runtime.get("constantValue", {}).get("stringValue"))


def _artifacts(source: Json, given: Values, results: dict[str, Result]) -> list[Json]:
    if "componentInputArtifact" in source:
        name = source["componentInputArtifact"]
        if not given.artifacts.get(name):
            raise LookupError(f"parent DAG does not have input artifact {name}")
        return given.artifacts[name]
    wanted = source["taskOutputArtifact"]
    found: list[Json] = _produced(results, wanted["producerTask"], wanted["outputArtifactKey"], "artifacts")
    return found


def _produced(results: dict[str, Result], task: str, key: str, kind: str) -> Any:
    held = getattr(results[task].values, kind) if task in results else {}
    if key not in held:
        raise LookupError(f"cannot find output {kind[:-1]} {key} in producer task {task}")
    return held[key]


def outputs_of(dag: Json, results: dict[str, Result]) -> Values:
    """What a DAG gives out of its tasks; what was not made is left out."""
    found = Values()
    wanted = dag.get("outputs", {})
    for name, given in wanted.get("parameters", {}).items():
        one = given.get("valueFromParameter")
        for selector in [one] if one else given.get("valueFromOneof", {}).get("parameterSelectors", []):
            try:
                key = selector["outputParameterKey"]
                found.parameters[name] = _produced(results, selector["producerSubtask"], key, "parameters")
                break
            except LookupError:
                continue
    for name, given in wanted.get("artifacts", {}).items():
        for selector in given.get("artifactSelectors", []):
            try:
                key = selector["outputArtifactKey"]
                found.artifacts[name] = _produced(results, selector["producerSubtask"], key, "artifacts")
                break
            except LookupError:
                continue
    return found


def items_of(task: Json, found: Values) -> tuple[str, str, list[Any]]:
    """(kind, the input's name, the items) of a loop. Raises DriverError."""
    if "artifactIterator" in task:
        iterator = task["artifactIterator"]
        return "artifacts", iterator["itemInput"], found.artifacts.get(iterator["items"]["inputArtifact"], [])
    iterator = task["parameterIterator"]
    items = iterator["items"]
    value = found.parameters.get(items["inputParameter"]) if "inputParameter" in items else json.loads(items["raw"])
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise DriverError(f"iterator items are not a list: {value!r}") from error
    if not isinstance(value, list):
        raise DriverError(f"iterator items are not a list: {value!r}")
    return "parameters", iterator["itemInput"], value


def collected(results: list[Result]) -> Values:
    """What the rounds of a loop gave, as lists."""
    found = Values()
    for result in results:
        for name, value in result.values.parameters.items():
            found.parameters.setdefault(name, []).append(value)
        for name, artifacts in result.values.artifacts.items():
            found.artifacts.setdefault(name, []).extend(artifacts)
    return found


def waits_for(task: Json) -> list[str]:
    """The tasks of the same DAG that a task waits for, said and implied."""
    found = set(task.get("dependentTasks", []))
    for kind in ("parameters", "artifacts"):
        for source in task.get("inputs", {}).get(kind, {}).values():
            for way in ("taskOutputParameter", "taskOutputArtifact", "taskFinalStatus"):
                if way in source:
                    found.add(source[way]["producerTask"])
    return sorted(found)


def seconds_of(duration: str | None) -> float:
    """A protobuf duration, `30s`."""
    found = re.match(r"([\d.]+)s\Z", duration or "")
    return float(found[1]) if found else 0.0

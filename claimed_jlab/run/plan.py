"""A pipeline and its arguments become a Plan: what every engine runs. Pure: nothing is read, nothing is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from claimed_jlab.component.requirements import missing_distributions
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.component.types import PortType, parse_type
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Retry, Source, Task
from claimed_jlab.pipeline.findings import check_value
from claimed_jlab.pipeline.graph import dependencies, order
from claimed_jlab.pipeline.resources import Resources, parse_resources
from claimed_jlab.pipeline.validate import Checked


class InvalidPipeline(ClaimedError):
    """The document or the arguments are wrong, so nothing was started."""

    code = "invalid-pipeline"


class PlannedInput(BaseModel):
    """One input of a task, resolved as far as it can be before the run.

    A `file` is an absolute path; an `output` is (task, output).
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["value", "file", "output", "secret"]
    value: Any = None
    output: tuple[str, str] | None = None


class PlannedEach(BaseModel):
    """The list that a task runs for. field: the input that takes an item; None where an item is an object of inputs."""

    model_config = ConfigDict(frozen=True)

    items: PlannedInput
    field: str | None = None
    max_parallel: int | None = None


class PlannedTask(BaseModel):
    """A task with its component and its inputs. needs: the tasks that must end well before it.

    at_exit: it runs when all others have ended, however they did.  reuse: the earlier run whose result is taken.
    """

    name: str
    component: ComponentSpec
    inputs: dict[str, PlannedInput]
    needs: list[str]
    when: str | None = None
    each: PlannedEach | None = None
    retry: Retry | None = None
    timeout: float | None = None
    resources: Resources = Resources()
    cache: bool = True
    at_exit: bool = False
    reuse: str | None = None


class Plan(BaseModel):
    """What is to run, in an order in which each task comes after what it needs."""

    pipeline: str
    path: str
    parameters: dict[str, Any]
    tasks: list[PlannedTask]
    timeout: float | None = None

    def task(self, name: str) -> PlannedTask:
        return next(task for task in self.tasks if task.name == name)


def plan(checked: Checked, arguments: Mapping[str, Any], *, path: str) -> Plan:
    """Plans the run of a checked document with these arguments.

    path: where the document stands.  Raises InvalidPipeline for a document with errors, an argument that the
    pipeline does not have or whose value is wrong, a parameter without a value, and libraries that are missing.
    """
    _refuse_errors(checked, path)
    parameters = _arguments(checked, arguments)
    waits_for = dependencies(checked.document)
    tasks = [
        _task(name, checked.document.tasks[name], checked, parameters, sorted(waits_for[name]))
        for name in order(waits_for)
    ]
    document = checked.document
    return Plan(pipeline=document.name, path=path, parameters=parameters, tasks=tasks, timeout=document.timeout)


def argument_from_text(kind: PortType, text: str) -> Any:
    """The value that `text` of a command line means for this type. Raises ValueError with the reason."""
    name = type(kind.choices[0]).__name__ if kind.choices else kind.name
    if name == "str" or kind.name == "Secret":
        return text
    if name == "bool":
        words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if text.strip().lower() not in words:
            raise ValueError(f"{text!r} is not true or false")
        return words[text.strip().lower()]
    try:
        value = json.loads(text)
    except ValueError:
        raise ValueError(f"{text!r} is not {kind}") from None
    if why := check_value(kind, value):
        raise ValueError(why)
    return value


def _refuse_errors(checked: Checked, path: str) -> None:
    errors = [item for item in checked.diagnostics if item.level == "error"]
    if not errors:
        errors = [item for item in checked.diagnostics if item.code == "missing-libraries"]
    if errors:
        more = f" (and {len(errors) - 1} more: see `jupyter claimed pipeline validate`)" if len(errors) > 1 else ""
        raise InvalidPipeline(errors[0].message + more, where=f"{path}: {errors[0].where}", code=errors[0].code)


def _arguments(checked: Checked, arguments: Mapping[str, Any]) -> dict[str, Any]:
    declared = checked.document.parameters
    for name in arguments:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise InvalidPipeline(f"the pipeline has no parameter {name!r}", hint=f"its parameters are: {known}")
    values = {}
    for name, parameter in declared.items():
        if name not in arguments:
            if "default" not in parameter.model_fields_set:
                raise InvalidPipeline(f"the parameter {name!r} has no value", hint=f"give one: -p {name}=…")
            values[name] = parameter.default
            continue
        if why := check_value(parse_type(parameter.type), arguments[name]):
            raise InvalidPipeline(f"the parameter {name!r}: {why}", code="bad-parameter")
        values[name] = arguments[name]
    return values


def _task(name: str, task: Task, checked: Checked, parameters: Mapping[str, Any], needs: list[str]) -> PlannedTask:
    spec = checked.components[name]
    missing = missing_distributions(spec.requirements, spec.kernel)
    if missing:
        raise InvalidPipeline(f"task {name!r} needs {', '.join(missing)}", hint=f"pip install {' '.join(missing)}")
    inputs = {}
    for field, source in task.inputs.items():
        port = spec.input(field)
        assert port is not None  # the validator refuses an input that the component has not
        inputs[field] = _input(source, port.port_type, checked, parameters)
        if source.kind == "parameter" and (why := check_value(port.port_type, inputs[field].value)):
            where = f"parameter {source.parameter!r} (input {field!r} of task {name!r})"
            raise InvalidPipeline(why, where=where, code="bad-parameter")
    return PlannedTask(
        name=name,
        component=spec,
        inputs=inputs,
        needs=needs,
        when=task.when,
        each=_each(task, checked, parameters),
        retry=task.retry,
        timeout=task.timeout,
        resources=parse_resources(task.resources),
        cache=task.cache,
        at_exit=name == checked.document.on_exit,
    )


def _each(task: Task, checked: Checked, parameters: Mapping[str, Any]) -> PlannedEach | None:
    each = task.for_each
    if each is None:
        return None
    items = _input(each, PortType("list"), checked, parameters)
    return PlannedEach(items=items, field=each.input, max_parallel=each.max_parallel)


def _input(source: Source, kind: PortType, checked: Checked, parameters: Mapping[str, Any]) -> PlannedInput:
    if source.output_of:
        return PlannedInput(kind="output", output=source.output_of)
    if source.kind == "secret":
        return PlannedInput(kind="secret", value=source.secret)
    value = parameters[source.parameter] if source.parameter else source.value
    if kind.kind == "artifact" and value:
        return PlannedInput(kind="file", value=str((checked.folder / str(value)).absolute()))
    return PlannedInput(kind="value", value=value)

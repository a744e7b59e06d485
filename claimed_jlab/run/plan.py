"""A pipeline and its arguments become a Plan: what every engine runs. Pure: nothing is read, nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from claimed_jlab import expression
from claimed_jlab.component.requirements import missing_distributions
from claimed_jlab.component.types import PortType, parse_type
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Source, Task
from claimed_jlab.pipeline.findings import check_value
from claimed_jlab.pipeline.graph import dependencies, order
from claimed_jlab.pipeline.resources import parse_resources
from claimed_jlab.pipeline.validate import Checked
from claimed_jlab.run.planned import Condition, Group, LoopItem, Plan, PlannedEach, PlannedInput, PlannedTask

# What the validator says of this machine, which no other cares for.
OF_HERE = frozenset({"missing-libraries", "needs-container", "remote-file"})


class InvalidPipeline(ClaimedError):
    """The document or the arguments are wrong, so nothing was started."""

    code = "invalid-pipeline"


def plan(checked: Checked, arguments: Mapping[str, Any], *, path: str, here: bool = True) -> Plan:
    """Plans the run of a checked document with these arguments.

    path: where the document stands.  here: whether this machine is to run it, so that its libraries count.
    Raises InvalidPipeline for a document with errors, an argument that the pipeline does not have or whose value is
    wrong, a parameter without a value, and libraries that are missing.
    """
    refuse_errors(checked, path, here=here)
    parameters = _arguments(checked, arguments)
    document = checked.document
    scope = {name: PlannedInput(kind="value", value=value) for name, value in parameters.items()}
    flat = _Flat(checked, scope, here=here)
    return Plan(
        pipeline=document.name,
        path=path,
        parameters=parameters,
        tasks=flat.tasks,
        groups=flat.groups,
        timeout=document.timeout,
    )


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


def refuse_errors(checked: Checked, path: str, *, here: bool = False) -> None:
    """Raises InvalidPipeline with the first error of a document.

    here: libraries that are missing are one too; else what this machine can't is none.
    """
    errors = [item for item in checked.diagnostics if item.level == "error" and (here or item.code not in OF_HERE)]
    if not errors and here:
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
                hint = f"give one: -p {name}=…"
                raise InvalidPipeline(f"the parameter {name!r} has no value", hint=hint, code="bad-parameter")
            values[name] = parameter.default
            continue
        if why := check_value(parse_type(parameter.type), arguments[name]):
            raise InvalidPipeline(f"the parameter {name!r}: {why}", code="bad-parameter")
        values[name] = arguments[name]
    return values


def _origins(sources: Iterable[PlannedInput], conditions: Iterable[Condition]) -> set[str]:
    """The tasks whose outputs are taken."""
    everything = [*sources, *(source for item in conditions for source in item.names.values())]
    return {task for source in everything for task, _ in source.outputs()}


class _Flat:
    """A document as a list of tasks, those of the pipelines in it among them, as `outer.inner`.

    scope: where its parameters' values come from.  conditions, after: those of the tasks that it is in.
    """

    def __init__(
        self,
        checked: Checked,
        scope: Mapping[str, PlannedInput],
        prefix: str = "",
        conditions: list[Condition] | None = None,
        *,
        cache: bool = True,
        after: Iterable[str] = (),
        here: bool = True,
    ) -> None:
        self._checked = checked
        self._scope = scope
        self._prefix = prefix
        self._conditions = conditions or []
        self._cache = cache
        self._after = set(after)
        self._here = here
        self._outputs: dict[tuple[str, str], tuple[str, str]] = {}
        self.tasks: list[PlannedTask] = []
        self.groups: dict[str, Group] = {}
        for name in order(dependencies(checked.document)):
            task = checked.document.tasks[name]
            if name in checked.nested and task.for_each is not None:
                self._add_loop(name, task, checked.nested[name])
            elif name in checked.nested:
                self._add_pipeline(name, task, checked.nested[name])
            else:
                self.tasks.append(self._task(name, task))

    def output(self, task: str, name: str) -> tuple[str, str]:
        """The planned task that gives an output of a task of this document, and the output's name there."""
        return self._outputs.get((task, name), (f"{self._prefix}{task}", name))

    def _add_loop(self, name: str, task: Task, inner: Checked) -> None:
        """A pipeline for each item of a list: one task here, which becomes those in it when the list is known."""
        loop, each = f"{self._prefix}{name}", self._each(task)
        assert each is not None
        given, scope = self._inputs(name, task), {}
        for parameter, declared in inner.document.parameters.items():
            item = LoopItem(loop=loop, field=parameter, default=declared.default)
            is_item = each.field in (None, parameter) and parameter not in given
            other = given.get(parameter) or PlannedInput(kind="value", value=declared.default)
            scope[parameter] = PlannedInput(kind="item", value=item) if is_item else other
        flat = _Flat(inner, scope, f"{loop}.", cache=self._cache and task.cache, here=self._here)
        conditions = [*self._conditions, *self._when(task)]
        outside = {need for one in flat.tasks for need in one.needs} - {one.name for one in flat.tasks}
        outputs = {key: declared.output.partition(".")[::2] for key, declared in inner.document.outputs.items()}
        self.tasks.append(
            PlannedTask(
                name=loop,
                component=self._checked.components[name],
                inputs={},
                needs=sorted(outside | _origins([each.items], conditions) | self._waits_for(task)),
                conditions=conditions,
                each=each,
                body=flat.tasks,
                gives={key: flat.output(*source) for key, source in outputs.items()},
            )
        )

    def _add_pipeline(self, name: str, task: Task, inner: Checked) -> None:
        given = self._inputs(name, task)
        scope = {
            parameter: given.get(parameter) or PlannedInput(kind="value", value=declared.default)
            for parameter, declared in inner.document.parameters.items()
        }
        conditions = [*self._conditions, *self._when(task)]
        cache, after = self._cache and task.cache, self._waits_for(task)
        flat = _Flat(inner, scope, f"{self._prefix}{name}.", conditions, cache=cache, after=after, here=self._here)
        outputs = {}
        for output, declared in inner.document.outputs.items():
            source, _, port = declared.output.partition(".")
            outputs[output] = self._outputs[name, output] = flat.output(source, port)
        self.tasks += flat.tasks
        self.groups |= flat.groups
        self.groups[f"{self._prefix}{name}"] = Group(
            component=task.component,
            title=inner.document.name,
            tasks=[item.name for item in flat.tasks],
            outputs=outputs,
        )

    def _task(self, name: str, task: Task) -> PlannedTask:
        spec = self._checked.components[name]
        missing = missing_distributions(spec.requirements, spec.kernel) if self._here else ()
        if missing:
            raise InvalidPipeline(f"task {name!r} needs {', '.join(missing)}", hint=f"pip install {' '.join(missing)}")
        inputs, each = self._inputs(name, task), self._each(task)
        conditions = [*self._conditions, *self._when(task)]
        sources = [*inputs.values(), *([each.items] if each else [])]
        return PlannedTask(
            name=f"{self._prefix}{name}",
            component=spec,
            inputs=inputs,
            needs=sorted(_origins(sources, conditions) | self._waits_for(task)),
            conditions=conditions,
            each=each,
            retry=task.retry,
            timeout=task.timeout,
            resources=parse_resources(task.resources),
            cache=self._cache and task.cache,
            environment=task.environment,
            at_exit=not self._prefix and name == self._checked.document.on_exit,
        )

    def _waits_for(self, task: Task) -> set[str]:
        """The planned tasks that a task comes after without taking from them; of a pipeline, all in it."""
        named = (f"{self._prefix}{name}" for name in task.after)
        groups = (self.groups[name].tasks if name in self.groups else [name] for name in named)
        return self._after.union(*groups)

    def _inputs(self, name: str, task: Task) -> dict[str, PlannedInput]:
        spec = self._checked.components[name]
        found = {}
        for field, source in task.inputs.items():
            port = spec.input(field)
            assert port is not None  # the validator refuses an input that the component has not
            found[field] = self._input(source, port.port_type)
            known = source.kind == "parameter" and found[field].kind == "value"
            if known and (why := check_value(port.port_type, found[field].value)):
                where = f"parameter {source.parameter!r} (input {field!r} of task {name!r})"
                raise InvalidPipeline(why, where=where, code="bad-parameter")
        return found

    def _each(self, task: Task) -> PlannedEach | None:
        each = task.for_each
        if each is None:
            return None
        items = self._input(each, PortType("list"))
        return PlannedEach(items=items, field=each.input, max_parallel=each.max_parallel)

    def _when(self, task: Task) -> list[Condition]:
        if not task.when:
            return []
        names = {}
        for name in expression.names(task.when):
            origin, dot, output = name.partition(".")
            names[name] = (
                PlannedInput(kind="output", output=self.output(origin, output)) if dot else self._scope[origin]
            )
        return [Condition(text=task.when, names=names)]

    def _input(self, source: Source, kind: PortType) -> PlannedInput:
        if source.output_of:
            return PlannedInput(kind="output", output=self.output(*source.output_of))
        if source.kind == "secret":
            return PlannedInput(kind="secret", value=source.secret)
        if source.parameter:
            return self._scope[source.parameter]
        if kind.kind == "artifact" and "://" in str(source.value or ""):
            return PlannedInput(kind="file", value=source.value)
        if kind.kind == "artifact" and source.value:
            return PlannedInput(kind="file", value=str((self._checked.folder / str(source.value)).absolute()))
        return PlannedInput(kind="value", value=source.value)

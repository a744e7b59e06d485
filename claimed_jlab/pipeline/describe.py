"""What an editor draws of a document: tasks with typed ports, the wires between them, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.component.requirements import missing_distributions
from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.pipeline.document import BadPipeline, Pipeline, PipelineParameter, Task, parse_pipeline
from claimed_jlab.pipeline.typetable import TypeTable, type_table
from claimed_jlab.pipeline.validate import Checked, check


class Validation(BaseModel):
    """What the validator says of a document."""

    valid: bool
    diagnostics: list[Diagnostic] = Field(default_factory=list)


class DescribedInput(BaseModel):
    """An input of a task, and where its value comes from."""

    name: str
    type: str
    kind: Literal["parameter", "artifact"]
    optional: bool
    description: str
    default: Any = None
    choices: list[Any] | None = None
    source: dict[str, Any] | None = None


class DescribedOutput(BaseModel):
    """An output of a task."""

    name: str
    type: str
    kind: Literal["parameter", "artifact"]
    description: str
    gives: str = Field(description="The type of what another task gets from it: a list, where it runs for each item")


class DescribedTask(BaseModel):
    """A task as a card on a canvas. Where its component is unknown it has no title and only wired ports."""

    name: str
    title: str
    component: str
    category: str = ""
    group: str = ""
    description: str = ""
    requirements: list[str] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list)
    inputs: list[DescribedInput] = Field(default_factory=list)
    outputs: list[DescribedOutput] = Field(default_factory=list)
    position: tuple[float, float] | None = None


class DescribedEdge(BaseModel):
    """A wire: an output that feeds an input."""

    source: str
    output: str
    target: str
    input: str
    type: str
    kind: Literal["parameter", "artifact"]


class Description(Validation):
    """A whole document, as an editor draws it."""

    name: str = ""
    description: str = ""
    parameters: dict[str, PipelineParameter] = Field(default_factory=dict)
    tasks: list[DescribedTask] = Field(default_factory=list)
    edges: list[DescribedEdge] = Field(default_factory=list)
    types: TypeTable = Field(default_factory=TypeTable)


Findings = Callable[[Checked], list[Diagnostic]]


def validate_text(text: str, folder: Path, catalog: Catalog, findings: Findings | None = None) -> Validation:
    """Validates a document's text, as it stands in `folder`. findings: all that is wrong with it, for one engine."""
    try:
        document = parse_pipeline(text)
    except BadPipeline as error:
        return Validation(valid=False, diagnostics=error.diagnostics)
    return _judged(check(document, folder, catalog), findings)


def describe_text(text: str, folder: Path, catalog: Catalog, findings: Findings | None = None) -> Description:
    """Describes a document's text, as it stands in `folder`; a broken one has diagnostics and no tasks.

    findings: all that is wrong with it, for one engine.
    """
    try:
        document = parse_pipeline(text)
    except BadPipeline as error:
        return Description(valid=False, diagnostics=error.diagnostics)
    checked = check(document, folder, catalog)
    judged = _judged(checked, findings)
    return describe(checked, catalog.components()).model_copy(update=dict(judged))


def _judged(checked: Checked, findings: Findings | None) -> Validation:
    found = checked.diagnostics if findings is None else findings(checked)
    return Validation(valid=not any(item.level == "error" for item in found), diagnostics=found)


def describe(checked: Checked, components: Iterable[ComponentSpec] = ()) -> Description:
    """Describes a document that was checked.

    components: what else could be placed in it, whose types are compared too.
    """
    document = checked.document
    # Once for all tasks of the same component: it looks through what is installed.
    missing = {needs: missing_distributions(*needs) for needs in {*map(_needs, checked.components.values())}}
    tasks = [
        _task(name, task, checked.components.get(name), document, missing) for name, task in document.tasks.items()
    ]
    return Description(
        valid=checked.valid,
        diagnostics=checked.diagnostics,
        name=document.name,
        description=document.description,
        parameters=document.parameters,
        tasks=tasks,
        edges=_edges(document, {task.name: task for task in tasks}),
        types=type_table(
            (*components, *checked.components.values()), (item.type for item in document.parameters.values())
        ),
    )


_Needs = tuple[tuple[str, ...], str]


def _needs(spec: ComponentSpec) -> _Needs:
    return spec.requirements, spec.kernel


def _task(
    name: str,
    task: Task,
    spec: ComponentSpec | None,
    document: Pipeline,
    missing: Mapping[_Needs, Iterable[str]],
) -> DescribedTask:
    position = document.layout.get(name)
    if spec is None:
        inputs = [_unknown_input(field, task) for field in task.inputs]
        return DescribedTask(name=name, title=name, component=task.component, inputs=inputs, position=position)
    return DescribedTask(
        name=name,
        title=spec.title,
        component=spec.reference,
        category=spec.category,
        group=spec.group,
        description=task.description or spec.description,
        requirements=list(spec.requirements),
        missing=list(missing[_needs(spec)]),
        inputs=_inputs(task, spec),
        outputs=[
            DescribedOutput(
                name=port.name,
                type=port.type,
                kind=port.kind,
                description=port.description,
                gives="list" if task.for_each is not None else port.type,
            )
            for port in spec.outputs
        ],
        position=position,
    )


def _inputs(task: Task, spec: ComponentSpec) -> list[DescribedInput]:
    known = [
        DescribedInput(
            name=port.name,
            type=port.type,
            kind=port.kind,
            optional=port.optional,
            description=port.description,
            default=port.default,
            choices=port.choices,
            source=_source(task, port.name),
        )
        for port in spec.inputs
    ]
    extra = [field for field in task.inputs if spec.input(field) is None]
    return known + [_unknown_input(field, task) for field in extra]


def _unknown_input(field: str, task: Task) -> DescribedInput:
    return DescribedInput(
        name=field, type="?", kind="artifact", optional=True, description="", source=_source(task, field)
    )


def _source(task: Task, field: str) -> dict[str, Any] | None:
    source = task.inputs.get(field)
    return {source.kind: getattr(source, source.kind)} if source else None


def _edges(document: Pipeline, tasks: dict[str, DescribedTask]) -> list[DescribedEdge]:
    edges = []
    for target, task in document.tasks.items():
        for field, source in task.inputs.items():
            if source.output_of is None or source.output_of[0] not in tasks:
                continue
            origin, output = source.output_of
            port = next((item for item in tasks[origin].outputs if item.name == output), None)
            kind = port.kind if port else "artifact"
            label = port.type.removeprefix("Output[").removesuffix("]") if port else "?"
            edges.append(DescribedEdge(source=origin, output=output, target=target, input=field, type=label, kind=kind))
    return edges

"""A pipeline as a task of another: its parameters are the inputs, its `outputs` what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from claimed_jlab.component.spec import ComponentSpec, Diagnostic, InputSpec, OutputSpec
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Task
from claimed_jlab.pipeline.findings import finding
from claimed_jlab.pipeline.text import pipeline_text

if TYPE_CHECKING:
    from claimed_jlab.pipeline.validate import Checked

SUFFIX = ".pipeline"


class NotNestable(ClaimedError):
    """A pipeline that can't be a task: it has errors, or contains itself."""

    code = "bad-nested-pipeline"


def is_pipeline(reference: str) -> bool:
    """Whether a task's component is another pipeline's document."""
    return reference.endswith(SUFFIX)


def nested_path(task: Task, folder: Path, inside: tuple[Path, ...]) -> Path:
    """The document of a task that is a pipeline. inside: the documents that it is in. Raises NotNestable."""
    path = (folder / task.component).resolve()
    if Path(task.component).is_absolute():
        raise NotNestable(f"{task.component!r} is an absolute path", hint="write it as seen from the document")
    if path in inside:
        chain = " -> ".join(item.name for item in (*inside[inside.index(path) :], path))
        raise NotNestable(f"the pipeline contains itself: {chain}")
    return path


def as_component(checked: Checked, path: Path) -> ComponentSpec:
    """What a checked pipeline looks like from outside. Raises NotNestable for its first error."""
    wrong = next((item for item in checked.diagnostics if item.level == "error"), None)
    if wrong is not None:
        raise NotNestable(f"{path.name}: {wrong.message}", where=wrong.where)
    document = checked.document
    inner = sorted(spec.digest for spec in checked.components.values())
    return ComponentSpec(
        name=path.stem,
        title=document.name,
        description=document.description,
        category="pipeline",
        inputs=tuple(
            InputSpec(
                name=name,
                type=parameter.type,
                description=parameter.description,
                default=parameter.default,
                optional="default" in parameter.model_fields_set,
            )
            for name, parameter in document.parameters.items()
        ),
        outputs=tuple(_outputs(checked)),
        path=str(path),
        digest=f"blake3:{blake3(pipeline_text(document).encode() + ''.join(inner).encode()).hexdigest()}",
    )


def _outputs(checked: Checked) -> Iterator[OutputSpec]:
    for name, given in checked.document.outputs.items():
        task, _, output = given.output.partition(".")
        port = checked.components[task].output(output)
        assert port is not None  # output_findings refuses what is not there
        each = checked.document.tasks[task].for_each is not None
        yield OutputSpec(
            name=name, type="list" if each else port.type, description=given.description or port.description
        )


def output_findings(checked: Checked) -> Iterator[Diagnostic]:
    """What is wrong with the outputs that a pipeline says it has."""
    for name, given in checked.document.outputs.items():
        task, _, output = given.output.partition(".")
        spec = checked.components.get(task)
        if task not in checked.document.tasks:
            message = f"there is no task {task!r} to take {given.output!r} from"
        elif spec is not None and spec.output(output) is None:
            known = ", ".join(port.name for port in spec.outputs) or "none"
            message = f"task {task!r} has no output {output!r}; its outputs are: {known}"
        else:
            continue
        yield Diagnostic(level="error", code="dangling-reference", message=message, where=f"outputs.{name}", field=name)


def nested_findings(name: str, task: Task, inner: Checked) -> Iterator[Diagnostic]:
    """What a task that is a pipeline can't have, or its document can't."""
    for field in ("retry", "timeout", "resources", "image", "kubernetes"):
        if getattr(task, field) is not None:
            message = f"{field} can't be of a whole pipeline: put it on the tasks inside {task.component}"
            yield finding(name, field, "unsupported", message)
    if inner.document.on_exit is not None:
        yield finding(name, "component", "unsupported", f"{task.component} has an on_exit, which only a run can have")

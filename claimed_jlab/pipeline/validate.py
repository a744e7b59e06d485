"""The one validator of pipeline documents. Each finding names the task and the field it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from claimed_jlab import expression
from claimed_jlab.component.catalog import Catalog
from claimed_jlab.component.requirements import missing_distributions
from claimed_jlab.component.spec import ComponentSpec, Diagnostic, InputSpec
from claimed_jlab.component.types import PortType, UnknownType, parse_type
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.containers import container_program, needs_container
from claimed_jlab.pipeline.document import Pipeline, Source, Task, read_pipeline
from claimed_jlab.pipeline.findings import check_value, finding, words
from claimed_jlab.pipeline.flow_rules import each_findings, each_sets, exit_findings, place_findings, resource_findings
from claimed_jlab.pipeline.graph import dependencies, find_cycle
from claimed_jlab.pipeline.kubernetes import image_problem
from claimed_jlab.pipeline.nested import as_component, is_pipeline, nested_findings, nested_path, output_findings
from claimed_jlab.pipeline.resolve import resolve_component


class Checked:
    """A document with its components resolved, and all that is wrong with it.

    nested: the tasks that are pipelines, checked.  inside: the documents that this one is in.
    """

    def __init__(self, document: Pipeline, folder: Path, catalog: Catalog, inside: tuple[Path, ...] = ()) -> None:
        self.document = document
        self.folder = folder
        self.components: dict[str, ComponentSpec] = {}
        self.nested: dict[str, Checked] = {}
        self.diagnostics: list[Diagnostic] = []
        self._resolved: dict[str, ComponentSpec] = {}
        for name, task in document.tasks.items():
            try:
                self.components[name] = self._component(name, task, catalog, inside)
            except ClaimedError as error:
                self.diagnostics.append(finding(name, "component", error.code, words(error)))
        self.diagnostics += list(_Rules(self).findings())

    def _component(self, name: str, task: Task, catalog: Catalog, inside: tuple[Path, ...]) -> ComponentSpec:
        if not is_pipeline(task.component):
            # Once for all tasks of the same component: it is read, or its catalog looked at, each time.
            if task.component not in self._resolved:
                self._resolved[task.component] = resolve_component(task, self.folder, catalog)
            return self._resolved[task.component]
        path = nested_path(task, self.folder, inside)
        inner = Checked(read_pipeline(path), path.parent, catalog, (*inside, path))
        spec = as_component(inner, path)
        self.nested[name] = inner
        return spec

    @property
    def valid(self) -> bool:
        return not any(item.level == "error" for item in self.diagnostics)


def check(document: Pipeline, folder: Path, catalog: Catalog, path: Path | None = None) -> Checked:
    """Resolves and validates a document that stands in `folder`. Never raises for the document's mistakes.

    path: its own file, by which a pipeline that contains itself is found a level earlier.
    """
    return Checked(document, folder, catalog, (path.resolve(),) if path else ())


class _Rules:
    def __init__(self, checked: Checked) -> None:
        self._checked = checked
        self._document = checked.document
        self._folder = checked.folder
        self._components = checked.components
        self._missing: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}

    def findings(self) -> Iterator[Diagnostic]:
        if not self._document.tasks:
            yield Diagnostic(level="error", code="no-tasks", message="the pipeline has no tasks", where="tasks")
        if self._document.image is not None and (why := image_problem(self._document.image)):
            yield Diagnostic(level="error", code="bad-image", message=why, where="image", field="image")
        yield from self._parameters()
        yield from exit_findings(self._document)
        yield from output_findings(self._checked)
        for name, task in self._document.tasks.items():
            yield from self._task(name, task)
        cycle = find_cycle(dependencies(self._document))
        if cycle:
            yield finding(cycle[0], "inputs", "cycle", f"the tasks wait for each other: {' -> '.join(cycle)}")

    def _parameters(self) -> Iterator[Diagnostic]:
        for name, parameter in self._document.parameters.items():
            try:
                kind = parse_type(parameter.type)
            except UnknownType as error:
                yield _parameter(name, "unknown-type", str(error))
                continue
            if kind.kind == "artifact" or kind.name == "Secret":
                yield _parameter(name, "bad-parameter", f"a pipeline's parameter can't be {kind}")
            elif "default" in parameter.model_fields_set and (why := check_value(kind, parameter.default)):
                yield _parameter(name, "bad-parameter", f"the default {why}")

    def _task(self, name: str, task: Task) -> Iterator[Diagnostic]:
        if not name.replace("-", "_").isidentifier():
            message = f"{name!r} is no task name: use letters, digits, _ and -"
            yield finding(name, None, "bad-task-name", message)
        for field, source in task.inputs.items():
            yield from self._reference(name, field, source)
        yield from self._when(name, task)
        for other in task.after:
            if other not in self._document.tasks:
                yield finding(name, "after", "dangling-reference", f"there is no task {other!r} to come after")
        yield from resource_findings(name, task)
        yield from place_findings(name, task)
        if name in self._checked.nested:
            yield from nested_findings(name, task, self._checked.nested[name])
        if task.for_each is not None:
            yield from self._reference(name, "for_each", task.for_each)
            list_type = self._type_of(task.for_each)
            yield from each_findings(name, task, list_type, self._components.get(name))
        spec = self._components.get(name)
        if spec is not None:
            yield from self._interface(name, task, spec)

    def _interface(self, name: str, task: Task, spec: ComponentSpec) -> Iterator[Diagnostic]:
        for port in spec.inputs:
            if port.name in task.inputs:
                yield from self._type(name, port, task.inputs[port.name])
            elif not port.optional and not each_sets(task, port.name):
                yield finding(name, port.name, "missing-input", f"the input {port.name!r} ({port.type}) is not set")
        known = {port.name for port in spec.inputs}
        for field in task.inputs:
            if field not in known:
                names = ", ".join(sorted(known)) or "none"
                message = f"{spec.reference} has no input {field!r}; its inputs are: {names}"
                yield finding(name, field, "extra-input", message)
        if spec.container is not None and container_program() is None:
            yield finding(name, "component", "needs-container", needs_container(spec.reference), level="warning")
        needed = (spec.requirements, spec.kernel)
        if needed not in self._missing:
            self._missing[needed] = tuple(missing_distributions(*needed))
        missing = self._missing[needed]
        if missing:
            message = f"{spec.reference} needs what is not installed here: pip install {' '.join(missing)}"
            yield finding(name, "component", "missing-libraries", message, level="warning")

    def _reference(self, name: str, field: str, source: Source) -> Iterator[Diagnostic]:
        if source.kind == "parameter" and source.parameter not in self._document.parameters:
            known = ", ".join(self._document.parameters) or "none"
            message = f"the pipeline has no parameter {source.parameter!r}; its parameters are: {known}"
            yield finding(name, field, "dangling-reference", message)
        if source.output_of is None:
            return
        task, output = source.output_of
        if task not in self._document.tasks:
            message = f"there is no task {task!r} to take {source.output!r} from"
            yield finding(name, field, "dangling-reference", message)
        elif task in self._components and self._components[task].output(output) is None:
            known = ", ".join(port.name for port in self._components[task].outputs) or "none"
            message = f"task {task!r} has no output {output!r}; its outputs are: {known}"
            yield finding(name, field, "dangling-reference", message)

    def _type(self, name: str, port: InputSpec, source: Source) -> Iterator[Diagnostic]:
        checks: dict[str, Callable[[str, InputSpec, Source], Iterator[Diagnostic]]] = {
            "value": self._literal,
            "parameter": self._wired,
            "output": self._wired,
            "secret": self._secret,
        }
        yield from checks[source.kind](name, port, source)

    def _literal(self, name: str, port: InputSpec, source: Source) -> Iterator[Diagnostic]:
        if port.secret:
            message = f"{port.name!r} is a secret: name one with {{'secret': …}}, never write its value"
            yield finding(name, port.name, "literal-secret", message)
        elif why := check_value(port.port_type, source.value):
            yield finding(name, port.name, "bad-parameter", f"{port.name!r}: {why}")
        elif port.kind == "artifact" and source.value:
            yield from self._file(name, port.name, str(source.value))

    def _file(self, name: str, field: str, text: str) -> Iterator[Diagnostic]:
        if "://" in text:
            message = f"{text!r} is no file of this machine: load it by a component"
            yield finding(name, field, "remote-file", message)
        elif Path(text).is_absolute():
            message = f"{text!r} is an absolute path: write it as seen from the document"
            yield finding(name, field, "absolute-path", message)
        elif not (self._folder / text).exists():
            yield finding(
                name, field, "no-such-file", f"there is no file {text!r} in {self._folder.name or self._folder}"
            )

    def _wired(self, name: str, port: InputSpec, source: Source) -> Iterator[Diagnostic]:
        given = self._type_of(source)
        if given is not None and not port.port_type.reads(given):
            origin = source.parameter or source.output
            message = f"{port.name!r} takes {_plain(port.port_type)}, but {origin!r} is {_plain(given)}"
            yield finding(name, port.name, "type-mismatch", message)

    def _secret(self, name: str, port: InputSpec, source: Source) -> Iterator[Diagnostic]:
        if not port.secret:
            yield finding(name, port.name, "type-mismatch", f"{port.name!r} takes {port.type}, not a secret")

    def _type_of(self, source: Source) -> PortType | None:
        if source.output_of:
            spec = self._components.get(source.output_of[0])
            port = spec.output(source.output_of[1]) if spec else None
            task = self._document.tasks.get(source.output_of[0])
            if port and task and task.for_each is not None:
                return PortType("list")  # what its items gave, collected
            return port.port_type if port else None
        parameter = self._document.parameters.get(source.parameter or "")
        try:
            return parse_type(parameter.type) if parameter else None
        except UnknownType:
            return None

    def _when(self, name: str, task: Task) -> Iterator[Diagnostic]:
        if not task.when:
            return
        try:
            used = expression.names(task.when)
        except expression.ExpressionError as error:
            yield finding(name, "when", error.code, str(error))
            return
        for item in sorted(used):
            origin, _, output = item.partition(".")
            if not output and item not in self._document.parameters:
                yield finding(name, "when", "dangling-reference", f"there is no parameter {item!r}")
            elif output:
                yield from self._reference(name, "when", Source(output=f"{origin}.{output}"))


def _plain(kind: PortType) -> str:
    return f"an artifact {kind.name}" if kind.kind == "artifact" else str(kind)


def _parameter(name: str, code: str, message: str) -> Diagnostic:
    return Diagnostic(level="error", code=code, message=message, where=f"parameters.{name}", field=name)

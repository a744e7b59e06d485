"""What Kubeflow can't do of a document, said before it is sent: each finding on its task and field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from claimed_jlab.component.kfp_yaml import LARGEST_NOTEBOOK, packed
from claimed_jlab.component.reader import modules_beside
from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Pipeline, Source, Task
from claimed_jlab.pipeline.findings import finding, words
from claimed_jlab.pipeline.kubernetes import Kubernetes, parse_kubernetes, problems
from claimed_jlab.pipeline.python.arrange import sayable_when
from claimed_jlab.pipeline.validate import Checked
from claimed_jlab.run.kubeflow.dag import dashed
from claimed_jlab.run.kubeflow.options import DEFAULTS, CompileOptions
from claimed_jlab.run.kubeflow.packing import file_problem

READ_FROM = ("minio", "s3", "gs")  # schemes of files that an importer may name: v2/objectstore/config.go
LARGEST_PARAMETERS = 10_000  # bytes of a run's parameters, as JSON: KFP's API server refuses more
LARGEST_VALUE = 100_000  # bytes of a constant: it becomes a word of a command line, which holds 128 KiB
_NOT_IN_NAMES = frozenset("'\"\\")  # they end a name in KFP's conditions and placeholders


def findings(checked: Checked, options: CompileOptions = DEFAULTS) -> list[Diagnostic]:
    """All that Kubeflow can't do of a document that is valid otherwise; what is in a nested one is on its task."""
    return list(_Findings(options).of(checked, "", options.image))


class _Findings:
    def __init__(self, options: CompileOptions) -> None:
        self._options = options
        self._looked: dict[tuple[str, str], list[tuple[str, str, str]]] = {}

    def of(self, checked: Checked, outer: str, image: str | None) -> Iterator[Diagnostic]:
        """outer: the task that the document is.  image: of notebooks, where the document names none."""
        document = checked.document
        image = document.image or image
        if not outer:
            yield from _parameters(document)
        for name, task in document.tasks.items():
            place = outer or name
            if sayable_when(document, task) is None:
                message = f"Kubeflow can't decide `{task.when}`; it knows comparisons joined by `and`"
                yield finding(place, "when", "unsupported", message)
            if not dashed(name):
                message = f"Kubeflow can't call a task {name!r}: use a Latin letter or a digit"
                yield finding(place, None, "bad-task-name", message)
            if any(item.read_only for item in asked_of(task).volumes):
                message = "Kubeflow mounts claims to be written to only: leave out read_only"
                yield finding(place, "kubernetes.volumes", "unsupported", message)
            for field, source in task.inputs.items():
                yield from self._input(checked, name, place, field, source)
            if name in checked.nested:
                yield from self.of(checked.nested[name], place, image)
            elif name in checked.components:
                yield from self._component(place, task, checked.components[name], task.image or image)

    def _input(self, checked: Checked, name: str, place: str, field: str, source: Source) -> Iterator[Diagnostic]:
        if source.kind != "value" or name not in checked.components:
            return
        port = checked.components[name].input(field)
        if port is not None and port.kind == "artifact":
            scheme, remote, _ = str(source.value or "").partition("://")
            if remote and scheme not in READ_FROM:
                message = f"Kubeflow's launcher reads {', '.join(f'{name}://' for name in READ_FROM)}, not {scheme}://"
                yield finding(place, field, "remote-file", message)
            is_file = source.value and not remote
            path = checked.folder / str(source.value)
            if is_file and (why := file_problem(path, self._options)):
                yield finding(place, field, "local-file", f"{source.value!r} {why}")
        elif (size := len(json.dumps(source.value))) > LARGEST_VALUE:
            message = f"{field!r} has {size:,} bytes; Kubeflow takes a value of {LARGEST_VALUE:,} at most"
            yield finding(place, field, "too-large", f"{message}: put it into a file")

    def _component(self, place: str, task: Task, spec: ComponentSpec, image: str | None) -> Iterator[Diagnostic]:
        key = (spec.path, spec.digest)
        if spec.container is not None:
            return
        if spec.language != "python" and not image:
            message = f"{spec.reference} is a notebook in {spec.language}: name an image that has its kernel"
            yield finding(place, "image", "needs-image", message)
        if key not in self._looked:
            self._looked[key] = list(self._notebook(spec))
        for level, code, message in self._looked[key]:
            yield finding(place, "component", code, message, level=level)

    def _notebook(self, spec: ComponentSpec) -> Iterator[tuple[str, str, str]]:
        """(level, code, message) of what is in a notebook."""
        for text in spec.requirements:
            if not _readable(text):
                yield "error", "bad-requirement", f"{spec.reference} requires {text!r}, which pip can't read"
        modules = [path.name for path in modules_beside(Path(spec.path))]
        if modules:
            message = f"{', '.join(modules)} beside {spec.reference} stay here: an image can bring them"
            yield "warning", "stays-here", f"{message} (`component export --to dockerfile`)"
        try:
            size = len(packed(spec))
        except ClaimedError as error:
            yield "error", error.code, words(error)
            return
        if size * 4 > LARGEST_NOTEBOOK * 3 and not self._options.pipeline_root:
            message = f"{spec.reference} is too large for a pipeline's spec: set the pipeline root, below which it goes"
            yield "error", "notebook-too-large", message


def asked_of(task: Task) -> Kubernetes:
    """What a task asks of Kubernetes; nothing where something is wrong with it, which the validator says."""
    return Kubernetes() if any(problems(task.kubernetes)) else parse_kubernetes(task.kubernetes)


def _parameters(document: Pipeline) -> Iterator[Diagnostic]:
    for name in document.parameters:
        if not name.isprintable() or set(name) & _NOT_IN_NAMES:
            message = f"Kubeflow can't take the parameter {name!r}: leave out quotes and backslashes"
            where = f"parameters.{name}"
            yield Diagnostic(level="error", code="bad-parameter-name", message=message, where=where, field=name)
    defaults = {name: parameter.default for name, parameter in document.parameters.items()}
    size = len(json.dumps(defaults, ensure_ascii=False).encode())
    if size > LARGEST_PARAMETERS:
        name = max(defaults, key=lambda item: len(json.dumps(defaults[item])))
        message = (
            f"the parameters have {size:,} bytes, {name!r} the most; Kubeflow takes {LARGEST_PARAMETERS:,} at most"
        )
        yield Diagnostic(
            level="error", code="too-large", message=message, where=f"parameters.{name}.default", field=name
        )


def _readable(requirement: str) -> bool:
    """Whether pip can read a requirement: of packaging's form, or an address."""
    if requirement.startswith(("git+", "hg+", "bzr+", "svn+", "http://", "https://", "file:")):
        return True
    try:
        Requirement(requirement)
    except InvalidRequirement:
        return False
    return True

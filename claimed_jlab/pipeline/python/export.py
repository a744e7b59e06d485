"""A document as a whole module: the code, and below it what KFP's Python cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.pipeline.document import Pipeline
from claimed_jlab.pipeline.findings import finding
from claimed_jlab.pipeline.python.read import read_python
from claimed_jlab.pipeline.python.remainder import Line, lines_between
from claimed_jlab.pipeline.python.write import Writer
from claimed_jlab.pipeline.text import document_data

HEAD = "# What the pipeline document says beyond KFP's Python. `jupyter claimed pipeline import` reads it."
# Fields that change what runs; the rest is for people, or for a later version.
_RUNS = frozenset(
    {"when", "for_each", "inputs", "retry", "timeout", "resources", "image", "kubernetes", "cache", "after"}
    | {"on_exit", "outputs"}
)


def to_python(document: Pipeline, specs: Mapping[str, ComponentSpec]) -> tuple[str, list[Diagnostic]]:
    """The module of a document, and a warning for each thing that Kubeflow will not do by it.

    specs: the components of the tasks, by task, as far as they are known: they tell files from values.
    """
    code = Writer(document, specs).module()
    by_reference = {task.component: specs[name] for name, task in document.tasks.items() if name in specs}
    said = read_python(code, resolve=by_reference.get).said
    lines = list(lines_between(said, document_data(document)))
    return code + block(lines), list(warnings(lines))


def block(lines: Iterable[Line]) -> str:
    """The comments at the end of a module; empty when there are none."""
    text = "".join(f"{line}\n" for line in lines)
    return f"\n{HEAD}\n{text}" if text else ""


def warnings(lines: Iterable[Line]) -> Iterator[Diagnostic]:
    """A warning for each line about something that runs."""
    for line in lines:
        message = "KFP's Python has no words for this: it is kept as a comment, and Kubeflow will not know of it"
        if line.path[0] == "tasks" and len(line.path) > 2 and line.path[2] in _RUNS:
            named = line.path[3] if line.path[2] == "inputs" and len(line.path) > 3 else line.path[2]
            yield finding(line.path[1], named, "kept-as-comment", message, level="warning")
        elif line.path[0] in _RUNS:
            where = ".".join(line.path)
            yield Diagnostic(level="warning", code="kept-as-comment", message=message, where=where, field=line.path[0])

"""A document's text as Python's text and back, as an editor shows them side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.pipeline.document import BadPipeline, parse_object, parse_pipeline, pipeline_of
from claimed_jlab.pipeline.imports.resolving import resolver
from claimed_jlab.pipeline.merge import Conflict, merge
from claimed_jlab.pipeline.python.code import BadPython
from claimed_jlab.pipeline.python.export import to_python
from claimed_jlab.pipeline.python.read import read_python
from claimed_jlab.pipeline.python.remainder import same
from claimed_jlab.pipeline.python.update import update_python
from claimed_jlab.pipeline.text import document_text
from claimed_jlab.pipeline.validate import check


class AsPython(BaseModel):
    """A module, and what Kubeflow will not do by it."""

    python: str
    diagnostics: list[Diagnostic] = Field(default_factory=list)


class FromPython(BaseModel):
    """A document's text, and what it has no words for, with lines of the module. source: None for what is no module."""

    source: str | None = None
    diagnostics: list[Diagnostic] = Field(default_factory=list)


def as_python(text: str, path: Path, catalog: Catalog, present: str | None = None) -> AsPython:
    """The module of a document's text.

    path: where the document stands.  present: the module as it is, which is changed only where the document says other
    than it; one that can't be read is not touched: then BadPython is raised.  Raises BadPipeline.
    """
    document = parse_pipeline(text)
    specs = check(document, path.parent, catalog).components
    if present is None or not present.strip():
        python, diagnostics = to_python(document, specs)
    else:
        python, diagnostics = update_python(present, document, specs, file=_module(path))
    return AsPython(python=python, diagnostics=diagnostics)


def from_python(
    python: str, path: Path, catalog: Catalog, source: str | None = None, base: str | None = None
) -> FromPython:
    """The document's text of a module.

    path: where the document stands.  source: its text before, whose order and, where nothing differs, whose letters
    stay.  base: its text when both said the same; what was drawn since is merged with what was written since. What is
    wrong with the module is a diagnostic with its line.
    """
    try:
        module = read_python(python, file=_module(path), resolve=resolver(path.parent, catalog))
        was = parse_object(source) if source and source.strip() else {}
        data = {**module.document, **_drawn(was, module.document)}
        conflicts: list[Diagnostic] = []
        if base and source and base != source:
            merged = merge(parse_object(base), was, data)
            data, conflicts = merged.data, [_conflict(item) for item in merged.conflicts]
        pipeline_of(data)
    except BadPython as error:
        return FromPython(diagnostics=[_wrong(error.message, error.code, error.line)])
    except BadPipeline as error:
        return FromPython(diagnostics=error.diagnostics)
    diagnostics = [*conflicts, *module.diagnostics]
    if source is not None and same(was, data):
        return FromPython(source=source, diagnostics=diagnostics)
    return FromPython(source=document_text(data, like=was), diagnostics=diagnostics)


def _drawn(was: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """What a document says of its drawing that a module has no lines for."""
    kept = {key: was[key] for key in ("layout", "canvas") if isinstance(was.get(key), dict) and key not in data}
    if "layout" in kept:
        kept["layout"] = {name: place for name, place in kept["layout"].items() if name in data["tasks"]}
    return kept


def _conflict(conflict: Conflict) -> Diagnostic:
    return Diagnostic(level="warning", code="conflict", message=conflict.message, where=".".join(conflict.path))


def _wrong(message: str, code: str, line: int | None) -> Diagnostic:
    where = f"line {line}" if line else None
    return Diagnostic(level="error", code=code, message=message, where=where, line=line)


def _module(path: Path) -> str:
    """The file that a document's module would be."""
    return path.with_suffix(".py").name

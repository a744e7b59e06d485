"""The components that a pipeline's tasks name: from the catalogs, or from a path beside the document."""

from __future__ import annotations

from pathlib import Path

from claimed_jlab.component.catalog import Catalog, component_at
from claimed_jlab.component.function import named_function
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Task


def is_path(reference: str) -> bool:
    """Whether a task's component is a path beside the document and not a catalog's name."""
    named = reference.startswith(("./", "../", "/")) or reference.endswith((".ipynb", ".py"))
    return named or named_function(Path(reference)) is not None


def resolve_component(task: Task, folder: Path, catalog: Catalog) -> ComponentSpec:
    """The component of a task of a document in `folder`.

    Raises UnknownComponent, NotANotebook, NotAScript, or ClaimedError for a path that is absolute.
    """
    if not is_path(task.component):
        return catalog.resolve(task.component)
    if Path(task.component).is_absolute():
        raise ClaimedError(
            f"{task.component!r} is an absolute path",
            hint="write the path as seen from the document, so that it also works on other machines",
            code="absolute-path",
        )
    spec = component_at((folder / task.component).resolve())
    if spec.errors:
        first = spec.errors[0]
        raise ClaimedError(first.message, where=f"{task.component}, {first.where}", code=first.code)
    return spec

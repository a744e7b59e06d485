"""The components that an imported pipeline names, where they are known."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Task
from claimed_jlab.pipeline.python.read import Resolve
from claimed_jlab.pipeline.resolve import resolve_component


def resolver(folder: Path, catalog: Catalog) -> Resolve:
    """Finds components by their references, as seen from a folder; None for one that is not there or broken."""

    @cache
    def resolve(reference: str) -> ComponentSpec | None:
        try:
            return resolve_component(Task(component=reference), folder, catalog)
        except (ClaimedError, OSError, ValueError):
            return None

    return resolve

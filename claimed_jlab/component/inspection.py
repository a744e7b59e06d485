"""What would become of a notebook if a component were made of it now, beside the one that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from claimed_jlab.component.catalog import existing_component, version_key
from claimed_jlab.component.difference import differences, next_version
from claimed_jlab.component.reader import read_component
from claimed_jlab.component.source import content_of
from claimed_jlab.component.spec import ComponentSpec


class Difference(BaseModel):
    """One change since the component that is there. level: what it means for who uses it."""

    level: Literal["major", "minor", "patch", "none"]
    words: str


class Inspection(BaseModel):
    """A notebook as a component, live."""

    component: ComponentSpec
    existing: ComponentSpec | None = None
    differences: list[Difference] = Field(default_factory=list)
    next_version: str


def inspect_notebook(path: Path, out: Path, text: str | None = None) -> Inspection:
    """Reads a notebook, or the text that an editor has of it, and compares it with the component in `out`.

    Raises NotANotebook, NotAScript.
    """
    content: dict[str, Any] | None = None if text is None else content_of(text, path)
    spec = read_component(path, content=content)
    existing = existing_component(out / spec.name)
    if existing is None:
        return Inspection(component=spec, next_version=spec.version)
    changes = [Difference(level=change.level, words=change.words) for change in differences(existing, spec)]
    version = max(spec.version, next_version(existing, spec), key=version_key)
    return Inspection(component=spec, existing=existing, differences=changes, next_version=version)

"""Changes of a notebook that a person can have made by one click: data, applied by whoever edits the notebook.

Cells and lines are counted from 1, in the notebook as it is before the first edit of a fix; so an edit that inserts a
cell comes after those that change cells behind it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True)


class TagCell(_Edit):
    """Gives a cell a tag."""

    kind: Literal["tag"] = "tag"
    cell: int
    tag: str


class ReplaceLines(_Edit):
    """Puts a text in the place of the lines `first` to `last` of a cell."""

    kind: Literal["lines"] = "lines"
    cell: int
    first: int
    last: int
    text: str


class InsertCell(_Edit):
    """Puts in a new cell, which becomes number `at`."""

    kind: Literal["insert"] = "insert"
    at: int
    cell_type: Literal["code", "markdown"] = "code"
    source: str
    tags: tuple[str, ...] = ()


class SetMetadata(_Edit):
    """Sets an entry of the notebook's `claimed` metadata."""

    kind: Literal["metadata"] = "metadata"
    key: str
    value: Any


Edit = Annotated[TagCell | ReplaceLines | InsertCell | SetMetadata, Field(discriminator="kind")]


class Fix(_Edit):
    """What ends a doubt: edits that belong together. label: what the button says."""

    label: str
    edits: tuple[Edit, ...]

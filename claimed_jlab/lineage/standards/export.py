"""A part of a store as a file of a standard, in a folder, with what is to be said about it."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count
from pathlib import Path

from pydantic import BaseModel, Field

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.standards.files import STANDARDS, write_standard
from claimed_jlab.lineage.standards.outward import gather_outward
from claimed_jlab.lineage.standards.story import LeftOut
from claimed_jlab.lineage.store import Store

_MOST_LETTERS = 120


class LeftOutThing(BaseModel):
    """Something that the store knows, and the file has no room for."""

    what: str
    count: int


class Exported(BaseModel):
    """A file that was written, and what it tells of."""

    to: str = Field(description="openlineage, prov or ro-crate")
    name: str = Field(description="The file's name")
    path: str | None = Field(description="Contents path of the file; null when it was not kept on the server")
    size: int = Field(description="Bytes")
    runs: int
    tasks: int
    artifacts: int
    left_out: list[LeftOutThing]


def export(
    store: Store,
    executions: Collection[int] | None,
    standard: str,
    folder: Path,
    name: str,
    *,
    with_files: bool = False,
) -> Exported:
    """Write the story of the executions (of all when None) into a new file in the folder, called after `name`.

    Raises LineageError when the folder can't be written to, StoreUnavailable.
    """
    story, left = gather_outward(store, executions)
    out = _free(folder, name, STANDARDS[standard])
    try:
        written = write_standard(story, standard, out, with_files=with_files)
        size = out.stat().st_size
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "choose another folder, or download it"
        raise LineageError(f"the file can't be written: {reason}", where=out.name, hint=hint) from None
    return Exported(
        to=standard,
        name=out.name,
        path=str(out),
        size=size,
        runs=len(story.runs),
        tasks=sum(len(run.tasks) for run in story.runs),
        artifacts=len(story.artifacts),
        left_out=left_out(left + written.left),
    )


def left_out(left: LeftOut) -> list[LeftOutThing]:
    """What was left out, in the order of the words for it."""
    return [LeftOutThing(what=what, count=times) for what, times in sorted(left.items())]


def _free(folder: Path, name: str, suffix: str) -> Path:
    """A file that is not there yet, whatever characters the name has."""
    stem = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:_MOST_LETTERS] or "lineage"
    first, dot, extension = suffix.partition(".")
    tries = (f"{stem}-{first}{f'-{number}' if number else ''}{dot}{extension}" for number in count())
    return next(path for path in (folder / one for one in tries) if not path.exists())

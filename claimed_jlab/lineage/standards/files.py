"""Standards by name: writing a story to a file, and knowing a file by what is in it."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.standards.fields import NotReadable
from claimed_jlab.lineage.standards.story import LeftOut, Story

# How a file of each standard is called behind a name for it.
STANDARDS = {"openlineage": "openlineage.jsonl", "prov": "prov.json", "ro-crate": "ro-crate.zip"}
CRATE = "ro-crate-metadata.json"
_HEAD = 65_536
_SQLITE = b"SQLite format 3\0"


def standard_of(source: str) -> str | None:
    """`openlineage`, `prov` or `ro-crate` for a file or folder of that kind; None for anything else."""
    path = Path(source)
    try:
        if path.is_dir():
            return "ro-crate" if (path / CRATE).is_file() else None
        if not path.is_file():
            return None
    except OSError:  # a URL longer than a file's name may be
        return None
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_SQLITE):
        return None
    if head.startswith(b"PK"):
        return "ro-crate" if _is_zipped_crate(path) else None
    if path.name == CRATE or (b'"@graph"' in head and b"ro/crate" in head):
        return "ro-crate"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] not in (b"{", b"["):
        return None
    return _json_standard(path, head)


def _is_zipped_crate(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.rpartition("/")[2] == CRATE for name in archive.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def _json_standard(path: Path, head: bytes) -> str | None:
    first = head.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", 1)[0]
    try:
        value = json.loads(first)
    except ValueError:
        try:
            value = json.loads(path.read_bytes())
        except ValueError:
            # Broken, or not ours: what it looks like is what its reader should complain about.
            return "openlineage" if b'"eventTime"' in head else "prov" if b'"prov:' in head else None
    some = value[0] if isinstance(value, list) and value else value
    if not isinstance(some, dict):
        return None
    if "eventTime" in some:
        return "openlineage"
    return "prov" if some.keys() & {"prefix", "entity", "activity", "agent", "bundle"} else None


def read_standard(source: str, standard: str) -> tuple[Story, LeftOut]:
    """The story of a file, or a crate's folder, of that standard. Raises NotReadable."""
    if standard == "ro-crate":
        from claimed_jlab.lineage.standards.crate.reading import read_crate

        return read_crate(source)
    content = read_text(Path(source))
    if standard == "prov":
        from claimed_jlab.lineage.standards.prov.reading import read_document

        return read_document(content, source)
    from claimed_jlab.lineage.standards.openlineage.reading import read_events

    return read_events(content, source)


def read_text(path: Path) -> str:
    """Raises NotReadable for what is no text."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("that is no text in UTF-8", where=str(path)) from None


@dataclass(frozen=True, slots=True)
class Written:
    """events: how many, of OpenLineage; left: what the file lacks that the story has."""

    events: int | None = None
    left: LeftOut = field(default_factory=LeftOut)


def write_standard(story: Story, standard: str, out: Path, *, with_files: bool = False) -> Written:
    """Write a story to `out` in a standard, whole or not at all.

    with_files: bring local files along, for which only a crate has room. Raises LineageError when a crate is to be
    where something is already.
    """
    if standard == "ro-crate":
        from claimed_jlab.lineage.standards.crate.writing import write_crate

        return Written(left=write_crate(story, out, with_files=with_files))
    if standard == "prov":
        from claimed_jlab.lineage.standards.prov.writing import text

        write_lines(out, [text(story)])
        return Written()
    from claimed_jlab.lineage.standards.openlineage.events import lines

    return Written(events=write_lines(out, lines(story)))


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Write a file whole or not at all; returns the number of lines. Raises LineageError for a folder."""
    if path.is_dir():
        raise LineageError("that is a folder", where=str(path), hint="name a file in it")
    count = 0
    handle, temporary = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(line + "\n")
                count += 1
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return count

"""Writes what was imported: the document, and the files that go beside it."""

from __future__ import annotations

from pathlib import Path

from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.imports.imported import Imported
from claimed_jlab.pipeline.text import document_text


def save(found: Imported, path: Path, *, replace: bool) -> list[Path]:
    """Writes the document and its files; what is there already is never written over but the document, if `replace`.

    Returns what was written. Raises ClaimedError.
    """
    files = {path.parent / name: text for name, text in found.files.items()}
    there = [item for item in files if item.exists() and item.read_text(encoding="utf-8") != files[item]]
    if path.exists() and not replace:
        there.insert(0, path)
    if there:
        raise ClaimedError("exists already", where=str(there[0]), hint="choose another --out", code="file-exists")
    try:
        for item, text in files.items():
            item.parent.mkdir(parents=True, exist_ok=True)
            item.write_text(text, encoding="utf-8", newline="\n")
        path.write_text(document_text(found.data), encoding="utf-8", newline="\n")
    except OSError as error:
        raise ClaimedError(f"can't be written: {error.strerror or error}", where=str(path)) from error
    return [path, *files]

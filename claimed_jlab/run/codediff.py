"""Which cells of a notebook changed between two runs of a task, and how.

nbdime (extra `compare`) says which cell became which; what changed in a cell is a unified diff.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from claimed_jlab.component.source import cell_text, read_notebook
from claimed_jlab.errors import ClaimedError

_INJECTED = "injected-parameters"


class CodeChange(BaseModel):
    """One cell, or one module, that is not as it was. where: `cell 3`, by its number now, or `module.py`."""

    where: str
    kind: Literal["added", "removed", "changed"]
    text: str


class NoNbdime(ClaimedError):
    """nbdime is not installed."""

    code = "missing-libraries"


def changes_of(
    kept: tuple[Path | None, Path | None], executed: tuple[Path | None, Path | None]
) -> list[CodeChange] | None:
    """What changed from the one to the other; None where it can't be told.

    kept: the code of both, as `Sources` has it.  executed: their executed notebooks, which hold the code too: of a
    task of another machine they are all there is.  Raises as `code_changes`.
    """
    for before, after in (kept, executed):
        if before is not None and after is not None:
            return code_changes(before, after)
    return None


def code_changes(before: Path, after: Path) -> list[CodeChange]:
    """What changed between two folders with one notebook and modules each, or between two notebooks.

    Of executed notebooks, the cell that was injected with parameters does not count.
    Raises NoNbdime; ClaimedError for a notebook that can't be read.
    """
    changes = list(_notebook_changes(_notebook(before), _notebook(after)))
    old, new = _modules(before), _modules(after)
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            changes.append(_changed(name, old.get(name), new.get(name)))
    return changes


def _notebook(place: Path) -> Mapping[str, Any]:
    path = next(iter(sorted(place.glob("*.ipynb"))), None) if place.is_dir() else place
    if path is None:
        return {"cells": []}
    notebook: dict[str, Any] = read_notebook(path)
    cells = [cell for cell in notebook.get("cells", []) if _INJECTED not in cell.get("metadata", {}).get("tags", [])]
    return {**notebook, "cells": cells}


def _modules(place: Path) -> dict[str, str]:
    if not place.is_dir():
        return {}
    return {file.name: file.read_text(encoding="utf-8", errors="replace") for file in place.glob("*.py")}


def _notebook_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[CodeChange]:
    old, new = before["cells"], after["cells"]
    if [cell_text(cell) for cell in old] == [cell_text(cell) for cell in new]:
        return
    for was, now in _pairs(_cells(before), _cells(after)):
        first = None if was is None else cell_text(old[was])
        second = None if now is None else cell_text(new[now])
        if first != second:
            number = was if now is None else now
            yield _changed(f"cell {(number or 0) + 1}", first, second)


def _cells(notebook: Mapping[str, Any]) -> Any:
    """The notebook with nothing but the sources of its cells: outputs, ids and metadata are no code."""
    import nbformat

    cells = [
        {"cell_type": cell["cell_type"], "metadata": {}, "source": cell_text(cell)}
        | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})
        for cell in notebook["cells"]
    ]
    return nbformat.from_dict({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells})


def _pairs(before: Any, after: Any) -> Iterator[tuple[int | None, int | None]]:
    """(cell before, cell now) by their numbers from 0, as nbdime sees which became which; None where there is none."""
    try:
        from nbdime.diffing.notebooks import diff_notebooks
    except ImportError:
        raise NoNbdime(
            "what changed in the code is found by nbdime, which is not installed",
            hint="pip install 'claimed-jlab[compare]'",
        ) from None
    ops: list[Any] = next((op.diff for op in diff_notebooks(before, after) if op.key == "cells"), [])
    was = now = 0
    for op in ops:
        while was < op.key:
            yield was, now
            was, now = was + 1, now + 1
        if op.op == "addrange":
            for _ in op.valuelist:
                yield None, now
                now += 1
        elif op.op == "removerange":
            for _ in range(op.length):
                yield was, None
                was += 1
        else:
            yield was, now
            was, now = was + 1, now + 1
    for _ in range(was, len(before.cells)):
        yield was, now
        was, now = was + 1, now + 1


def _changed(where: str, before: str | None, after: str | None) -> CodeChange:
    if before is None or after is None:
        return CodeChange(where=where, kind="added" if before is None else "removed", text=after or before or "")
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    # Names of files would say nothing here.
    return CodeChange(where=where, kind="changed", text="\n".join(list(lines)[2:]))

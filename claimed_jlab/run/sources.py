"""The code that runs were made with, kept by its digest: to run it again as it was, and to say which line changed."""

from __future__ import annotations

import difflib
import shutil
import tempfile
from pathlib import Path

from claimed_jlab.component.reader import modules_beside, source_digest
from claimed_jlab.component.source import cell_text, read_notebook, source_file
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError


class SourceGone(ClaimedError):
    """A component's code changed since a run, and it was not kept."""

    code = "source-gone"


class Sources:
    """The folders `<digest>/` under one folder, each a notebook and the modules beside it. None is written twice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, spec: ComponentSpec) -> None:
        """Keeps the code of a component as it is now, if it is what the spec was read from."""
        kept, notebook = self._place(spec.digest), Path(spec.path)
        if kept.exists() or spec.container is not None or source_digest(notebook) != spec.digest:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=self._folder))
        try:
            for file in {source_file(notebook), *modules_beside(notebook)}:
                shutil.copy2(file, building / file.name)
            building.replace(kept)
        except OSError:
            shutil.rmtree(building, ignore_errors=True)
            if not kept.exists():
                raise

    def as_it_was(self, spec: ComponentSpec) -> ComponentSpec:
        """The component with the code that its digest names: where it is, or as it was kept. Raises SourceGone."""
        notebook = Path(spec.path)
        if spec.container is not None:
            return spec
        if source_file(notebook).exists() and source_digest(notebook) == spec.digest:
            return spec
        kept = self._place(spec.digest) / notebook.name
        if not source_file(kept).exists():
            raise SourceGone(f"{spec.reference} changed since, and its code was not kept", where=spec.path)
        return spec.model_copy(update={"path": str(kept)})

    def difference(self, before: str, after: str) -> str:
        """Where the code changed between two digests, in words; empty where one was not kept."""
        old, new = self._cells(before), self._cells(after)
        if old is None or new is None:
            return ""
        for name in sorted({*old, *new}, key=lambda name: (isinstance(name, str), str(name).zfill(6))):
            if old.get(name) != new.get(name):
                return _line_of(name, old.get(name, ""), new.get(name, ""))
        return ""

    def kept(self, digest: str) -> Path | None:
        """The folder with the code of that digest; None where it was not kept."""
        place = self._place(digest)
        return place if digest and place.is_dir() else None

    def _place(self, digest: str) -> Path:
        return self._folder / digest.partition(":")[2]

    def _cells(self, digest: str) -> dict[int | str, str] | None:
        """Code cells by their number, and modules by their name."""
        folder = self._place(digest)
        if not folder.is_dir():
            return None
        notebook = next(iter(folder.glob("*.ipynb")), None)
        cells = enumerate(read_notebook(notebook)["cells"] if notebook else [], start=1)
        found: dict[int | str, str] = {
            number: cell_text(cell) for number, cell in cells if cell.get("cell_type") == "code"
        }
        return found | {file.name: file.read_text(encoding="utf-8", errors="replace") for file in folder.glob("*.py")}


def _line_of(name: int | str, old: str, new: str) -> str:
    where = f"cell {name}" if isinstance(name, int) else name
    before, after = old.split("\n"), new.split("\n")
    for kind, first, end, start, stop in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if kind != "equal":
            was, now = " ".join(before[first:end]).strip(), " ".join(after[start:stop]).strip()
            return f"{where}, line {start + 1}: {_short(was)} became {_short(now)}"
    return f"{where} changed"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return f"`{flat[:57]}…`" if len(flat) > 60 else f"`{flat}`" if flat else "nothing"

"""The files of a crate: which are brought along, under which names, and how long and which they are."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from claimed_jlab.lineage import names
from claimed_jlab.lineage.credentials import masked
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.place import local_path
from claimed_jlab.lineage.standards.story import CREDENTIALS, LeftOut, StoryArtifact, StoryRun

_BLOCK = 1 << 20
# A date that every .zip can hold, so that the same crate is the same file.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Payload:
    """Files on their way into a folder. with_files: whether artifacts are copied, or stay where they are."""

    folder: Path
    with_files: bool
    left: LeftOut = field(default_factory=LeftOut)

    def document(self, path: str) -> str | None:
        """Bring a pipeline's document along; its id in the crate, or None when it isn't there."""
        source = Path(path)
        if not path or not source.is_absolute() or not source.is_file():
            return None
        # Two documents may have one name.
        name = source.name
        if (self.folder / name).exists():
            name = f"{hashlib.sha256(path.encode()).hexdigest()[:8]}-{name}"
        content, hidden = _harmless(source.read_bytes())
        if hidden:
            self.left[CREDENTIALS] += hidden
        (self.folder / name).write_bytes(content)
        return quote(name)

    def outline(self, run: StoryRun) -> str:
        """Write what a run tells of its pipeline, for want of the document; its id in the crate."""
        tasks = {
            task.name: {
                "component": task.properties.get(names.COMPONENT),
                "inputs": sorted({*task.parameters, *(port for port, _ in task.reads)}),
                "outputs": sorted({*task.outputs, *(port for port, _ in task.writes)}),
            }
            for task in run.tasks
        }
        name = f"workflow-{hashlib.sha256(run.pipeline.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.json"
        text = json.dumps({"name": run.pipeline, "tasks": tasks}, ensure_ascii=False, indent=2)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")
        return name

    def artifact(self, one: StoryArtifact) -> tuple[str | None, dict[str, Any]]:
        """The id of an artifact's copy (None: it has none), and what is known of the file itself."""
        path = local_path(one.uri)
        if not self.with_files:
            return None, _known(one)
        if path is None or not path.exists():
            self.left["file that is elsewhere or gone: the crate has its URI only"] += 1
            return None, _known(one)
        if path.is_dir():
            self.left["folder that is an artifact: the crate has its URI only"] += 1
            return None, _known(one)
        place = PurePosixPath(
            "files", hashlib.sha256(one.key.encode("utf-8", "surrogatepass")).hexdigest()[:16], path.name
        )
        target = self.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        hasher, size = hashlib.sha256(), 0
        with path.open("rb") as source, target.open("wb") as copy:
            while block := source.read(_BLOCK):
                hasher.update(block)
                size += len(block)
                copy.write(block)
        return quote(str(place)), {"contentSize": str(size), "sha256": hasher.hexdigest(), "url": one.uri}


def _harmless(content: bytes) -> tuple[bytes, int]:
    """A document without passwords in its addresses, and how many it had; what is no text as it is."""
    try:
        shown, hidden = masked(content.decode())
    except UnicodeDecodeError:
        return content, 0
    return (shown.encode(), hidden) if hidden else (content, 0)


def _known(one: StoryArtifact) -> dict[str, Any]:
    size = one.metadata.get("size")
    found = {"contentSize": str(int(size))} if isinstance(size, int | float) and not isinstance(size, bool) else {}
    kind, _, digest = (one.digest or "").partition(":")
    return {**found, "sha256": digest} if kind == "sha256" and digest else found


def pack(folder: Path, out: Path) -> None:
    """Bring a finished folder to its place: as it is, or as a .zip. Raises LineageError when something is there."""
    if out.exists():
        raise LineageError("that is there already", where=str(out), hint="give another place, or remove it")
    if out.suffix.lower() != ".zip":
        shutil.move(folder, out)
        return
    handle, temporary = tempfile.mkstemp(dir=out.absolute().parent, suffix=".zip")
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _ZIP_DATE)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, _BLOCK)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(out)
    finally:
        Path(temporary).unlink(missing_ok=True)


def name_of(id_: str) -> str:
    """The last part of a file's id."""
    return PurePosixPath(unquote(urlsplit(id_).path)).name

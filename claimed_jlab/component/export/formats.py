"""The formats a component can be exported to, by name, and how an export becomes a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from claimed_jlab.component.export.cwl import cwl_yaml
from claimed_jlab.component.export.dockerfile import build_context
from claimed_jlab.component.export.job import job_yaml
from claimed_jlab.component.kfp_yaml import FILE_NAME, component_yaml
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError


class FolderExists(ClaimedError):
    """There is something at the place where an export was to go."""

    code = "folder-exists"


class IsContainer(ClaimedError):
    """A component that is no notebook has nothing to build an image, a Job or a tool of."""

    code = "is-container"


# Each makes files, by their path in the folder; the first is the one that is printed.
FORMATS: Mapping[str, Callable[[ComponentSpec], dict[str, str]]] = {
    "kfp": lambda spec: {FILE_NAME: component_yaml(spec)},
    "dockerfile": build_context,
    "job": lambda spec: {"job.yaml": job_yaml(spec)},
    "cwl": lambda spec: {"component.cwl": cwl_yaml(spec)},
}


def export_text(spec: ComponentSpec, target: str) -> str:
    """The main file of an export: `component.yaml`, the Dockerfile, the Job or the tool. Raises IsContainer."""
    return next(iter(_files(spec, target).values()))


def export_folder(spec: ComponentSpec, target: str, folder: Path) -> list[Path]:
    """Writes an export into a new folder, which appears whole or not at all. Returns its files.

    Raises FolderExists when anything is there, IsContainer, and ClaimedError when the folder can't be made.
    """
    folder = folder.absolute()
    files = _files(spec, target)
    if os.path.lexists(folder):
        raise FolderExists("exists already", where=str(folder), hint="choose another --out")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as building:
            made = Path(building) / "made"
            for name, text in files.items():
                _write(made / name, text)
            made.rename(folder)
    except OSError as error:
        raise ClaimedError(f"can't write there: {error.strerror or error}", where=str(folder)) from error
    return [folder / name for name in files]


def _files(spec: ComponentSpec, target: str) -> dict[str, str]:
    if spec.container is None:
        return FORMATS[target](spec)
    if target != "kfp":
        raise IsContainer(f"{spec.reference} is a container already: it can only be exported to kfp", where=spec.path)
    # It was read from KFP's own format, which has more than we keep of it.
    return {FILE_NAME: Path(spec.path).read_text(encoding="utf-8")}


def _write(path: Path, text: str) -> None:
    # Readable by all whatever the umask: in an image another user reads them.
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o755)
    # A module may be written in another encoding: its bytes come and go as surrogates.
    path.write_text(text, encoding="utf-8", errors="surrogateescape", newline="\n")
    path.chmod(0o644)

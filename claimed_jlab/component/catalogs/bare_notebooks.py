"""A library of bare notebooks, as CLAIMED's own is (`input/input-url.ipynb`), gets a catalog's layout when fetched.

Each notebook that declares inputs gets a folder of its own, with the modules beside it and its `component.yaml`, so
that it is parsed once and not for every palette. A library that has a `component.yaml` anywhere has its layout already.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from claimed_jlab.component.kfp_yaml import FILE_NAME, component_yaml
from claimed_jlab.component.reader import read_component
from claimed_jlab.errors import ClaimedError


def package_bare(content: Path) -> None:
    """Makes component folders of the bare notebooks below a folder that was just fetched."""
    if next(content.rglob(FILE_NAME), None) is not None:
        return
    for notebook in list(_bare(content)):
        folder = notebook.parent / notebook.stem
        there = folder.exists()
        folder.mkdir(exist_ok=True)
        copies = [notebook, *notebook.parent.glob("*.py")]
        made = [Path(shutil.copyfile(path, folder / path.name)) for path in copies if not (folder / path.name).exists()]
        if notebook.stem == notebook.parent.name:
            notebook.unlink()  # where it stood it would make one component of the whole folder
        elif not _describe(folder / notebook.name, at_top=notebook.parent == content):
            for path in made:
                path.unlink()
            if not there:
                folder.rmdir()


def _bare(content: Path) -> Iterator[Path]:
    """The notebooks that are not alone in a folder of their name, which is a component as it is."""
    for place, folders, names in os.walk(content):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        notebooks = sorted(name for name in names if name.endswith(".ipynb") and not name.startswith("."))
        if notebooks != [f"{Path(place).name}.ipynb"]:
            yield from (Path(place) / name for name in notebooks)


def _describe(notebook: Path, *, at_top: bool) -> bool:
    """Writes a notebook's `component.yaml`; whether it is a component at all."""
    try:
        spec = read_component(notebook)
        if not spec.inputs:
            return False
        # What has an error must show it, and what is filed under the store's name for the folder must not stay so:
        # both are read anew each time.
        if not spec.errors and not at_top:
            (notebook.parent / FILE_NAME).write_text(component_yaml(spec), encoding="utf-8")
    except (ClaimedError, OSError, ValueError, RecursionError):
        return False
    return True

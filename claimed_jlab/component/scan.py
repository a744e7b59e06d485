"""Finds the component folders below a root, each with a stamp that moves when any source of the component does.

One `scandir` a folder, because a palette asks for a thousand of them at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from claimed_jlab.component.kfp_yaml import FILE_NAME

Stamp = tuple[tuple[str, int, int], ...]
_SOURCES = (".yaml", ".ipynb", ".py")


def component_folders(root: Path) -> Iterator[tuple[str, Stamp]]:
    """(folder, stamp) of every component below `root`, by path; a component's own folders are not looked into.

    A component is a folder with a `component.yaml`, or with a notebook of the folder's name.
    """
    if root.is_dir():
        yield from _below(str(root))


def _below(folder: str) -> Iterator[tuple[str, Stamp]]:
    notebook = f"{os.path.basename(folder)}.ipynb"  # noqa: PTH119 - a Path a folder is a third of the time
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    if any(entry.name in (FILE_NAME, notebook) for entry in entries):
        yield folder, tuple(_stamp(entry) for entry in entries if entry.name.endswith(_SOURCES))
        return
    for entry in entries:
        if entry.is_dir() and not entry.name.startswith((".", "__")) and entry.name != "sample":
            yield from _below(entry.path)


def _stamp(entry: os.DirEntry[str]) -> tuple[str, int, int]:
    about = entry.stat()
    return entry.name, about.st_mtime_ns, about.st_size

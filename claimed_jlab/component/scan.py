"""Finds the component folders below a root, each with a stamp that moves when any source of the component does.

One `scandir` a folder, because a palette asks for a thousand of them at a time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from claimed_jlab.component.kfp_yaml import FILE_NAME

Stamp = tuple[tuple[str, int, int], ...]
_SOURCES = (".yaml", ".ipynb", ".py")
_YAML = (".yaml", ".yml")


def component_folders(root: Path) -> Iterator[tuple[str, Stamp]]:
    """(folder, stamp) of every component below `root`, by path; a component's own folders are not looked into.

    A component is a folder with a `component.yaml`, or with a notebook of the folder's name.
    """
    if root.is_dir():
        yield from _below(str(root))


def component_files(places: Iterable[Path], *, recursive: bool) -> Iterator[tuple[str, Stamp]]:
    """(file, stamp) of every YAML file among `places`, and in those of them that are folders, by path."""
    for place in places:
        if place.is_dir():
            yield from _files(str(place), recursive)
        elif place.is_file():
            about = place.stat()
            yield str(place), ((place.name, about.st_mtime_ns, about.st_size),)


def _files(folder: str, recursive: bool) -> Iterator[tuple[str, Stamp]]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        yield folder, ()
        return
    for entry in entries:
        if entry.name.endswith(_YAML) and entry.is_file():
            yield entry.path, (_stamp(entry),)
        elif recursive and not entry.name.startswith((".", "__")) and entry.is_dir(follow_symlinks=False):
            yield from _files(entry.path, recursive)


def _below(folder: str) -> Iterator[tuple[str, Stamp]]:
    notebook = f"{os.path.basename(folder)}.ipynb"  # noqa: PTH119 - a Path a folder is a third of the time
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:  # whoever reads it finds out why, and says so
        yield folder, ()
        return
    if any(entry.name in (FILE_NAME, notebook) for entry in entries):
        yield folder, tuple(_stamp(entry) for entry in entries if entry.name.endswith(_SOURCES))
        return
    for entry in entries:
        if entry.is_dir() and not entry.name.startswith((".", "__")) and entry.name != "sample":
            yield from _below(entry.path)


def _stamp(entry: os.DirEntry[str]) -> tuple[str, int, int]:
    about = entry.stat()
    return entry.name, about.st_mtime_ns, about.st_size

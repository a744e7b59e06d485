"""Finds the components below a folder, each with a stamp that moves when any source of the component does.

A palette asks for a thousand of them at a time, so a folder is listed anew only when its own time has moved: that is
when something in it was made, renamed or removed. A file that is written in place is seen by its own time and size.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from claimed_jlab.component.kfp_yaml import FILE_NAME

Stamp = tuple[tuple[str, int, int], ...]
Located = list[tuple[str, Stamp]]
_SOURCES = (".yaml", ".ipynb", ".py")
_YAML = (".yaml", ".yml")
# File systems tell time in steps of up to two seconds: a younger folder may change and look as it did.
_SETTLED_NS = 2 * 10**9


@dataclass(frozen=True)
class _Listed:
    """A folder as it was listed. moved: its time, -1 while it is young.

    sources: the files of a component; None in a folder that is none, where `folders` leads on.
    """

    moved: int
    sources: tuple[tuple[str, str], ...] | None
    folders: tuple[str, ...]


class Scan:
    """Looks for components again and again, and remembers what it saw."""

    def __init__(self) -> None:
        self._known: dict[str, _Listed] = {}

    def component_folders(self, root: Path) -> Located:
        """(folder, stamp) of every component below `root`, by path; a component's own folders are not looked into.

        A component is a folder with a `component.yaml`, or with a notebook of the folder's name. A folder that can't
        be read is among them, without a stamp: whoever reads it finds out why.
        """
        found: Located = []
        if root.is_dir():
            self._below(str(root), found)
        return found

    def _below(self, folder: str, found: Located) -> None:
        try:
            listed = self._listed(folder)
            if listed.sources is not None:
                found.append((folder, tuple([_stamp(name, path) for name, path in listed.sources])))
                return
        except OSError:
            self._known.pop(folder, None)
            found.append((folder, ()))
            return
        for inner in listed.folders:
            self._below(inner, found)

    def _listed(self, folder: str) -> _Listed:
        moved = os.stat(folder).st_mtime_ns  # noqa: PTH116 - a Path a folder is a third of the time
        known = self._known.get(folder)
        if known is None or known.moved != moved:
            settled = time.time_ns() - moved > _SETTLED_NS
            known = self._known[folder] = _list(folder, moved if settled else -1)
        return known


def component_files(places: Iterable[Path], *, recursive: bool) -> Located:
    """(file, stamp) of every YAML file among `places`, and in those of them that are folders, by path."""
    found: Located = []
    for place in places:
        if place.is_dir():
            _files(str(place), recursive, found)
        elif place.is_file():
            found.append((str(place), (_stamp(place.name, str(place)),)))
    return found


def _files(folder: str, recursive: bool, found: Located) -> None:
    try:
        entries = _entries(folder)
    except OSError:
        found.append((folder, ()))
        return
    for entry in entries:
        if entry.name.endswith(_YAML) and entry.is_file():
            found.append((entry.path, (_stamp(entry.name, entry.path),)))
        elif recursive and not entry.name.startswith((".", "__")) and entry.is_dir(follow_symlinks=False):
            _files(entry.path, recursive, found)


def _list(folder: str, moved: int) -> _Listed:
    entries = _entries(folder)
    notebook = f"{os.path.basename(folder)}.ipynb"  # noqa: PTH119
    if any(entry.name in (FILE_NAME, notebook) for entry in entries):
        sources = [(entry.name, entry.path) for entry in entries if entry.name.endswith(_SOURCES)]
        return _Listed(moved, tuple(sources), ())
    inner = [entry.path for entry in entries if entry.is_dir() and _leads_on(entry.name)]
    return _Listed(moved, None, tuple(inner))


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        return sorted(listing, key=lambda entry: entry.name)


def _leads_on(name: str) -> bool:
    return not name.startswith((".", "__")) and name != "sample"


def _stamp(name: str, path: str) -> tuple[str, int, int]:
    about = os.stat(path)  # noqa: PTH116
    return name, about.st_mtime_ns, about.st_size

"""What folders take on disk, also while a live run writes them: what is gone by the time one looks weighs nothing."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def bytes_below(folder: Path) -> int:
    """Bytes of all files in a folder, 0 if there is none. Links count as themselves, not as what they lead to."""
    found = 0
    for place, _, names in os.walk(folder):  # a folder that vanishes or may not be read is passed over
        for name in names:
            with suppress(FileNotFoundError):
                found += Path(place, name).lstat().st_size
    return found


def objects_below(folder: Path) -> dict[str, tuple[int, float]]:
    """(bytes, time) of every object of a store by its hash; a file of several links counts where it is an object."""
    found = {}
    for place in folder.glob("[0-9a-f][0-9a-f]/*"):
        with suppress(FileNotFoundError, NotADirectoryError):
            found[place.name] = (_own_bytes(place), place.stat().st_mtime)
    return found


def _own_bytes(place: Path) -> int:
    size = 0
    for folder, _, names in os.walk(place):
        for name in names:
            about = Path(folder, name).lstat()
            if about.st_nlink == 1 or folder == str(place):
                size += about.st_size
    return size

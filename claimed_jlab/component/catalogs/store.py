"""`$CLAIMED_HOME/catalogs/<digest>/`: what was fetched. A folder appears whole, by rename, and stays as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from blake3 import blake3

from claimed_jlab.paths import home, writable_home

# In the folder of an Elyra catalog: where each file came from.
SOURCES = "sources.json"
# What is no longer named stays so long, because a run that was planned before may still read it.
_KEPT_SECONDS = 24 * 3600.0


def store() -> Path:
    """The folder of all that was fetched."""
    return home() / "catalogs"


def tree(digest: str) -> Path:
    """Where what has this digest stands, or would."""
    return store() / digest.replace(":", "-")


@contextmanager
def building() -> Iterator[Path]:
    """An empty folder to fetch into, on the same disk; it is gone afterwards, unless it was published."""
    folder = writable_home() / "catalogs"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder, ignore_cleanup_errors=True) as made:
        yield Path(made)


def publish(made: Path, digest: str) -> Path:
    """Moves a finished folder to its place. One that is there and damaged is replaced."""
    place = tree(digest)
    if place.exists() and _content(place) != _content(made):
        _discard(place)
    if not place.exists():
        made.chmod(0o755)
        try:
            made.rename(place)
        except OSError:
            if not place.exists():  # else another process was faster, with the same
                raise
    os.utime(place)
    return place


def forget(digests: Iterable[str]) -> None:
    """Removes what was fetched under these digests."""
    for digest in digests:
        if tree(digest).is_dir():
            _discard(tree(digest))


def retire(digest: str) -> None:
    """Says that no catalog names this from now on; `prune` removes it a day later."""
    with suppress(OSError):
        os.utime(tree(digest))


def prune(kept: Iterable[str]) -> None:
    """Removes what no catalog has named for a day."""
    names = {tree(digest).name for digest in kept}
    with suppress(OSError):
        for folder in store().iterdir():
            if folder.name not in names and time.time() - folder.stat().st_mtime > _KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def was_fetched(path: str) -> bool:
    """Whether a file stands in the store, and so came from outside, however the path is written."""
    return bool(path) and _inside(path, str(store()))


@lru_cache(maxsize=16384)
def _inside(path: str, folder: str) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _discard(place: Path) -> None:
    aside = Path(tempfile.mkdtemp(prefix=".gone-", dir=place.parent))
    with suppress(OSError):
        place.rename(aside / place.name)
    shutil.rmtree(aside, ignore_errors=True)


def _content(folder: Path) -> str:
    hasher = blake3()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            hasher.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode("utf-8", "replace"))
            hasher.update(path.read_bytes())
    return hasher.hexdigest()

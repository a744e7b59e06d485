"""Who made a component and where it is from, in a line: what is always shown beside it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from claimed_jlab.component.catalogs.entry import Entry
from claimed_jlab.component.catalogs.loose import mapping
from claimed_jlab.component.catalogs.registry import registry
from claimed_jlab.component.catalogs.store import SOURCES, tree
from claimed_jlab.errors import ClaimedError


def origin_of_entry(entry: Entry) -> str:
    """`git https://host/repository@1a2b3c4`."""
    place = entry.location.partition("?")[0]  # what follows may be long, and is nobody's name
    algorithm, _, digest = (entry.digest or "").partition(":")
    if entry.kind == "git" and digest:
        return f"git {place}@{digest[:7]}"
    if entry.kind == "archive" and digest:
        return f"archive {place} {algorithm}:{digest[:12]}"
    return f"{entry.kind} {entry.name if entry.kind == 'elyra' else place}"


def origin_of_file(path: Path, origin: str) -> str:
    """The origin of one file of a catalog: one of Elyra's by URL names each file's own."""
    url = _sources(path.parent).get(path.name)
    return f"{origin}, {url.partition('?')[0]}" if url else origin


def origin_of_fetched(path: Path) -> str:
    """The origin of a component in the store, by the catalogs that are there now."""
    try:
        entries = registry().catalogs
    except ClaimedError:
        entries = ()
    for entry in entries:
        if entry.digest and tree(entry.digest) in (path, *path.parents):
            return origin_of_file(path, origin_of_entry(entry))
    return "a catalog that was removed"


@lru_cache(maxsize=64)
def _sources(folder: Path) -> dict[str, str]:
    # What stands in the store never changes, so that a folder is asked once.
    try:
        data = mapping(json.loads((folder / SOURCES).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
    return {str(name): str(url) for name, url in mapping(data.get("sources")).items()}

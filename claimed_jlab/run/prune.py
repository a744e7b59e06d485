"""Giving back disk: old runs, and what no run that is kept needs any more.

Kept are runs that have not ended, and of those that have what the rules leave. What a kept run names (outputs, inputs,
executed notebooks, the code it ran) stays, whoever made it; what an earlier run left for skipping stays while its
objects do. Objects that are newer than the oldest live run are left alone: it may be about to name them.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pydantic import BaseModel, Field

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.diskuse import bytes_below, objects_below
from claimed_jlab.run.history import records
from claimed_jlab.run.record import RunRecord
from claimed_jlab.run.removal import remove_folder
from claimed_jlab.run.runs import Run, all_runs

_MARGIN_SECONDS = 600.0
_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


class Rules(BaseModel):
    """Which runs go. older_than: seconds.  max_bytes: what all that is kept may take.  keep: newest of each pipeline.

    Without older_than and max_bytes no run goes, only what no run needs.
    """

    older_than: float | None = None
    max_bytes: int | None = None
    keep: int = 1


class Pruned(BaseModel):
    """What went, or would go. bytes: what that gives back.  kept_bytes: what is left."""

    runs: list[str] = Field(default_factory=list)
    objects: int = 0
    bytes: int = 0
    kept_bytes: int = 0


def seconds_of(text: str) -> float:
    """`30d`, `12h`, `2w` as seconds. Raises ClaimedError."""
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not number.replace(".", "", 1).isdigit():
        raise ClaimedError(f"{text!r} is no age", hint="write 30d, 12h or 2w", code="bad-age")
    return float(number) * _UNITS[unit]


def prune(home: Path, rules: Rules, *, dry: bool = False) -> Pruned:
    """Removes what the rules say; with `dry` it only tells. Raises OSError where the disk refuses."""
    runs = list(records(all_runs(home)))
    sizes = {run.run_id: bytes_below(run.folder) for run, _ in runs}
    stored = objects_below(home / "objects")
    gone = _too_old(runs, rules)
    gone |= _too_much(runs, gone, stored, sizes, rules)
    kept = [(run, record) for run, record in runs if run.run_id not in gone]
    needed = {digest for _, record in kept for digest in _needs(record)}
    needed |= _of_entries(home / "cache", needed, {run.run_id for run, _ in kept})
    since = _oldest_live(kept)
    loose = {name: size for name, (size, time_) in stored.items() if name not in needed and time_ < since}
    found = Pruned(runs=sorted(gone), objects=len(loose))
    found.bytes = sum(loose.values()) + sum(sizes[run_id] for run_id in gone)
    total = sum(size for size, _ in stored.values()) + sum(sizes.values())
    found.kept_bytes = total - found.bytes
    if not dry:
        _remove(home, [run for run, _ in runs if run.run_id in gone], loose, kept)
    return found


def _too_old(runs: list[tuple[Run, RunRecord]], rules: Rules) -> set[str]:
    if rules.older_than is None:
        return set()
    before = time.time() - rules.older_than
    return {run.run_id for run, record in _unprotected(runs, rules) if record.ended and run.order.created < before}


def _too_much(
    runs: list[tuple[Run, RunRecord]],
    gone: set[str],
    stored: dict[str, tuple[int, float]],
    sizes: Mapping[str, int],
    rules: Rules,
) -> set[str]:
    """The oldest runs, as many as it takes for the rest to fit."""
    if rules.max_bytes is None:
        return set()
    found: set[str] = set()
    candidates = [run.run_id for run, record in _unprotected(runs, rules) if record.ended and run.run_id not in gone]
    while _weight(runs, gone | found, stored, sizes) > rules.max_bytes and candidates:
        found.add(candidates.pop())  # runs come the newest first
    return found


def _unprotected(runs: list[tuple[Run, RunRecord]], rules: Rules) -> Iterator[tuple[Run, RunRecord]]:
    """All but the newest few of each pipeline."""
    seen: dict[str, int] = {}
    for run, record in runs:
        seen[record.path] = seen.get(record.path, 0) + 1
        if seen[record.path] > rules.keep:
            yield run, record


def _weight(
    runs: list[tuple[Run, RunRecord]], gone: set[str], stored: dict[str, tuple[int, float]], sizes: Mapping[str, int]
) -> int:
    kept = [(run, record) for run, record in runs if run.run_id not in gone]
    needed = {digest for _, record in kept for digest in _needs(record)}
    return sum(stored[name][0] for name in needed & set(stored)) + sum(sizes[run.run_id] for run, _ in kept)


def _needs(record: RunRecord) -> Iterator[str]:
    """The hashes of all objects that a run names, and of the files of its folders."""
    for task in record.tasks.values():
        for value in [*task.inputs.values(), *task.outputs.values()]:
            yield from _named(value)


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict) and isinstance(value.get("uri"), str) and value.get("digest"):
        if value.get("local"):  # a copy of what is elsewhere, whose digest may be another kind of hash
            yield Path(url2pathname(urlsplit(value["local"]).path)).parent.name
        yield str(value["digest"]).partition(":")[2]
        path = Path(url2pathname(urlsplit(value["uri"]).path))
        listed = path.with_name(f"{path.name}.files.json")
        if listed.exists():
            yield from (item["digest"].partition(":")[2] for item in json.loads(listed.read_text(encoding="utf-8")))


def _oldest_live(kept: list[tuple[Run, RunRecord]]) -> float:
    live = [run.order.created for run, record in kept if not record.ended]
    return min([*live, time.time()]) - (_MARGIN_SECONDS if live else 0)


def _remove(home: Path, runs: list[Run], loose: dict[str, int], kept: list[tuple[Run, RunRecord]]) -> None:
    for run in runs:
        remove_folder(run)
    _forget(home / "cache", loose)
    for name in loose:
        shutil.rmtree(home / "objects" / name[:2] / name, ignore_errors=True)
    sources = {task.component.digest.partition(":")[2] for run, _ in kept for task in run.order.plan.work()}
    for folder in (home / "sources").glob("*"):
        if folder.name not in sources and not folder.name.startswith("."):
            shutil.rmtree(folder, ignore_errors=True)


def _forget(cache: Path, loose: dict[str, int]) -> None:
    """Entries for skipping that name an object that goes."""
    for file, _, artifacts, notebook in _entries(cache):
        if loose.keys() & {*artifacts, notebook}:
            file.unlink(missing_ok=True)


def _of_entries(cache: Path, needed: set[str], runs: set[str]) -> set[str]:
    """The executed notebooks of entries that can still be of use: all that their task gave is kept."""
    found = set()
    for _, run_id, artifacts, notebook in _entries(cache):
        if run_id in runs or (artifacts and artifacts <= needed):
            found |= {*artifacts, notebook}
    return found


def _entries(cache: Path) -> Iterator[tuple[Path, str, set[str], str]]:
    """(file, run, hashes of the artifacts, hash of the executed notebook) of each entry for skipping."""
    for file in cache.glob("*.json"):
        try:
            entry = json.loads(file.read_text(encoding="utf-8"))
            artifacts = {str(item["digest"]).partition(":")[2] for item in entry["artifacts"].values()}
            notebook = str(entry["notebook"]["digest"]).partition(":")[2]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        yield file, str(entry.get("run_id", "")), artifacts, notebook

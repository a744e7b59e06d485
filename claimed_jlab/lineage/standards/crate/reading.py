"""From a crate to a story: ours back as it was (from `claimed:record`), others' as far as they can."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from claimed_jlab.lineage.standards.crate.graph import METADATA, RECORD
from claimed_jlab.lineage.standards.fields import NotReadable, mapping, text
from claimed_jlab.lineage.standards.story import LeftOut, Story, StoryArtifact, StoryRun, StoryTask

T = TypeVar("T", StoryArtifact, StoryRun, StoryTask)
Entities = Mapping[str, Mapping[str, Any]]
_WORDS = ("key", "id", "pipeline", "name", "title", "type", "uri", "state", "parent", "cached", "digest")
_NUMBERS = ("began", "updated", "created")


def read_crate(source: str) -> tuple[Story, LeftOut]:
    """The story of a crate: a folder, a .zip or its ro-crate-metadata.json. Raises NotReadable."""
    from claimed_jlab.lineage.standards.crate.foreign import foreign_story

    where, content = _metadata(Path(source))
    try:
        document = mapping(json.loads(content), where)
    except ValueError as error:
        raise NotReadable(f"that is no JSON: {error}", where=where) from None
    entities = _entities(document, where)
    if any(RECORD in one for one in entities.values()):
        return _own(entities, where), LeftOut()
    return foreign_story(entities, where)


def _metadata(path: Path) -> tuple[str, str]:
    try:
        if path.is_dir():
            return str(path / METADATA), (path / METADATA).read_text(encoding="utf-8-sig")
        if not zipfile.is_zipfile(path):
            return str(path), path.read_text(encoding="utf-8-sig")
        with zipfile.ZipFile(path) as archive:
            found = sorted((name for name in archive.namelist() if name.rpartition("/")[2] == METADATA), key=len)
            if not found:
                raise NotReadable(f"there is no {METADATA} in it", where=str(path))
            return f"{path}: {found[0]}", archive.read(found[0]).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("that is no text in UTF-8", where=str(path)) from None
    except zipfile.BadZipFile as error:
        raise NotReadable(f"that is no .zip: {error}", where=str(path)) from None


def _entities(document: Mapping[str, Any], where: str) -> Entities:
    graph = document.get("@graph")
    if not isinstance(graph, list):
        raise NotReadable("there is no list @graph", where=where)
    found = {}
    for number, one in enumerate(graph, 1):
        place = f"{where}: entity {number}"
        found[text(mapping(one, place), "@id", place)] = one
    return found


def _own(entities: Entities, where: str) -> Story:
    artifacts: dict[str, StoryArtifact] = {}
    runs: dict[str, dict[str, Any]] = {}
    tasks: dict[str, list[StoryTask]] = defaultdict(list)
    for id_, entity in entities.items():
        if RECORD not in entity:
            continue
        place = f"{where}: {id_} {RECORD}"
        record = _record(entity, place)
        if entity.get("@type") != "CreateAction":
            artifact = _made(StoryArtifact, record, place)
            artifacts[artifact.key] = artifact
        elif "run" in record:
            tasks[text(record, "run", place)].append(_made(StoryTask, record, place))
        else:
            runs[text(record, "key", place)] = {**record, "": place}
    made = []
    for key, record in runs.items():
        place = record.pop("")
        some = tuple(sorted(tasks.get(key, ()), key=lambda task: (task.began, task.key)))
        made.append(_made(StoryRun, {**record, "tasks": some}, place))
    for task in (task for run in made for task in run.tasks):
        for _, key in (*task.reads, *task.writes):
            if key not in artifacts:
                raise NotReadable(f"there is no artifact {key}", where=f"{where}: task {task.name}")
    return Story(tuple(sorted(made, key=lambda run: (run.began, run.key))), artifacts)


def _record(entity: Mapping[str, Any], place: str) -> dict[str, Any]:
    try:
        return dict(mapping(json.loads(str(entity[RECORD])), place))
    except ValueError as error:
        raise NotReadable(f"that is no JSON: {error}", where=place) from None


def _made(kind: type[T], record: Mapping[str, Any], place: str) -> T:
    known = {field.name for field in fields(kind)}
    given = {name: value for name, value in record.items() if name in known}
    text(given, "key", place)
    for name, value in given.items():
        if name in ("reads", "writes"):
            given[name] = _ports(value, f"{place} {name}")
        elif name in _NUMBERS and (isinstance(value, bool) or not isinstance(value, int)):
            raise NotReadable("that is no number of milliseconds", where=f"{place} {name}")
        elif name in _WORDS and not isinstance(value, str | None):
            raise NotReadable("that is no text", where=f"{place} {name}")
        elif name not in (*_WORDS, *_NUMBERS, "tasks"):
            mapping(value, f"{place} {name}")
    try:
        return kind(**given)
    except TypeError as error:
        raise NotReadable(str(error), where=place) from None


def _ports(value: Any, place: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple(sorted((str(name), str(key)) for name, key in value))
    except (TypeError, ValueError):
        raise NotReadable("that is no list of names and keys", where=place) from None

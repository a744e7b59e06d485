"""When a task need not run: its key, the entry that an earlier run left, and why a task runs all the same.

A key is what a task depends on: its code, its inputs (values, and the content of artifacts), the versions of the
packages it requires, the interpreter. An entry is used only if every output still exists and still matches.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blake3 import blake3
from pydantic import BaseModel, Field, ValidationError

from claimed_jlab.component.requirements import installed_versions
from claimed_jlab.run.local.moment import takes_moment
from claimed_jlab.run.local.objects import ObjectStore
from claimed_jlab.run.planned import PlannedTask
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.sources import Sources
from claimed_jlab.wholefile import write_whole


class Entry(BaseModel):
    """What a finished task left behind."""

    artifacts: dict[str, ArtifactValue] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    notebook: ArtifactValue | None = None
    log: str = ""
    execution_id: int | None = None
    run_id: str = ""


class Memory:
    """The entries under one folder: `<key>.json`, and what each task last depended on, to say what changed."""

    def __init__(self, folder: Path, objects: ObjectStore, sources: Sources) -> None:
        self._folder = folder
        self._sources = sources
        self._objects = objects
        (folder / "last").mkdir(parents=True, exist_ok=True)

    def find(self, parts: Mapping[str, str]) -> tuple[Entry | None, str]:
        """The entry for these parts if it can be used, and else why there is none."""
        try:
            entry = Entry.model_validate_json((self._folder / f"{key_of(parts)}.json").read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None, ""
        executed = [("executed notebook", entry.notebook)] if entry.notebook is not None else []
        for name, artifact in [*entry.artifacts.items(), *executed]:
            if not self._objects.path(artifact.digest, artifact.name).exists():
                return None, f"its {name} was deleted"
            if not self._objects.holds(artifact.digest, artifact.name):
                return None, f"its {name} was changed by hand"
        return entry, "nothing it depends on changed"

    def remember(self, parts: Mapping[str, str], entry: Entry) -> None:
        """Keeps the entry of a finished task."""
        write_whole(self._folder / f"{key_of(parts)}.json", entry.model_dump_json())

    def changed(self, pipeline: str, task: str, parts: Mapping[str, str]) -> str:
        """What differs from the last time this task of this pipeline was looked at, in words; empty for nothing."""
        try:
            before = json.loads(self._last(pipeline, task).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return "first run"
        moved = [name for name in {**before, **parts} if before.get(name) != parts.get(name)]
        return "; ".join(self._in_words(name, before.get(name), parts.get(name)) for name in sorted(moved)[:4])

    def look(self, pipeline: str, task: str, parts: Mapping[str, str]) -> None:
        """Remembers what a task depends on now."""
        write_whole(self._last(pipeline, task), json.dumps(dict(parts)))

    def _last(self, pipeline: str, task: str) -> Path:
        return self._folder / "last" / f"{blake3(f'{pipeline}:{task}'.encode()).hexdigest()[:32]}.json"

    def _in_words(self, name: str, before: str | None, after: str | None) -> str:
        if name == "code" and before and after:
            where = self._sources.difference(before, after)
            return f"code changed: {where}" if where else "code changed"
        return _in_words(name, before, after)


def never_skipped(task: PlannedTask, cache: bool) -> str:
    """Why a task runs whatever it finds, in words; empty where it may be skipped."""
    if not cache:
        return "skipping was switched off for this run"
    if task.at_exit:
        return "it runs at the end of every run"
    if not task.cache:
        return "the task is marked cache: false"
    if any(source.kind == "secret" for source in task.inputs.values()):
        return "it takes a secret"
    if any(takes_moment(source.value) for source in task.inputs.values()):
        return "it takes the name or the time of the run"
    return ""


def parts_of(
    task: PlannedTask,
    inputs: Mapping[str, Any],
    interpreter: str = sys.version,
    environment: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """What a task depends on, by name. inputs: values, and artifacts as they were stored.

    Variables of the environment that it declares, and those that it reads where the pipeline does not set them, are
    kept as digests: they may be secret.
    """
    parts = {"code": task.component.digest, "interpreter": f"{sys.implementation.name} {interpreter}"}
    variables = set(task.environment)
    for port in task.component.inputs:
        if port.name in inputs:
            parts[f"input {port.name}"] = _content(inputs[port.name])
        elif port.convention == "environment":
            variables.add(port.name)
    for name in variables & set(environment):
        parts[f"environment variable {name}"] = f"blake3:{blake3(environment[name].encode()).hexdigest()}"
    for name, version in installed_versions(task.component.requirements, task.component.kernel).items():
        parts[f"package {name}"] = version
    return parts


def _content(value: Any) -> str:
    """What of an input a task depends on: the content of artifacts, not where they are."""
    if isinstance(value, ArtifactValue):
        return f"{value.digest}/{value.name}"
    if isinstance(value, list) and any(isinstance(item, ArtifactValue) for item in value):
        return json.dumps([_content(item) for item in value])
    return json.dumps(value, sort_keys=True)


def key_of(parts: Mapping[str, str]) -> str:
    """The name of an entry."""
    return blake3(json.dumps(dict(sorted(parts.items()))).encode()).hexdigest()


def _in_words(name: str, before: str | None, after: str | None) -> str:
    if (before or after or "").startswith("blake3:"):
        return f"{name} changed"
    if len(before or "") > 40 or len(after or "") > 40:
        return f"{name} changed"
    return f"{name} changed from {before or 'unset'} to {after or 'unset'}"

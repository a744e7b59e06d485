"""From a story to events, in the order of their times."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from claimed_jlab.lineage.standards.moments import iso
from claimed_jlab.lineage.standards.openlineage.datasets import dataset_of
from claimed_jlab.lineage.standards.openlineage.facets import (
    PRODUCER,
    SPEC,
    dataset_facets,
    facet,
    job_facets,
    output_facets,
    run_facets,
    run_id,
)
from claimed_jlab.lineage.standards.story import FINAL, Ports, Story, StoryArtifact, StoryRun, StoryTask

SCHEMA = f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_ENDS = {"COMPLETE": "COMPLETE", "CACHED": "COMPLETE", "FAILED": "FAIL", "CANCELED": "ABORT"}


def events(story: Story, namespace: str | None = None) -> Iterator[dict[str, Any]]:
    """The events of each run: of one that has not ended its START only.

    namespace: of the jobs; by default OPENLINEAGE_NAMESPACE of the environment, else `claimed`.
    """
    space = namespace or os.environ.get("OPENLINEAGE_NAMESPACE") or "claimed"
    for run in story.runs:
        # A run begins before its tasks and ends after them, at whatever same millisecond.
        made = list(_both(story, run, run, space, 0, 3))
        for task in run.tasks:
            made += _both(story, run, task, space, 1, 2)
        yield from (event for _, event in sorted(made, key=lambda pair: pair[0]))


def lines(story: Story, namespace: str | None = None) -> Iterator[str]:
    """The events as JSON, one a line."""
    for event in events(story, namespace):
        yield json.dumps(event, ensure_ascii=False)


def _both(
    story: Story, run: StoryRun, one: StoryRun | StoryTask, space: str, first: int, last: int
) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    yield (one.began, first), _event(story, run, one, space, "START")
    if one.ended is not None:
        yield (one.ended, last), _event(story, run, one, space, _ENDS[one.state])


def _event(story: Story, run: StoryRun, one: StoryRun | StoryTask, space: str, type_: str) -> dict[str, Any]:
    ends = type_ != "START"
    # What came out is said where it ends; where it has not, it is said at once.
    whole = ends or one.state not in FINAL
    facets = {**run_facets(run, one), **_own(run, one, whole)}
    facets.pop("errorMessage", None) if not ends else None
    event: dict[str, Any] = {
        "eventType": type_,
        "eventTime": iso(one.updated if ends else one.began),
        "producer": PRODUCER,
        "schemaURL": SCHEMA,
        "run": {"runId": run_id(one.key), "facets": facets},
        "job": {"namespace": space, "name": _job(run, one), "facets": job_facets(run, one)},
        "inputs": [],
        "outputs": [],
    }
    if isinstance(one, StoryTask):
        facets["parent"] = _parent(run, one, space)
        event["inputs"] = [_dataset(art, ports, "inputFacets") for art, ports in _by_artifact(story, one.reads)]
        if whole:
            event["outputs"] = [_dataset(art, ports, "outputFacets") for art, ports in _by_artifact(story, one.writes)]
    return event


def _own(run: StoryRun, one: StoryRun | StoryTask, whole: bool) -> dict[str, Any]:
    about = {
        "key": one.key,
        "state": one.state if whole else "RUNNING",
        "updated": one.updated if whole else one.began,
        "parameters": one.parameters,
        "outputs": one.outputs if whole else {},
        "properties": one.properties,
    }
    if isinstance(one, StoryRun):
        return {
            "claimed_run": facet("claimed_run", {"id": one.id, "pipeline": one.pipeline, "about": one.about, **about})
        }
    of = {"key": run.key, "id": run.id, "pipeline": run.pipeline}
    named = {"name": one.name, "title": one.title, "type": one.type, "parent": one.parent, "cached": one.cached}
    return {"claimed_task": facet("claimed_task", {**named, "run": of, **about})}


def _parent(run: StoryRun, task: StoryTask, space: str) -> dict[str, Any]:
    group = next((one for one in run.tasks if one.key == task.parent), None)
    parent = {
        "run": {"runId": run_id(task.parent or run.key)},
        "job": {"namespace": space, "name": _job(run, group or run)},
    }
    root = {"run": {"runId": run_id(run.key)}, "job": {"namespace": space, "name": _job(run, run)}}
    return facet("parent", {**parent, "root": root})


def _job(run: StoryRun, one: StoryRun | StoryTask) -> str:
    pipeline = run.pipeline or run.id
    return pipeline if isinstance(one, StoryRun) else f"{pipeline}.{one.name}"


def _by_artifact(story: Story, ports: Ports) -> list[tuple[StoryArtifact, list[str]]]:
    found: dict[str, list[str]] = {}
    for name, key in ports:
        found.setdefault(key, []).append(name)
    return [(story.artifacts[key], some) for key, some in found.items()]


def _dataset(one: StoryArtifact, ports: list[str], place: str) -> dict[str, Any]:
    namespace, name = dataset_of(one.uri, one.key)
    own = (
        output_facets(one, ports)
        if place == "outputFacets"
        else {"claimed_port": facet("claimed_port", {"names": ports})}
    )
    return {"namespace": namespace, "name": name, "facets": dataset_facets(one), place: own}

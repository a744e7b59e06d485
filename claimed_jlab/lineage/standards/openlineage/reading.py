"""From events to a story: our own back as they were, other producers' as far as they can."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from claimed_jlab.lineage.standards.fields import NotReadable, listed, mapping, moment, text, whole, words
from claimed_jlab.lineage.standards.story import LeftOut, Story, StoryArtifact, StoryRun, StoryTask

Event = Mapping[str, Any]
_FORWARD = ("START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER")


@dataclass(slots=True)
class Told:
    """All that the events of one runId tell, the later above the earlier. began, ended: milliseconds since 1970."""

    id: str
    namespace: str
    job: str
    began: int
    latest: int
    producer: str = ""
    end: str | None = None
    run_facets: dict[str, Any] = field(default_factory=dict)
    job_facets: dict[str, Any] = field(default_factory=dict)
    inputs: dict[tuple[str, str, str], Event] = field(default_factory=dict)
    outputs: dict[tuple[str, str, str], Event] = field(default_factory=dict)


def read_events(content: str, where: str) -> tuple[Story, LeftOut]:
    """The story of a file of events: one a line, or a list of them, or one. Raises NotReadable with the line."""
    from claimed_jlab.lineage.standards.openlineage.foreign import foreign_story

    told, left = _told(_parsed(content, where))
    ours = {id_: one for id_, one in told.items() if one.run_facets.keys() & {"claimed_run", "claimed_task"}}
    story = _own_story(ours, where)
    others = foreign_story({id_: one for id_, one in told.items() if id_ not in ours})
    runs = sorted((*story.runs, *others.runs), key=lambda run: (run.began, run.key))
    return Story(tuple(runs), {**others.artifacts, **story.artifacts}), left


def _parsed(content: str, where: str) -> Iterable[tuple[Event, str]]:
    try:
        whole_ = json.loads(content)
    except ValueError:
        whole_ = None
    if whole_ is not None:
        for number, event in enumerate(whole_ if isinstance(whole_, list) else [whole_], 1):
            yield mapping(event, f"{where}: event {number}"), f"{where}: event {number}"
        return
    for number, line in enumerate(content.split("\n"), 1):
        if line.strip():
            place = f"{where}: line {number}"
            try:
                yield mapping(json.loads(line), place), place
            except ValueError as error:
                raise NotReadable(f"that is no JSON: {error}", where=place) from None


def _told(events: Iterable[tuple[Event, str]]) -> tuple[dict[str, Told], LeftOut]:
    told: dict[str, Told] = {}
    left = LeftOut()
    timed = []
    for event, where in events:
        if "run" not in event and ("dataset" in event or "job" in event):
            left["event without a run"] += 1
            continue
        timed.append((moment(event.get("eventTime"), f"{where} eventTime"), event, where))
    for at, event, where in sorted(timed, key=lambda one: one[0]):
        _tell(told, at, event, where)
    return told, left


def _tell(told: dict[str, Told], at: int, event: Event, where: str) -> None:
    run, job = mapping(event.get("run"), f"{where} run"), mapping(event.get("job"), f"{where} job")
    id_ = text(run, "runId", f"{where} run")
    try:
        UUID(id_)
    except ValueError:
        raise NotReadable(f"{id_!r} is no UUID", where=f"{where} run runId") from None
    kind = words(event.get("eventType")) or "OTHER"
    if kind not in _FORWARD:
        raise NotReadable(f"{kind!r} is no type of event", where=f"{where} eventType")
    namespace, name = text(job, "namespace", f"{where} job"), text(job, "name", f"{where} job")
    one = told.setdefault(id_, Told(id_, namespace, name, at, at, words(event.get("producer"))))
    if kind == "START":
        one.began = at
    if one.end is None or kind in ("COMPLETE", "FAIL", "ABORT"):
        one.latest = at
    if kind in ("COMPLETE", "FAIL", "ABORT"):
        one.end = kind
    one.run_facets.update(mapping(run.get("facets"), f"{where} run facets"))
    one.job_facets.update(mapping(job.get("facets"), f"{where} job facets"))
    for place, kept in (("inputs", one.inputs), ("outputs", one.outputs)):
        for number, item in enumerate(listed(event.get(place), f"{where} {place}"), 1):
            spot = f"{where} {place} {number}"
            dataset = mapping(item, spot)
            facets = mapping(dataset.get("facets"), f"{spot} facets")
            own = mapping(facets.get("claimed_artifact"), f"{spot} claimed_artifact")
            kept[text(dataset, "namespace", spot), text(dataset, "name", spot), words(own.get("key"))] = dataset


def _own_story(told: Mapping[str, Told], where: str) -> Story:
    runs: dict[str, dict[str, Any]] = {}
    tasks: dict[str, list[StoryTask]] = {}
    artifacts: dict[str, StoryArtifact] = {}
    for one in told.values():
        about = mapping(one.run_facets.get("claimed_run"), f"{where}: claimed_run")
        if about:
            key = text(about, "key", f"{where}: claimed_run")
            runs[key] = {
                "id": text(about, "id", f"{where}: claimed_run"),
                "pipeline": words(about.get("pipeline")),
                "about": mapping(about.get("about"), f"{where}: claimed_run about"),
                **_shared(one, about, where),
            }
            continue
        about = mapping(one.run_facets.get("claimed_task"), f"{where}: claimed_task")
        of = mapping(about.get("run"), f"{where}: claimed_task run")
        key = text(of, "key", f"{where}: claimed_task run")
        named = {"id": text(of, "id", f"{where}: claimed_task run"), "pipeline": words(of.get("pipeline"))}
        runs.setdefault(key, {**named, "began": one.began, "updated": one.latest})
        tasks.setdefault(key, []).append(_task(one, about, artifacts, where))
    return Story(
        tuple(
            StoryRun(key=key, tasks=tuple(sorted(tasks.get(key, ()), key=lambda task: (task.began, task.key))), **given)
            for key, given in runs.items()
        ),
        artifacts,
    )


def _shared(one: Told, about: Event, where: str) -> dict[str, Any]:
    rows = mapping(one.run_facets.get("tags"), f"{where}: tags").get("tags") or []
    return {
        "state": words(about.get("state")) or "UNKNOWN",
        "began": one.began,
        "updated": one.latest if one.end else whole(about.get("updated")) or one.latest,
        **{name: mapping(about.get(name), f"{where}: {name}") for name in ("parameters", "outputs", "properties")},
        "tags": tags_of(rows),
    }


def _task(one: Told, about: Event, artifacts: dict[str, StoryArtifact], where: str) -> StoryTask:
    ports: dict[str, tuple[tuple[str, str], ...]] = {}
    for side, place, datasets in (("reads", "inputFacets", one.inputs), ("writes", "outputFacets", one.outputs)):
        found: list[tuple[str, str]] = []
        for dataset in datasets.values():
            artifact = _artifact(dataset, where)
            artifacts[artifact.key] = artifact
            port = mapping(
                mapping(dataset.get(place), f"{where}: {place}").get("claimed_port"), f"{where}: claimed_port"
            )
            found += [(str(name), artifact.key) for name in listed(port.get("names"), f"{where}: claimed_port names")]
        ports[side] = tuple(sorted(found))
    parent, cached = words(about.get("parent")) or None, words(about.get("cached")) or None
    return StoryTask(
        key=text(about, "key", f"{where}: claimed_task"),
        name=words(about.get("name")),
        title=words(about.get("title")),
        type=words(about.get("type")),
        parent=parent,
        cached=cached,
        reads=ports["reads"],
        writes=ports["writes"],
        **_shared(one, about, where),
    )


def _artifact(dataset: Event, where: str) -> StoryArtifact:
    facets = mapping(dataset.get("facets"), f"{where}: facets")
    own = mapping(facets.get("claimed_artifact"), f"{where}: claimed_artifact")
    version = mapping(facets.get("version"), f"{where}: version").get("datasetVersion")
    return StoryArtifact(
        key=text(own, "key", f"{where}: claimed_artifact"),
        type=words(own.get("type")),
        uri=words(own.get("uri")),
        name=words(own.get("name")),
        digest=words(version) or None,
        state=words(own.get("state")) or None,
        created=whole(own.get("created")),
        updated=whole(own.get("updated")),
        metadata=mapping(own.get("metadata"), f"{where}: metadata"),
        tags=tags_of(mapping(facets.get("tags"), f"{where}: tags").get("tags") or []),
    )


def tags_of(rows: object) -> dict[str, str]:
    """{tag: text} of a facet of tags."""
    given = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    return dict(sorted((words(row.get("key")), words(row.get("value"))) for row in given if words(row.get("key"))))

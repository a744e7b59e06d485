"""Events of other producers as runs, tasks and artifacts.

A run is the topmost parent; every runId below it that reads or writes something, or that has a parent, is a task. A
dataset is a place, an artifact is what lay there at a time: whoever writes a dataset makes a new artifact, and who
reads it later reads that one. All facets are kept, as properties `openlineage.<facet>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimed_jlab.lineage import names, shapes
from claimed_jlab.lineage.standards.fields import mapping, words
from claimed_jlab.lineage.standards.openlineage.datasets import uri_of
from claimed_jlab.lineage.standards.openlineage.reading import Told, tags_of
from claimed_jlab.lineage.standards.story import Ports, Story, StoryArtifact, StoryRun, StoryTask

_STATES = {"COMPLETE": "COMPLETE", "FAIL": "FAILED", "ABORT": "CANCELED", None: "RUNNING"}
_SAID = ("parent", "tags", "errorMessage", "processing_engine", "version")
_PREFIX = "openlineage."


def foreign_story(told: Mapping[str, Told]) -> Story:
    """The story of what was told."""
    everything = dict(told)
    for one in told.values():
        _add_parents(everything, one)
    artifacts: dict[str, StoryArtifact] = {}
    current: dict[tuple[str, str], str] = {}
    tasks: dict[str, list[StoryTask]] = {}
    writers = {id(one) for one in everything.values() if one.inputs or one.outputs}
    parents = {_parent(one) for one in everything.values()}
    for one in sorted(everything.values(), key=lambda one: (one.began, one.id)):
        root = _root(everything, one)
        if one is not root or id(one) in writers or one.id not in parents:
            tasks.setdefault(root.id, []).append(_task(everything, one, root, artifacts, current))
    runs = [_run(one, tasks.get(one.id, [])) for one in everything.values() if _root(everything, one) is one]
    return Story(tuple(runs), artifacts)


def _parent(one: Told) -> str | None:
    facet = mapping(one.run_facets.get("parent"), f"{one.id}: parent")
    return words(mapping(facet.get("run"), f"{one.id}: parent run").get("runId")) or None


def _add_parents(everything: dict[str, Told], one: Told) -> None:
    """Parents that told nothing themselves: they are known by what their children say."""
    facet = mapping(one.run_facets.get("parent"), f"{one.id}: parent")
    above = mapping(facet.get("root"), f"{one.id}: parent root")
    for said, is_top in ((above, True), (facet, False)):
        id_ = words(mapping(said.get("run"), f"{one.id}: parent run").get("runId"))
        job = mapping(said.get("job"), f"{one.id}: parent job")
        if not id_ or id_ == one.id:
            continue
        known = everything.get(id_)
        if known is None:
            namespace, name = words(job.get("namespace")), words(job.get("name"))
            known = everything[id_] = Told(id_, namespace, name or id_, one.began, one.latest, one.producer)
            if not is_top and above and words(mapping(above.get("run"), "root run").get("runId")) != id_:
                known.run_facets["parent"] = above
        if not known.run_facets.keys() - {"parent"} and known.end is None:
            known.began, known.latest = min(known.began, one.began), max(known.latest, one.latest)


def _root(everything: Mapping[str, Told], one: Told) -> Told:
    seen = {one.id: one}
    while (id_ := _parent(one)) is not None and id_ in everything:
        if id_ in seen:
            # Parents in a circle: any one of them, but always the same.
            return min(seen.values(), key=lambda some: some.id)
        one = seen[id_] = everything[id_]
    return one


def _run(one: Told, tasks: list[StoryTask]) -> StoryRun:
    owners = mapping(one.job_facets.get("ownership"), f"{one.id}: ownership").get("owners")
    user = (
        words(owners[0].get("name")) if isinstance(owners, list) and owners and isinstance(owners[0], Mapping) else ""
    )
    properties = {**_properties(one), **({names.USER: user.removeprefix("user:")} if user else {})}
    return StoryRun(
        key=f"openlineage:{one.id}",
        id=one.id,
        pipeline=one.job,
        properties=properties,
        tasks=tuple(sorted(tasks, key=lambda task: (task.began, task.key))),
        **_shared(one),
    )


def _task(
    everything: Mapping[str, Told],
    one: Told,
    root: Told,
    artifacts: dict[str, StoryArtifact],
    current: dict[tuple[str, str], str],
) -> StoryTask:
    reads = _ports(one, one.inputs, artifacts, current, None)
    writes = _ports(one, one.outputs, artifacts, current, one.id)
    above = _parent(one)
    is_group = above is not None and above != root.id and above in everything and one is not root
    name = one.job.removeprefix(f"{root.job}.") or one.job
    return StoryTask(
        # A run that reads and writes by itself is a run and its one task.
        key=f"openlineage:{one.id}/task",
        name=name,
        title=name,
        type=names.CONTAINER,
        parent=f"openlineage:{above}/task" if is_group else None,
        reads=reads,
        writes=writes,
        properties=_properties(one),
        **_shared(one),
    )


def _shared(one: Told) -> dict[str, Any]:
    rows = mapping(one.run_facets.get("tags"), f"{one.id}: tags").get("tags")
    return {"state": _STATES[one.end], "began": one.began, "updated": one.latest, "tags": tags_of(rows)}


def _properties(one: Told) -> dict[str, Any]:
    found: dict[str, Any] = {f"{_PREFIX}namespace": one.namespace, f"{_PREFIX}job": one.job}
    if one.producer:
        found[f"{_PREFIX}producer"] = one.producer
    error = mapping(one.run_facets.get("errorMessage"), f"{one.id}: errorMessage").get("message")
    if words(error):
        found[names.ERROR] = words(error)
    engine = mapping(one.run_facets.get("processing_engine"), f"{one.id}: processing_engine")
    if words(engine.get("name")):
        found[names.ENGINE] = words(engine.get("name"))
        found[names.VERSION] = words(engine.get("version"))
    code = mapping(one.job_facets.get("sourceCodeLocation"), f"{one.id}: sourceCodeLocation")
    if code.get("type") == "git":
        for name, field in ((names.GIT_COMMIT, "version"), (names.GIT_BRANCH, "branch"), (names.SOURCE, "url")):
            if words(code.get(field)):
                found[name] = words(code.get(field))
    facets = {**one.job_facets, **one.run_facets}
    return {**found, **{f"{_PREFIX}{name}": _bare(facets[name]) for name in sorted(facets) if name not in _SAID}}


def _ports(
    one: Told,
    datasets: Mapping[tuple[str, str, str], Mapping[str, Any]],
    artifacts: dict[str, StoryArtifact],
    current: dict[tuple[str, str], str],
    writer: str | None,
) -> Ports:
    ports: list[tuple[str, str]] = []
    for (namespace, name, _), dataset in sorted(datasets.items()):
        place = f"openlineage:{namespace}/{name}"
        if writer is not None:
            current[namespace, name] = f"{place}@{writer}"
        key = current.get((namespace, name), place)
        if key not in artifacts:
            artifacts[key] = _artifact(key, namespace, name, dataset, one)
        port = shapes.tail(uri_of(namespace, name))
        taken = {used for used, _ in ports}
        ports.append((port if port not in taken else f"{namespace}/{name}", key))
    return tuple(sorted(ports))


def _artifact(key: str, namespace: str, name: str, dataset: Mapping[str, Any], one: Told) -> StoryArtifact:
    facets = mapping(dataset.get("facets"), f"{one.id}: facets of {name}")
    own = {place: mapping(dataset.get(place), place) for place in ("inputFacets", "outputFacets")}
    kept = {**own["inputFacets"], **own["outputFacets"], **facets}
    at = one.latest if key.endswith(f"@{one.id}") else one.began
    uri = uri_of(namespace, name)
    return StoryArtifact(
        key=key,
        type=names.artifact_type("Dataset"),
        uri=uri,
        name=shapes.tail(uri),
        digest=words(mapping(facets.get("version"), f"{name}: version").get("datasetVersion")) or None,
        created=at,
        updated=at,
        metadata={
            f"{_PREFIX}dataset": {"namespace": namespace, "name": name},
            **{f"{_PREFIX}{facet}": _bare(kept[facet]) for facet in sorted(kept) if facet not in _SAID},
        },
        tags=tags_of(mapping(facets.get("tags"), f"{name}: tags").get("tags")),
    )


def _bare(facet: Any) -> Any:
    """Without who wrote it, and after which schema."""
    if not isinstance(facet, Mapping):
        return facet
    return {name: value for name, value in facet.items() if name not in ("_producer", "_schemaURL", "_deleted")}

"""From a story to a PROV-JSON document."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from claimed_jlab.lineage import names
from claimed_jlab.lineage.standards.moments import iso
from claimed_jlab.lineage.standards.prov.terms import PREFIXES, literals, name, term, typed
from claimed_jlab.lineage.standards.story import Story, StoryArtifact, StoryRun, StoryTask


def document(story: Story) -> dict[str, Any]:
    """The document; the order in it is that of the story."""
    return _Document(story).made()


def text(story: Story) -> str:
    """The document as its file holds it."""
    return json.dumps(document(story), ensure_ascii=False, indent=1)


class _Document:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._parts: dict[str, dict[str, Any]] = defaultdict(dict)
        self._writers: dict[str, list[str]] = defaultdict(list)
        self._keys = {task.key for run in story.runs for task in run.tasks}

    def made(self) -> dict[str, Any]:
        for artifact in self._story.artifacts.values():
            self._parts["entity"][name("artifact", artifact.key)] = _entity(artifact)
        self._places()
        for run in self._story.runs:
            for task in run.tasks:
                for _, key in task.writes:
                    self._writers[key].append(task.key)
        for run in self._story.runs:
            self._run(run)
        return {"prefix": dict(PREFIXES), **self._parts}

    def _relate(self, kind: str, **about: Any) -> None:
        given = {f"prov:{key}": value for key, value in about.items() if value is not None}
        records = self._parts[kind]
        records[f"_:{kind}{len(records) + 1}"] = given

    def _places(self) -> None:
        by_uri = defaultdict(list)
        for artifact in self._story.artifacts.values():
            if artifact.uri:
                by_uri[artifact.uri].append(artifact.key)
        for uri, keys in by_uri.items():
            if len(keys) > 1:
                place = name("place", uri)
                self._parts["entity"][place] = {"prov:location": typed(uri, "xsd:anyURI"), "prov:label": uri}
                for key in keys:
                    self._relate("specializationOf", specificEntity=name("artifact", key), generalEntity=place)

    def _run(self, run: StoryRun) -> None:
        run_name = name("run", run.key)
        about = {"claimed:run": run.id, "claimed:pipeline": run.pipeline, **literals("about", run.about)}
        label = f"{run.pipeline} {run.id}".strip()
        self._parts["activity"][run_name] = {"prov:label": label, **_activity(run, "claimed:Run"), **about}
        engine = self._agents(run, run_name)
        files = name("files", run.key)
        touched = sorted({key for task in run.tasks for _, key in (*task.reads, *task.writes)})
        if touched:
            self._parts["entity"][files] = {"prov:type": term("prov:Collection"), "prov:label": f"files of {label}"}
        for key in touched:
            self._relate("hadMember", collection=files, entity=name("artifact", key))
        for task in run.tasks:
            self._task(run, task, engine)

    def _agents(self, run: StoryRun, run_name: str) -> str | None:
        user, engine = run.properties.get(names.USER), run.properties.get(names.ENGINE)
        person, software = None, None
        if isinstance(user, str) and user:
            person = name("agent", f"user/{user}")
            self._parts["agent"][person] = {"prov:type": term("prov:Person"), "prov:label": user}
            self._relate("wasAssociatedWith", activity=run_name, agent=person)
        if isinstance(engine, str) and engine:
            software = name("agent", f"engine/{engine}")
            self._parts["agent"][software] = {"prov:type": term("prov:SoftwareAgent"), "prov:label": engine}
            self._relate("wasAssociatedWith", activity=run_name, agent=software)
        if person and software:
            self._relate("actedOnBehalfOf", delegate=software, responsible=person, activity=run_name)
        return software

    def _task(self, run: StoryRun, task: StoryTask, engine: str | None) -> None:
        task_name = name("task", task.key)
        about = {"claimed:task": task.name, "claimed:of": term(name("run", run.key)), "claimed:kind": task.type}
        for field, value in (("parent", task.parent), ("cached", task.cached)):
            if value:
                about[f"claimed:{field}"] = value
        self._parts["activity"][task_name] = {"prov:label": task.title, **_activity(task, "claimed:Task"), **about}
        starter = name("task", task.parent) if task.parent in self._keys else name("run", run.key)
        self._relate("wasStartedBy", activity=task_name, starter=starter, time=iso(task.began))
        if task.cached in self._keys:
            self._relate("wasInfluencedBy", influencee=task_name, influencer=name("task", task.cached or ""))
        component = task.properties.get(names.COMPONENT)
        plan = name("plan", component) if isinstance(component, str) and component else None
        if plan:
            self._parts["entity"][plan] = {"prov:type": term("prov:Plan"), "prov:label": component}
        if plan or engine:
            self._relate("wasAssociatedWith", activity=task_name, agent=engine, plan=plan)
        self._flows(task, task_name)

    def _flows(self, task: StoryTask, task_name: str) -> None:
        informants = set()
        for port, key in task.reads:
            artifact = name("artifact", key)
            self._relate("used", activity=task_name, entity=artifact, time=iso(task.began), role=port)
            informants.update(self._writers[key])
        for port, key in task.writes:
            artifact = name("artifact", key)
            self._relate("wasGeneratedBy", entity=artifact, activity=task_name, time=iso(task.updated), role=port)
        for key in sorted(informants - {task.key}):
            self._relate("wasInformedBy", informed=task_name, informant=name("task", key))


def _activity(one: StoryRun | StoryTask, kind: str) -> dict[str, Any]:
    ended = {"prov:endTime": iso(one.ended)} if one.ended is not None else {}
    return {
        "prov:type": term(kind),
        "prov:startTime": iso(one.began),
        **ended,
        "claimed:state": one.state,
        "claimed:updated": typed(iso(one.updated), "xsd:dateTime"),
        **literals("parameter", one.parameters),
        **literals("output", one.outputs),
        **literals("property", one.properties),
        **literals("tag", one.tags),
    }


def _entity(one: StoryArtifact) -> dict[str, Any]:
    found: dict[str, Any] = {
        "prov:type": term("claimed:Artifact"),
        "prov:label": one.name,
        "claimed:type": one.type,
        "claimed:created": typed(iso(one.created), "xsd:dateTime"),
        "claimed:updated": typed(iso(one.updated), "xsd:dateTime"),
    }
    if one.uri:
        found["prov:location"] = typed(one.uri, "xsd:anyURI")
    for field, value in (("digest", one.digest), ("state", one.state)):
        if value:
            found[f"claimed:{field}"] = value
    return {**found, **literals("metadata", one.metadata), **literals("tag", one.tags)}

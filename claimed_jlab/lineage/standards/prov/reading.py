"""From a PROV-JSON document to a story: ours back as it was, others' as far as they can.

In other documents each activity becomes a run with one task, each entity that it used or generated an artifact.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from claimed_jlab.lineage import names
from claimed_jlab.lineage.standards.fields import NotReadable, listed, mapping, moment, words
from claimed_jlab.lineage.standards.prov.terms import text_of, value_of, values_of
from claimed_jlab.lineage.standards.story import LeftOut, Story, StoryArtifact, StoryRun, StoryTask

Record = Mapping[str, Any]
_USED = ("activity", "agent", "entity", "prefix", "used", "wasGeneratedBy")
_DERIVED = (
    "wasAssociatedWith", "wasStartedBy", "wasInformedBy", "wasInfluencedBy", "specializationOf", "hadMember",
    "actedOnBehalfOf",
)  # fmt: skip


def read_document(content: str, where: str) -> tuple[Story, LeftOut]:
    """The story of a PROV-JSON document. Raises NotReadable."""
    try:
        given = mapping(json.loads(content), where)
    except ValueError as error:
        raise NotReadable(f"that is no JSON: {error}", where=where) from None
    return _Reader(given, where).story()


class _Reader:
    def __init__(self, document: Record, where: str) -> None:
        self._where, self._left = where, LeftOut()
        self._prefixes = mapping(document.get("prefix"), f"{where}: prefix")
        self._records = {kind: dict(self._listed(document, kind)) for kind in ("entity", "activity")}
        self._ours = any(name.startswith("run:") for name in self._records["activity"])
        self._flows = {kind: self._ports(document, kind) for kind in ("used", "wasGeneratedBy")}
        for kind in document.keys() - set(_USED) - (set(_DERIVED) if self._ours else set()):
            self._left[f"{kind} of a PROV document"] += len(mapping(document[kind], f"{where}: {kind}"))

    def story(self) -> tuple[Story, LeftOut]:
        try:
            return (self._own() if self._ours else self._foreign()), self._left
        except (TypeError, ValueError) as error:
            raise NotReadable(f"a literal is none of its type: {error}", where=self._where) from None

    def _listed(self, document: Record, kind: str) -> Iterator[tuple[str, Record]]:
        place = f"{self._where}: {kind}"
        for name, given in mapping(document.get(kind), place).items():
            for one in given if isinstance(given, list) else [given]:
                yield name, mapping(one, f"{place} {name}")

    def _ports(self, document: Record, kind: str) -> Mapping[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, one in self._listed(document, kind):
            activity, entity = words(one.get("prov:activity")), words(one.get("prov:entity"))
            if not activity or not entity:
                self._left[f"{kind} without an activity or an entity"] += 1
                continue
            roles = one.get("prov:role", "")
            for role in roles if isinstance(roles, list) else [roles]:
                found[activity].append((str(value_of(role) or ""), entity))
            if entity not in self._records["entity"]:
                raise NotReadable(f"there is no entity {entity}", where=f"{self._where}: {kind} {name}")
        return found

    def _own(self) -> Story:
        tasks: dict[str, list[StoryTask]] = defaultdict(list)
        for name, record in self._records["activity"].items():
            if name.startswith("task:"):
                run = words(value_of(record.get("claimed:of")))
                tasks[run].append(self._task(name, record))
        runs = []
        for name, record in self._records["activity"].items():
            if not name.startswith("run:"):
                continue
            some = tuple(sorted(tasks.pop(name, ()), key=lambda task: (task.began, task.key)))
            given = self._activity(name, record)
            about = values_of(record, "about")
            id_, pipeline = words(record.get("claimed:run")), words(record.get("claimed:pipeline"))
            runs.append(StoryRun(key=text_of(name), id=id_, pipeline=pipeline, about=about, tasks=some, **given))
        self._left["task without its run"] += sum(map(len, tasks.values()))
        self._left = +self._left
        artifacts = (
            self._artifact(name, record)
            for name, record in self._records["entity"].items()
            if name.startswith("artifact:")
        )
        runs.sort(key=lambda run: (run.began, run.key))
        return Story(tuple(runs), {one.key: one for one in artifacts})

    def _task(self, name: str, record: Record) -> StoryTask:
        return StoryTask(
            key=text_of(name),
            name=words(record.get("claimed:task")),
            title=words(record.get("prov:label")),
            type=words(record.get("claimed:kind")),
            parent=words(record.get("claimed:parent")) or None,
            cached=words(record.get("claimed:cached")) or None,
            reads=tuple(sorted((port, text_of(entity)) for port, entity in self._flows["used"][name])),
            writes=tuple(sorted((port, text_of(entity)) for port, entity in self._flows["wasGeneratedBy"][name])),
            **self._activity(name, record),
        )

    def _activity(self, name: str, record: Record) -> dict[str, Any]:
        place = f"{self._where}: activity {name}"
        return {
            "state": words(record.get("claimed:state")) or "UNKNOWN",
            "began": moment(record.get("prov:startTime"), f"{place} prov:startTime"),
            "updated": moment(value_of(record.get("claimed:updated")), f"{place} claimed:updated"),
            "parameters": values_of(record, "parameter"),
            "outputs": values_of(record, "output"),
            "properties": values_of(record, "property"),
            "tags": values_of(record, "tag"),
        }

    def _artifact(self, name: str, record: Record) -> StoryArtifact:
        place = f"{self._where}: entity {name}"
        return StoryArtifact(
            key=text_of(name),
            type=words(record.get("claimed:type")),
            uri=words(value_of(record.get("prov:location"))),
            name=words(record.get("prov:label")),
            digest=words(record.get("claimed:digest")) or None,
            state=words(record.get("claimed:state")) or None,
            created=moment(value_of(record.get("claimed:created")), f"{place} claimed:created"),
            updated=moment(value_of(record.get("claimed:updated")), f"{place} claimed:updated"),
            metadata=values_of(record, "metadata"),
            tags=values_of(record, "tag"),
        )

    def _foreign(self) -> Story:
        runs, touched = [], dict[str, int]()
        for name, record in self._records["activity"].items():
            began, ended = (
                moment(record[time], f"{self._where}: activity {name} {time}") if time in record else None
                for time in ("prov:startTime", "prov:endTime")
            )
            start = began or ended
            if start is None:
                self._left["activity without a time"] += 1
                continue
            iri, label = self._iri(name), _label(record) or text_of(name) or name
            state = "COMPLETE" if ended is not None else "UNKNOWN"
            properties = {"prov.activity": iri, **_others(record)}
            reads, writes = (
                tuple(sorted((port or _local(entity), self._key(entity)) for port, entity in self._flows[kind][name]))
                for kind in ("used", "wasGeneratedBy")
            )
            for kind in ("used", "wasGeneratedBy"):
                for _, entity in self._flows[kind][name]:
                    touched.setdefault(entity, start)
            shared: dict[str, Any] = {"state": state, "began": start, "updated": ended or start}
            task = StoryTask(
                f"prov:{iri}/task", label, label, reads=reads, writes=writes, properties=properties, **shared
            )
            runs.append(StoryRun(f"prov:{iri}", iri, label, tasks=(task,), properties={"prov.activity": iri}, **shared))
        self._left["entity that no activity used or generated"] += len(self._records["entity"].keys() - touched.keys())
        self._left = +self._left
        artifacts = {self._key(name): self._entity(name, at) for name, at in touched.items()}
        return Story(tuple(sorted(runs, key=lambda run: (run.began, run.key))), artifacts)

    def _entity(self, name: str, at: int) -> StoryArtifact:
        record = self._records["entity"][name]
        place = record.get("prov:location")
        uri = words(value_of(place[0] if isinstance(place, list) and place else place)) or self._iri(name)
        shown = _label(record) or _local(name)
        type_ = names.artifact_type("Artifact")
        return StoryArtifact(self._key(name), type_, uri, shown, created=at, updated=at, metadata=_others(record))

    def _key(self, name: str) -> str:
        return f"prov:{self._iri(name)}"

    def _iri(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        base = self._prefixes.get(prefix if colon else "default")
        return f"{base}{local if colon else name}" if isinstance(base, str) else name


def _local(name: str) -> str:
    return name.rpartition(":")[2] or name


def _label(record: Record) -> str:
    given = record.get("prov:label")
    return words(value_of(given[0] if isinstance(given, list) and given else given))


def _others(record: Record) -> dict[str, Any]:
    """All attributes but those that have a place, as they are written."""
    skipped = ("prov:label", "prov:startTime", "prov:endTime", "prov:location")
    found: dict[str, Any] = {}
    for name, given in sorted(record.items()):
        if name not in skipped:
            some = [value_of(one) for one in listed(given, name)] if isinstance(given, list) else value_of(given)
            found[f"prov.{name}"] = some
    return found

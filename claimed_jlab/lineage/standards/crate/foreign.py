"""Crates of other programs: every CreateAction is a task, and a run where it is one of a workflow.

An action that an OrganizeAction has as its result is a run; the actions that are organised are its tasks. One that
nobody organises is a run with one task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from claimed_jlab.lineage import names
from claimed_jlab.lineage.standards.fields import moment, words
from claimed_jlab.lineage.standards.story import LeftOut, Story, StoryArtifact, StoryRun, StoryTask

Entity = Mapping[str, Any]
Entities = Mapping[str, Entity]
_ACTIONS = {"CreateAction", "UpdateAction"}
_STATES = {"CompletedActionStatus": "COMPLETE", "FailedActionStatus": "FAILED", "ActiveActionStatus": "RUNNING"}


def foreign_story(entities: Entities, where: str) -> tuple[Story, LeftOut]:
    """The story, and what could not be told."""
    return _Foreign(entities, where).story()


class _Foreign:
    def __init__(self, entities: Entities, where: str) -> None:
        self._entities, self._where, self._left = entities, where, LeftOut()
        self._artifacts: dict[str, StoryArtifact] = {}
        self._root = (
            words(entities.get("./", {}).get("identifier")) or words(entities.get("./", {}).get("name")) or where
        )

    def story(self) -> tuple[Story, LeftOut]:
        timed = {id_: one for id_, one in self._entities.items() if _types(one) & _ACTIONS and self._began(id_, one)}
        untimed = sum(1 for one in self._entities.values() if _types(one) & _ACTIONS) - len(timed)
        if untimed:
            self._left["action without a time"] += untimed
        members = self._members(timed)
        inside = {id_ for some in members.values() for id_ in some}
        runs = []
        for id_, action in timed.items():
            if id_ in inside:
                continue
            some = [self._task(member, timed[member]) for member in members.get(id_, [])] or [self._task(id_, action)]
            runs.append(self._run(id_, action, some))
        return Story(tuple(sorted(runs, key=lambda run: (run.began, run.key))), self._artifacts), self._left

    def _members(self, actions: Entities) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for organize in self._entities.values():
            if "OrganizeAction" not in _types(organize):
                continue
            for run in _refs(organize, "result"):
                for control in _refs(organize, "object"):
                    some = _refs(self._entities.get(control, {}), "object")
                    found[run] += [id_ for id_ in (control, *some) if id_ in actions and id_ != run]
        return {run: some for run, some in found.items() if run in actions and some}

    def _run(self, id_: str, action: Entity, tasks: list[StoryTask]) -> StoryRun:
        workflow = self._instrument(action)
        agent = next((self._entities.get(agent, {}) for agent in _refs(action, "agent")), {})
        user = words(agent.get("name"))
        parameters, _ = self._flow(action, "object", "input", collect=False)
        return StoryRun(
            key=self._key(id_),
            id=self._key(id_),
            pipeline=words(workflow.get("name")) or words(action.get("name")) or self._root,
            parameters=parameters,
            properties={"ro-crate.action": id_, **({names.USER: user} if user else {})},
            tasks=tuple(sorted(tasks, key=lambda task: (task.began, task.key))),
            **self._shared(id_, action),
        )

    def _task(self, id_: str, action: Entity) -> StoryTask:
        tool = self._instrument(action)
        parameters, reads = self._flow(action, "object", "input")
        outputs, writes = self._flow(action, "result", "output")
        name = words(action.get("name")) or words(tool.get("name")) or id_
        version = words(tool.get("softwareVersion")) or words(tool.get("version"))
        properties = {
            "ro-crate.action": id_,
            names.COMPONENT: words(tool.get("name")),
            names.COMPONENT_VERSION: version,
        }
        error = words(action.get("error"))
        return StoryTask(
            key=f"{self._key(id_)}/task",
            name=name,
            title=name,
            parameters=parameters,
            outputs=outputs,
            reads=tuple(sorted(reads)),
            writes=tuple(sorted(writes)),
            properties={name: value for name, value in (*properties.items(), (names.ERROR, error)) if value},
            **self._shared(id_, action),
        )

    def _flow(
        self, action: Entity, side: str, formal: str, collect: bool = True
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Values by name, and files by port, of what went in or came out."""
        owned = set(_refs(self._instrument(action), formal))
        values: dict[str, Any] = {}
        files: list[tuple[str, str]] = []
        for id_ in _refs(action, side):
            entity = self._entities.get(id_, {"@id": id_, "@type": "File"})
            parameters = [one for one in _refs(entity, "exampleOfWork") if one in owned]
            ports = [words(self._entities.get(one, {}).get("name")) for one in parameters]
            shown = words(entity.get("name")) or id_
            if "PropertyValue" in _types(entity):
                values[ports[0] if ports and ports[0] else shown] = entity.get("value")
            elif collect:
                key = self._artifact(id_, entity, action)
                files += [(port or shown, key) for port in ports or [shown]]
        return values, files

    def _artifact(self, id_: str, entity: Entity, action: Entity) -> str:
        key = self._key(id_)
        if key not in self._artifacts:
            sha256, at = words(entity.get("sha256")), self._began(words(action.get("@id")), action) or 0
            kept = {f"ro-crate.{name}": value for name, value in sorted(entity.items()) if isinstance(value, str)}
            type_ = names.artifact_type("Dataset" if _types(entity) & {"File", "Dataset", "Collection"} else "Artifact")
            digest = f"sha256:{sha256}" if sha256 else None
            uri = words(entity.get("url")) or id_
            name = words(entity.get("name")) or id_
            self._artifacts[key] = StoryArtifact(key, type_, uri, name, digest, created=at, updated=at, metadata=kept)
        return key

    def _instrument(self, action: Entity) -> Entity:
        return next((self._entities.get(id_, {"name": id_}) for id_ in _refs(action, "instrument")), {})

    def _began(self, id_: str, action: Entity) -> int | None:
        for name in ("startTime", "endTime"):
            if isinstance(action.get(name), str):
                return moment(action[name], f"{self._where}: {id_} {name}")
        return None

    def _shared(self, id_: str, action: Entity) -> dict[str, Any]:
        began = self._began(id_, action) or 0
        end = action.get("endTime")
        status = words(action.get("actionStatus")) or _first(_refs(action, "actionStatus"))
        state = _STATES.get(status.rpartition("/")[2], "COMPLETE" if end else "UNKNOWN")
        updated = moment(end, f"{self._where}: {id_} endTime") if isinstance(end, str) else began
        return {"state": state, "began": began, "updated": updated}

    def _key(self, id_: str) -> str:
        # What is named within a crate is told from the same name in another one.
        return f"ro-crate:{id_}" if "://" in id_ else f"ro-crate:{self._root}/{id_}"


def _first(some: list[str]) -> str:
    return some[0] if some else ""


def _types(entity: Entity) -> set[str]:
    given = entity.get("@type")
    return {one for one in (given if isinstance(given, list) else [given]) if isinstance(one, str)}


def _refs(entity: Entity, name: str) -> list[str]:
    given = entity.get(name)
    some = given if isinstance(given, list) else [given]
    return [one["@id"] for one in some if isinstance(one, Mapping) and isinstance(one.get("@id"), str)]

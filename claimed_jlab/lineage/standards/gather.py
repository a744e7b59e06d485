"""Reading a story from a store: any ML Metadata store, with statements as many as there are kinds, not nodes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from claimed_jlab.lineage import names, read, schema, shapes
from claimed_jlab.lineage.credentials import without_credentials
from claimed_jlab.lineage.describe import roots_of
from claimed_jlab.lineage.model import Artifact, Context, Event, EventType, Execution, ExecutionState
from claimed_jlab.lineage.standards.story import (
    LeftOut,
    Ports,
    Story,
    StoryArtifact,
    StoryRun,
    StoryTask,
    property_json,
)
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.values import Json, Struct, Value, to_json

_IN_PLACE = (
    names.DISPLAY_NAME, names.TASK_NAME, names.PARENT_DAG_ID, names.CACHED_EXECUTION_ID, names.INPUTS, names.OUTPUTS,
    names.ALSO_INPUTS, names.DIGEST,
)  # fmt: skip
_EMPTY = {*names.RUN_CONTEXT, *names.POD}
_PLAIN = (EventType.INPUT, EventType.OUTPUT)


def gather(store: Store, executions: Collection[int] | None = None) -> tuple[Story, LeftOut]:
    """The story of the executions (of all when None): their runs with these tasks, and all that these read or wrote.

    Also what a story can't hold. Raises StoreUnavailable.
    """
    left = LeftOut()
    with store.read() as connection:
        gathered = _Gathered(connection, executions, left)
        return gathered.story(), left


@dataclass
class _Gathered:
    """What was read, by id."""

    connection: Connection
    wanted: Collection[int] | None
    left: LeftOut
    executions: dict[int, Execution] = field(default_factory=dict)
    roots: Mapping[int, int] = field(default_factory=dict)
    artifacts: dict[int, Artifact] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    also: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    events: dict[int, list[Event]] = field(default_factory=lambda: defaultdict(list))
    contexts: dict[int, list[Context]] = field(default_factory=lambda: defaultdict(list))

    def story(self) -> Story:
        found = read.executions(self.connection, ids=self.wanted)
        self.roots = roots_of(self.connection, [one.id for one in found])
        # Groups and roots belong to the story of a task; so does what a cached one took over, by its key only.
        self.executions = {one.id: one for one in found}
        level = set(self.roots.values()) | _parents(found)
        while above := level - set(self.executions):
            more = read.executions(self.connection, ids=above)
            self.executions.update((one.id, one) for one in more)
            level = _parents(more)
            if not more:
                break
        self._read_events()
        self._read_contexts()
        members: dict[str, list[Execution]] = defaultdict(list)
        for one in self.executions.values():
            members[self._run_id(one)].append(one)
        runs = [self._run(run_id, some) for run_id, some in members.items()]
        artifacts = (self._artifact(one) for one in self.artifacts.values())
        return Story(tuple(sorted(runs, key=lambda run: (run.began, run.key))), {one.key: one for one in artifacts})

    def _read_events(self) -> None:
        everything = self.wanted is None
        found = read.events(self.connection, executions=None if everything else set(self.executions))
        for event in found:
            if event.execution_id not in self.executions:
                self.left["event of an execution that the store has lost"] += 1
                continue
            if event.type not in _PLAIN:
                self.left[f"that an event is {event.type.name}: it is said as an input or an output"] += 1
            if event.path != ((event.name,) if event.name else ()):
                self.left["step of an event's path beyond the port's name"] += 1
            self.events[event.execution_id].append(event)
        self.also = read.also_named(self.connection, names.ALSO_INPUTS, set(self.executions))
        ids = {event.artifact_id for some in self.events.values() for event in some}
        ids |= {id_ for some in self.also.values() for id_ in some.values()}
        self.artifacts = {one.id: one for one in read.artifacts(self.connection, ids=ids)}
        self.keys = {one.id: artifact_key(one) for one in self.artifacts.values()}
        for event in (event for some in self.events.values() for event in some):
            if event.artifact_id not in self.keys:
                self.left["event of an artifact that the store has lost"] += 1
        if everything:
            total = len(list(self.connection.scalars(select(schema.artifact.c.id))))
            if total > len(self.artifacts):
                self.left["artifact that no task read or wrote"] += total - len(self.artifacts)

    def _read_contexts(self) -> None:
        table = schema.association.c
        ids: dict[int, list[int]] = defaultdict(list)
        for some in read.slices(set(self.executions)):
            for row in self.connection.execute(
                select(table.context_id, table.execution_id).where(table.execution_id.in_(some))
            ):
                ids[row.execution_id].append(row.context_id)
        there = {
            one.id: one for one in read.contexts(self.connection, ids={id_ for some in ids.values() for id_ in some})
        }
        for execution, some in ids.items():
            self.contexts[execution] = [there[id_] for id_ in sorted(some) if id_ in there]

    def _run_id(self, execution: Execution) -> str:
        root = self.executions.get(self.roots.get(execution.id, execution.id), execution)
        name = root.name or ""
        if name.startswith(names.ROOT_PREFIX):
            return name.removeprefix(names.ROOT_PREFIX)
        context = _context(self.contexts[execution.id], run=True)
        return context.name or "" if context else f"execution-{execution.id}"

    def _run(self, run_id: str, members: list[Execution]) -> StoryRun:
        name = f"{names.ROOT_PREFIX}{run_id}"
        root = next((one for one in members if one.name == name), None)
        tasks = [self._task(one, root) for one in members if one is not root]
        tasks.sort(key=lambda task: (task.began, task.key))
        context = next(filter(None, (_context(self.contexts[one.id], run=True) for one in members)), None)
        parent = next(filter(None, (_context(self.contexts[one.id], run=False) for one in members)), None)
        shown = root.text(names.DISPLAY_NAME) if root else None
        given: dict[str, Any] = {
            "id": run_id,
            "pipeline": (parent.name if parent else None) or shown or run_id,
            "about": self._properties(context, ()) if context else {},
            "tasks": tuple(tasks),
        }
        if root is None:
            self.left["root of a run, which the store has not: it is made of what its tasks say"] += 1
            states = {task.state for task in tasks}
            state = next((one for one in ("RUNNING", "NEW", "FAILED", "CANCELED") if one in states), "COMPLETE")
            began, updated = min(task.began for task in tasks), max(task.updated for task in tasks)
            return StoryRun(key=names.run_key(run_id), state=state, began=began, updated=updated, **given)
        return StoryRun(key=execution_key(root), **_execution(root), **self._about(root), **given)

    def _task(self, one: Execution, root: Execution | None) -> StoryTask:
        parent = self.executions.get(_number(one, names.PARENT_DAG_ID))
        name = one.text(names.TASK_NAME) or one.name or one.text(names.DISPLAY_NAME) or f"execution-{one.id}"
        return StoryTask(
            key=execution_key(one),
            name=name,
            title=one.text(names.DISPLAY_NAME) or name,
            type=one.type,
            parent=None if parent is None or parent is root else execution_key(parent),
            cached=self._cached(one),
            reads=self._ports(one, True),
            writes=self._ports(one, False),
            **_execution(one),
            **self._about(one),
        )

    def _cached(self, one: Execution) -> str | None:
        number = _number(one, names.CACHED_EXECUTION_ID)
        if not number:
            return None
        found = self.executions.get(number)
        if found is None:
            some = read.executions(self.connection, ids=[number])
            found = some[0] if some else None
        if found is None:
            self.left["cached execution that the store has lost"] += 1
            return None
        return execution_key(found)

    def _ports(self, one: Execution, inputs: bool) -> Ports:
        found = dict.fromkeys(
            (event.name or "", self.keys[event.artifact_id])
            for event in self.events[one.id]
            if event.type.is_input is inputs and event.artifact_id in self.keys
        )
        if inputs:
            also = self.also.get(one.id, {})
            found.update(dict.fromkeys((name, self.keys[id_]) for name, id_ in also.items() if id_ in self.keys))
        return tuple(sorted(found))

    def _about(self, one: Execution) -> dict[str, Any]:
        return {
            "parameters": _fields(one.custom_properties.get(names.INPUTS)),
            "outputs": _fields(one.custom_properties.get(names.OUTPUTS)),
            "properties": self._properties(one, _IN_PLACE),
            "tags": _tags(one.custom_properties),
        }

    def _artifact(self, one: Artifact) -> StoryArtifact:
        digest = one.text(names.DIGEST)
        return StoryArtifact(
            key=self.keys[one.id],
            type=one.type,
            uri=one.uri or "",
            name=one.text(names.DISPLAY_NAME) or one.name or shapes.tail(one.uri or ""),
            digest=digest,
            state=None if one.state is None else one.state.name,
            created=one.created,
            updated=one.updated,
            metadata=self._properties(one, (names.DISPLAY_NAME, names.DIGEST) if digest else (names.DISPLAY_NAME,)),
            tags=_tags(one.custom_properties),
        )

    def _properties(self, one: Artifact | Execution | Context, without: Iterable[str]) -> dict[str, Json]:
        if one.properties:
            self.left["that a property is declared by its type: it is a custom one"] += len(one.properties)
        held = {**one.properties, **one.custom_properties}
        return {
            name: property_json(value)
            for name, value in sorted(held.items())
            if value is not None
            and name not in without
            and not _is_tag(name, value)
            and not (name in _EMPTY and value == names.RUN_CONTEXT.get(name, ""))
        }


def execution_key(one: Execution) -> str:
    """What an execution is known by in a story."""
    return _harmless(one) or f"mlmd:execution/{one.id}/{_hash(one.type, one.created, one.text(names.TASK_NAME))}"


def artifact_key(one: Artifact) -> str:
    """What an artifact is known by in a story."""
    uri = one.uri and without_credentials(one.uri)
    return _harmless(one) or f"mlmd:artifact/{one.id}/{_hash(one.type, one.created, uri)}"


def _harmless(one: Artifact | Execution) -> str | None:
    """The external id, unless it is an address with a password in it, of which a key must not tell."""
    known = one.external_id
    return None if known and without_credentials(known) != known else known


def _hash(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _execution(one: Execution) -> dict[str, Any]:
    state = ExecutionState.UNKNOWN if one.state is None else one.state
    return {"state": state.name, "began": one.created, "updated": one.updated}


def _context(contexts: Iterable[Context], *, run: bool) -> Context | None:
    """The context that is the run, or the pipeline; in other programs' stores by the end of the type's name."""
    for context in contexts:
        kind = context.type.rpartition(".")[2].lower()
        if kind.endswith("run") if run else kind.endswith("pipeline"):
            return context
    return None


def _parents(executions: Iterable[Execution]) -> set[int]:
    return {number for one in executions if (number := _number(one, names.PARENT_DAG_ID))}


def _number(one: Execution, name: str) -> int:
    value = one.custom_properties.get(name)
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
    return value if isinstance(value, int) else 0


def _fields(value: Value | None) -> dict[str, Json]:
    held = value.fields if isinstance(value, Struct) else to_json(value)
    return dict(held) if isinstance(held, Mapping) else {}


def _is_tag(name: str, value: Value) -> bool:
    return name.startswith(names.TAG) and isinstance(value, str)


def _tags(values: Mapping[str, Value | None]) -> dict[str, str]:
    return {
        name.removeprefix(names.TAG): value
        for name, value in sorted(values.items())
        if name.startswith(names.TAG) and isinstance(value, str)
    }

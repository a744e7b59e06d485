"""Writing a story into a store, each node once: known by its key, which is its external id there.

A run is one transaction. What is there stays as it is, but for what had not ended and now has. Nodes get the times that
the story has for them, and the shapes Kubeflow Pipelines gives to runs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from claimed_jlab.lineage import names, read, shapes, write
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.limits import said_of
from claimed_jlab.lineage.model import ArtifactState, EventType, ExecutionState, Kind
from claimed_jlab.lineage.standards.gather import artifact_key, execution_key
from claimed_jlab.lineage.standards.story import (
    LeftOut,
    Story,
    StoryArtifact,
    StoryRun,
    StoryTask,
    property_values,
)
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.values import Struct, Value

_NATIVE = re.compile(r"mlmd:(artifact|execution)/(\d{1,18})/")


@dataclass(slots=True)
class Kept:
    """What a story brought: how many nodes are new, had ended since, or were there; and what was left out."""

    new: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    left: LeftOut = field(default_factory=LeftOut)

    def add(self, other: Kept) -> None:
        """Counts what one transaction did."""
        self.new += other.new
        self.known += other.known
        self.changed += other.changed
        self.left += other.left


def keep(store: Store, story: Story) -> Kept:
    """Bring the story into the store. Raises LineageError; runs that were brought before stay."""
    kept = Kept()
    for run in story.runs:
        kept.add(store.write(lambda connection, run=run: _Keeping(connection, story).run(run)))  # type: ignore[misc]
    touched = {key for run in story.runs for task in run.tasks for _, key in (*task.reads, *task.writes)}
    alone = [one for key, one in story.artifacts.items() if key not in touched]
    if alone:
        kept.add(store.write(lambda connection: _Keeping(connection, story).alone(alone)))
    return kept


class _Keeping:
    """One transaction."""

    def __init__(self, connection: Connection, story: Story) -> None:
        self._connection, self._story = connection, story
        self._kept = Kept()
        self._artifacts: dict[str, int] = {}
        self._executions: dict[str, int] = {}

    def alone(self, artifacts: list[StoryArtifact]) -> Kept:
        """Artifacts that no task touched."""
        for one in artifacts:
            self._artifact(one.key, ())
        return self._kept

    def run(self, run: StoryRun) -> Kept:
        """A run with its tasks and all that they touched."""
        root = self._root(run)
        if root is None:
            self._kept.left["run whose id the store has for another run"] += 1
            return self._kept
        for task in _parents_first(run):
            self._task(root, task)
        return self._kept

    def _root(self, run: StoryRun) -> shapes.Run | None:
        connection = self._connection
        dag = write.ensure_type(connection, Kind.EXECUTION, names.DAG)
        known = self._execution(run.key)
        named = write.by_name(connection, Kind.EXECUTION, dag, f"{names.ROOT_PREFIX}{run.id}")
        if known is None and named is not None:
            return None
        with write.at_moment(run.began):
            contexts = self._contexts(run)
            if known is None:
                custom = {
                    names.DISPLAY_NAME: run.pipeline,
                    names.TASK_NAME: "",
                    names.INPUTS: Struct(run.parameters),
                    **_custom(run),
                }
                name = f"{names.ROOT_PREFIX}{run.id}"
                known = write.put_execution(
                    connection, dag, _state(run), external_id=run.key, name=name, custom=custom, contexts=contexts
                )
                self._touch(Kind.EXECUTION, known, run.began, run.updated)
                self._kept.new["runs"] += 1
            else:
                self._finish(known, run, "runs")
        self._executions[run.key] = known
        return shapes.Run(known, contexts)

    def _contexts(self, run: StoryRun) -> tuple[int, int]:
        connection = self._connection
        pipelines = write.ensure_type(connection, Kind.CONTEXT, names.PIPELINE)
        runs = write.ensure_type(connection, Kind.CONTEXT, names.PIPELINE_RUN)
        parent = write.put_context(connection, pipelines, run.pipeline)
        about = {**names.RUN_CONTEXT, **property_values(run.about)}
        key = names.run_key(run.id)
        taken = write.by_external_id(connection, Kind.CONTEXT, key)
        context = taken or write.put_context(connection, runs, run.id, external_id=key, custom=about)
        write.put_parent_context(connection, context, parent)
        return parent, context

    def _task(self, root: shapes.Run, task: StoryTask) -> None:
        known = self._execution(task.key)
        with write.at_moment(task.began):
            if known is None:
                type_ = write.ensure_type(self._connection, Kind.EXECUTION, task.type or names.CONTAINER)
                known = write.put_execution(
                    self._connection,
                    type_,
                    _state(task),
                    external_id=task.key,
                    custom=self._about(root, task),
                    contexts=root.contexts,
                )
                self._touch(Kind.EXECUTION, known, task.began, task.updated)
                self._kept.new["tasks"] += 1
            else:
                self._finish(known, task, "tasks")
        self._executions[task.key] = known
        self._join(root, task, known)

    def _about(self, root: shapes.Run, task: StoryTask) -> dict[str, Value]:
        parent = self._execution(task.parent) if task.parent else None
        custom: dict[str, Value] = {
            **(names.POD if task.type == names.CONTAINER else {}),
            names.DISPLAY_NAME: task.title or task.name,
            names.TASK_NAME: task.name,
            names.PARENT_DAG_ID: parent or root.root,
            names.INPUTS: Struct(task.parameters),
            **_custom(task),
        }
        cached = self._execution(task.cached) if task.cached else None
        if cached is not None:
            custom[names.CACHED_EXECUTION_ID] = cached
        elif task.cached:
            self._kept.left["which execution a cached task took its outputs from: the store has it not"] += 1
        return custom

    def _join(self, root: shapes.Run, task: StoryTask, execution: int) -> None:
        connection = self._connection
        there = {(one.artifact_id, one.type) for one in read.events(connection, executions=[execution])}
        reads = {name: self._artifact(key, root.contexts) for name, key in reversed(task.reads)}
        for type_, ports, moment in (
            (EventType.INPUT, task.reads, task.began),
            (EventType.OUTPUT, task.writes, task.updated),
        ):
            for name, key in ports:
                artifact = self._artifact(key, root.contexts)
                if (artifact, type_) not in there:
                    there.add((artifact, type_))
                    with write.at_moment(moment):
                        write.put_event(connection, artifact, execution, type_, (name,) if name else ())
                    self._kept.new["events"] += 1
        if len(set(reads.values())) < len(reads):
            with write.at_moment(task.updated):
                also = read.also_named(connection, names.ALSO_INPUTS, [execution]).get(execution)
                if also != reads:
                    write.put_custom(connection, Kind.EXECUTION, execution, {names.ALSO_INPUTS: Struct(reads)})

    def _artifact(self, key: str, contexts: tuple[int, ...]) -> int:
        found = self._artifacts.get(key)
        if found is not None:
            return found
        found = write.by_external_id(self._connection, Kind.ARTIFACT, key) or self._native(Kind.ARTIFACT, key)
        if found is None:
            found = self._put_artifact(self._story.artifacts[key], contexts)
            self._kept.new["artifacts"] += 1
        else:
            write.attribute(self._connection, contexts, (found,))
            self._kept.known["artifacts"] += 1
        self._artifacts[key] = found
        return found

    def _put_artifact(self, one: StoryArtifact, contexts: tuple[int, ...]) -> int:
        custom: dict[str, Value] = {
            names.DISPLAY_NAME: one.name,
            names.STORE_SESSION_INFO: "",
            **property_values(one.metadata),
            **{f"{names.TAG}{tag}": text for tag, text in one.tags.items()},
        }
        if one.digest:
            custom[names.DIGEST] = one.digest
        type_ = write.ensure_type(self._connection, Kind.ARTIFACT, one.type or names.artifact_type(""))
        state = ArtifactState.__members__.get(one.state or "", ArtifactState.UNKNOWN)
        hint = "shorten it in the file, or import into a store in a file, which takes it as it is"
        with write.at_moment(one.created), said_of(f"the artifact {one.name[:60]!r}", hint):
            found = write.put_artifact(
                self._connection, type_, one.uri, external_id=one.key, state=state, custom=custom, contexts=contexts
            )
        self._touch(Kind.ARTIFACT, found, one.created, one.updated)
        return found

    def _finish(self, known: int, one: StoryRun | StoryTask, what: str) -> None:
        if one.ended is not None and shapes.is_unfinished(self._connection, known):
            with write.at_moment(one.ended):
                write.update_execution(self._connection, known, _state(one), _custom(one))
            self._kept.changed[what] += 1
        else:
            self._kept.known[what] += 1

    def _touch(self, kind: Kind, node: int, created: int, updated: int) -> None:
        if updated != created:
            with write.at_moment(updated):
                write.put_custom(self._connection, kind, node, {})

    def _execution(self, key: str) -> int | None:
        found = self._executions.get(key)
        if found is None:
            found = write.by_external_id(self._connection, Kind.EXECUTION, key) or self._native(Kind.EXECUTION, key)
        return found

    def _native(self, kind: Kind, key: str) -> int | None:
        """The node that the key was made of, where the story comes from this very store."""
        match = _NATIVE.match(key)
        if match is None:
            return None
        ids = [int(match[2])]
        if kind is Kind.ARTIFACT:
            return next((one.id for one in read.artifacts(self._connection, ids=ids) if artifact_key(one) == key), None)
        return next((one.id for one in read.executions(self._connection, ids=ids) if execution_key(one) == key), None)


def _parents_first(run: StoryRun) -> Iterator[StoryTask]:
    by_key: Mapping[str, StoryTask] = {task.key: task for task in run.tasks}
    done: set[str] = set()
    for task in run.tasks:
        chain: list[StoryTask] = []
        above: StoryTask | None = task
        while above is not None and above.key not in done:
            done.add(above.key)
            chain.append(above)
            above = by_key.get(above.parent or "")
        yield from reversed(chain)


def _state(one: StoryRun | StoryTask) -> ExecutionState:
    try:
        return ExecutionState[one.state]
    except KeyError:
        raise LineageError(f"{one.state!r} is no state of an execution", where=one.key) from None


def _custom(one: StoryRun | StoryTask) -> dict[str, Value]:
    custom = property_values(one.properties)
    if one.outputs:
        custom[names.OUTPUTS] = Struct(one.outputs)
    return {**custom, **{f"{names.TAG}{tag}": text for tag, text in one.tags.items()}}

"""Which execution is the newest of its task, and which artifact the newest of its kind.

A task's executions are those of the same name in the runs of one pipeline; only those that succeeded count. A made
artifact's newer version is what the newest execution of its task wrote under the same name; that of an imported
file has the same URI. Equal content is no newer version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from claimed_jlab.lineage import names, read, schema
from claimed_jlab.lineage.closure import OUTPUTS
from claimed_jlab.lineage.describe import runs_of
from claimed_jlab.lineage.model import ExecutionState

_SUCCEEDED = (int(ExecutionState.COMPLETE), int(ExecutionState.CACHED))
_CODE = {"component": names.COMPONENT, "version": names.COMPONENT_VERSION, "notebook": names.NOTEBOOK_DIGEST}
_ENVIRONMENT = {"environment": names.ENVIRONMENT, "image": "image"}
_DIGEST = (names.DIGEST,)


class Line(NamedTuple):
    """A task of a pipeline, by the id of the pipeline's context."""

    pipeline: int
    task: str


@dataclass(frozen=True, slots=True)
class Maker:
    """An execution that made an artifact. line: None for an importer, and where no run is known."""

    id: int
    line: Line | None
    code: Mapping[str, str]
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Versions:
    """What is known of some artifacts, their latest makers, and the newest executions of the same tasks."""

    makers: Mapping[int, Maker]
    newest: Mapping[Line, Maker]
    reads: Mapping[int, Mapping[str, int]]
    made: Mapping[int, Mapping[str, int]]
    digests: Mapping[int, str]
    by_uri: Mapping[int, int]

    @classmethod
    def of(cls, connection: Connection, artifacts: Collection[int]) -> Versions:
        """Of these artifacts, and of what their makers read."""
        latest = _latest_makers(connection, artifacts)
        reads, _ = _events(connection, latest.values())
        everything = {*artifacts, *(one for inputs in reads.values() for one in inputs.values())}
        latest |= _latest_makers(connection, everything.difference(artifacts))
        known = _makers(connection, set(latest.values()))
        newest = _newest(connection, {maker.line for maker in known.values() if maker.line is not None})
        _, made = _events(connection, {*known, *(maker.id for maker in newest.values())})
        written = {one for outputs in made.values() for one in outputs.values()}
        imported = [one for one in everything if one not in latest or known[latest[one]].line is None]
        by_uri = _newest_by_uri(connection, imported)
        return cls(
            makers={artifact: known[execution] for artifact, execution in latest.items()},
            newest=newest,
            reads=reads,
            made=made,
            digests=_texts(connection, schema.artifact_property, {*everything, *written, *by_uri.values()}, _DIGEST),
            by_uri=by_uri,
        )

    def newer(self, artifact: int) -> int | None:
        """The newest version of the artifact, if that is another one with other content."""
        maker = self.makers.get(artifact)
        if maker is None or maker.line is None:
            found = self.by_uri.get(artifact)
        else:
            name = next((name for name, one in self.made[maker.id].items() if one == artifact), "")
            newest = self.newest.get(maker.line, maker)
            found = self.made.get(newest.id, {}).get(name)
        if found is None or found <= artifact:
            return None
        same = self.digests.get(artifact) is not None and self.digests.get(artifact) == self.digests.get(found)
        return None if same else found


def _latest_makers(connection: Connection, artifacts: Collection[int]) -> dict[int, int]:
    """By artifact: the last execution that wrote it and succeeded."""
    event, execution = schema.event.c, schema.execution.c
    query = (
        select(event.artifact_id, func.max(event.execution_id))
        .join(schema.execution, execution.id == event.execution_id)
        .where(event.type.in_(OUTPUTS), execution.last_known_state.in_(_SUCCEEDED))
        .group_by(event.artifact_id)
    )
    found: dict[int, int] = {}
    for some in read.slices(artifacts):
        found.update((row[0], row[1]) for row in connection.execute(query.where(event.artifact_id.in_(some))))
    return found


def _events(
    connection: Connection, executions: Iterable[int]
) -> tuple[dict[int, dict[str, int]], dict[int, dict[str, int]]]:
    """By execution: {name: artifact} of what it read, and of what it wrote."""
    reads: dict[int, dict[str, int]] = defaultdict(dict)
    made: dict[int, dict[str, int]] = defaultdict(dict)
    for event in read.events(connection, executions=set(executions)):
        if event.type:
            side = reads if event.type.is_input else made
            # An event without a name still has its place in the list.
            side[event.execution_id][event.name or f"#{len(side[event.execution_id])}"] = event.artifact_id
    return dict(reads), dict(made)


def _makers(connection: Connection, executions: Collection[int]) -> dict[int, Maker]:
    wanted = (names.TASK_NAME, *_CODE.values(), *_ENVIRONMENT.values())
    texts: dict[int, dict[str, str]] = defaultdict(dict)
    for (id_, name), value in _named_texts(connection, schema.execution_property, executions, wanted).items():
        texts[id_][name] = value
    importers = _of_type(connection, executions, names.IMPORTER)
    pipelines = _pipelines(connection, runs_of(connection, executions))

    def line(id_: int) -> Line | None:
        task = texts[id_].get(names.TASK_NAME)
        return Line(pipelines[id_], task) if task and id_ in pipelines and id_ not in importers else None

    return {id_: _maker(id_, line(id_), texts[id_]) for id_ in executions}


def _maker(id_: int, line: Line | None, texts: Mapping[str, str]) -> Maker:
    code = {word: texts[name] for word, name in _CODE.items() if texts.get(name)}
    return Maker(id_, line, code, {word: texts[name] for word, name in _ENVIRONMENT.items() if texts.get(name)})


def _newest(connection: Connection, lines: Collection[Line]) -> dict[Line, Maker]:
    """The last execution of each task that succeeded."""
    property_, link, execution = schema.execution_property.c, schema.association.c, schema.execution.c
    query = (
        select(property_.string_value, func.max(property_.execution_id))
        .join(schema.association, link.execution_id == property_.execution_id)
        .join(schema.execution, execution.id == property_.execution_id)
        .where(property_.name == names.TASK_NAME, property_.is_custom_property)
        .where(execution.last_known_state.in_(_SUCCEEDED))
        .group_by(property_.string_value)
    )
    tasks: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        tasks[line.pipeline].append(line.task)
    found: dict[Line, int] = {}
    for pipeline, called in tasks.items():
        for some in read.slices(called):
            rows = connection.execute(query.where(link.context_id == pipeline, property_.string_value.in_(some)))
            found.update((Line(pipeline, row[0]), row[1]) for row in rows)
    known = _makers(connection, set(found.values()))
    return {line: known[id_] for line, id_ in found.items()}


def _pipelines(connection: Connection, runs: Mapping[int, str]) -> dict[int, int]:
    """By execution: the context of its pipeline."""
    context, parent = schema.context.c, schema.parent_context.c
    type_ = select(schema.node_type.c.id).where(schema.node_type.c.name == names.PIPELINE_RUN)
    query = (
        select(context.name, func.min(parent.parent_context_id))
        .join(schema.parent_context, parent.context_id == context.id)
        .where(context.type_id.in_(type_))
        .group_by(context.name)
    )
    found: dict[str, int] = {}
    for some in read.slices(set(runs.values())):
        found.update((row[0], row[1]) for row in connection.execute(query.where(context.name.in_(some))))
    return {execution: found[run] for execution, run in runs.items() if run in found}


def _of_type(connection: Connection, executions: Collection[int], name: str) -> set[int]:
    table, type_ = schema.execution, schema.node_type
    query = select(table.c.id).join(type_, type_.c.id == table.c.type_id).where(type_.c.name == name)
    found: set[int] = set()
    for some in read.slices(executions):
        found.update(connection.scalars(query.where(table.c.id.in_(some))))
    return found


def _newest_by_uri(connection: Connection, artifacts: Collection[int]) -> dict[int, int]:
    """By artifact: the last one with the same type and URI."""
    mine, other = schema.artifact.alias(), schema.artifact.alias()
    query = (
        select(mine.c.id, func.max(other.c.id))
        .join(other, (other.c.uri == mine.c.uri) & (other.c.type_id == mine.c.type_id))
        .where(mine.c.uri != "")
        .group_by(mine.c.id)
    )
    found: dict[int, int] = {}
    for some in read.slices(artifacts):
        found.update((row[0], row[1]) for row in connection.execute(query.where(mine.c.id.in_(some))))
    return found


def _texts(connection: Connection, table: Any, ids: Collection[int], wanted: Collection[str]) -> dict[int, str]:
    return {id_: value for (id_, _), value in _named_texts(connection, table, ids, wanted).items()}


def _named_texts(
    connection: Connection, table: Any, ids: Collection[int], wanted: Collection[str]
) -> dict[tuple[int, str], str]:
    """Custom properties that are texts, by node and name."""
    key = table.c[0]
    query = select(key, table.c.name, table.c.string_value).where(table.c.name.in_(wanted), table.c.is_custom_property)
    found: dict[tuple[int, str], str] = {}
    for some in read.slices(ids):
        rows = connection.execute(query.where(key.in_(some)))
        found.update(((row[0], row[1]), row[2]) for row in rows if row[2])
    return found

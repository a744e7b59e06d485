"""Many whole runs into a SQLite store at once: ids are given out here and every table is filled by one statement.

The rows are those that the recorder's steps make (`apply._put_run`), which a test holds them to; only the order of ids
may differ. Ids come from SQLite's own counters, so the store must be in a transaction that nobody else can write in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, select

from claimed_jlab.lineage import names, read, schema, shapes, write
from claimed_jlab.lineage.journal.entry import RecordedRun
from claimed_jlab.lineage.model import ArtifactRecord, ArtifactState, EventType, ExecutionState, Kind
from claimed_jlab.lineage.values import Struct, Value, clean, metadata_value, to_columns

_COUNTED = (schema.artifact, schema.execution, schema.context, schema.event, schema.association, schema.attribution)
_VALUES = ("int_value", "double_value", "string_value", "proto_value", "bool_value")
_PROPERTIES = {
    Kind.ARTIFACT: schema.artifact_property,
    Kind.EXECUTION: schema.execution_property,
    Kind.CONTEXT: schema.context_property,
}
_TIMES = ("create_time_since_epoch", "last_update_time_since_epoch")
# The columns that the rows fill, in their order.
_COLUMNS: Mapping[Table, Sequence[str]] = {
    schema.artifact: ("id", "type_id", "uri", "state", "name", "external_id", *_TIMES),
    schema.execution: ("id", "type_id", "last_known_state", "name", "external_id", *_TIMES),
    schema.context: ("id", "type_id", "name", "external_id", *_TIMES),
    schema.parent_context: ("context_id", "parent_context_id"),
    schema.event: ("id", "artifact_id", "execution_id", "type", "milliseconds_since_epoch"),
    schema.event_path: ("event_id", "is_index_step", "step_index", "step_key"),
    schema.association: ("id", "context_id", "execution_id"),
    schema.attribution: ("id", "context_id", "artifact_id"),
    **{
        table: (f"{kind.name.lower()}_id", "name", "is_custom_property", *_VALUES)
        for kind, table in _PROPERTIES.items()
    },
}
Row = tuple[object, ...]


def put_runs(connection: Connection, types: shapes.TypeIds, runs: Sequence[RecordedRun]) -> None:
    """Add the runs that the store has not. Raises LineageError for a run that is none: then nothing is added."""
    fresh = _fresh(connection, runs)
    if not fresh:
        return
    bulk = _Bulk(connection, types)
    bulk.look_up(fresh)
    for run in fresh:
        bulk.put(run)
    bulk.flush()


def _fresh(connection: Connection, runs: Sequence[RecordedRun]) -> list[RecordedRun]:
    """The runs that are not there yet, each once."""
    wanted: dict[str, RecordedRun] = {}
    for run in runs:
        wanted.setdefault(write.fit(names.run_key(run.run_id)), run)
    there: set[str] = set()
    table = schema.execution.c
    for some in read.slices(wanted):
        there.update(connection.scalars(select(table.external_id).where(table.external_id.in_(some))))
    return [run for key, run in wanted.items() if key not in there]


@dataclass
class _Bulk:
    """Rows on their way into the tables."""

    connection: Connection
    types: shapes.TypeIds
    rows: dict[Table, list[Row]] = field(default_factory=lambda: defaultdict(list))
    pipelines: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    artifact_types: dict[str, int] = field(default_factory=dict)
    attributed: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        rows = self.connection.exec_driver_sql("SELECT name, seq FROM sqlite_sequence").all()
        found: dict[str, int] = {row[0]: row[1] for row in rows}
        self._last = {table: found.get(str(table.name), 0) for table in _COUNTED}

    def look_up(self, runs: Iterable[RecordedRun]) -> None:
        """Find what the runs have in common with what is there already, all in a few statements."""
        self._know_artifacts({shapes.identity(record): record for run in runs for record in run.inputs.values()})
        pipelines = {self._pipeline(run) for run in runs}
        link = schema.attribution.c
        query = select(link.context_id, link.artifact_id).where(link.context_id.in_(pipelines))
        for some in read.slices(self.known.values()):
            rows = self.connection.execute(query.where(link.artifact_id.in_(some)))
            self.attributed.update((context, artifact) for context, artifact in rows)

    def _know_artifacts(self, wanted: Mapping[str, ArtifactRecord]) -> None:
        uris = {clean(record.uri) for record in wanted.values()}
        artifact, digest = schema.artifact.c, schema.artifact_property
        query = select(artifact.id, artifact.type_id, artifact.uri, digest.c.string_value).join_from(
            schema.artifact,
            digest,
            (digest.c.artifact_id == artifact.id) & (digest.c.name == names.DIGEST) & digest.c.is_custom_property,
            isouter=True,
        )
        there: dict[tuple[int, str, str], int] = {}
        for some in read.slices(uris):
            for id_, type_id, uri, content in self.connection.execute(query.where(artifact.uri.in_(some))):
                key = (type_id, uri, content or "")
                there[key] = min(id_, there.get(key, id_))
        for identity, record in wanted.items():
            found = there.get((self._artifact_type(record), clean(record.uri), record.digest or ""))
            if found is not None:
                self.known[identity] = found

    def put(self, run: RecordedRun) -> None:
        """The rows of a run that is not there."""
        final = shapes.final_state(run.state)
        given = shapes.values(run.run_properties)
        about = {name: given.pop(name, default) for name, default in names.RUN_CONTEXT.items()}
        key = names.run_key(run.run_id)
        pipeline = self._pipeline(run)
        context = self._node(Kind.CONTEXT, names.PIPELINE_RUN, run.started, run.started, write.fit(run.run_id), key)
        self._properties(Kind.CONTEXT, context, about)
        self.rows[schema.parent_context].append((context, pipeline))
        contexts = (pipeline, context)
        name = write.fit(f"{names.ROOT_PREFIX}{run.run_id}")
        root = self._execution(names.DAG, final, (run.started, run.finished), contexts, key, name)
        self._properties(
            Kind.EXECUTION,
            root,
            {names.DISPLAY_NAME: run.pipeline, names.TASK_NAME: "", names.INPUTS: Struct(run.parameters), **given},
        )
        read_ = {name: self._import(run, record, root, contexts) for name, record in run.inputs.items()}
        self._task(run, final, root, contexts, read_)

    def flush(self) -> None:
        """Fill the tables."""
        for table, rows in self.rows.items():
            columns = _COLUMNS[table]
            statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            self.connection.exec_driver_sql(statement, rows)

    def _task(
        self,
        run: RecordedRun,
        final: ExecutionState,
        root: int,
        contexts: tuple[int, int],
        inputs: Mapping[str, int],
    ) -> None:
        key = names.task_key(run.run_id, run.task)
        task = self._execution(names.CONTAINER, final, (run.started, run.finished), contexts, key)
        custom: dict[str, Value] = {
            names.DISPLAY_NAME: run.display_name or run.task,
            names.TASK_NAME: run.task,
            names.PARENT_DAG_ID: root,
            **names.POD,
            names.INPUTS: Struct(run.parameters),
            **shapes.values(run.properties),
            **shapes.further_names(inputs),
            names.OUTPUTS: Struct(run.metrics),
        }
        self._properties(Kind.EXECUTION, task, custom)
        for artifact, name in shapes.first_names(inputs).items():
            self._event(artifact, task, EventType.INPUT, name, run.started)
        self._attribute(contexts, inputs.values())
        for name, record in run.outputs.items():
            made = self._artifact(run, record, names.output_key(run.run_id, run.task, name), name, run.finished)
            self.known.setdefault(shapes.identity(record), made)
            self._attribute(contexts, (made,))
            self._event(made, task, EventType.OUTPUT, name, run.finished)

    def _pipeline(self, run: RecordedRun) -> int:
        found = self.pipelines.get(run.pipeline)
        if found is None:
            type_ = self.types.of(self.connection, Kind.CONTEXT, names.PIPELINE)
            found = write.by_name(self.connection, Kind.CONTEXT, type_, run.pipeline)
            if found is None:
                name = write.fit(run.pipeline)
                found = self._node(Kind.CONTEXT, names.PIPELINE, run.started, run.started, name, None)
            self.pipelines[run.pipeline] = found
        return found

    def _import(self, run: RecordedRun, record: ArtifactRecord, root: int, contexts: tuple[int, int]) -> int:
        identity = shapes.identity(record)
        found = self.known.get(identity)
        if found is not None:
            self._attribute(contexts, (found,))
            return found
        name = record.name or shapes.tail(record.uri)
        found = self.known[identity] = self._artifact(run, record, f"claimed:import/{identity}", name, run.started)
        self._attribute(contexts, (found,))
        key = f"{names.task_key(run.run_id, run.task)}/import/{identity[:16]}"
        state, times = ExecutionState.COMPLETE, (run.started, run.started)
        importer = self._execution(names.IMPORTER, state, times, contexts, key)
        custom: dict[str, Value] = {
            names.DISPLAY_NAME: f"Import {name}",
            names.TASK_NAME: f"{run.task}/{name}",
            names.PARENT_DAG_ID: root,
        }
        self._properties(Kind.EXECUTION, importer, custom)
        self._event(found, importer, EventType.OUTPUT, "artifact", run.started)
        return found

    def _artifact(self, run: RecordedRun, record: ArtifactRecord, key: str, name: str, moment: int) -> int:
        described = {name: metadata_value(value) for name, value in record.metadata.items()}
        custom: dict[str, Value] = {name: value for name, value in described.items() if value is not None}
        custom[names.DISPLAY_NAME] = record.name or name
        custom.setdefault(names.STORE_SESSION_INFO, "")
        if record.digest:
            custom[names.DIGEST] = record.digest
        artifact = self._next(schema.artifact)
        self.rows[schema.artifact].append(
            (artifact, self._artifact_type(record), clean(record.uri), int(ArtifactState.LIVE), None, write.fit(key),
             moment, moment)
        )  # fmt: skip
        self._properties(Kind.ARTIFACT, artifact, custom)
        return artifact

    def _artifact_type(self, record: ArtifactRecord) -> int:
        name = names.artifact_type(record.type)
        found = self.artifact_types.get(name)
        if found is None:
            found = self.artifact_types[name] = self.types.of(self.connection, Kind.ARTIFACT, name)
        return found

    def _execution(
        self,
        type_: str,
        state: ExecutionState,
        times: tuple[int, int],
        contexts: Collection[int],
        key: str,
        name: str | None = None,
    ) -> int:
        execution = self._next(schema.execution)
        type_id = self.types.of(self.connection, Kind.EXECUTION, type_)
        self.rows[schema.execution].append((execution, type_id, int(state), name, write.fit(key), *times))
        for context in contexts:
            self.rows[schema.association].append((self._next(schema.association), context, execution))
        return execution

    def _node(self, kind: Kind, type_: str, created: int, updated: int, name: str, key: str | None) -> int:
        table = schema.context
        node = self._next(table)
        fitted = None if key is None else write.fit(key)
        self.rows[table].append((node, self.types.of(self.connection, kind, type_), name, fitted, created, updated))
        return node

    def _event(self, artifact: int, execution: int, type_: EventType, name: str, moment: int) -> None:
        event = self._next(schema.event)
        self.rows[schema.event].append((event, artifact, execution, int(type_), moment))
        self.rows[schema.event_path].append((event, False, None, clean(name)))

    def _attribute(self, contexts: Iterable[int], artifacts: Iterable[int]) -> None:
        for artifact in artifacts:
            for context in contexts:
                if (context, artifact) not in self.attributed:
                    self.attributed.add((context, artifact))
                    self.rows[schema.attribution].append((self._next(schema.attribution), context, artifact))

    def _properties(self, kind: Kind, node: int, custom: Mapping[str, Value]) -> None:
        rows = self.rows[_PROPERTIES[kind]]
        for name, value in custom.items():
            columns = to_columns(value)
            rows.append((node, write.fit(name), True, *(columns[column] for column in _VALUES)))

    def _next(self, table: Table) -> int:
        self._last[table] += 1
        return self._last[table]

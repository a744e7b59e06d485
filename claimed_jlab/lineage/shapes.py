"""The shapes Kubeflow Pipelines gives to runs, tasks and artifacts, row by row; `record.py` decides when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, bindparam, select

from claimed_jlab.lineage import names, read, schema, write
from claimed_jlab.lineage.errors import LineageError, UnknownArtifact, UnknownRun
from claimed_jlab.lineage.model import ArtifactRecord, EventType, ExecutionState, Kind
from claimed_jlab.lineage.values import Json, Struct, Value, clean, from_json, metadata_value

UNFINISHED = (int(ExecutionState.NEW), int(ExecutionState.RUNNING))
_PARENT = select(schema.parent_context.c.parent_context_id).where(
    schema.parent_context.c.context_id == bindparam("context")
)
_STATE = select(schema.execution.c.last_known_state).where(schema.execution.c.id == bindparam("execution"))
# Where two types have one name, the first is it.
_TYPES = (
    select(schema.node_type.c.id, schema.node_type.c.type_kind, schema.node_type.c.name)
    .where(schema.node_type.c.version.is_(None))
    .order_by(schema.node_type.c.id.desc())
)
_EXISTING = select(schema.artifact.c.id).where(schema.artifact.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Run:
    """A run's root execution, and its contexts: the pipeline's and its own."""

    root: int
    contexts: tuple[int, int]


class TypeIds:
    """Ids of types, remembered: they never change once committed."""

    def __init__(self, known: Mapping[tuple[Kind, str], int]) -> None:
        self._known = known

    @classmethod
    def ensure(cls, connection: Connection) -> TypeIds:
        """All of Kubeflow's types, made where absent."""
        wanted = [(Kind.CONTEXT, name) for name in (names.PIPELINE, names.PIPELINE_RUN)]
        wanted += [(Kind.EXECUTION, name) for name in (names.DAG, names.CONTAINER, names.IMPORTER)]
        wanted += [(Kind.ARTIFACT, names.artifact_type(title)) for title in names.ARTIFACT_TITLES]
        # All at once: a batch of the journal begins with them.
        known = {(kind, name): id_ for id_, kind, name in connection.execute(_TYPES)}
        return cls({key: known.get(key) or write.ensure_type(connection, *key) for key in wanted})

    def of(self, connection: Connection, kind: Kind, name: str) -> int:
        """The id of the type; one that is not Kubeflow's is looked up each time, since a rollback may undo it."""
        known = self._known.get((kind, name))
        return known if known is not None else write.ensure_type(connection, kind, name)


def put_run(
    connection: Connection,
    types: TypeIds,
    run_id: str,
    pipeline: str,
    parameters: Mapping[str, Json],
    properties: Mapping[str, Json],
) -> Run:
    """Add a run: both contexts, and the root execution, RUNNING."""
    given = values(properties)
    # What Kubeflow keeps on the run's context goes there, the rest to the root execution.
    about_run = {name: given.pop(name, default) for name, default in names.RUN_CONTEXT.items()}
    parent = write.put_context(connection, types.of(connection, Kind.CONTEXT, names.PIPELINE), pipeline)
    context = write.put_context(
        connection,
        types.of(connection, Kind.CONTEXT, names.PIPELINE_RUN),
        run_id,
        external_id=names.run_key(run_id),
        custom=about_run,
    )
    write.put_parent_context(connection, context, parent)
    root = write.put_execution(
        connection,
        types.of(connection, Kind.EXECUTION, names.DAG),
        ExecutionState.RUNNING,
        external_id=names.run_key(run_id),
        name=f"{names.ROOT_PREFIX}{run_id}",
        custom={
            names.DISPLAY_NAME: pipeline,
            names.TASK_NAME: "",
            names.INPUTS: Struct(parameters),
            **given,
        },
        contexts=(parent, context),
    )
    return Run(root, (parent, context))


def put_task(
    connection: Connection,
    types: TypeIds,
    run: Run,
    key: str,
    *,
    task: str,
    display_name: str,
    state: ExecutionState,
    custom: Mapping[str, Value],
    type_: str = names.CONTAINER,
) -> int:
    """Add a task's execution under the external id `key`, in the run's contexts."""
    return write.put_execution(
        connection,
        types.of(connection, Kind.EXECUTION, type_),
        state,
        external_id=key,
        custom={
            names.DISPLAY_NAME: display_name or task,
            names.TASK_NAME: task,
            names.PARENT_DAG_ID: run.root,
            **(names.POD if type_ == names.CONTAINER else {}),
            **custom,
        },
        contexts=run.contexts,
    )


def put_artifact(connection: Connection, types: TypeIds, run: Run, record: ArtifactRecord, key: str, name: str) -> int:
    """Add an artifact under the external id `key`, in the run's contexts, or return the one that has the key."""
    known = write.by_external_id(connection, Kind.ARTIFACT, key)
    if known is not None:
        write.attribute(connection, run.contexts, (known,))
        return known
    described = {name: metadata_value(value) for name, value in record.metadata.items()}
    custom: dict[str, Value] = {name: value for name, value in described.items() if value is not None}
    custom[names.DISPLAY_NAME] = record.name or name
    custom.setdefault(names.STORE_SESSION_INFO, "")
    if record.digest:
        custom[names.DIGEST] = record.digest
    type_id = types.of(connection, Kind.ARTIFACT, names.artifact_type(record.type))
    return write.put_artifact(connection, type_id, record.uri, external_id=key, custom=custom, contexts=run.contexts)


def same_artifact(connection: Connection, record: ArtifactRecord, among: Iterable[int] | None = None) -> int | None:
    """The oldest artifact with the record's type, URI and digest; of those in `among`, if given."""
    table = schema.artifact
    type_id = write.known_type(connection, Kind.ARTIFACT, names.artifact_type(record.type))
    if type_id is None:
        return None
    uri = clean(record.uri)
    query = select(table.c.id).where(table.c.uri == uri, table.c.type_id == type_id).order_by(table.c.id)
    if among is not None:
        query = query.where(table.c.id.in_(list(among)))
    digest = schema.artifact_property
    has_digest = select(digest.c.artifact_id).where(
        digest.c.artifact_id == table.c.id, digest.c.name == names.DIGEST, digest.c.is_custom_property
    )
    if record.digest:
        query = query.where(has_digest.where(digest.c.string_value == record.digest).exists())
    else:
        query = query.where(~has_digest.exists())
    found: int | None = connection.execute(query.limit(1)).scalar()
    return found


def put_inputs(connection: Connection, run: Run, execution: int, artifacts: Mapping[str, int]) -> None:
    """Add an INPUT event for each artifact, under the first of its names, and the artifacts to the run."""
    for artifact, name in first_names(artifacts).items():
        write.put_event(connection, artifact, execution, EventType.INPUT, (name,))
    write.attribute(connection, run.contexts, artifacts.values())


def put_outputs(
    connection: Connection,
    types: TypeIds,
    run: Run,
    execution: int,
    records: Mapping[str, ArtifactRecord],
    keys: Mapping[str, str],
    taken: Mapping[str, int],
) -> dict[str, int]:
    """Add what an execution made, with OUTPUT events. Returns artifact ids by output name.

    keys: external ids for new artifacts.  taken: artifacts to use again where they are the same as the records.
    """
    ids: dict[str, int] = {}
    for name, record in records.items():
        same = same_artifact(connection, record, among=(taken[name],)) if name in taken else None
        ids[name] = same or put_artifact(connection, types, run, record, keys[name], name)
        write.put_event(connection, ids[name], execution, EventType.OUTPUT, (name,))
    if taken:
        write.attribute(connection, run.contexts, ids.values())
    return ids


def further_names(artifacts: Mapping[str, int]) -> dict[str, Value]:
    """The property that keeps all names, when an artifact has more than the one its event can carry."""
    return {names.ALSO_INPUTS: Struct(artifacts)} if len(first_names(artifacts)) < len(artifacts) else {}


def first_names(artifacts: Mapping[str, int]) -> dict[int, str]:
    """By artifact: the first of its names, which its event carries."""
    first: dict[int, str] = {}
    for name, artifact in artifacts.items():
        first.setdefault(artifact, name)
    return first


def outputs_of(connection: Connection, execution: int) -> dict[str, int]:
    """{output name: artifact id} of an execution."""
    written = [event for event in read.events(connection, executions=[execution]) if event.type is EventType.OUTPUT]
    return {event.name: event.artifact_id for event in written if event.name is not None}


def find_run(connection: Connection, run_id: str) -> Run:
    """Raises UnknownRun."""
    root = write.by_external_id(connection, Kind.EXECUTION, names.run_key(run_id))
    context = write.by_external_id(connection, Kind.CONTEXT, names.run_key(run_id))
    if root is None or context is None:
        raise UnknownRun(f"run {run_id!r} was never started in this store")
    parent = connection.execute(_PARENT, {"context": context}).scalar_one()
    return Run(root, (parent, context))


def find_task(connection: Connection, types: TypeIds, run: Run, run_id: str, task: str, end: ExecutionState) -> int:
    """The task's execution; made for one that ends without success before it started. Raises UnknownRun."""
    key = names.task_key(run_id, task)
    execution = write.by_external_id(connection, Kind.EXECUTION, key)
    if execution is not None:
        return execution
    if end in (ExecutionState.COMPLETE, ExecutionState.CACHED):
        raise UnknownRun(f"task {task!r} of run {run_id!r} was never started in this store")
    return put_task(connection, types, run, key, task=task, display_name=task, state=ExecutionState.NEW, custom={})


def is_unfinished(connection: Connection, execution: int) -> bool:
    """Whether the execution is NEW or RUNNING."""
    state = connection.execute(_STATE, {"execution": execution}).scalar()
    return state is None or state in UNFINISHED


def finish(connection: Connection, execution: int, state: ExecutionState, custom: Mapping[str, Value]) -> None:
    """Set the final state and properties, unless the execution already ended."""
    if is_unfinished(connection, execution):
        write.update_execution(connection, execution, state, custom)


def require_artifacts(connection: Connection, ids: Iterable[int]) -> None:
    """Raises UnknownArtifact: an event on an artifact that isn't there would be a hole in the graph."""
    wanted = set(ids)
    for some in list(read.slices(wanted)):
        wanted.difference_update(connection.scalars(_EXISTING, {"ids": some}))
    if wanted:
        raise UnknownArtifact(f"no artifact has the id {min(wanted)}")


def values(properties: Mapping[str, Json]) -> dict[str, Value]:
    """Properties as ML Metadata keeps them, without those that are None."""
    converted = {name: from_json(value) for name, value in properties.items()}
    return {name: value for name, value in converted.items() if value is not None}


def final_state(state: ExecutionState | str) -> ExecutionState:
    """Raises LineageError for a state that is none, or not an end."""
    try:
        found = ExecutionState[state] if isinstance(state, str) else state
    except KeyError:
        raise LineageError(f"{state!r} is no state of an execution") from None
    if int(found) in UNFINISHED:
        raise LineageError(f"{found.name} is not how an execution ends")
    return found


def identity(record: ArtifactRecord) -> str:
    """A hash of what makes two imported files the same artifact."""
    parts = (names.artifact_type(record.type), record.uri, record.digest or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def tail(uri: str) -> str:
    """The last part of a URI, for want of a name."""
    return PurePosixPath(unquote(urlsplit(uri).path)).name or uri

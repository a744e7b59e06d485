"""What is wrong in a store, and mending what can be mended without losing anything that is true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from blake3 import blake3
from sqlalchemy import ColumnElement, Connection, Table, delete, exists, func, select, update

from claimed_jlab.lineage import names, read, schema, write
from claimed_jlab.lineage.index import open_index
from claimed_jlab.lineage.journal import open_journal
from claimed_jlab.lineage.model import ArtifactState, ExecutionState
from claimed_jlab.lineage.place import local_path
from claimed_jlab.lineage.store import Store

_NAMED = 5
_BLOCK = 1 << 20


@dataclass(slots=True)
class Finding:
    """Something that is wrong. count: how often.  some: a few of the nodes.  mend: what mending does; None: nothing."""

    code: str
    message: str
    count: int = 1
    some: list[str] = field(default_factory=list)
    mend: str | None = None
    mended: bool = False

    def as_json(self) -> dict[str, Any]:
        """All of it, for a program."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Dangling:
    """Rows that name a node which is not there."""

    table: Table
    column: ColumnElement[int]
    node: Table
    words: str

    @property
    def condition(self) -> ColumnElement[bool]:
        return ~exists().where(self.node.c.id == self.column)


_DANGLING = (
    _Dangling(schema.event, schema.event.c.artifact_id, schema.artifact, "events of artifacts that are not there"),
    _Dangling(schema.event, schema.event.c.execution_id, schema.execution, "events of executions that are not there"),
    _Dangling(schema.event_path, schema.event_path.c.event_id, schema.event, "names of events that are not there"),
    _Dangling(
        schema.association, schema.association.c.execution_id, schema.execution, "memberships of missing executions"
    ),
    _Dangling(schema.association, schema.association.c.context_id, schema.context, "memberships in missing contexts"),
    _Dangling(
        schema.attribution, schema.attribution.c.artifact_id, schema.artifact, "memberships of missing artifacts"
    ),
    _Dangling(schema.attribution, schema.attribution.c.context_id, schema.context, "memberships in missing contexts"),
    _Dangling(schema.parent_context, schema.parent_context.c.context_id, schema.context, "parents of missing contexts"),
    _Dangling(
        schema.parent_context,
        schema.parent_context.c.parent_context_id,
        schema.context,
        "contexts with missing parents",
    ),
    _Dangling(
        schema.artifact_property, schema.artifact_property.c.artifact_id, schema.artifact, "properties of no artifact"
    ),
    _Dangling(
        schema.execution_property,
        schema.execution_property.c.execution_id,
        schema.execution,
        "properties of no execution",
    ),
    _Dangling(
        schema.context_property, schema.context_property.c.context_id, schema.context, "properties of no context"
    ),
)


def examine_store(
    store: Store, *, deep: bool = False, mend: bool = False, is_dead: Callable[[str], bool] = lambda run: False
) -> list[Finding]:
    """Look for what is wrong.

    deep: read the files of artifacts, and compare their hashes.  mend: do what the findings offer.
    is_dead: whether a run that the store calls RUNNING has nobody who runs it.
    Raises StoreUnavailable.
    """
    journal = open_journal(store)
    journal.drain()
    findings = [
        *_whole(store),
        *_dangling(store, mend),
        *_without_type(store),
        *_unfinished(store, is_dead, mend),
        *_files(store, deep, mend),
        *_index(store),
    ]
    if waiting := journal.unreadable():
        message = "segments of the journal are another user's and can't be read: who may applies them"
        findings.append(Finding("unreadable", message, len(waiting), waiting[:_NAMED]))
    refused = journal.refused()
    if refused:
        why = [str(one.get("why")) for one in refused[-_NAMED:]]
        findings.append(Finding("refused", "lines of the journal could not be applied", len(refused), why))
    return findings


def _whole(store: Store) -> Iterator[Finding]:
    with store.read() as connection:
        if connection.dialect.name != "sqlite":
            return
        said = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    if said != ["ok"]:
        yield Finding("damaged", "SQLite finds the file damaged: restore it from a copy", len(said), said[:_NAMED])


def _dangling(store: Store, mend: bool) -> Iterator[Finding]:
    for one in _DANGLING:
        with store.read() as connection:
            count = connection.execute(select(func.count()).select_from(one.table).where(one.condition)).scalar() or 0
            query = select(one.column).where(one.condition).distinct().limit(_NAMED)
            some = [str(id_) for id_ in connection.scalars(query)] if count else []
        if not count:
            continue
        finding = Finding("dangling", f"{one.table.name}: {one.words}", count, some, "remove them")
        if mend:
            statement = delete(one.table).where(one.condition)
            store.write(lambda connection, statement=statement: connection.execute(statement))  # type: ignore[misc]
            finding.mended = True
        yield finding


def _without_type(store: Store) -> Iterator[Finding]:
    for table in (schema.artifact, schema.execution, schema.context):
        condition = ~exists().where(schema.node_type.c.id == table.c.type_id)
        with store.read() as connection:
            ids = list(connection.scalars(select(table.c.id).where(condition).limit(1000)))
        if ids:
            kind = table.name.lower()
            some = [f"{kind}/{id_}" for id_ in ids[:_NAMED]]
            yield Finding("no-type", f"{kind}s of a type that is not there", len(ids), some)


def _unfinished(store: Store, is_dead: Callable[[str], bool], mend: bool) -> Iterator[Finding]:
    """Runs that nobody runs any more."""
    from claimed_jlab.lineage.record import Recorder

    root = schema.execution.c
    query = select(root.name).where(
        root.last_known_state.in_((int(ExecutionState.NEW), int(ExecutionState.RUNNING))),
        root.name.startswith(names.ROOT_PREFIX, autoescape=True),
        root.external_id.is_not(None),
    )
    with store.read() as connection:
        running = [name.removeprefix(names.ROOT_PREFIX) for name in connection.scalars(query)]
    dead = [run for run in running if is_dead(run)]
    if not dead:
        return
    finding = Finding(
        "unfinished", "runs that are RUNNING and that nobody runs", len(dead), dead[:_NAMED], "mark them FAILED"
    )
    if mend:
        for run in dead:
            Recorder(store).fail_unfinished(run, "its worker is gone")
        finding.mended = True
    yield finding


def _files(store: Store, deep: bool, mend: bool) -> Iterator[Finding]:
    missing, changed = [], []
    for id_, path, digest in _local_files(store):
        if not path.exists():
            missing.append(id_)
        elif deep and digest.startswith("blake3:") and path.is_file() and _hash(path) != digest:
            changed.append(id_)
    if missing:
        finding = Finding(
            "missing-file", "artifacts whose file is gone", len(missing), _ids(missing), "mark them DELETED"
        )
        if mend:
            store.write(lambda connection: _mark_deleted(connection, missing))
            finding.mended = True
        yield finding
    if changed:
        yield Finding(
            "changed-file", "artifacts whose file was changed: its hash is another", len(changed), _ids(changed)
        )


def _local_files(store: Store) -> Iterator[tuple[int, Path, str]]:
    """(artifact, path, digest) of all that are LIVE and on this machine."""
    table, digest = schema.artifact.c, schema.artifact_property.c
    query = (
        select(table.id, table.uri, digest.string_value)
        .join_from(
            schema.artifact,
            schema.artifact_property,
            (digest.artifact_id == table.id) & (digest.name == names.DIGEST) & digest.is_custom_property,
            isouter=True,
        )
        .where(table.state == int(ArtifactState.LIVE))
        .order_by(table.id)
    )
    with store.read() as connection:
        for id_, uri, known in connection.execute(query):
            path = local_path(uri)
            if path is not None:
                yield id_, path, known or ""


def _mark_deleted(connection: Connection, artifacts: Sequence[int]) -> None:
    table = schema.artifact
    statement = update(table).values(state=int(ArtifactState.DELETED), last_update_time_since_epoch=write.now())
    for some in read.slices(artifacts):
        connection.execute(statement.where(table.c.id.in_(some)))


def _index(store: Store) -> Iterator[Finding]:
    """An index that is not as the store is thrown away at once: it is only a copy."""
    index = open_index(store)
    with store.read() as connection:
        right = index.check(connection)
    if not right:
        yield Finding("index", "the index was not as the store", mend="build it anew", mended=True)


def _hash(path: Path) -> str:
    hasher = blake3()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            hasher.update(block)
    return f"blake3:{hasher.hexdigest()}"


def _ids(artifacts: Iterable[int]) -> list[str]:
    return [f"artifact/{id_}" for id_ in list(artifacts)[:_NAMED]]

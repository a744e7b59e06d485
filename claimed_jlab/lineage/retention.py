"""Giving old runs back: which may go, what goes with them, and taking them out of the store.

A run goes whole or not at all. It stays when it has not ended, when it is one of the newest of its pipeline, when it or
anything of it carries a tag or a note, and when something that a run that stays has read or made was made by it: then
its answer to "where did this come from" would be cut. An artifact goes with the last run that it belongs to.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, or_, select

from claimed_jlab.lineage import names, read, schema
from claimed_jlab.lineage.closure import INPUTS, OUTPUTS
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.model import ExecutionState
from claimed_jlab.lineage.query.fields import meant
from claimed_jlab.lineage.query.tables import tagged
from claimed_jlab.lineage.store import Store

# Runs of one transaction: a reader waits for none, a writer only so long.
_AT_ONCE = 200
# In which runs end.
_STATES = ("COMPLETE", "FAILED", "CANCELED")
_UNFINISHED = (int(ExecutionState.NEW), int(ExecutionState.RUNNING))


@dataclass(frozen=True, slots=True)
class Retention:
    """Which runs may go. older_than: seconds since they began.  pipelines, states: any, when empty.

    keep: so many of the newest of each pipeline stay.
    """

    older_than: float
    pipelines: Collection[str] = ()
    states: Collection[str] = ()
    keep: int = 1


@dataclass(slots=True)
class Given:
    """What went, or would go. needed, marked: runs that stay for what was made from them, or for a tag or note.

    unknown: pipelines that were named and that no run is of.
    """

    runs: list[str] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    executions: int = 0
    artifacts: int = 0
    events: int = 0
    properties: int = 0
    unknown: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """All of it, for a program."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Run:
    """A run as the rules see it. context: its own.  state: of its root execution."""

    context: int
    name: str
    pipeline: str
    created: int
    state: int | None


def prune_lineage(store: Store, rules: Retention, *, dry: bool = False) -> Given:
    """Take out of the store what the rules let go; with `dry` only tell. Raises LineageError, StoreUnavailable."""
    unknown = [state for state in rules.states if state not in ExecutionState.__members__]
    if unknown:
        hint = meant(unknown[0], _STATES) or f"one of {', '.join(_STATES)}"
        raise LineageError(f"{unknown[0]!r} is no state of a run", where="state", hint=hint, code="bad-state")
    with store.read() as connection:
        runs = _runs(connection)
        chosen = _chosen(runs, rules)
        given = Given(unknown=sorted(set(rules.pipelines).difference(run.pipeline for run in runs)))
        chosen = _without_marked(connection, chosen, given)
        chosen = _without_needed(connection, runs, chosen, given)
        _count(connection, [run.context for run in chosen], given)
    given.runs = [run.name for run in chosen]
    if not dry:
        for start in range(0, len(chosen), _AT_ONCE):
            some = [run.context for run in chosen[start : start + _AT_ONCE]]
            store.write(lambda connection, some=some: _remove(connection, some))  # type: ignore[misc]
    return given


def _runs(connection: Connection) -> list[_Run]:
    """All runs, the newest first."""
    context, parent = schema.context.c, schema.context.alias()
    types, link, root = schema.node_type.c, schema.parent_context.c, schema.execution.c
    query = (
        select(context.id, context.name, func.min(parent.c.name), context.create_time_since_epoch)
        .join_from(schema.context, schema.node_type, types.id == context.type_id)
        .join(schema.parent_context, link.context_id == context.id, isouter=True)
        .join(parent, parent.c.id == link.parent_context_id, isouter=True)
        .where(types.name == names.PIPELINE_RUN)
        .group_by(context.id, context.name, context.create_time_since_epoch)
        .order_by(context.create_time_since_epoch.desc(), context.id.desc())
    )
    named = select(root.name, root.last_known_state).where(root.name.startswith(names.ROOT_PREFIX, autoescape=True))
    states = {name.removeprefix(names.ROOT_PREFIX): state for name, state in connection.execute(named)}
    return [
        _Run(id_, name, pipeline or "", created, states.get(name))
        for id_, name, pipeline, created in connection.execute(query)
    ]


def _chosen(runs: Iterable[_Run], rules: Retention) -> list[_Run]:
    before = (time.time() - rules.older_than) * 1000
    states = {int(ExecutionState[state]) for state in rules.states}
    seen: dict[str, int] = defaultdict(int)
    chosen = []
    for run in runs:
        seen[run.pipeline] += 1
        fits = not rules.pipelines or run.pipeline in rules.pipelines
        fits = fits and (not states or run.state in states) and run.state not in _UNFINISHED
        if fits and run.created < before and seen[run.pipeline] > rules.keep:
            chosen.append(run)
    return chosen


def _without_marked(connection: Connection, chosen: Sequence[_Run], given: Given) -> list[_Run]:
    """Those of which nobody said anything: no tag, no note."""
    marked = set(connection.scalars(_marked(connection, schema.context_property, "context_id", None)))
    for link, member, table in (
        (schema.association, "execution_id", schema.execution_property),
        (schema.attribution, "artifact_id", schema.artifact_property),
    ):
        marked.update(connection.scalars(_marked(connection, table, member, link)))
    given.marked = [run.name for run in chosen if run.context in marked]
    return [run for run in chosen if run.context not in marked]


def _marked(connection: Connection, table: Table, member: str, link: Table | None) -> Any:
    """The contexts with a node that has a tag or a note."""
    said = table.c.is_custom_property & or_(tagged(table.c.name, connection), table.c.name == names.NOTE)
    if link is None:
        return select(table.c[member]).where(said)
    return select(link.c.context_id).join(table, table.c[member] == link.c[member]).where(said).distinct()


def _without_needed(connection: Connection, runs: Sequence[_Run], chosen: Sequence[_Run], given: Given) -> list[_Run]:
    """Those that nothing was made from which stays."""
    going = {run.context for run in chosen}
    needs = _needs(connection, {run.context for run in runs}) if going else {}
    waiting: list[int | None] = [run.context for run in runs if run.context not in going]
    # What belongs to no run stays too.
    waiting.append(None)
    seen = set(waiting)
    while waiting:
        fresh = needs.get(waiting.pop(), set()) - seen
        seen |= fresh
        waiting += fresh
    given.needed = [run.name for run in chosen if run.context in seen]
    return [run for run in chosen if run.context not in seen]


def _needs(connection: Connection, contexts: Collection[int]) -> Mapping[int | None, set[int]]:
    """By run: the runs that made something that it read, or took from the cache. Bringing a file in makes nothing."""
    run_of = _run_of(connection, contexts)
    importers = set(connection.scalars(_of_type(names.IMPORTER)))
    made_by: dict[int, int] = {}
    users: dict[int, set[int | None]] = defaultdict(set)
    event = schema.event.c
    query = select(event.artifact_id, event.execution_id, event.type).order_by(event.execution_id)
    for artifact, execution, type_ in connection.execute(query):
        if type_ in OUTPUTS and execution not in importers and artifact not in made_by:
            made_by[artifact] = execution
        elif type_ in INPUTS or type_ in OUTPUTS:
            users[artifact].add(run_of.get(execution))
    found: dict[int | None, set[int]] = defaultdict(set)
    for artifact, execution in made_by.items():
        maker = run_of.get(execution)
        for user in users.get(artifact, ()):
            if maker is not None and user != maker:
                found[user].add(maker)
    return found


def _run_of(connection: Connection, contexts: Collection[int]) -> Mapping[int, int]:
    link = schema.association.c
    return {
        execution: context
        for context, execution in connection.execute(select(link.context_id, link.execution_id))
        if context in contexts
    }


def _of_type(name: str) -> Any:
    execution, types = schema.execution.c, schema.node_type.c
    return select(execution.id).join(schema.node_type, types.id == execution.type_id).where(types.name == name)


def _members(connection: Connection, contexts: Collection[int]) -> tuple[list[int], list[int]]:
    """The executions of the runs, and the artifacts that belong to no other run."""
    link, shared = schema.association.c, schema.attribution
    executions: set[int] = set()
    artifacts: set[int] = set()
    for some in read.slices(contexts):
        executions.update(connection.scalars(select(link.execution_id).where(link.context_id.in_(some))))
        artifacts.update(connection.scalars(select(shared.c.artifact_id).where(shared.c.context_id.in_(some))))
    types, context = schema.node_type.c, schema.context.c
    other = (
        select(shared.c.artifact_id, shared.c.context_id)
        .join(schema.context, context.id == shared.c.context_id)
        .join(schema.node_type, types.id == context.type_id)
        .where(types.name == names.PIPELINE_RUN)
    )
    going, kept = set(contexts), set[int]()
    for some in read.slices(artifacts):
        rows = connection.execute(other.where(shared.c.artifact_id.in_(some)))
        kept.update(artifact for artifact, run in rows if run not in going)
    return sorted(executions), sorted(artifacts - kept)


def _count(connection: Connection, contexts: Collection[int], given: Given) -> None:
    executions, artifacts = _members(connection, contexts)
    given.executions, given.artifacts = len(executions), len(artifacts)
    given.events = _number(connection, schema.event, schema.event.c.execution_id, executions)
    for table, ids in (
        (schema.execution_property, executions),
        (schema.artifact_property, artifacts),
        (schema.context_property, contexts),
    ):
        given.properties += _number(connection, table, table.c[0], ids)


def _number(connection: Connection, table: Table, column: Any, ids: Collection[int]) -> int:
    query = select(func.count()).select_from(table)
    return sum(connection.execute(query.where(column.in_(some))).scalar() or 0 for some in read.slices(ids))


def _remove(connection: Connection, contexts: Collection[int]) -> None:
    """Take runs out, with all that is theirs alone. What somebody began to read meanwhile stays."""
    executions, artifacts = _members(connection, contexts)
    event = schema.event.c
    used: set[int] = set()
    gone = set(executions)
    for some in read.slices(artifacts):
        rows = connection.execute(select(event.artifact_id, event.execution_id).where(event.artifact_id.in_(some)))
        used.update(artifact for artifact, execution in rows if execution not in gone)
    artifacts = [artifact for artifact in artifacts if artifact not in used]
    for some in read.slices(executions):
        paths = select(event.id).where(event.execution_id.in_(some))
        connection.execute(delete(schema.event_path).where(schema.event_path.c.event_id.in_(paths)))
        connection.execute(delete(schema.event).where(event.execution_id.in_(some)))
    for table, column, ids in _rows_of(executions, artifacts, contexts):
        for some in read.slices(ids):
            connection.execute(delete(table).where(column.in_(some)))


def _rows_of(
    executions: Collection[int], artifacts: Collection[int], contexts: Collection[int]
) -> list[tuple[Table, ColumnElement[int], Collection[int]]]:
    """Every table with rows of the nodes, and the column that names them."""
    return [
        (schema.execution_property, schema.execution_property.c.execution_id, executions),
        (schema.artifact_property, schema.artifact_property.c.artifact_id, artifacts),
        (schema.context_property, schema.context_property.c.context_id, contexts),
        (schema.association, schema.association.c.execution_id, executions),
        (schema.association, schema.association.c.context_id, contexts),
        (schema.attribution, schema.attribution.c.artifact_id, artifacts),
        (schema.attribution, schema.attribution.c.context_id, contexts),
        (schema.parent_context, schema.parent_context.c.context_id, contexts),
        (schema.execution, schema.execution.c.id, executions),
        (schema.artifact, schema.artifact.c.id, artifacts),
        (schema.context, schema.context.c.id, contexts),
    ]

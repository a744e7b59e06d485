"""What is shown of nodes: their names, types, states and runs, for many of them in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, Table, select

from claimed_jlab.lineage import names, schema, shapes
from claimed_jlab.lineage.answer import Node
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.model import ArtifactState, ExecutionState, Kind
from claimed_jlab.lineage.query.tables import among_given, given

# Thousands of rows are read at once, and an enum takes its time.
_ARTIFACT_STATES: Mapping[int | None, str] = {int(state): state.name for state in ArtifactState}
_EXECUTION_STATES: Mapping[int | None, str] = {int(state): state.name for state in ExecutionState}


class Described(NamedTuple):
    """nodes: what is shown of each.  several: the executions that read an artifact under more than one name."""

    nodes: dict[Ref, Node]
    several: list[int]


def describe(connection: Connection, refs: Collection[Ref], *, runs: Mapping[int, str] | None = None) -> Described:
    """What is shown of each node: only its row, its type and its names are read.

    runs: `runs_of` its executions, for who knows them already.
    """
    nodes = _artifacts(connection, [ref.id for ref in refs if ref.kind is Kind.ARTIFACT])
    executions, several = _executions(connection, [ref.id for ref in refs if ref.kind is Kind.EXECUTION], runs)
    contexts = _contexts(connection, [ref.id for ref in refs if ref.kind is Kind.CONTEXT])
    return Described({**nodes, **executions, **contexts}, several)


def _artifacts(connection: Connection, ids: Collection[int]) -> dict[Ref, Node]:
    statements = _statements(connection.dialect.name)
    called: dict[int, str] = dict(_rows(connection, statements.artifact_names, ids))
    artifact, found = Kind.ARTIFACT, {}
    # Rows are unpacked, which is many times faster than asking them for a column by its name.
    for id_, called_so, uri, state, type_ in _rows(connection, statements.artifacts, ids):
        found[Ref(artifact, id_)] = Node(
            id=f"artifact/{id_}",
            kind="artifact",
            type=type_ or "",
            name=called.get(id_) or called_so or shapes.tail(uri or "") or f"artifact {id_}",
            uri=uri,
            state=_ARTIFACT_STATES.get(state, state and "UNKNOWN"),
        )
    return found


def _executions(
    connection: Connection, ids: Collection[int], runs: Mapping[int, str] | None
) -> tuple[dict[Ref, Node], list[int]]:
    statements = _statements(connection.dialect.name)
    called: dict[str, dict[int, str]] = defaultdict(dict)
    parents: dict[int, int] = {}
    for id_, name, text, number in _rows(connection, statements.said, ids):
        if name == names.PARENT_DAG_ID:
            if number is not None:
                parents[id_] = number
        else:
            called[name][id_] = text
    shown, task = called[names.DISPLAY_NAME], called[names.TASK_NAME]
    if runs is None:
        runs = runs_below(connection, _roots(connection, ids, parents))
    execution, found = Kind.EXECUTION, {}
    for id_, called_so, state, type_ in _rows(connection, statements.executions, ids):
        found[Ref(execution, id_)] = Node(
            id=f"execution/{id_}",
            kind="execution",
            type=type_ or "",
            name=shown.get(id_) or task.get(id_) or called_so or f"execution {id_}",
            state=_EXECUTION_STATES.get(state, state and "UNKNOWN"),
            run=runs.get(id_),
        )
    return found, list(called[names.ALSO_INPUTS])


def _contexts(connection: Connection, ids: Collection[int]) -> dict[Ref, Node]:
    rows = _rows(connection, _statements(connection.dialect.name).contexts, ids)
    return {
        Ref(Kind.CONTEXT, id_): Node(
            id=f"context/{id_}", kind="context", type=type_ or "", name=called_so or f"context {id_}"
        )
        for id_, called_so, type_ in rows
    }


class _Statements(NamedTuple):
    """What is asked of many nodes, built once."""

    artifacts: Select[Any]
    artifact_names: Select[Any]
    executions: Select[Any]
    contexts: Select[Any]
    said: Select[Any]
    parents: Select[Any]
    called: Select[Any]


@cache
def _statements(dialect: str) -> _Statements:
    artifact, execution, type_ = schema.artifact.c, schema.execution.c, schema.node_type.c
    of_artifact, of_execution = schema.artifact_property.c, schema.execution_property.c

    def nodes(table: Table, *columns: Any) -> Select[Any]:
        typed = select(table.c.id, table.c.name, *columns, type_.name)
        return typed.join(schema.node_type, type_.id == table.c.type_id, isouter=True).where(
            among_given(table.c.id, dialect)
        )

    def said(*words: str) -> Select[Any]:
        # No "is not null" here: it would tempt SQLite to its index of all numbers, through the whole store.
        return select(
            of_execution.execution_id, of_execution.name, of_execution.string_value, of_execution.int_value
        ).where(
            of_execution.name.in_(words),
            of_execution.is_custom_property,
            among_given(of_execution.execution_id, dialect),
        )

    return _Statements(
        artifacts=nodes(schema.artifact, artifact.uri, artifact.state),
        artifact_names=select(of_artifact.artifact_id, of_artifact.string_value).where(
            of_artifact.name == names.DISPLAY_NAME,
            of_artifact.is_custom_property,
            among_given(of_artifact.artifact_id, dialect),
        ),
        executions=nodes(schema.execution, execution.last_known_state),
        contexts=nodes(schema.context),
        said=said(names.DISPLAY_NAME, names.TASK_NAME, names.PARENT_DAG_ID, names.ALSO_INPUTS),
        parents=said(names.PARENT_DAG_ID),
        called=select(execution.id, execution.name).where(among_given(execution.id, dialect)),
    )


def _rows(connection: Connection, statement: Select[Any], ids: Collection[int]) -> Sequence[Any]:
    return connection.execute(statement, {"ids": given(ids, connection.dialect.name)}).all() if ids else ()


def runs_of(connection: Connection, executions: Collection[int]) -> Mapping[int, str]:
    """By execution: its run's id, which is in the name of the root that `parent_dag_id` leads to.

    Not by the Association table: it has no index that leads from an execution to its contexts.
    """
    return runs_below(connection, roots_of(connection, executions))


def roots_of(connection: Connection, executions: Collection[int]) -> Mapping[int, int]:
    """By execution: where `parent_dag_id` leads to in the end, which is itself for a run's root."""
    return _roots(connection, executions, _parents(connection, executions))


def runs_below(connection: Connection, roots: Mapping[int, int]) -> Mapping[int, str]:
    """`runs_of` executions whose roots are known: what `roots_of` them gave."""
    rows = _rows(connection, _statements(connection.dialect.name).called, set(roots.values()))
    prefix = names.ROOT_PREFIX
    runs = {id_: name.removeprefix(prefix) for id_, name in rows if name and name.startswith(prefix)}
    return {execution: runs[root] for execution, root in roots.items() if root in runs}


def _roots(connection: Connection, executions: Collection[int], parents: Mapping[int, int]) -> Mapping[int, int]:
    """parents: those of the executions."""
    known = dict(parents)
    todo = set(known.values()).difference(known, executions)
    while todo:
        level = _parents(connection, todo)
        known.update(level)
        todo = set(level.values()).difference(known)
    return {execution: _root(known, execution) for execution in executions}


def _root(parents: Mapping[int, int], execution: int) -> int:
    seen = {execution}
    while (parent := parents.get(execution)) is not None and parent not in seen:
        seen.add(parent)
        execution = parent
    return execution


def _parents(connection: Connection, executions: Collection[int]) -> Mapping[int, int]:
    rows = _rows(connection, _statements(connection.dialect.name).parents, executions)
    return {execution: parent for execution, _, _, parent in rows if parent is not None}

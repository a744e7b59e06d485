"""What is shown of nodes: their names, types, states and runs, for many of them in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from claimed_jlab.lineage import names, schema, shapes
from claimed_jlab.lineage.answer import Node
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.model import ArtifactState, ExecutionState, Kind
from claimed_jlab.lineage.query.tables import among

# Thousands of rows are read at once, and an enum takes its time.
_ARTIFACT_STATES: Mapping[int | None, str] = {int(state): state.name for state in ArtifactState}
_EXECUTION_STATES: Mapping[int | None, str] = {int(state): state.name for state in ExecutionState}
_TYPE = schema.node_type.c
# Rows are unpacked, which is many times faster than asking them for a column by its name.
_ARTIFACTS = select(
    schema.artifact.c.id, schema.artifact.c.name, schema.artifact.c.uri, schema.artifact.c.state, _TYPE.name
).join(schema.node_type, _TYPE.id == schema.artifact.c.type_id, isouter=True)
_EXECUTIONS = select(
    schema.execution.c.id, schema.execution.c.name, schema.execution.c.last_known_state, _TYPE.name
).join(schema.node_type, _TYPE.id == schema.execution.c.type_id, isouter=True)
_CALLED = select(schema.execution.c.id, schema.execution.c.name)


def describe(connection: Connection, refs: Collection[Ref]) -> dict[Ref, Node]:
    """What is shown of each node: only its row, its type and its names are read."""
    artifacts = [ref.id for ref in refs if ref.kind is Kind.ARTIFACT]
    executions = [ref.id for ref in refs if ref.kind is Kind.EXECUTION]
    described: dict[Ref, Node] = {}
    called = _names(connection, schema.artifact_property, "artifact_id", artifacts)
    for id_, called_so, uri, state, type_ in _rows(connection, _ARTIFACTS, schema.artifact, artifacts):
        name = called[id_].get(names.DISPLAY_NAME) or called_so or shapes.tail(uri or "")
        described[Ref(Kind.ARTIFACT, id_)] = Node(
            id=f"artifact/{id_}",
            kind="artifact",
            type=type_ or "",
            name=name or f"artifact {id_}",
            uri=uri,
            state=_ARTIFACT_STATES.get(state, state and "UNKNOWN"),
        )
    called = _names(connection, schema.execution_property, "execution_id", executions)
    runs = runs_of(connection, executions)
    for id_, called_so, state, type_ in _rows(connection, _EXECUTIONS, schema.execution, executions):
        own = called[id_]
        described[Ref(Kind.EXECUTION, id_)] = Node(
            id=f"execution/{id_}",
            kind="execution",
            type=type_ or "",
            name=own.get(names.DISPLAY_NAME) or own.get(names.TASK_NAME) or called_so or f"execution {id_}",
            state=_EXECUTION_STATES.get(state, state and "UNKNOWN"),
            run=runs.get(id_),
        )
    return described


def _rows(connection: Connection, query: Select[Any], table: Table, ids: Collection[int]) -> list[Any]:
    if not ids:
        return []
    rows: list[Any] = list(connection.execute(query.where(among(table.c.id, ids, connection.dialect.name))).all())
    return rows


def _names(connection: Connection, table: Table, key: str, ids: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    found: dict[int, dict[str, str]] = defaultdict(dict)
    query = select(table.c[key], table.c.name, table.c.string_value).where(
        table.c.name.in_((names.DISPLAY_NAME, names.TASK_NAME)), table.c.is_custom_property
    )
    if ids:
        rows = connection.execute(query.where(among(table.c[key], ids, connection.dialect.name))).all()
        for id_, name, value in rows:
            found[id_][name] = value
    return found


def runs_of(connection: Connection, executions: Collection[int]) -> Mapping[int, str]:
    """By execution: its run's id, which is in the name of the root that `parent_dag_id` leads to.

    Not by the Association table: it has no index that leads from an execution to its contexts.
    """
    roots = roots_of(connection, executions)
    rows = _rows(connection, _CALLED, schema.execution, set(roots.values()))
    called = {id_: name or "" for id_, name in rows}
    return {
        execution: called[root].removeprefix(names.ROOT_PREFIX)
        for execution, root in roots.items()
        if called.get(root, "").startswith(names.ROOT_PREFIX)
    }


def roots_of(connection: Connection, executions: Collection[int]) -> Mapping[int, int]:
    """By execution: where `parent_dag_id` leads to in the end, which is itself for a run's root."""
    parents: dict[int, int] = {}
    todo: Collection[int] = executions
    while todo:
        level = _parents(connection, todo)
        parents.update(level)
        todo = set(level.values()).difference(parents)
    return {execution: _root(parents, execution) for execution in executions}


def _root(parents: Mapping[int, int], execution: int) -> int:
    seen = {execution}
    while (parent := parents.get(execution)) is not None and parent not in seen:
        seen.add(parent)
        execution = parent
    return execution


def _parents(connection: Connection, executions: Collection[int]) -> Mapping[int, int]:
    table = schema.execution_property
    # No "is not null" here: it would tempt SQLite to its index of all numbers, through the whole store.
    query = select(table.c.execution_id, table.c.int_value).where(
        table.c.name == names.PARENT_DAG_ID, table.c.is_custom_property
    )
    if not executions:
        return {}
    rows = connection.execute(query.where(among(table.c.execution_id, executions, connection.dialect.name))).all()
    return {execution: parent for execution, parent in rows if parent is not None}

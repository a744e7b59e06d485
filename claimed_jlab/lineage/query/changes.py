"""What changed: executions whose code, inputs or environment differ from those of their task's execution before.

The one before is of the same task of the same pipeline, and says what it used; one that never ran says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from claimed_jlab.lineage import names, schema
from claimed_jlab.lineage.model import EventType, Kind
from claimed_jlab.lineage.values import from_columns

_IMAGE = "image"
_PROPERTY = schema.execution_property.c


def changed(connection: Connection, what: str) -> set[int]:
    """Ids of executions that differ in `code`, `inputs` or `environment`. Reads the executions of all pipelines."""
    used = _WAYS[what](connection)
    tasks = _texts(connection, names.TASK_NAME)
    last: dict[tuple[int, str], Hashable] = {}
    found = set()
    for pipeline, execution in _in_pipelines(connection):
        state, task = used.get(execution), tasks.get(execution)
        if state is None or not task:
            continue
        if last.get((pipeline, task), state) != state:
            found.add(execution)
        last[pipeline, task] = state
    return found


def _code(connection: Connection) -> Mapping[int, Hashable]:
    return _known(connection, names.COMPONENT, names.COMPONENT_VERSION, names.NOTEBOOK_DIGEST)


def _environment(connection: Connection) -> Mapping[int, Hashable]:
    return _known(connection, names.ENVIRONMENT, _IMAGE)


def _known(connection: Connection, *properties: str) -> dict[int, tuple[str | None, ...]]:
    """By execution: these of its properties, where it has one of them."""
    texts = [_texts(connection, name) for name in properties]
    return {id_: tuple(text.get(id_) for text in texts) for id_ in set[int]().union(*texts)}


def _inputs(connection: Connection) -> Mapping[int, Hashable]:
    event, path = schema.event.c, schema.event_path.c
    reads = [int(type_) for type_ in EventType if type_.is_input]
    digests = _texts(connection, names.DIGEST, Kind.ARTIFACT)
    artifacts: dict[int, set[tuple[str | None, str]]] = defaultdict(set)
    query = (
        select(event.execution_id, event.artifact_id, path.step_key)
        .join(schema.event_path, path.event_id == event.id, isouter=True)
        .where(event.type.in_(reads))
    )
    for execution, artifact, name in connection.execute(query):
        artifacts[execution].add((name, digests.get(artifact, f"artifact/{artifact}")))
    table = schema.execution_property
    written = connection.execute(select(table).where(_PROPERTY.name == names.INPUTS, _PROPERTY.is_custom_property))
    parameters = {row.execution_id: _spelled(from_columns(row)) for row in written}
    return {id_: (parameters.get(id_), frozenset(artifacts[id_])) for id_ in {*parameters, *artifacts}}


def _spelled(value: Any) -> str:
    return repr(_sorted(getattr(value, "fields", value)))


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return [(name, _sorted(item)) for name, item in sorted(value.items())]
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _texts(connection: Connection, name: str, kind: Kind = Kind.EXECUTION) -> dict[int, str]:
    """The text of a custom property by node, where it is not empty."""
    table = schema.execution_property if kind is Kind.EXECUTION else schema.artifact_property
    key = table.c.execution_id if kind is Kind.EXECUTION else table.c.artifact_id
    query = select(key, table.c.string_value).where(
        table.c.name == name, table.c.is_custom_property, table.c.string_value != ""
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _in_pipelines(connection: Connection) -> list[tuple[int, int]]:
    """(pipeline's context, execution), in the order in which executions were made."""
    link, context, type_ = schema.association.c, schema.context.c, schema.node_type.c
    pipelines = (
        select(context.id)
        .join(schema.node_type, type_.id == context.type_id)
        .where(type_.name == names.PIPELINE, type_.type_kind == int(Kind.CONTEXT))
    )
    query = (
        select(link.context_id, link.execution_id)
        .where(link.context_id.in_(pipelines))
        .order_by(link.execution_id, link.context_id)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


_WAYS: Mapping[str, Callable[[Connection], Mapping[int, Hashable]]] = {
    "code": _code,
    "inputs": _inputs,
    "environment": _environment,
}

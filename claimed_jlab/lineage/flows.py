"""The events of executions as plain rows, for answers that have thousands of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, not_, select

from claimed_jlab.lineage import schema
from claimed_jlab.lineage.closure import INPUTS, OUTPUTS, Ref
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query.tables import among_given, given

_TYPES = frozenset((*INPUTS, *OUTPUTS))
_INTO = frozenset(INPUTS)


class Flow(NamedTuple):
    """One event: data that an execution read or wrote, under the first key of the event's path."""

    artifact: int
    execution: int
    is_input: bool
    name: str | None


def flows(connection: Connection, executions: Collection[int]) -> list[Flow]:
    """All that the executions read and wrote, in the order of the events; events of unknown types are passed over."""
    if not executions:
        return []
    dialect = connection.dialect.name
    found: dict[int, Flow] = {}
    rows = connection.execute(_rows(dialect), {"ids": given(executions, dialect)}).all()
    for id_, artifact, execution, type_, name in rows:
        # Of a path with several keys the first counts.
        if type_ in _TYPES and id_ not in found:
            found[id_] = Flow(artifact, execution, type_ in _INTO, name)
    return [found[id_] for id_ in sorted(found)]


@cache
def _rows(dialect: str) -> Select[Any]:
    event, path = schema.event.c, schema.event_path.c
    first = and_(path.event_id == event.id, not_(path.is_index_step))
    return (
        select(event.id, event.artifact_id, event.execution_id, event.type, path.step_key)
        .join_from(schema.event, schema.event_path, first, isouter=True)
        .where(among_given(event.execution_id, dialect))
    )


def edges(
    refs: Iterable[Ref], between: Iterable[Flow], also: Mapping[int, Mapping[str, int]]
) -> list[tuple[str, str, str | None]]:
    """All edges between the nodes (source, target, name), one for each name, in the order of the events.

    also: by execution, further names under which it read an artifact.
    """
    # Texts and not Refs: a text knows its hash, and there may be thousands of edges.
    nodes: dict[Kind, dict[int, str]] = {kind: {} for kind in Kind}
    for ref in refs:
        nodes[ref.kind][ref.id] = str(ref)
    artifacts, executions = nodes[Kind.ARTIFACT], nodes[Kind.EXECUTION]
    found: dict[tuple[str, str, str | None], None] = {}
    for flow in between:
        id_, by, is_input, name = flow
        artifact, execution = artifacts.get(id_), executions.get(by)
        if artifact is None or execution is None:
            continue
        if not is_input:
            found[execution, artifact, name] = None
        elif by in also:
            found.update(((artifact, execution, one), None) for one in _named(flow, also[by]))
        else:
            found[artifact, execution, name] = None
    return list(found)


def _named(flow: Flow, names: Mapping[str, int]) -> Sequence[str | None]:
    """Every name of an input: its own, and those kept beside it; [None] for one without any."""
    further = [name for name, artifact in names.items() if artifact == flow.artifact and name != flow.name]
    return [flow.name, *further] if flow.name is not None or not further else further

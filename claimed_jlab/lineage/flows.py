"""The events of executions as plain rows, for answers that have thousands of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, not_, select

from claimed_jlab.lineage import read, schema
from claimed_jlab.lineage.closure import INPUTS, OUTPUTS, Ref
from claimed_jlab.lineage.model import Kind

_EVENT, _PATH = schema.event.c, schema.event_path.c
_ROWS = (
    select(_EVENT.id, _EVENT.artifact_id, _EVENT.execution_id, _EVENT.type, _PATH.step_key)
    .join_from(
        schema.event, schema.event_path, and_(_PATH.event_id == _EVENT.id, not_(_PATH.is_index_step)), isouter=True
    )
    .where(_EVENT.execution_id.in_(bindparam("executions", expanding=True)))
)
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
    found: dict[int, Flow] = {}
    for some in read.slices(executions):
        for id_, artifact, execution, type_, name in connection.execute(_ROWS, {"executions": some}).all():
            # Of a path with several keys the first counts.
            if id_ not in found and type_ in _TYPES:
                found[id_] = Flow(artifact, execution, type_ in _INTO, name)
    return [found[id_] for id_ in sorted(found)]


def edges(
    refs: Collection[Ref], between: Iterable[Flow], also: Mapping[int, Mapping[str, int]]
) -> list[tuple[Ref, Ref, str | None]]:
    """All edges between the nodes, one for each name, in the order of the events.

    also: by execution, further names under which it read an artifact.
    """
    artifacts = {ref.id: ref for ref in refs if ref.kind is Kind.ARTIFACT}
    executions = {ref.id: ref for ref in refs if ref.kind is Kind.EXECUTION}
    found: dict[tuple[Ref, Ref, str | None], None] = {}
    for flow in between:
        artifact, execution = artifacts.get(flow.artifact), executions[flow.execution]
        if artifact is None:
            continue
        if not flow.is_input:
            found[execution, artifact, flow.name] = None
            continue
        for name in _named(flow, also.get(flow.execution, {})):
            found[artifact, execution, name] = None
    return list(found)


def _named(flow: Flow, names: Mapping[str, int]) -> Sequence[str | None]:
    """Every name of an input: its own, and those kept beside it; [None] for one without any."""
    further = [name for name, artifact in names.items() if artifact == flow.artifact and name != flow.name]
    return [flow.name, *further] if flow.name is not None or not further else further

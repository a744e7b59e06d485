"""The versions of an artifact, or the executions of a task, one after another, with what was measured of each.

Versions of a made artifact are what the executions of one task of one pipeline wrote under one name; those of an
imported file have one URI. What was measured of a version: its own numbers, the numbers that its maker gave out, and
those of the metrics that whoever read it made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, select

from claimed_jlab.lineage import names, read, schema
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.explore.detail import metrics_of, parameters_of
from claimed_jlab.lineage.explore.model import GraphNode, NodeVersion, NodeVersions
from claimed_jlab.lineage.explore.nodes import first_makers, graph_nodes
from claimed_jlab.lineage.explore.part import asking, parse_ref, require
from claimed_jlab.lineage.model import Artifact, Event, EventType, Execution, Kind
from claimed_jlab.lineage.store import Store

MOST_VERSIONS = 500
Numbers = Mapping[int, Mapping[str, float]]


def versions_of(store: Store, text: str) -> NodeVersions:
    """All versions of a node, the oldest first, the newest 500 of very many. Raises UnknownArtifact, LineageError."""
    ref = parse_ref(text)
    with asking(store) as (connection, graph):
        require(connection, ref)
        ids = [ref.id] if ref.kind is Kind.CONTEXT else _versions(connection, ref)
        kept = _around(sorted({*ids, ref.id}), ref.id)
        refs = [Ref(ref.kind, id_) for id_ in kept]
        nodes = graph_nodes(connection, graph, refs)
        measured, given = _measured(connection, ref.kind, kept)
    versions = [_version(nodes[one], measured.get(one.id, {}), given.get(one.id, {})) for one in refs if one in nodes]
    for before, after in pairwise(versions):
        after.same = after.node.digest is not None and after.node.digest == before.node.digest
    return NodeVersions(
        versions=versions, current=next(at for at, one in enumerate(versions) if one.node.id == str(ref))
    )


def _around(ids: Sequence[int], wanted: int) -> Sequence[int]:
    """The newest, unless the one that was asked for is older: then those around it."""
    at = ids.index(wanted)
    first = min(max(0, len(ids) - MOST_VERSIONS), max(0, at - MOST_VERSIONS // 2))
    return ids[first : first + MOST_VERSIONS]


def _version(node: GraphNode, metrics: Mapping[str, float], parameters: Mapping[str, Any]) -> NodeVersion:
    return NodeVersion(node=node, metrics=dict(metrics), parameters=dict(parameters))


def _versions(connection: Connection, ref: Ref) -> list[int]:
    if ref.kind is Kind.EXECUTION:
        return _siblings(connection, ref.id)
    maker = first_makers(connection, [ref.id]).get(ref.id)
    siblings = [] if maker is None or _is_importer(connection, maker) else _siblings(connection, maker)
    if maker is None or not siblings:
        return _same_uri(connection, ref.id)
    own = next(
        event for event in read.events(connection, executions=[maker]) if event.artifact_id == ref.id and _made(event)
    )
    events = read.events(connection, executions=siblings)
    return [event.artifact_id for event in events if _made(event) and event.name == own.name]


def _made(event: Event) -> bool:
    return event.type is EventType.OUTPUT


def _is_importer(connection: Connection, execution: int) -> bool:
    (found,) = read.executions(connection, ids=[execution])
    return found.type == names.IMPORTER


def _siblings(connection: Connection, execution: int) -> list[int]:
    """The executions of the same task in all runs of the same pipeline; [] for one that no run is known of."""
    (about,) = graph_nodes(connection, None, [Ref(Kind.EXECUTION, execution)]).values()
    if about.pipeline is None or about.task is None:
        return []
    property_, link, context, types = (
        schema.execution_property.c, schema.association, schema.context.c, schema.node_type.c
    )  # fmt: skip
    pipelines = select(types.id).where(types.name == names.PIPELINE)
    query = (
        select(property_.execution_id)
        .join(link, link.c.execution_id == property_.execution_id)
        .join(schema.context, context.id == link.c.context_id)
        .where(property_.name == names.TASK_NAME, property_.is_custom_property, property_.string_value == about.task)
        .where(context.name == about.pipeline, context.type_id.in_(pipelines))
    )
    return list(connection.scalars(query))


def _same_uri(connection: Connection, artifact: int) -> list[int]:
    mine, other = schema.artifact.alias().c, schema.artifact.alias().c
    query = select(other.id).where(
        mine.id == artifact, other.uri == mine.uri, other.type_id == mine.type_id, mine.uri != ""
    )
    return list(connection.scalars(query))


def _measured(
    connection: Connection, kind: Kind, ids: Collection[int]
) -> tuple[Numbers, Mapping[int, Mapping[str, Any]]]:
    """By version: its numbers, and the parameters that its maker was given."""
    if kind is Kind.CONTEXT:
        return {}, {}
    if kind is Kind.EXECUTION:
        executions = {one.id: one for one in read.executions(connection, ids=ids)}
        return {id_: _numbers(one) for id_, one in executions.items()}, _given(executions)
    artifacts = {one.id: one for one in read.artifacts(connection, ids=ids)}
    makers = first_makers(connection, ids)
    by_id = {one.id: one for one in read.executions(connection, ids=set(makers.values()))}
    executions = {artifact: by_id[maker] for artifact, maker in makers.items()}
    beyond = _of_readers(connection, ids)
    numbers = {
        id_: {**beyond.get(id_, {}), **(_numbers(executions[id_]) if id_ in executions else {}), **_own(one)}
        for id_, one in artifacts.items()
    }
    return numbers, _given(executions)


def _given(executions: Mapping[int, Execution]) -> Mapping[int, Mapping[str, Any]]:
    return {id_: parameters_of(one.custom_properties, names.INPUTS) for id_, one in executions.items()}


def _numbers(execution: Execution) -> dict[str, float]:
    outputs = parameters_of(execution.custom_properties, names.OUTPUTS)
    return {
        name: float(value)
        for name, value in outputs.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _own(artifact: Artifact) -> dict[str, float]:
    return metrics_of(artifact.type, {**artifact.properties, **artifact.custom_properties})


def _of_readers(connection: Connection, artifacts: Collection[int]) -> Numbers:
    """By artifact: the numbers of the metrics that those who read it made; of several readers, the last one's.

    Who reads or makes a model measures the model, and not the tables that went into it.
    """
    reads = [event for event in read.events(connection, artifacts=artifacts) if event.type and event.type.is_input]
    events = read.events(connection, executions={one.execution_id for one in reads})
    there = {one.id: one for one in read.artifacts(connection, ids={event.artifact_id for event in events})}
    numbers: dict[int, dict[str, float]] = defaultdict(dict)
    of_model = set()
    for event in events:
        type_ = there[event.artifact_id].type
        if type_.endswith("Model"):
            of_model.add(event.execution_id)
        elif _made(event) and type_.endswith("Metrics"):
            numbers[event.execution_id].update(_own(there[event.artifact_id]))
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for event in reads:
        if event.execution_id not in of_model or there[event.artifact_id].type.endswith("Model"):
            found[event.artifact_id].update(numbers[event.execution_id])
    return found

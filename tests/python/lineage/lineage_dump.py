"""Everything our reader finds in a store, in the form tests/mlmd/judge.py dumps."""

from __future__ import annotations

import base64
import json
from typing import Any

from claimed_jlab.lineage import Store, read
from claimed_jlab.lineage.model import Artifact, Context, Execution, NodeType
from claimed_jlab.lineage.values import Proto, Struct, Value

BASE_TYPES = range(1, 10)


def dump(store: Store) -> dict[str, Any]:
    # The library reads doubles from SQLite as text of 15 digits, from servers exactly.
    digits = 17 if "://" in store.location else 15
    with store.read() as connection:
        types = {one.id: one for one in read.types(connection)}
        return {
            # The library does not list the base types.
            "types": [_type(one, types) for one in types.values() if one.id not in BASE_TYPES],
            "artifacts": [_node(one, digits, uri=one.uri, state=one.state) for one in read.artifacts(connection)],
            "executions": [_node(one, digits, state=one.state) for one in read.executions(connection)],
            "contexts": [_node(one, digits) for one in read.contexts(connection)],
            "events": sorted(
                (
                    {
                        "artifact_id": one.artifact_id,
                        "execution_id": one.execution_id,
                        "type": int(one.type),
                        "path": list(one.path),
                        "milliseconds": one.milliseconds,
                    }
                    for one in read.events(connection)
                ),
                key=lambda one: (one["artifact_id"], one["execution_id"], one["type"]),
            ),
            "associations": [list(pair) for pair in read.associations(connection)],
            "attributions": [list(pair) for pair in read.attributions(connection)],
            "parent_contexts": [list(pair) for pair in read.parent_contexts(connection)],
        }


def _node(one: Artifact | Execution | Context, digits: int, **more: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "type_id": one.type_id,
        "type": one.type,
        "name": one.name,
        "external_id": one.external_id,
        "created": one.created,
        "updated": one.updated,
        "properties": {name: _value(value, digits) for name, value in one.properties.items()},
        "custom_properties": {name: _value(value, digits) for name, value in one.custom_properties.items()},
        **more,
    }


def _value(value: Value | None, digits: int) -> list[Any]:
    match value:
        case bool():
            return ["bool", value]
        case int():
            return ["int", value]
        case float():
            return ["double", float(f"{value:.{digits}g}")]
        case str():
            return ["string", value]
        case Struct():
            return ["struct", value.fields]
        case Proto():
            return ["proto", [value.type_url, base64.b64encode(value.data).decode()]]
    return ["none", None]


def _type(one: NodeType, types: dict[int, NodeType]) -> dict[str, Any]:
    parent = types.get(one.parent_type_id) if one.parent_type_id is not None else None
    return {
        "id": one.id,
        "name": one.name,
        "kind": int(one.kind),
        "version": one.version,
        "description": one.description,
        "external_id": one.external_id,
        "properties": {name: int(kind) for name, kind in one.properties.items()},
        "base": None if parent is None else parent.name,
        "input_type": None if one.input_type is None else json.loads(one.input_type),
        "output_type": None if one.output_type is None else json.loads(one.output_type),
    }

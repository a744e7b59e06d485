"""Graphs with everything that ML Metadata has, made up by hypothesis; `put` writes one with our writer.

A graph is JSON: types, nodes (`type` is a place in the list of types), and what joins them by places in the lists of
nodes. tests/mlmd/judge.py writes the same with the official library.
"""

from __future__ import annotations

import base64
from typing import Any

from hypothesis import strategies as st

from claimed_jlab.lineage import Store, write
from claimed_jlab.lineage.model import ArtifactState, EventType, ExecutionState, Kind, NodeType
from claimed_jlab.lineage.node_types import find_type, put_type
from claimed_jlab.lineage.values import STRUCT_PREFIX, PropertyKind, Proto, Struct, Value

# The library takes no empty names.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=8)
KINDS = {"int": 1, "double": 2, "string": 3, "struct": 4, "proto": 5, "bool": 6}
BASES = {0: ("TRAIN", "TRANSFORM", "PROCESS", "EVALUATE", "DEPLOY"), 1: ("DATASET", "MODEL", "METRICS", "STATISTICS")}
# A struct's numbers are doubles, and the library reads doubles from SQLite as text of 15 digits.
DOUBLES = st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False).map(lambda x: float(f"{x:.12g}"))
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | DOUBLES | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
VALUES = {
    # The library's tables have four bytes for it on servers.
    "int": st.integers(-(2**31), 2**31 - 1),
    "double": DOUBLES,
    "string": TEXTS.filter(lambda text: not text.startswith(STRUCT_PREFIX)),
    "struct": st.dictionaries(TEXTS, JSONS, max_size=3),
    "proto": st.tuples(NAMES, st.binary(max_size=8).map(lambda data: base64.b64encode(data).decode())).map(list),
    "bool": st.booleans(),
}
CUSTOM = st.dictionaries(
    NAMES,
    st.sampled_from(sorted(VALUES)).flatmap(lambda kind: VALUES[kind].map(lambda value: [kind, value])),
    max_size=3,
)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    types = [draw(_type(kind, number)) for kind in (0, 1, 2) for number in range(draw(st.integers(1, 2)))]
    nodes = {}
    for what, kind, state, states in (
        ("artifacts", 1, "state", list(ArtifactState)[1:]),
        ("executions", 0, "last_known_state", list(ExecutionState)[1:]),
        ("contexts", 2, None, []),
    ):
        nodes[what] = [
            draw(_node(types, kind, number, state, states))
            for number in range(draw(st.integers(1 if kind < 2 else 2, 3)))
        ]
    sizes = {what: len(found) for what, found in nodes.items()}
    return {"types": types, **nodes, **draw(_joins(sizes["artifacts"], sizes["executions"], sizes["contexts"]))}


@st.composite
def _type(draw: st.DrawFn, kind: int, number: int) -> dict[str, Any]:
    return {
        "kind": kind,
        # Two versions of one name.
        "name": draw(NAMES) if number == 0 and draw(st.booleans()) else "Shared",
        "version": f"v{number}" if number or draw(st.booleans()) else None,
        "description": draw(st.none() | NAMES),
        "external_id": draw(st.none() | st.just(f"type-{kind}-{number}")),
        "base": draw(st.none() | st.sampled_from(BASES[kind])) if kind in BASES else None,
        "properties": draw(st.dictionaries(NAMES, st.sampled_from(list(KINDS.values())), max_size=3)),
    }


@st.composite
def _node(draw: st.DrawFn, types: list[dict[str, Any]], kind: int, number: int, state: str | None, states: Any) -> Any:
    places = [place for place, one in enumerate(types) if one["kind"] == kind]
    type_ = draw(st.sampled_from(places))
    spelled = {number: name for name, number in KINDS.items()}
    declared = {
        name: [spelled[held], draw(VALUES[spelled[held]])]
        for name, held in types[type_]["properties"].items()
        if draw(st.booleans())
    }
    name = f"{draw(NAMES)}-{number}"
    node = {
        "type": type_,
        "name": name if kind == 2 else draw(st.none() | st.just(name)),
        "external_id": draw(st.none() | TEXTS.map(lambda text: f"{number}{text}")),
        "properties": declared,
        "custom_properties": draw(CUSTOM),
    }
    if kind == 1:
        node["uri"] = draw(TEXTS)
    if state is not None:
        node[state] = int(draw(st.sampled_from(states)))
    return node


@st.composite
def _joins(draw: st.DrawFn, artifacts: int, executions: int, contexts: int) -> dict[str, Any]:
    def pairs(first: int, second: int) -> Any:
        return st.lists(st.tuples(st.integers(0, first - 1), st.integers(0, second - 1)), max_size=4, unique=True).map(
            lambda found: [list(pair) for pair in found]
        )

    steps = st.lists(st.integers(0, 9) | TEXTS, max_size=3)
    events = draw(
        st.lists(
            st.tuples(st.integers(0, artifacts - 1), st.integers(0, executions - 1), st.integers(1, 7), steps),
            max_size=5,
            unique_by=lambda event: event[:3],
        )
    )
    # No circles: a child comes after its parent.
    parents = [pair for pair in draw(pairs(contexts, contexts)) if pair[0] > pair[1]]
    return {
        "events": [list(event) for event in events],
        "attributions": draw(pairs(contexts, artifacts)),
        "associations": draw(pairs(contexts, executions)),
        "parent_contexts": parents,
    }


def put(store: Store, graph: dict[str, Any]) -> None:
    """Write the graph with our own writer."""

    def work(connection: Any) -> None:
        types = [_put_type(connection, one) for one in graph["types"]]
        artifacts = [
            write.put_artifact(
                connection, types[one["type"]], one["uri"], state=ArtifactState(one["state"]), **_more(one)
            )
            for one in graph["artifacts"]
        ]
        executions = [
            write.put_execution(connection, types[one["type"]], ExecutionState(one["last_known_state"]), **_more(one))
            for one in graph["executions"]
        ]
        contexts = [write.put_context(connection, types[one["type"]], **_more(one)) for one in graph["contexts"]]
        for artifact, execution, type_, path in graph["events"]:
            write.put_event(connection, artifacts[artifact], executions[execution], EventType(type_), path)
        for context, artifact in graph["attributions"]:
            write.attribute(connection, (contexts[context],), (artifacts[artifact],))
        for context, execution in graph["associations"]:
            write.associate(connection, (contexts[context],), (executions[execution],))
        for child, parent in graph["parent_contexts"]:
            write.put_parent_context(connection, contexts[child], contexts[parent])

    store.write(work)


def _put_type(connection: Any, one: dict[str, Any]) -> int:
    kind = Kind(one["kind"])
    base = find_type(connection, kind, f"mlmd.{one['base'].capitalize()}", None) if one["base"] else None
    properties = {name: PropertyKind(held) for name, held in one["properties"].items()}
    wanted = NodeType(0, one["name"], kind, one["version"], one["description"], one["external_id"], properties)
    return put_type(connection, wanted, base)


def _more(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "external_id": one["external_id"],
        "properties": {name: _value(*held) for name, held in one["properties"].items()},
        "custom": {name: _value(*held) for name, held in one["custom_properties"].items()},
    }


def _value(kind: str, held: Any) -> Value:
    if kind == "struct":
        return Struct(held)
    if kind == "proto":
        return Proto(held[0], base64.b64decode(held[1]))
    value: Value = float(held) if kind == "double" else held
    return value

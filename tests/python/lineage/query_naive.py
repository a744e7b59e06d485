"""The query language once more, as slowly and plainly as can be: every node of the store is looked at in Python."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from claimed_jlab.lineage import Store, read
from claimed_jlab.lineage.model import EventType, Kind
from claimed_jlab.lineage.query.syntax import And, Compare, Field, Id, Not, Or, Query, Reach, Word
from claimed_jlab.lineage.values import Struct

ME = "ada"
Node = tuple[str, int]


@dataclass
class World:
    """Everything that a store holds, in memory."""

    nodes: dict[Node, Any] = field(default_factory=dict)
    inputs: list[tuple[Node, Node, str | None]] = field(default_factory=list)
    outputs: list[tuple[Node, Node]] = field(default_factory=list)
    members: set[tuple[Node, Node]] = field(default_factory=set)
    parents: set[tuple[Node, Node]] = field(default_factory=set)


def world_of(store: Store) -> World:
    world = World()
    with store.read() as connection:
        for kind, found in (
            ("execution", read.executions(connection)),
            ("artifact", read.artifacts(connection)),
            ("context", read.contexts(connection)),
        ):
            world.nodes.update({(kind, node.id): node for node in found})
        for event in read.events(connection):
            artifact, execution = ("artifact", event.artifact_id), ("execution", event.execution_id)
            if event.type.is_input:
                world.inputs.append((artifact, execution, event.name))
            elif event.type is not EventType.UNKNOWN:
                world.outputs.append((execution, artifact))
        for kind, pairs in (("execution", read.associations(connection)), ("artifact", read.attributions(connection))):
            world.members |= {(("context", context), (kind, id_)) for context, id_ in pairs}
        world.parents = {(("context", a), ("context", b)) for a, b in read.parent_contexts(connection)}
    return world


def answer(world: World, query: Query | None, now: datetime) -> list[str]:
    """Ids of all that is found, newest first."""
    found = [node for node in world.nodes if query is None or finds(world, query, node, now)]
    found.sort(key=lambda node: (-world.nodes[node].created, Kind[node[0].upper()], -node[1]))
    return [f"{kind}/{id_}" for kind, id_ in found]


def finds(world: World, query: Query, node: Node, now: datetime) -> bool:
    match query:
        case And(queries):
            return all(finds(world, item, node, now) for item in queries)
        case Or(queries):
            return any(finds(world, item, node, now) for item in queries)
        case Not(item):
            return not finds(world, item, node, now)
        case Id(kind, id_):
            return node == (kind, id_)
        case Word(text):
            return any(like(f"*{text}*", name) for name in names(world, node))
        case Compare():
            told = [node, *makers(world, node), *metrics(world, node)]
            return any(compares(query, value) for one in told for value in values(world, one, query.property))
        case Reach(item, up, down):
            starts = [start for start in world.nodes if finds(world, item, start, now)]
            return any(
                node in around(world, start, direction, steps)
                for start in starts
                for direction, steps in (("up", up), ("down", down))
            )
        case Field(name, value):
            return bool(FIELDS[name](world, node, value, now))


def like(pattern: str, text: str | None) -> bool:
    """Without regular expressions: by trying."""
    if text is None:
        return False
    return _like(re.findall(r"\\.|.", pattern, re.DOTALL), list(text))


def _like(parts: list[str], text: list[str]) -> bool:
    if not parts:
        return not text
    if parts[0] == "*":
        return any(_like(parts[1:], text[begin:]) for begin in range(len(text) + 1))
    if not text:
        return False
    same = parts[0] == "?" or parts[0][-1].lower() == text[0].lower()
    return same and _like(parts[1:], text[1:])


def names(world: World, node: Node) -> list[str | None]:
    found = world.nodes[node]
    return [found.name, found.text("display_name"), found.text("task_name")]


def makers(world: World, node: Node) -> list[Node]:
    return [execution for execution, artifact in world.outputs if artifact == node]


def metrics(world: World, node: Node) -> list[Node]:
    """Of a model: the metrics that those who read it made."""
    if node[0] != "artifact" or not world.nodes[node].type.endswith("Model"):
        return []
    readers = {execution for artifact, execution, _ in world.inputs if artifact == node}
    made = [artifact for execution, artifact in world.outputs if execution in readers]
    return [one for one in made if world.nodes[one].type.endswith("Metrics")]


def values(world: World, node: Node, name: str) -> list[Any]:
    found = world.nodes[node]
    given = [found.properties.get(name), found.custom_properties.get(name)]
    if node[0] == "execution":
        structs = [found.custom_properties.get(key) for key in ("inputs", "outputs")]
        given += [struct.fields.get(name) for struct in structs if isinstance(struct, Struct)]
    return [value for value in given if value is not None]


def compares(term: Compare, value: Any) -> bool:
    if not isinstance(value, bool | int | float | str):
        return False
    if term.operator in ("=", "!="):
        return equal(term.value, value) == (term.operator == "=")
    if isinstance(value, bool | str):
        return False
    number = float(term.value)
    return {"<": value < number, "<=": value <= number, ">": value > number, ">=": value >= number}[term.operator]


def equal(written: str, value: Any) -> bool:
    flag = {"true": True, "false": False}.get(written.lower())
    if isinstance(value, bool):
        return flag is not None and value == flag
    if isinstance(value, str):
        return like(written, value)
    if flag is not None:
        return isinstance(value, int) and value == int(flag)
    try:
        return value == float(written)
    except ValueError:
        return False


def around(world: World, start: Node, direction: str, steps: int | None) -> set[Node]:
    found = {start}
    if steps == 0 or start[0] == "context":
        return found
    reads: dict[Node, set[Node]] = {}
    for source, target in [(a, b) for a, b, _ in world.inputs] + world.outputs:
        source, target = (target, source) if direction == "up" else (source, target)
        reads.setdefault(source, set()).add(target)
    level = {start} if start[0] == "artifact" else reads.get(start, set())
    found |= level
    crossed = 0
    while level and (steps is None or crossed < steps):
        crossed += 1
        executions = {far for near in level for far in reads.get(near, ())}
        level = {far for near in executions for far in reads.get(near, ())} - found
        found |= executions | level
    return found


def in_contexts(world: World, node: Node, contexts: set[Node]) -> bool:
    return node in contexts or any((context, node) in world.members for context in contexts)


def contexts(world: World, type_: str, pattern: str) -> set[Node]:
    return {
        key
        for key, node in world.nodes.items()
        if key[0] == "context" and node.type == type_ and like(pattern, node.name)
    }


def runs_with(world: World, property: str, pattern: str) -> set[Node]:
    ids = {
        (node.name or "").removeprefix("run/")
        for key, node in world.nodes.items()
        if key[0] == "execution" and (node.name or "").startswith("run/") and like(pattern, text_of(node, property))
    }
    return {key for key in contexts(world, "system.PipelineRun", "*") if world.nodes[key].name in ids}


def text_of(node: Any, name: str) -> str | None:
    value = node.custom_properties.get(name)
    return value if isinstance(value, str) and value else None


def by_type(world: World, node: Node, value: str, now: datetime) -> bool:
    type_ = world.nodes[node].type
    return like(value, type_) or like(value, type_.split(".")[-1])


def by_state(world: World, node: Node, value: str, now: datetime) -> bool:
    states = [getattr(world.nodes[one], "state", None) for one in (node, *makers(world, node))]
    return any(state is not None and state.name != "UNKNOWN" and like(value, state.name) for state in states)


def by_pipeline(world: World, node: Node, value: str, now: datetime) -> bool:
    pipelines = contexts(world, "system.Pipeline", value)
    return in_contexts(world, node, pipelines) or any((node, parent) in world.parents for parent in pipelines)


def by_run(world: World, node: Node, value: str, now: datetime) -> bool:
    return in_contexts(world, node, contexts(world, "system.PipelineRun", value))


def by_user(world: World, node: Node, value: str, now: datetime) -> bool:
    return in_contexts(world, node, runs_with(world, "claimed.user", ME if value == "me" else value))


def by_engine(world: World, node: Node, value: str, now: datetime) -> bool:
    return in_contexts(world, node, runs_with(world, "claimed.engine", value))


def by_task(world: World, node: Node, value: str, now: datetime) -> bool:
    if node[0] == "artifact":
        return any(by_task(world, one, value, now) for one in makers(world, node))
    return node[0] == "execution" and like(value, text_of(world.nodes[node], "task_name"))


def by_component(world: World, node: Node, value: str, now: datetime) -> bool:
    if node[0] == "artifact":
        return any(by_component(world, one, value, now) for one in makers(world, node))
    reference = text_of(world.nodes[node], "claimed.component")
    if node[0] != "execution" or reference is None:
        return False
    return any(like(spelling, reference) for spelling in (value, f"{value}@*", f"*/{value}", f"*/{value}@*"))


def by_digest(world: World, node: Node, value: str, now: datetime) -> bool:
    found = [text_of(world.nodes[node], name) for name in ("claimed.digest", "claimed.notebook_digest")]
    return any(like(f"{value}*", text) or like(f"*:{value}*", text) for text in found)


def by_tag(world: World, node: Node, value: str, now: datetime) -> bool:
    custom = world.nodes[node].custom_properties
    return any(name.startswith("claimed.tag.") and like(value, name[len("claimed.tag.") :]) for name in custom)


def since(value: str, now: datetime) -> float:
    ago = re.fullmatch(r"(\d+)([hd])", value)
    then = now - timedelta(hours=int(ago[1]) * {"h": 1, "d": 24}[ago[2]]) if ago else datetime.fromisoformat(value)
    return then.timestamp() * 1000


def by_change(world: World, node: Node, value: str, now: datetime) -> bool:
    if node[0] == "artifact":
        return any(by_change(world, one, value, now) for one in makers(world, node))
    mine = used(world, node, value) if node[0] == "execution" else None
    if mine is None:
        return False
    for pipeline in contexts(world, "system.Pipeline", "*"):
        if (pipeline, node) not in world.members:
            continue
        task = text_of(world.nodes[node], "task_name")
        before = [
            other
            for other in sorted(world.nodes)
            if other[0] == "execution" and other[1] < node[1] and (pipeline, other) in world.members
            and task and text_of(world.nodes[other], "task_name") == task and used(world, other, value) is not None
        ]  # fmt: skip
        if before and used(world, before[-1], value) != mine:
            return True
    return False


def used(world: World, node: Node, what: str) -> Any:
    execution = world.nodes[node]
    if what != "inputs":
        code = ("claimed.component", "claimed.component_version", "claimed.notebook_digest")
        found = [text_of(execution, name) for name in (code if what == "code" else ("claimed.environment", "image"))]
        return found if any(found) else None
    given = execution.custom_properties.get("inputs")
    artifacts = {
        (name, text_of(world.nodes[artifact], "claimed.digest") or str(artifact))
        for artifact, reader, name in world.inputs
        if reader == node
    }
    return (given, artifacts) if given is not None or artifacts else None


FIELDS = {
    "name": lambda world, node, value, now: any(like(value, name) for name in names(world, node)),
    "type": by_type,
    "kind": lambda world, node, value, now: node[0] == value,
    "state": by_state,
    "pipeline": by_pipeline,
    "run": by_run,
    "task": by_task,
    "component": by_component,
    "user": by_user,
    "engine": by_engine,
    "tag": by_tag,
    "after": lambda world, node, value, now: world.nodes[node].created >= since(value, now),
    "before": lambda world, node, value, now: world.nodes[node].created < since(value, now),
    "changed": by_change,
    "uri": lambda world, node, value, now: like(value, getattr(world.nodes[node], "uri", None)),
    "digest": by_digest,
}

"""Random stores with few different words, so that random queries of the same words find something."""

from __future__ import annotations

import random
import time
from pathlib import Path

from hypothesis import strategies as st
from sqlalchemy import Connection, update

from claimed_jlab.lineage import Store, open_store, schema, write
from claimed_jlab.lineage.model import ArtifactState, EventType, ExecutionState, Kind
from claimed_jlab.lineage.query.pattern import canonical, literal
from claimed_jlab.lineage.query.syntax import And, Compare, Field, Id, Not, Or, Query, Reach, Word
from claimed_jlab.lineage.values import Struct, Value

WORDS = ["german.csv", "German", "GRÖSSE", "größer", "a*b", "a?b", "a\\b", "[x]", "50%_!", 'say "hi"', "x y", "Émile"]
TASKS = ["split", "fit", ""]
USERS = ["ada", "Bob", "me too"]
COMPONENTS = ["train/fit@1.0.0", "train/fit@2.0.0", "fit", "io/read@1"]
DIGESTS = ["blake3:abcdef01", "sha256:abcd0000", "abcdef99"]
PROPERTIES = ["accuracy", "C", "my metric", "rows"]
VALUES: list[Value] = [0.5, 0.75, 1.0, 1, 0, 7, True, False, "true", "7", "x y", "German", -3, 2**40]
TAGS = ["candidate", "Best one"]
HOUR = 3_600_000


def fill(path: Path, seed: int) -> Store:
    """A store of some dozen nodes."""
    store, chance = open_store(path), random.Random(seed)
    store.write(lambda connection: _fill(connection, chance))
    return store


def _fill(connection: Connection, chance: random.Random) -> None:
    types = {name: write.ensure_type(connection, kind, name) for kind, name in (
        (Kind.CONTEXT, "system.Pipeline"), (Kind.CONTEXT, "system.PipelineRun"), (Kind.EXECUTION, "system.DAGExecution"),
        (Kind.EXECUTION, "system.ContainerExecution"), (Kind.ARTIFACT, "system.Model"), (Kind.ARTIFACT, "my.own.Model"),
    )}  # fmt: skip
    pipelines = [write.put_context(connection, types["system.Pipeline"], name) for name in ("Credit", "German")]
    artifacts = [_artifact(connection, chance, types) for _ in range(chance.randint(0, 9))]
    for run in range(chance.randint(0, 3)):
        parent = chance.choice(pipelines)
        context = write.put_context(connection, types["system.PipelineRun"], f"r{run}", custom=_custom(chance))
        write.put_parent_context(connection, context, parent)
        about: dict[str, Value] = {"claimed.user": chance.choice(USERS), "claimed.engine": "local"}
        write.put_execution(
            connection, types["system.DAGExecution"], ExecutionState.RUNNING, name=f"run/r{run}", custom=about,
            contexts=(parent, context),
        )  # fmt: skip
        for _ in range(chance.randint(0, 4)):
            execution = _execution(connection, chance, types["system.ContainerExecution"], (parent, context))
            for artifact in chance.sample(artifacts, min(len(artifacts), chance.randint(0, 3))):
                type_ = chance.choice([EventType.INPUT, EventType.OUTPUT, EventType.DECLARED_INPUT, EventType.UNKNOWN])
                write.put_event(connection, artifact, execution, type_, [chance.choice(["data", "model"])])
                write.attribute(connection, (context,), (artifact,))
    for table in (schema.artifact, schema.execution, schema.context):
        for id_ in range(1, 30):
            created = time.time_ns() // 1_000_000 - chance.choice([1, 2, 30, 50, 800]) * HOUR + 1000
            connection.execute(update(table).where(table.c.id == id_).values(create_time_since_epoch=created))


def _artifact(connection: Connection, chance: random.Random, types: dict[str, int]) -> int:
    custom = _custom(chance)
    if chance.random() < 0.5:
        custom["claimed.digest"] = chance.choice(DIGESTS)
    type_ = types[chance.choice(["system.Model", "my.own.Model"])]
    uri = f"file:///d/{chance.choice(WORDS)}"
    state = chance.choice(list(ArtifactState))
    own: dict[str, Value] = {chance.choice(PROPERTIES): chance.choice(VALUES)}
    return write.put_artifact(connection, type_, uri, state=state, properties=own, custom=custom)


def _execution(connection: Connection, chance: random.Random, type_: int, contexts: tuple[int, int]) -> int:
    custom = _custom(chance) | {"task_name": chance.choice(TASKS)}
    for name in ("inputs", "outputs"):
        if chance.random() < 0.7:
            custom[name] = Struct({chance.choice(PROPERTIES): chance.choice(VALUES)})  # type: ignore[dict-item]
    for name, some in (("claimed.component", COMPONENTS), ("claimed.notebook_digest", DIGESTS), ("image", ["a", "b"])):
        if chance.random() < 0.6:
            custom[name] = chance.choice(some)
    state = chance.choice(list(ExecutionState))
    return write.put_execution(connection, type_, state, custom=custom, contexts=contexts)


def _custom(chance: random.Random) -> dict[str, Value]:
    custom: dict[str, Value] = {"display_name": chance.choice(WORDS)} if chance.random() < 0.8 else {}
    if chance.random() < 0.5:
        custom[chance.choice(PROPERTIES)] = chance.choice(VALUES)
    if chance.random() < 0.3:
        custom[f"claimed.tag.{chance.choice(TAGS)}"] = ""
    return custom


_PATTERNS = st.sampled_from(
    [*map(literal, WORDS), "*german*", "*Ö*", "?erman", "*.csv", "*", "", "g", "a", "é*", "*y", "a\\*b", "*[x]*"]
)


def _field(name: str, *values: str) -> st.SearchStrategy[Query]:
    return st.sampled_from([Field(name, canonical(value)) for value in values])


_FIELDS = st.one_of(
    _PATTERNS.map(lambda text: Field("name", canonical(text))),
    _PATTERNS.map(lambda text: Field("uri", canonical(f"*{text}"))),
    _field("type", "Model", "system.model", "*own*", "Pipeline*", "x"),
    _field("kind", "artifact", "execution", "context"),
    _field("state", "COMPLETE", "LIVE", "C*", "RUNNING", "*"),
    _field("pipeline", "Credit", "german", "x", "*"),
    _field("run", "r0", "R1", "r*"),
    _field("task", "fit", "s*", "*"),
    _field("component", "fit", "train/fit", "train/*", "train/fit@1.0.0", "io/read@*"),
    _field("user", "me", "bob", "*o*"),
    _field("engine", "local", "kubeflow"),
    _field("tag", "candidate", "best one", "*e*", "none"),
    _field("after", "1d", "36h", "2020-01-01"),
    _field("before", "1d", "36h", "2020-01-01"),
    _field("changed", "code", "inputs", "environment"),
    _field("digest", "abcd", "abcdef01", "blake3:ab", "*01", "ffff"),
)
_COMPARES = st.builds(
    Compare,
    st.sampled_from(PROPERTIES),
    st.sampled_from(["=", "!="]),
    st.sampled_from(["0.75", "1", "7", "true", "FALSE", "x y", "ger*", "x", "-3", "1e0", "1099511627776"]),
) | st.builds(
    Compare,
    st.sampled_from(PROPERTIES),
    st.sampled_from(["<", "<=", ">", ">="]),
    st.sampled_from(["0.5", "0.75", "1", "-2.5", "7", "1e3"]),
)
_IDS = st.builds(Id, st.sampled_from(["artifact", "execution", "context"]), st.integers(1, 8))
_TERMS = _FIELDS | _FIELDS | _COMPARES | _IDS | _PATTERNS.map(lambda text: Word(canonical(text)))
_STEPS = st.sampled_from([None, 0, 1, 2])


def _larger(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    reaches = st.builds(Reach, inner, _STEPS, _STEPS).filter(lambda query: query.up != 0 or query.down != 0)
    return several.map(And) | several.map(Or) | inner.map(Not) | reaches


QUERIES: st.SearchStrategy[Query] = st.recursive(_TERMS, _larger, max_leaves=6)

"""What an artifact's change touches: everything made from it, what of that is stale, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, select

from claimed_jlab.lineage import names, read, schema, shapes
from claimed_jlab.lineage.answer import Answer, Node
from claimed_jlab.lineage.closure import Ref
from claimed_jlab.lineage.describe import describe
from claimed_jlab.lineage.graph import downstream, upstream
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.versions import Maker, Versions


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an artifact is stale.

    kind: what changed since `execution` made it.  name: the input's, or what of the code or environment it is
    (`version`, `notebook`, `image`, …).  was, now: of an input, node ids, and `now` is None when the input itself is
    stale and was not made again; else the values.
    """

    kind: Literal["input", "code", "environment"]
    execution: str
    name: str
    was: str | None
    now: str | None

    def __str__(self) -> str:
        if self.kind == "input":
            return f"input {self.name} is stale" if self.now is None else f"input {self.name}: {self.now} is newer"
        return f"{self.kind} changed: {self.name} was {_short(self.was)}, is {_short(self.now)}"


@dataclass(frozen=True, slots=True)
class Stale:
    """An artifact that would not be made today as it was. newer: its newest version, when it was made again."""

    id: str
    reasons: tuple[Reason, ...]
    newer: str | None = None


@dataclass(frozen=True, slots=True)
class Deployed:
    """An artifact that is in use. by: the executions that deployed it; () where somebody tagged it `deployed`."""

    id: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything made from an artifact, and which artifacts of it are stale or deployed, in the answer's order."""

    answer: Answer
    stale: tuple[Stale, ...]
    deployed: tuple[Deployed, ...] = ()


def impact(store: Store, artifact_id: int, *, depth: int | None = None, limit: int | None = None) -> Impact:
    """Everything made from the artifact, and which of it is stale.

    An artifact is stale when a newer version of something that its maker read exists, when the newest execution of
    the same task had other code or another environment, or when it was made from something stale. Of what came in
    from the side, only newer versions are looked for; `staleness` follows everything to the origin.
    Raises UnknownArtifact, StoreUnavailable; LineageError for a depth or limit that is none.
    """
    answer = downstream(store, artifact_id, depth=depth, limit=limit)
    return Impact(answer, _stale(store, answer, artifact_id), _deployed(store, answer))


def staleness(store: Store, artifact_id: int) -> tuple[Stale, ...]:
    """The artifact and everything that it was made from, as far as it is stale, origins first; () when none is.

    Raises UnknownArtifact, StoreUnavailable.
    """
    return _stale(store, upstream(store, artifact_id), None)


def same_content(store: Store, artifact_id: int) -> tuple[Node, ...]:
    """Other artifacts with the same digest, whatever their names and URIs, the oldest first.

    () for an artifact without a digest.  Raises UnknownArtifact, StoreUnavailable.
    """
    table = schema.artifact_property.c
    is_digest = (table.name == names.DIGEST) & table.is_custom_property
    with store.read() as connection:
        shapes.require_artifacts(connection, [artifact_id])
        digest = connection.execute(select(table.string_value).where(is_digest, table.artifact_id == artifact_id))
        same = select(table.artifact_id).where(is_digest, table.string_value == (digest.scalar() or None))
        refs = [Ref(Kind.ARTIFACT, id_) for id_ in sorted(connection.scalars(same)) if id_ != artifact_id]
        described = describe(connection, refs).nodes
    return tuple(described[ref] for ref in refs if ref in described)


def _deployed(store: Store, answer: Answer) -> tuple[Deployed, ...]:
    """What has the tag `deployed`, and what an execution read that deploys.

    An execution deploys whose type is, or derives from, ML Metadata's own Deploy, or whose component is of the category
    `deploy`.
    """
    artifacts = [int(node.id.partition("/")[2]) for node in answer.nodes if node.kind == "artifact"]
    executions = [int(node.id.partition("/")[2]) for node in answer.nodes if node.kind == "execution"]
    tag, component = schema.artifact_property.c, schema.execution_property.c
    named = select(tag.artifact_id).where(tag.name == f"{names.TAG}deployed", tag.is_custom_property)
    ours = select(component.execution_id).where(
        component.name == names.COMPONENT, component.is_custom_property, component.string_value.startswith("deploy/")
    )
    execution = schema.execution.c
    theirs = select(execution.id).where(execution.type_id.in_(_deploy_types()))
    tagged: set[int] = set()
    deployers: set[int] = set()
    with store.read() as connection:
        for some in read.slices(artifacts):
            tagged.update(connection.scalars(named.where(tag.artifact_id.in_(some))))
        for some in read.slices(executions):
            deployers.update(connection.scalars(ours.where(component.execution_id.in_(some))))
            deployers.update(connection.scalars(theirs.where(execution.id.in_(some))))
    by: dict[str, list[str]] = {f"artifact/{artifact}": [] for artifact in tagged}
    for edge in answer.edges:
        if edge.target.startswith("execution/") and int(edge.target.partition("/")[2]) in deployers:
            by.setdefault(edge.source, []).append(edge.target)
    return tuple(Deployed(node.id, tuple(dict.fromkeys(by[node.id]))) for node in answer.nodes if node.id in by)


def _deploy_types() -> Select[Any]:
    type_, parent = schema.node_type.c, schema.parent_type.c
    base = select(type_.id).where(type_.name == names.DEPLOY)
    return base.union(select(parent.type_id).where(parent.parent_type_id.in_(base))).subquery().select()


def _stale(store: Store, answer: Answer, origin: int | None) -> tuple[Stale, ...]:
    """The stale ones of the answer's artifacts; `origin` itself is taken as it is."""
    artifacts = [int(node.id.partition("/")[2]) for node in answer.nodes if node.kind == "artifact"]
    wanted = [artifact for artifact in artifacts if artifact != origin]
    with store.read() as connection:
        versions = Versions.of(connection, wanted)
    found: dict[int, Stale] = {}
    for artifact in wanted:
        reasons = tuple(_reasons(versions, artifact, found))
        if reasons:
            newer = versions.newer(artifact)
            found[artifact] = Stale(f"artifact/{artifact}", reasons, None if newer is None else f"artifact/{newer}")
    return tuple(found.values())


def _reasons(versions: Versions, artifact: int, stale: Mapping[int, Stale]) -> Iterator[Reason]:
    maker = versions.makers.get(artifact)
    if maker is None:
        return
    execution = f"execution/{maker.id}"
    for name, source in versions.reads.get(maker.id, {}).items():
        newer = versions.newer(source)
        if newer is not None or source in stale:
            yield Reason("input", execution, name, f"artifact/{source}", None if newer is None else f"artifact/{newer}")
    newest = maker if maker.line is None else versions.newest.get(maker.line, maker)
    for kind, was, now in _sides(maker, newest):
        for name in sorted(was.keys() & now.keys()):
            if was[name] != now[name]:
                yield Reason(kind, execution, name, was[name], now[name])


def _sides(
    was: Maker, now: Maker
) -> Sequence[tuple[Literal["code", "environment"], Mapping[str, str], Mapping[str, str]]]:
    return ("code", was.code, now.code), ("environment", was.environment, now.environment)


def _short(value: str | None) -> str:
    text = value or "nothing"
    return text if len(text) <= 24 else f"{text[:20]}…"

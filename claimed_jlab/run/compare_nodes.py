"""Artifacts, or executions, side by side: what they are, what was measured, how their contents or their code differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage import Store
from claimed_jlab.lineage.explore.detail import node_detail, notebook_of
from claimed_jlab.lineage.explore.history import versions_of
from claimed_jlab.lineage.explore.model import GraphNode, NodeDetail, NodeVersion
from claimed_jlab.lineage.place import local_path
from claimed_jlab.run.codediff import CodeChange, changes_of
from claimed_jlab.run.compare import ComparedRow, rows_of
from claimed_jlab.run.sources import Sources
from claimed_jlab.run.tables import Profile, is_table, profile

_MOST = 8


class ComparedSection(BaseModel):
    """Rows of one kind, or what changed in the code since the first. note: why something is not told."""

    title: str
    rows: list[ComparedRow] = Field(default_factory=list)
    diff: list[CodeChange] = Field(default_factory=list)
    note: str | None = None


class ComparedNodes(BaseModel):
    """Nodes side by side, in the order in which they were asked for."""

    nodes: list[GraphNode]
    sections: list[ComparedSection]


def compare_nodes(store: Store, ids: Sequence[str], home: Path) -> ComparedNodes:
    """Compares two to eight nodes of one kind. home: the CLAIMED home, which keeps the code that runs had.

    Raises UnknownArtifact; ClaimedError for fewer or more, and for nodes of different kinds.
    """
    if not 2 <= len(set(ids)) <= _MOST:
        raise ClaimedError(f"comparing takes two to {_MOST} different nodes", where="node", code="bad-request")
    details = [node_detail(store, one) for one in dict.fromkeys(ids)]
    if len({detail.node.kind for detail in details}) > 1:
        raise ClaimedError("an artifact and an execution can't be compared", where="node", code="bad-request")
    if details[0].node.kind == "context":
        hint = "runs are compared by `jupyter claimed runs compare`"
        raise ClaimedError(
            "only artifacts and executions are compared here", where="node", hint=hint, code="bad-request"
        )
    if details[0].node.kind == "artifact":
        sections = list(_of_artifacts(store, details))
    else:
        sections = list(_of_executions(store, details, Sources(home / "sources")))
    return ComparedNodes(
        nodes=[detail.node for detail in details],
        sections=[one for one in sections if one.rows or one.diff or one.note],
    )


def _of_executions(store: Store, details: Sequence[NodeDetail], sources: Sources) -> Iterator[ComparedSection]:
    yield _rows("About", details, _about_execution)
    yield _rows("Parameters", details, lambda one: one.parameters)
    yield _rows("Outputs", details, lambda one: one.outputs)
    yield _rows("Inputs", details, lambda one: {f"{named.name}": _content(named.node) for named in one.inputs})
    yield _rows(
        "Artifacts made", details, lambda one: {f"{named.name}": _content(named.node) for named in one.products}
    )
    yield from _code(store, details, sources)


def _about_execution(detail: NodeDetail) -> dict[str, Any]:
    node = detail.node
    return {
        "state": node.state,
        "seconds": round((detail.updated - node.created) / 1000, 3),
        "component": node.component,
        "environment": detail.environment,
        "image": detail.properties.get("image"),
        "commit": None if detail.git is None else detail.git.commit + (" (with changes)" if detail.git.dirty else ""),
        "engine": detail.engine,
        "host": detail.host,
        "user": node.user,
    }


def _code(store: Store, details: Sequence[NodeDetail], sources: Sources) -> Iterator[ComparedSection]:
    first, *others = details
    for other in others:
        title = "Code" if len(others) == 1 else f"Code of {other.node.id}"
        was, now = (str(one.properties.get("claimed.notebook_digest") or "") for one in (first, other))
        if was and was == now:
            continue
        executed = (notebook_of(store, first.node.id), notebook_of(store, other.node.id))
        try:
            changes = changes_of((sources.kept(was), sources.kept(now)), executed)
        except ClaimedError as error:
            yield ComparedSection(title=title, note=str(error))
            continue
        if changes is not None:
            yield ComparedSection(title=title, diff=changes)
        elif was and now:
            yield ComparedSection(title=title, note="it differs; the code of one of them was not kept")


def _of_artifacts(store: Store, details: Sequence[NodeDetail]) -> Iterator[ComparedSection]:
    yield _rows("About", details, _about_artifact)
    versions = {detail.node.id: _version(store, detail.node.id) for detail in details}
    yield _rows("Metrics", details, lambda one: {**versions[one.node.id].metrics, **one.metrics})
    yield _rows("Made with the parameters", details, lambda one: versions[one.node.id].parameters)
    yield _rows("Properties", details, lambda one: {n: v for n, v in one.properties.items() if n not in one.metrics})
    yield from _tables(details)


def _about_artifact(detail: NodeDetail) -> dict[str, Any]:
    node = detail.node
    return {
        "type": node.type,
        "content": node.digest,
        "bytes": detail.size,
        "state": node.state,
        "made by": node.task,
        "component": node.component,
        "run": node.run,
        "user": node.user,
        "URI": node.uri,
    }


def _version(store: Store, node: str) -> NodeVersion:
    found = versions_of(store, node)
    return found.versions[found.current]


def _tables(details: Sequence[NodeDetail]) -> Iterator[ComparedSection]:
    """Tables by their columns and what is in them."""
    paths = [local_path(detail.node.uri) for detail in details]
    if not all(path is not None and path.is_file() and is_table(path) for path in paths):
        return
    try:
        profiles = [profile(path) for path in paths if path is not None]
    except ClaimedError as error:
        yield ComparedSection(title="Table", note=str(error))
        return
    yield ComparedSection(title="Schema", rows=rows_of([_schema(one) for one in profiles]))
    yield ComparedSection(title="Statistics", rows=rows_of([_statistics(one) for one in profiles]))


def _schema(one: Profile) -> dict[str, Any]:
    return {"rows": one.rows, "columns": len(one.columns), **{f"{name}": kind for name, kind in one.types.items()}}


def _statistics(one: Profile) -> dict[str, Any]:
    return {f"{column}: {name}": value for column, found in one.columns.items() for name, value in found.items()}


def _rows(title: str, details: Sequence[NodeDetail], of: Callable[[NodeDetail], Mapping[str, Any]]) -> ComparedSection:
    columns = [{name: value for name, value in of(detail).items() if value not in (None, "")} for detail in details]
    return ComparedSection(title=title, rows=rows_of(columns))


def _content(node: GraphNode) -> str:
    digest = (node.digest or "").partition(":")[2] or node.digest
    return f"{node.name} ({digest[:12]})" if digest else node.uri or node.name

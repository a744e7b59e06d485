"""A model card, or that of any artifact: what it is, what it was made from and with, and what was found out about it.

Written from what the lineage store and the reports say, after "Model Cards for Model Reporting" (Mitchell et al., 2019,
doi:10.1145/3287560.3287596). What nobody wrote down is left out; intended use and limits are what the note says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage import Store, tree, upstream
from claimed_jlab.lineage.explore.detail import node_detail
from claimed_jlab.lineage.explore.history import versions_of
from claimed_jlab.lineage.explore.model import GraphNode, NodeDetail, NodeVersions
from claimed_jlab.lineage.explore.part import graph_part, parse_ref
from claimed_jlab.lineage.place import local_path
from claimed_jlab.report import NotAReport, Report, ReportError, load

_DEEPEST_ORIGIN = 200
_CODES = frozenset({"Run", "Task", "Component", "Code", "Commit", "Environment", "Content", "Where"})
_REPORTS = ("system.Metrics", "system.ClassificationMetrics")


class _Code(str):
    """A text that is no prose."""

    __slots__ = ()


def card(store: Store, artifact: str) -> str:
    """The card of an artifact (`artifact/12`) in Markdown. Raises UnknownArtifact; ClaimedError for another node."""
    ref = parse_ref(artifact)
    if not artifact.startswith("artifact/"):
        raise ClaimedError(
            f"{artifact} is no artifact", hint="a card is of a model or another artifact", code="bad-request"
        )
    detail, versions = node_detail(store, artifact), versions_of(store, artifact)
    maker = node_detail(store, detail.inputs[0].node.id) if detail.inputs else None
    origins = [
        node
        for node in graph_part(store, [artifact], up=100, down=0, limit=_DEEPEST_ORIGIN).nodes
        if node.id != artifact
    ]
    sections = [
        _head(detail, versions),
        _note(detail),
        _details(detail, maker, versions),
        _listed("## Made from", origins),
        _parameters(maker),
        _metrics(versions),
        _found(store, artifact),
        _warnings(detail),
        ["## Lineage", "", "```text", *tree(upstream(store, ref.id), artifact), "```"],
        ["## Again", "", f"    jupyter claimed lineage reproduce {artifact}"],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _head(detail: NodeDetail, versions: NodeVersions) -> list[str]:
    node = detail.node
    kind = node.type.rpartition(".")[2].lower()
    tags = "".join(f" `{tag}`" for tag in node.tags)
    place = f"version {versions.current + 1} of {len(versions.versions)}"
    return [
        f"# {_text(node.name)}",
        "",
        f"A {kind}, {place}, of the pipeline *{_text(node.pipeline or 'unknown')}*.{tags}",
    ]


def _note(detail: NodeDetail) -> list[str]:
    if detail.note is None:
        return []
    return [
        "## Intended use and limits",
        "",
        detail.note.text,
        "",
        f"– {_text(detail.note.user)}, {_day(detail.note.updated)}",
    ]


def _details(detail: NodeDetail, maker: NodeDetail | None, versions: NodeVersions) -> list[str]:
    node = detail.node
    git = maker.git if maker is not None else detail.git
    rows = {
        "Made": f"{_day(node.created)} by {node.user or 'unknown'}",
        "Run": node.run,
        "Task": node.task,
        "Component": node.component,
        "Code": None if maker is None else maker.properties.get("claimed.notebook_digest"),
        "Commit": None if git is None else f"{git.commit}{' with changes that no commit has' if git.dirty else ''}",
        "Environment": None if maker is None else maker.environment,
        "Engine": detail.engine,
        "Host": detail.host,
        "Content": node.digest,
        "Size": None if detail.size is None else f"{detail.size:,} bytes",
        "Where": node.uri,
    }
    written = ((name, _Code(value) if name in _CODES else value) for name, value in rows.items() if value)
    return ["## Details", "", *_table(("", ""), written)]


def _listed(title: str, nodes: Sequence[GraphNode]) -> list[str]:
    """Artifacts that nothing made but an import: the data at the beginning."""
    data = [node for node in nodes if node.kind == "artifact" and (node.task or "").endswith(f"/{node.name}")]
    if not data:
        return []
    rows = ((node.name, node.type.rpartition(".")[2], _Code(node.digest or ""), _Code(node.uri or "")) for node in data)
    return [title, "", *_table(("data", "type", "content", "where"), rows)]


def _parameters(maker: NodeDetail | None) -> list[str]:
    if maker is None or not maker.parameters:
        return []
    return ["## Parameters", "", *_table(("parameter", "value"), maker.parameters.items())]


def _metrics(versions: NodeVersions) -> list[str]:
    """This version beside the one before."""
    now = versions.versions[versions.current].metrics
    if not now:
        return []
    before = versions.versions[versions.current - 1].metrics if versions.current else {}
    head = ("metric", "value", "version before") if before else ("metric", "value")
    rows = ((name, value, before.get(name, "")) if before else (name, value) for name, value in sorted(now.items()))
    return ["## Metrics", "", *_table(head, rows)]


def _found(store: Store, artifact: str) -> list[str]:
    """What the reports that were made from it say."""
    lines = []
    for node in graph_part(store, [artifact], up=0, down=4, limit=500).nodes:
        report = _report(node)
        if report is not None:
            label = f" ({_text(report.label)})" if report.label else ""
            lines += [f"### {_text(report.title)}{label}", "", _text(report.summary()), ""]
    return ["## What was found", "", *lines[:-1]] if lines else []


def _report(node: GraphNode) -> Report | None:
    path = local_path(node.uri) if node.type in _REPORTS else None
    if path is None:
        return None
    try:
        return load(path)
    except (NotAReport, ReportError, OSError):
        return None


def _warnings(detail: NodeDetail) -> list[str]:
    lines = [f"- stale: {_text(reason.text)}" for reason in detail.stale]
    if detail.newer is not None:
        lines.append(f"- there is a newer version: {detail.newer}")
    if detail.exists is False:
        lines.append("- its file is gone")
    return ["## To know", "", *lines] if lines else []


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _cell(cell: Any) -> str:
    if isinstance(cell, _Code) and cell:
        # Or a reference like `name@1.0.0` would become a link to a mailbox.
        return f"`{' '.join(cell.replace('`', ' ').replace('|', ' ').split())}`"
    if isinstance(cell, float):
        return f"{cell:.6g}"
    return _text(cell if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False, default=str))


def _text(text: str) -> str:
    """Words as words: nothing in them is Markdown or HTML."""
    flat = " ".join(text.split())
    for sign in "\\`*[]<>|":
        flat = flat.replace(sign, f"\\{sign}")
    return flat


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")

"""Bringing another ML Metadata store into ours: again and again, each time only what is new or changed.

A page of the source is one transaction here, which also keeps how far the import has come (in a context of the type
`claimed.Import`, named as the source): killed at any point, it goes on where it was. First come types, then what
changed of the nodes that were brought before, then new nodes by their ids, then what joins them. An event whose node
came after the nodes were read brings it along. Everything is looked for before it is written, so that a page that
comes twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from claimed_jlab.lineage import read, schema, write
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.limits import path_rows
from claimed_jlab.lineage.location import is_url
from claimed_jlab.lineage.model import Event, Execution, ExecutionState, Kind
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.transfer.bulk_rows import insert_counted, insert_rows, known_pairs
from claimed_jlab.lineage.transfer.nodes import WORDS, Nodes
from claimed_jlab.lineage.transfer.source import Node, Pair, Source
from claimed_jlab.lineage.transfer.summary import Summary
from claimed_jlab.lineage.values import Struct

IMPORT_TYPE = "claimed.Import"
_STATE = "claimed.import_state"
# Clocks of the source's writers differ, and a transaction may take a while.
_SKEW_MS = 120_000
_ORDER = (Kind.CONTEXT, Kind.ARTIFACT, Kind.EXECUTION)
_OPEN = (None, ExecutionState.UNKNOWN, ExecutionState.NEW, ExecutionState.RUNNING)
_MOST_OPEN = 2000
Progress = Callable[[Summary], None]
Work = Callable[[Connection, Summary], None]


class _Undo(Exception):
    """Ends a trial transaction."""


@dataclass(slots=True)
class _Marks:
    """How far an import has come: last ids by what they are of, and since when changes are looked for."""

    last: dict[str, int] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    # Executions that were not at their end: a service tells of their new events to who asks for them.
    open: list[int] = field(default_factory=list)


def import_store(
    store: Store,
    source: Source,
    name: str,
    *,
    dry_run: bool = False,
    batch: int = 500,
    progress: Progress | None = None,
) -> Summary:
    """Bring everything of the source that our store lacks, or has otherwise.

    name: what the source is called here; the same one at every import of it.  dry_run: only count.  batch: rows of a
    transaction.  progress: told after each.
    Raises StoreUnavailable; what was brought before stays, and the next import goes on.
    """
    if not name or len(name.encode()) > 150:
        raise LineageError("the name of a source has 1 to 150 bytes", where="name", code="bad-name")
    if _is_same(source.where, store.location):
        raise LineageError("that is our own store", where=source.where, code="same-store")
    return _Import(store, source, name, dry_run, batch, progress).run()


class _Import:
    def __init__(
        self, store: Store, source: Source, name: str, dry_run: bool, batch: int, progress: Progress | None
    ) -> None:
        self._store, self._source, self._name = store, source, name
        self._dry_run, self._batch, self._progress = dry_run, batch, progress
        self._nodes = Nodes(source, name)
        self._summary = Summary(source.where, name)
        self._touched: set[int] = set()
        self._touched_artifacts: set[int] = set()
        self._marks = _Marks()

    def run(self) -> Summary:
        with self._store.read() as connection:
            self._marks = _load(connection, self._name)
        self._touched.update(self._marks.open)
        latest = {kind: self._source.latest_update(kind) for kind in _ORDER}
        self._transact(lambda connection, summary: self._nodes.put_types(connection, summary))
        for kind in _ORDER:
            self._bring_nodes(kind, latest[kind])
        self._bring_parents()
        for page in self._pages("events", self._source.events, self._touched):
            self._transact(lambda connection, summary, page=page: self._put_events(connection, page, summary))  # type: ignore[misc]
        for kind, touched in ((Kind.EXECUTION, self._touched), (Kind.ARTIFACT, self._touched_artifacts)):

            def links(after: int, of: Any, limit: int, kind: Kind = kind) -> Any:
                return self._source.links(kind, after, of, limit)

            for page in self._pages(f"{WORDS[kind]}' contexts", links, touched):
                self._transact(
                    lambda connection, summary, page=page, kind=kind: self._put_links(connection, kind, page, summary)  # type: ignore[misc]
                )
        # The last marks, which no page has kept.
        self._transact(lambda connection, summary: None)
        return self._summary

    def _bring_nodes(self, kind: Kind, latest: int) -> None:
        word = WORDS[kind]
        last, since = self._marks.last.get(word, 0), self._marks.since.get(word)
        if since is None:
            # Whatever changes from now on is looked for next time.
            self._marks.since[word] = latest
        else:
            after = 0
            while nodes := self._source.changed(kind, max(0, since - _SKEW_MS), after, self._batch):
                after = nodes[-1].id
                self._put_nodes(kind, [node for node in nodes if node.id <= last])
        # Transactions that were slow may have left nodes below the last one.
        after = max(0, last - self._batch)
        while nodes := self._source.nodes(kind, after, self._batch):
            after = nodes[-1].id
            self._marks.last[word] = max(last, after)
            self._put_nodes(kind, nodes)
        self._marks.since[word] = max(latest, self._marks.since[word])

    def _put_nodes(self, kind: Kind, nodes: Sequence[Node]) -> None:
        if kind is Kind.EXECUTION:
            ended = {node.id for node in nodes if isinstance(node, Execution) and node.state not in _OPEN}
            still = {*self._marks.open, *(node.id for node in nodes)} - ended
            self._marks.open = sorted(still)[-_MOST_OPEN:]
        if kind is not Kind.CONTEXT:
            (self._touched if kind is Kind.EXECUTION else self._touched_artifacts).update(node.id for node in nodes)
        self._transact(lambda connection, summary: self._nodes.put(connection, kind, nodes, summary))

    def _pages(self, what: str, ask: Callable[..., Any], touched: set[int]) -> Any:
        for mark, page in ask(self._marks.last.get(what, 0), touched, self._batch):
            self._marks.last[what] = mark
            yield page

    def _bring_parents(self) -> None:
        pairs = self._source.parents()
        for start in range(0, len(pairs), self._batch):
            some = pairs[start : start + self._batch]
            self._transact(lambda connection, summary, some=some: self._put_parents(connection, some, summary))  # type: ignore[misc]

    def _put_parents(self, connection: Connection, pairs: Sequence[Pair], summary: Summary) -> None:
        table = schema.parent_context
        ours = self._ours(connection, Kind.CONTEXT, {id_ for pair in pairs for id_ in pair}, summary)
        wanted = _both(pairs, ours, ours, "parents", summary)
        known = known_pairs(connection, table, "parent_context_id", "context_id", [pair[::-1] for pair in wanted])
        fresh = [pair for pair in wanted if pair[::-1] not in known]
        insert_rows(connection, table, [{"context_id": child, "parent_context_id": parent} for child, parent in fresh])
        summary.new["parents"] += len(fresh)
        summary.known["parents"] += len(wanted) - len(fresh)

    def _put_links(self, connection: Connection, kind: Kind, pairs: Sequence[Pair], summary: Summary) -> None:
        table, member = (
            (schema.association, "execution_id") if kind is Kind.EXECUTION else (schema.attribution, "artifact_id")
        )
        contexts = self._ours(connection, Kind.CONTEXT, {pair[0] for pair in pairs}, summary)
        members = self._ours(connection, kind, {pair[1] for pair in pairs}, summary)
        wanted = _both(pairs, contexts, members, "memberships", summary)
        fresh = sorted(set(wanted) - known_pairs(connection, table, "context_id", member, wanted))
        insert_rows(connection, table, [{"context_id": context, member: id_} for context, id_ in fresh])
        summary.new["memberships"] += len(fresh)
        summary.known["memberships"] += len(wanted) - len(fresh)

    def _put_events(self, connection: Connection, events: Sequence[Event], summary: Summary) -> None:
        artifacts = self._ours(connection, Kind.ARTIFACT, {event.artifact_id for event in events}, summary)
        executions = self._ours(connection, Kind.EXECUTION, {event.execution_id for event in events}, summary)
        known = {
            (event.artifact_id, event.execution_id, event.type)
            for event in read.events(connection, executions=set(executions.values()))
        }
        fresh: dict[tuple[int, int, int], Event] = {}
        for event in events:
            artifact, execution = artifacts.get(event.artifact_id), executions.get(event.execution_id)
            if artifact is None or execution is None:
                what = "artifact" if artifact is None else "execution"
                summary.left_out["events", f"the source has no such {what}"] += 1
            elif (key := (artifact, execution, event.type)) in known or key in fresh:
                summary.known["events"] += 1
            else:
                fresh[key] = event
        rows = [
            {
                "artifact_id": key[0],
                "execution_id": key[1],
                "type": int(key[2]),
                "milliseconds_since_epoch": event.milliseconds,
            }
            for key, event in fresh.items()
        ]
        ids = insert_counted(connection, schema.event, rows, ("artifact_id", "execution_id", "type"))
        steps: list[dict[str, Any]] = []
        dialect, made = connection.dialect.name, zip(ids, fresh.values(), strict=True)
        for id_, event in made:
            with self._nodes.named(f"the event of artifact {event.artifact_id} and execution {event.execution_id}"):
                steps += path_rows(id_, event.path, dialect)
        insert_rows(connection, schema.event_path, steps)
        summary.new["events"] += len(rows)

    def _ours(self, connection: Connection, kind: Kind, ids: set[int], summary: Summary) -> dict[int, int]:
        # A trial forgets after each page what it brought: only the nodes' own pages count there.
        return self._nodes.ours(connection, kind, ids, summary.fresh() if self._dry_run else summary)

    def _transact(self, work: Work) -> None:
        def whole(connection: Connection) -> Summary:
            summary = self._summary.fresh()
            self._nodes.begin()
            work(connection, summary)
            if self._dry_run:
                raise _Undo(summary)
            _save(connection, self._name, self._marks)
            return summary

        try:
            counted = self._store.write(whole)
        except _Undo as undone:
            counted = undone.args[0]
            self._nodes.begin()
        else:
            self._nodes.keep()
        self._summary.add(counted)
        if self._progress is not None:
            self._progress(self._summary)


def _is_same(where: str, location: str) -> bool:
    if is_url(where) or is_url(location):
        return where == location
    try:
        return Path(where).samefile(location)
    except OSError:
        return False


def _both(
    pairs: Sequence[Pair], firsts: dict[int, int], seconds: dict[int, int], what: str, summary: Summary
) -> list[Pair]:
    found = [(firsts[first], seconds[second]) for first, second in pairs if first in firsts and second in seconds]
    if len(found) < len(pairs):
        summary.left_out[what, "the source lacks one of the two nodes"] += len(pairs) - len(found)
    return list(dict.fromkeys(found))


def _load(connection: Connection, name: str) -> _Marks:
    for context in read.contexts(connection, type=IMPORT_TYPE, name=write.fit(name)):
        held = context.custom_properties.get(_STATE)
        if isinstance(held, Struct):
            fields: Any = held.fields
            last, since = ({key: int(at) for key, at in fields[part].items()} for part in ("last", "since"))
            return _Marks(last, since, [int(id_) for id_ in fields.get("open", [])])
    return _Marks()


def _save(connection: Connection, name: str, marks: _Marks) -> None:
    type_ = write.ensure_type(connection, Kind.CONTEXT, IMPORT_TYPE)
    context = write.put_context(connection, type_, name)
    write.put_custom(connection, Kind.CONTEXT, context, {_STATE: Struct(asdict(marks))})

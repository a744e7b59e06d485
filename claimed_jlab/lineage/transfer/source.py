"""What an import reads: another ML Metadata store, a page at a time, oldest first. Nothing is written there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from claimed_jlab.lineage import read, schema
from claimed_jlab.lineage.errors import LineageError, OlderStore
from claimed_jlab.lineage.location import is_url
from claimed_jlab.lineage.model import Artifact, Context, Event, Execution, Kind, NodeType
from claimed_jlab.lineage.store import backend_of

Node = Artifact | Execution | Context
Pair = tuple[int, int]
_TABLES = {Kind.EXECUTION: schema.execution, Kind.ARTIFACT: schema.artifact, Kind.CONTEXT: schema.context}
_READ: dict[Kind, Callable[..., Sequence[Node]]] = {
    Kind.EXECUTION: read.executions,
    Kind.ARTIFACT: read.artifacts,
    Kind.CONTEXT: read.contexts,
}
_LINKS = {Kind.EXECUTION: (schema.association, "execution_id"), Kind.ARTIFACT: (schema.attribution, "artifact_id")}
# A transaction that was slower than a later one shows ids below the last one seen.
_OVERLAP = 1000


def _advice(where: str) -> str:
    """What to do with an older store, which may be somebody else's, and in use."""
    how, what = ("copy it", "COPY")
    if is_url(where):
        program = "pg_dump" if where.startswith("postgresql") else "mysqldump"
        how, what = (f"restore a {program} of it into a database of your own", "URL")
    return f"leave it as it is: {how}, upgrade the copy (jupyter claimed lineage upgrade {what}), import that"


class Source(Protocol):
    """A store to import from. Ids are its own; all methods raise StoreUnavailable."""

    where: str

    def types(self) -> list[NodeType]:
        """All types."""

    def nodes(self, kind: Kind, after: int, limit: int) -> Sequence[Node]:
        """Nodes with ids above `after`, in the order of their ids."""

    def changed(self, kind: Kind, since: int, after: int, limit: int) -> Sequence[Node]:
        """The same, of those that were updated at `since` (milliseconds since 1970) or later."""

    def by_ids(self, kind: Kind, ids: Collection[int]) -> Sequence[Node]:
        """Those of the nodes that there are."""

    def latest_update(self, kind: Kind) -> int:
        """When a node was last updated."""

    def events(self, after: int, touched: Iterable[int], limit: int) -> Iterator[tuple[int, list[Event]]]:
        """Pages of events, each with the mark to go on after it. touched: executions that are new or changed."""

    def links(self, kind: Kind, after: int, touched: Iterable[int], limit: int) -> Iterator[tuple[int, list[Pair]]]:
        """Pages of (context, member) of that kind, each with its mark."""

    def parents(self) -> list[Pair]:
        """All (child, parent) of contexts."""

    def close(self) -> None:
        """Let the store go."""


class DatabaseSource:
    """A store in a database: a SQLite file, PostgreSQL or MySQL."""

    def __init__(self, location: str) -> None:
        """Raises NotAStore, NewerStore, OlderStore or StoreUnavailable."""
        if not is_url(location):
            location = str(Path(location).expanduser().absolute())
        self._backend, location, self.where = backend_of(location)
        try:
            self._engine: Engine = self._backend.open_source(location)
        except OlderStore as error:
            raise OlderStore(error.message, where=self.where, hint=_advice(self.where)) from None

    def close(self) -> None:
        """Let the connections go."""
        self._engine.dispose()

    def types(self) -> list[NodeType]:
        """All types."""
        with self._reading() as connection:
            return read.types(connection)

    def nodes(self, kind: Kind, after: int, limit: int) -> Sequence[Node]:
        """Nodes in the order of their ids."""
        with self._reading() as connection:
            return _READ[kind](connection, after=after, limit=limit)

    def changed(self, kind: Kind, since: int, after: int, limit: int) -> Sequence[Node]:
        """Nodes that were updated at that time or later."""
        table = _TABLES[kind].c
        query = select(table.id).where(table.last_update_time_since_epoch >= since, table.id > after)
        with self._reading() as connection:
            ids = list(connection.scalars(query.order_by(table.id).limit(limit)))
            return _READ[kind](connection, ids=ids)

    def by_ids(self, kind: Kind, ids: Collection[int]) -> Sequence[Node]:
        """Those of the nodes that there are."""
        with self._reading() as connection:
            return _READ[kind](connection, ids=ids)

    def latest_update(self, kind: Kind) -> int:
        """When a node was last updated."""
        with self._reading() as connection:
            found = connection.execute(select(func.max(_TABLES[kind].c.last_update_time_since_epoch))).scalar()
        return int(found or 0)

    def events(self, after: int, touched: Iterable[int], limit: int) -> Iterator[tuple[int, list[Event]]]:
        """By their ids, which know better what is new than executions do."""
        begin = max(0, after - _OVERLAP)
        while True:
            with self._reading() as connection:
                found = read.events_after(connection, begin, limit)
            if not found:
                return
            begin = found[-1].id
            yield max(begin, after), found

    def links(self, kind: Kind, after: int, touched: Iterable[int], limit: int) -> Iterator[tuple[int, list[Pair]]]:
        """By their ids."""
        table, member = _LINKS[kind]
        begin = max(0, after - _OVERLAP)
        while True:
            query = select(table.c.id, table.c.context_id, table.c[member]).where(table.c.id > begin)
            with self._reading() as connection:
                rows = connection.execute(query.order_by(table.c.id).limit(limit)).all()
            if not rows:
                return
            begin = rows[-1][0]
            yield max(begin, after), [(row[1], row[2]) for row in rows]

    def parents(self) -> list[Pair]:
        """All (child, parent) of contexts."""
        with self._reading() as connection:
            return read.parent_contexts(connection)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise self._translated(error) from error

    def _translated(self, error: DBAPIError) -> LineageError:
        return self._backend.translate(error.orig or error, self.where)

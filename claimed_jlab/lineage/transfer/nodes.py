"""Nodes of a source in our store: each once, known by an external id, with references to other nodes turned into ours.

A node that has an external id keeps it. One without gets `claimed:import/<source>/<kind>/<id>`. Where our store has a
node of the same type and name already, which ML Metadata allows once, it is that node, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Table, select, update

from claimed_jlab.lineage import names, read, schema
from claimed_jlab.lineage.limits import fitted, require_uri, said_of
from claimed_jlab.lineage.model import Artifact, Context, Execution, Kind, NodeType
from claimed_jlab.lineage.node_types import differing_properties, find_type, put_type
from claimed_jlab.lineage.transfer.bulk_rows import insert_counted, insert_rows
from claimed_jlab.lineage.transfer.source import Node, Source
from claimed_jlab.lineage.transfer.summary import Summary
from claimed_jlab.lineage.values import Struct, Value, clean, to_columns
from claimed_jlab.lineage.write import fit, put_custom

WORDS = {Kind.EXECUTION: "executions", Kind.ARTIFACT: "artifacts", Kind.CONTEXT: "contexts"}
_TABLES: Mapping[Kind, tuple[Table, Table, str, Callable[..., Sequence[Node]]]] = {
    Kind.EXECUTION: (schema.execution, schema.execution_property, "execution_id", read.executions),
    Kind.ARTIFACT: (schema.artifact, schema.artifact_property, "artifact_id", read.artifacts),
    Kind.CONTEXT: (schema.context, schema.context_property, "context_id", read.contexts),
}
_REMEMBERED = 500_000
_SHOWN = 60


class Nodes:
    """Our ids of a source's types and nodes."""

    def __init__(self, source: Source, name: str) -> None:
        self._source = source
        self._name = name
        self._types: dict[int, int] = {}
        self._ids: dict[Kind, dict[int, int]] = {kind: {} for kind in Kind}
        # Of the transaction that runs: forgotten when it fails.
        self._pending: dict[Kind, dict[int, int]] = {kind: {} for kind in Kind}

    def begin(self) -> None:
        """A transaction begins; what an earlier one found counts no more unless it was `keep`t."""
        self._pending = {kind: {} for kind in Kind}

    def keep(self) -> None:
        """The transaction is committed."""
        for kind, found in self._pending.items():
            if len(self._ids[kind]) > _REMEMBERED:
                self._ids[kind].clear()
            self._ids[kind].update(found)
        self.begin()

    def put_types(self, connection: Connection, summary: Summary) -> None:
        """Bring all types that we lack, and what ours lack."""
        given = {one.id: one for one in self._source.types()}
        for one in given.values():
            known = find_type(connection, one.kind, fit(one.name), one.version)
            parent = self._base(connection, given.get(one.parent_type_id or 0), summary)
            id_ = put_type(connection, one, parent)
            (summary.new if known is None else summary.known).update(["types"])
            for name in differing_properties(connection, id_, one):
                summary.left_out[(f"property {name} of type {one.name}", "ours declares it as another kind")] += 1
            self._types[one.id] = id_

    def put(self, connection: Connection, kind: Kind, nodes: Sequence[Node], summary: Summary) -> None:
        """Bring nodes, or what changed of them."""
        word, known = WORDS[kind], self._known(connection, kind, nodes)
        fresh = [node for node in nodes if node.id not in known]
        self._pending[kind].update({id_: ours for id_, (ours, _) in known.items()})
        table, properties, key, _ = _TABLES[kind]
        rows = [self._row(connection, kind, node) for node in fresh]
        ids = insert_counted(connection, table, rows, ("external_id",))
        self._pending[kind].update(zip((node.id for node in fresh), ids, strict=True))
        self._ensure_references(connection, kind, nodes, summary)
        made: list[dict[str, Any]] = []
        for node, id_ in zip(fresh, ids, strict=True):
            for custom, values in ((False, node.properties), (True, node.custom_properties)):
                made += self._columns(connection, node, id_, key, custom, values, summary)
        insert_rows(connection, properties, made)
        summary.new[word] += len(fresh)
        ours = {node.id: id_ for node in nodes if node.id in known for id_, joined in [known[node.id]] if not joined}
        changed = self._update(connection, kind, [node for node in nodes if node.id in ours], ours, summary)
        summary.changed[word] += changed
        summary.known[word] += len(known) - changed

    def ours(self, connection: Connection, kind: Kind, ids: Iterable[int], summary: Summary) -> dict[int, int]:
        """Our ids by the source's; those that the source itself does not have are missing."""
        wanted = set(ids)
        missing = {id_ for id_ in wanted if id_ not in self._pending[kind] and id_ not in self._ids[kind]}
        if missing:
            self.put(connection, kind, self._source.by_ids(kind, missing), summary)
        both = {**{id_: self._ids[kind][id_] for id_ in wanted if id_ in self._ids[kind]}}
        both.update({id_: self._pending[kind][id_] for id_ in wanted if id_ in self._pending[kind]})
        return both

    def named(self, what: str) -> AbstractContextManager[None]:
        """Has an error about something that our columns are too narrow for say what of the source it is."""
        hint = (
            f"shorten it in a copy of the source and import that with --name {self._name!r}, which goes on here;"
            " or import into a store in a file, which takes it as it is"
        )
        return said_of(f"{what} of {self._source.where}", hint)

    def _base(self, connection: Connection, parent: NodeType | None, summary: Summary) -> int | None:
        if parent is None:
            return None
        return find_type(connection, parent.kind, fit(parent.name), parent.version)

    def _type(self, connection: Connection, node: Node, summary: Summary) -> int:
        if node.type_id not in self._types:
            # It was made while we read.
            self.put_types(connection, summary.fresh())
        return self._types.get(node.type_id, 0)

    def _key(self, kind: Kind, node: Node) -> str:
        return fit(node.external_id or f"claimed:import/{self._name}/{kind.name.lower()}/{node.id}")

    def _known(self, connection: Connection, kind: Kind, nodes: Sequence[Node]) -> dict[int, tuple[int, bool]]:
        """By the source's ids: our ids, and whether only type and name are the same."""
        table = _TABLES[kind][0]
        keys = {self._key(kind, node): node.id for node in nodes}
        found: dict[int, tuple[int, bool]] = {}
        for some in read.slices(keys):
            rows = connection.execute(select(table.c.id, table.c.external_id).where(table.c.external_id.in_(some)))
            found.update({keys[row.external_id]: (row.id, False) for row in rows if row.external_id in keys})
        named = {
            (self._type(connection, node, Summary("", "")), fit(node.name)): node.id
            for node in nodes
            if node.id not in found and node.name is not None
        }
        for some in read.slices({name for _, name in named}):
            rows = connection.execute(select(table.c.id, table.c.type_id, table.c.name).where(table.c.name.in_(some)))
            same = {(row.type_id, row.name): row.id for row in rows}
            found.update({named[pair]: (id_, True) for pair, id_ in same.items() if pair in named})
        return found

    def _row(self, connection: Connection, kind: Kind, node: Node) -> dict[str, Any]:
        row: dict[str, Any] = {
            "type_id": self._type(connection, node, Summary("", "")),
            "name": None if node.name is None else fit(node.name),
            "external_id": self._key(kind, node),
            "create_time_since_epoch": node.created,
            "last_update_time_since_epoch": node.updated,
        }
        with self.named(_called(node)):
            return {**row, **_state(connection, node)}

    def _columns(
        self,
        connection: Connection,
        node: Node,
        id_: int,
        key: str,
        custom: bool,
        values: Mapping[str, Value | None],
        summary: Summary,
    ) -> list[dict[str, Any]]:
        rows, dialect = [], connection.dialect.name
        with self.named(_called(node)):
            for name, value in self._referring(node, values, summary).items():
                if value is None:
                    summary.left_out["properties", "they have no value"] += 1
                    continue
                column = fit(name)
                columns = fitted(to_columns(value), column, dialect)
                rows.append({key: id_, "name": column, "is_custom_property": custom, **columns})
        return rows

    def _ensure_references(self, connection: Connection, kind: Kind, nodes: Sequence[Node], summary: Summary) -> None:
        if kind is Kind.EXECUTION:
            executions, artifacts = set[int](), set[int]()
            for node in nodes:
                executions |= _executions_of(node.custom_properties)
                artifacts |= _artifacts_of(node.custom_properties)
            self.ours(connection, Kind.EXECUTION, executions, summary)
            self.ours(connection, Kind.ARTIFACT, artifacts, summary)

    def _referring(self, node: Node, values: Mapping[str, Value | None], summary: Summary) -> dict[str, Value | None]:
        """The values, with our ids where they are ids."""
        given = dict(values)
        if not isinstance(node, Execution):
            return given
        for name in (names.PARENT_DAG_ID, names.CACHED_EXECUTION_ID):
            for old in _executions_of({name: given.get(name)}):
                new = self._mine(Kind.EXECUTION, old)
                if new is None:
                    del given[name]
                    summary.left_out[f"property {name}", "the source has no such execution"] += 1
                else:
                    given[name] = str(new) if isinstance(given[name], str) else new
        held = given.get(names.ALSO_INPUTS)
        if isinstance(held, Struct):
            given[names.ALSO_INPUTS] = Struct(
                {
                    name: self._mine(Kind.ARTIFACT, old) if isinstance(old, int) else old
                    for name, old in held.fields.items()
                }
            )
        return given

    def _mine(self, kind: Kind, id_: int) -> int | None:
        return self._pending[kind].get(id_) or self._ids[kind].get(id_)

    def _update(
        self, connection: Connection, kind: Kind, nodes: Sequence[Node], ours: Mapping[int, int], summary: Summary
    ) -> int:
        """Take over what differs; what only ours has, such as tags, stays."""
        table, properties, key, reading = _TABLES[kind]
        mine = {node.id: node for node in reading(connection, ids=list(ours.values()))}
        count, dialect = 0, connection.dialect.name
        for node in nodes:
            known: Any = mine[ours[node.id]]
            with self.named(_called(node)):
                fields = {
                    name: value
                    for name, value in _state(connection, node).items()
                    if value != _state(connection, known)[name]
                }
                own = _differing(self._referring(node, node.properties, summary), known.properties, dialect)
                custom = _differing(
                    self._referring(node, node.custom_properties, summary), known.custom_properties, dialect
                )
            if not fields and not own and not custom:
                continue
            count += 1
            fields["last_update_time_since_epoch"] = max(node.updated, known.updated)
            if custom:
                put_custom(connection, kind, known.id, custom)
            connection.execute(update(table).where(table.c.id == known.id).values(fields))
            if own:
                here = (properties.c[key] == known.id) & ~properties.c.is_custom_property
                connection.execute(properties.delete().where(here & properties.c.name.in_([fit(name) for name in own])))
                insert_rows(connection, properties, self._columns(connection, node, known.id, key, False, own, summary))
        return count


def _called(node: Node) -> str:
    """As `the artifact 12 'model.joblib'`."""
    name = node.name or node.text(names.DISPLAY_NAME)
    return f"the {type(node).__name__.lower()} {node.id}" + (f" {clean(name)[:_SHOWN]!r}" if name else "")


def _state(connection: Connection, node: Node) -> dict[str, Any]:
    match node:
        case Artifact():
            uri = None if node.uri is None else require_uri(clean(node.uri), connection.dialect.name)
            return {"uri": uri, "state": None if node.state is None else int(node.state)}
        case Execution():
            return {"last_known_state": None if node.state is None else int(node.state)}
        case Context():
            return {}


def _differing(theirs: Mapping[str, Value | None], ours: Mapping[str, Value | None], dialect: str) -> dict[str, Value]:
    """Those of their values that ours are not, when both are written in our columns."""

    def written(name: str, value: Value) -> dict[str, Any]:
        return fitted(to_columns(value), name, dialect)

    different = {}
    for name, value in theirs.items():
        known = ours.get(fit(name))
        if value is not None and (known is None or written(fit(name), value) != written(fit(name), known)):
            different[name] = value
    return different


def _executions_of(values: Mapping[str, Value | None]) -> set[int]:
    found = set()
    for name in (names.PARENT_DAG_ID, names.CACHED_EXECUTION_ID):
        value = values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            found.add(value)
        elif isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            found.add(int(value))
    return found


def _artifacts_of(values: Mapping[str, Value | None]) -> set[int]:
    held = values.get(names.ALSO_INPUTS)
    return {id_ for id_ in held.fields.values() if isinstance(id_, int)} if isinstance(held, Struct) else set[int]()

"""From a query's tree to the WHERE of each kind of node.

Every condition is true or false and never unknown, so that `not` means the rest. What SQL can't say (closures,
changes, values inside Structs) is worked out first and becomes a list of ids.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, not_, or_, select, true

from claimed_jlab.lineage import names, schema
from claimed_jlab.lineage.closure import INPUTS, OUTPUTS, Arcs, Direction
from claimed_jlab.lineage.model import ArtifactState, ExecutionState, Kind
from claimed_jlab.lineage.query import pattern
from claimed_jlab.lineage.query.changes import changed
from claimed_jlab.lineage.query.errors import QueryError
from claimed_jlab.lineage.query.reach import Ids, reach
from claimed_jlab.lineage.query.syntax import And, Compare, Field, Id, Not, Or, Query, Reach, Word
from claimed_jlab.lineage.query.tables import TABLES, among, distinct, tagged
from claimed_jlab.lineage.query.times import moment
from claimed_jlab.lineage.query.values import executions_with, has_property

MOST_STARTS = 100_000
# Beyond it PostgreSQL refuses to compare.
_IDS_END = 2**31
_DIGESTS = (names.DIGEST, names.NOTEBOOK_DIGEST)
_SCHEMES = ("", "blake3:", "sha256:")
Condition = ColumnElement[bool]


class Conditions:
    """Makes conditions for one evaluation.  arcs: the graph.  now: what `7d` counts from.  me: what `user:me` means."""

    def __init__(
        self, connection: Connection, arcs: Callable[[Direction, Ids, int | None], Arcs], now: datetime, me: str
    ) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name
        self._arcs = arcs
        self._now = now
        self._me = me
        self._known: dict[Query, Mapping[Kind, set[int]]] = {}

    def of(self, query: Query, kind: Kind) -> Condition:
        """The condition for nodes of that kind. Raises QueryError when a closure begins at too many nodes."""
        match query:
            case And(queries):
                return and_(*(self.of(item, kind) for item in queries))
            case Or(queries):
                return or_(*(self.of(item, kind) for item in queries))
            case Not(item):
                return not_(self.of(item, kind))
            case Id(word, id_):
                there = word == kind.name.lower() and id_ < _IDS_END
                return TABLES[kind].node.c.id == id_ if there else false()
            case Word(text):
                return self._name(kind, pattern.containing(text))
            case Compare():
                return self._compare(query, kind)
            case Field("changed", what):
                return self._done(
                    kind, self._among(query, Kind.EXECUTION, lambda: {Kind.EXECUTION: changed(self._connection, what)})
                )
            case Field(name, value):
                return self._fields[name](self, kind, value)
            case Reach(item, up, down):
                return self._among(query, kind, partial(self._reached, item, up, down))

    def ids(self, query: Query) -> dict[Kind, set[int]]:
        """All nodes that the query finds."""
        found: dict[Kind, set[int]] = {}
        left = MOST_STARTS + 1
        for kind, tables in TABLES.items():
            ids = select(tables.node.c.id).where(self.of(query, kind)).limit(left)
            found[kind] = set(self._connection.scalars(ids))
            left -= len(found[kind])
            if left <= 0:
                raise QueryError(f"a + begins at more than {MOST_STARTS} nodes", hint="say more exactly which")
        return found

    def _reached(self, query: Query, up: int | None, down: int | None) -> Mapping[Kind, set[int]]:
        start = self.ids(query)
        found = {kind: set(ids) for kind, ids in start.items()}
        for direction, steps in ((Direction.UPSTREAM, up), (Direction.DOWNSTREAM, down)):
            if steps != 0:
                for kind, ids in reach(self._arcs(direction, start, steps), start, steps).items():
                    found[kind] |= ids
        return found

    def _among(self, query: Query, kind: Kind, find: Callable[[], Mapping[Kind, set[int]]]) -> Condition:
        if query not in self._known:
            self._known[query] = find()
        return among(TABLES[kind].node.c.id, self._known[query].get(kind, set()), self._dialect)

    def _compare(self, term: Compare, kind: Kind) -> Condition:
        own = has_property(term, kind, self._dialect)
        if kind is Kind.CONTEXT:
            return own
        execution = Kind.EXECUTION
        given = self._among(term, execution, lambda: {execution: executions_with(self._connection, term)})
        done = self._done(kind, has_property(term, execution, self._dialect) | given)
        return own | done | self._measured(own) if kind is Kind.ARTIFACT else done

    def _done(self, kind: Kind, execution: Condition, *, often: bool = False) -> Condition:
        """What is said of an execution, of itself and of the artifacts that it gave out.

        often: whether it holds for most, so that looking from each artifact finds a page sooner than listing all.
        """
        if kind is not Kind.ARTIFACT:
            return execution if kind is Kind.EXECUTION else false()
        artifact, event, id_ = schema.artifact.c.id, schema.event.c, schema.execution.c.id
        if not often:
            return artifact.in_(_joined(OUTPUTS, select(id_).where(execution)))
        gave = select(event.id).where(event.artifact_id == artifact, event.type.in_(OUTPUTS))
        return gave.join(schema.execution, id_ == event.execution_id).where(execution).exists()

    def _measured(self, number: Condition) -> Condition:
        """Of models: whether who read it made metrics for which the condition holds."""
        event, artifact = schema.event.c, schema.artifact.c.id
        is_metrics = self._of_types(Kind.ARTIFACT, lambda name: name.endswith("Metrics"))
        measuring = select(event.execution_id).where(
            event.type.in_(OUTPUTS), event.artifact_id.in_(select(artifact).where(is_metrics, number))
        )
        is_model = self._of_types(Kind.ARTIFACT, lambda name: name.endswith("Model"))
        return is_model & artifact.in_(_joined(INPUTS, measuring))

    def _text(self, kind: Kind, named: tuple[str, ...], *patterns: str) -> Condition:
        """Whether a custom property of one of these names has a text that one of the patterns matches."""
        columns = TABLES[kind].property.c
        like = or_(*(pattern.matches(columns.string_value, text, self._dialect) for text in patterns))
        return TABLES[kind].having(
            columns.name.in_(named), columns.is_custom_property, columns.string_value != "", like
        )

    def _name(self, kind: Kind, text: str) -> Condition:
        own = pattern.matches(TABLES[kind].node.c.name, text, self._dialect)
        return own | self._text(kind, (names.DISPLAY_NAME, names.TASK_NAME), text)

    def _type(self, kind: Kind, text: str) -> Condition:
        match = pattern.regular(text).fullmatch
        return self._of_types(kind, lambda name: match(name) or match(name.rpartition(".")[2]))

    def _of_types(self, kind: Kind, fits: Callable[[str], object]) -> Condition:
        """Whether a node's type has a name that fits."""
        table = schema.node_type.c
        rows = self._connection.execute(select(table.id, table.name).where(table.type_kind == int(kind)))
        return among(TABLES[kind].node.c.type_id, [id_ for id_, name in rows if fits(name)], self._dialect)

    def _kind(self, kind: Kind, word: str) -> Condition:
        return true() if kind.name.lower() == word else false()

    def _state(self, kind: Kind, text: str) -> Condition:
        match = pattern.regular(text).fullmatch
        ended = [state for state in ExecutionState if state and match(state.name)]
        column = schema.execution.c.last_known_state
        done = self._done(
            kind, column.is_not(None) & column.in_(map(int, ended)), often=ExecutionState.COMPLETE in ended
        )
        if kind is not Kind.ARTIFACT:
            return done
        own = schema.artifact.c.state
        return done | own.is_not(None) & own.in_([int(state) for state in ArtifactState if state and match(state.name)])

    def _after(self, kind: Kind, text: str) -> Condition:
        found: Condition = TABLES[kind].node.c.create_time_since_epoch >= moment(text, self._now)
        return found

    def _before(self, kind: Kind, text: str) -> Condition:
        found: Condition = TABLES[kind].node.c.create_time_since_epoch < moment(text, self._now)
        return found

    def _uri(self, kind: Kind, text: str) -> Condition:
        return pattern.matches(schema.artifact.c.uri, text, self._dialect) if kind is Kind.ARTIFACT else false()

    def _digest(self, kind: Kind, text: str) -> Condition:
        # With and without the name of the hash, of which nobody should have to think.
        start = pattern.plain(text)
        if start is None:
            return self._text(kind, _DIGESTS, *(f"{scheme}{text}*" for scheme in _SCHEMES))
        columns = TABLES[kind].property.c
        # Ranges use the index, and no letter of a digest is above "~".
        spellings = [f"{scheme}{start}" for scheme in _SCHEMES]
        inside = or_(*(columns.string_value.between(begin, f"{begin}~") for begin in spellings))
        return TABLES[kind].having(columns.name.in_(_DIGESTS), columns.is_custom_property, inside)

    def _task(self, kind: Kind, text: str) -> Condition:
        return self._done(kind, self._text(Kind.EXECUTION, (names.TASK_NAME,), text))

    def _component(self, kind: Kind, text: str) -> Condition:
        spellings = (text, f"{text}@*", f"*/{text}", f"*/{text}@*")
        return self._done(kind, self._text(Kind.EXECUTION, (names.COMPONENT,), *spellings))

    def _tag(self, kind: Kind, text: str) -> Condition:
        # No tag's own name has an equals sign.
        tag, equals, value = text.partition("=")
        columns, match = TABLES[kind].property.c, pattern.regular(tag).fullmatch
        named = [names.TAG + one for one in tags_of(self._connection, kind) if match(one)]
        has_it = columns.name.in_(named) & columns.is_custom_property
        if equals:
            has_it &= pattern.matches(columns.string_value, value, self._dialect)
        return TABLES[kind].having(has_it) if named else false()

    def _pipeline(self, kind: Kind, text: str) -> Condition:
        pipelines = self._contexts(names.PIPELINE, text)
        inside = TABLES[kind].inside(pipelines)
        if kind is not Kind.CONTEXT:
            return inside
        parent = schema.parent_context.c
        return inside | schema.context.c.id.in_(
            select(parent.context_id).where(parent.parent_context_id.in_(pipelines))
        )

    def _run(self, kind: Kind, text: str) -> Condition:
        return TABLES[kind].inside(self._contexts(names.PIPELINE_RUN, text))

    def _user(self, kind: Kind, text: str) -> Condition:
        return self._run_with(kind, names.USER, pattern.literal(self._me) if text.lower() == "me" else text)

    def _engine(self, kind: Kind, text: str) -> Condition:
        return self._run_with(kind, names.ENGINE, text)

    def _contexts(self, type_: str, text: str) -> Select[Any]:
        context = schema.context.c
        match = pattern.matches(context.name, text, self._dialect)
        return select(context.id).where(context.type_id.in_(_type_ids(type_)), match)

    def _run_with(self, kind: Kind, property: str, text: str) -> Condition:
        # The root knows, and is named by its run: Association has no index that leads from it to the run.
        root, context = schema.execution.c, schema.context.c
        runs = select(func.substr(root.name, len(names.ROOT_PREFIX) + 1)).where(
            self._text(Kind.EXECUTION, (property,), text), root.name.startswith(names.ROOT_PREFIX)
        )
        return TABLES[kind].inside(
            select(context.id).where(context.type_id.in_(_type_ids(names.PIPELINE_RUN)), context.name.in_(runs))
        )

    _fields: Mapping[str, Callable[[Conditions, Kind, str], Condition]] = {
        "name": _name,
        "type": _type,
        "kind": _kind,
        "state": _state,
        "pipeline": _pipeline,
        "run": _run,
        "task": _task,
        "component": _component,
        "user": _user,
        "engine": _engine,
        "tag": _tag,
        "after": _after,
        "before": _before,
        "uri": _uri,
        "digest": _digest,
    }


def tags_of(connection: Connection, kind: Kind) -> list[str]:
    """The tags that nodes of the kind have."""
    columns = TABLES[kind].property.c
    conditions = (tagged(columns.name, connection), columns.is_custom_property, columns.string_value.is_not(None))
    names_ = distinct(connection, columns.name, *conditions, after=names.TAG, most=2000)
    return [name.removeprefix(names.TAG) for name in names_]


def _joined(types: Sequence[int], executions: Select[Any]) -> Select[Any]:
    """The artifacts that events of these types join to executions."""
    event = schema.event.c
    return select(event.artifact_id).where(event.type.in_(types), event.execution_id.in_(executions))


def _type_ids(name: str) -> Select[Any]:
    type_ = schema.node_type.c
    return select(type_.id).where(type_.name == name, type_.type_kind == int(Kind.CONTEXT))

"""What may come next in a query: fields and properties, then the values that the store has for them.

Texts are found by steps through an index, one for each different text, so that a large store answers as fast as a
small one; and at most some hundred are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy import Connection, select

from claimed_jlab.lineage import names, schema
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query import fields
from claimed_jlab.lineage.query.conditions import tags_of
from claimed_jlab.lineage.query.other_words import WORDS
from claimed_jlab.lineage.query.syntax import property_text, value_text
from claimed_jlab.lineage.query.tables import TABLES, distinct
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.values import Struct, from_columns

MOST = 50
_LOOKED_AT = 500
_RECENT = 100
_TIMES = ("1h", "12h", "today", "yesterday", "7d", "30d")
# What is written of a term when the cursor is at its end: not a field's value, or a field and what is there of it.
_FIELD = re.compile(r'([^\W\d][\w./-]*):("?)([^"]*)')
_TERM_BEGIN = re.compile(r"^(?:\d*\+)?")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to put in place of the query's `start` to `end` (from 0; the end is not part of it).

    kind: `field`, `property`, `value` or `word` (and, or, not).  about: a few words for the person, or "".
    """

    text: str
    start: int
    end: int
    kind: str
    about: str = ""


def complete(store: Store, text: str, position: int) -> list[Suggestion]:
    """What may stand where the cursor is, the likely ones first; never an error for a query that is half written.

    position: of the cursor, in characters from 0.  Raises StoreUnavailable.
    """
    position = max(0, min(position, len(text)))
    start, in_quotes = _term_start(text[:position])
    written = text[start:position]
    match = _FIELD.fullmatch(written)
    with store.read() as connection:
        if match is not None:
            begin = start + match.start(2)
            values = _VALUES.get(match[1].lower(), _none)(connection)
            return [Suggestion(value_text(value), begin, position, "value") for value in _fitting(values, match[3])]
        return [] if in_quotes else _terms(connection, written, start, position, text[:start])


def _terms(connection: Connection, written: str, start: int, end: int, before: str) -> list[Suggestion]:
    known = {name: Suggestion(f"{name}:", start, end, "field", about) for name, about in fields.FIELDS.items()}
    joins = before.strip() and not before.rstrip().endswith("(")
    known |= {word: Suggestion(word, start, end, "word") for word in (fields.OPERATORS if joins else ("not",))}
    for name in _properties(connection):
        # A property that is called as a field is offered as the field.
        known.setdefault(name, Suggestion(property_text(name), start, end, "property", "compare with = != < <= > >="))
    fitting = _fitting(known, written)
    # Who writes `status` is offered `state:`.
    meant = {field for word, field in WORDS.items() if len(written) > 2 and word.startswith(written.casefold())}
    return [known[name] for name in (*fitting, *(field for field in fields.FIELDS if field in meant - {*fitting}))]


def _term_start(text: str) -> tuple[int, bool]:
    """Where the term at the end of the text begins, and whether that is inside quotes."""
    start, quoted, at = 0, False, 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == '"':
            quoted = not quoted
        elif not quoted and (character.isspace() or character in "()"):
            start = at + 1
        at += 1
    plus = _TERM_BEGIN.match(text[start:])
    return start + (plus.end() if plus is not None else 0), quoted


def _fitting(known: Iterable[str], written: str) -> list[str]:
    """Those that begin with what is written, then those that have it anywhere, whatever the case."""
    folded = written.replace("*", "").casefold()
    values = list(dict.fromkeys(known))
    begin = [value for value in values if value.casefold().startswith(folded)]
    inside = [value for value in values if folded in value.casefold() and value not in set(begin)]
    return [*begin, *inside][:MOST]


def _none(connection: Connection) -> Iterable[str]:
    return ()


def _types(connection: Connection) -> Iterable[str]:
    table = schema.node_type.c
    rows = connection.scalars(select(table.name).order_by(table.id.desc()).limit(_LOOKED_AT))
    return sorted({name.removeprefix("system.") for name in rows})


def _newest_contexts(type_: str) -> Callable[[Connection], Iterable[str]]:
    context, node_type = schema.context.c, schema.node_type.c
    query = (
        select(context.name)
        .where(context.type_id.in_(select(node_type.id).where(node_type.name == type_, node_type.type_kind == 2)))
        .order_by(context.id.desc())
        .limit(_LOOKED_AT)
    )
    return lambda connection: connection.scalars(query)


def _texts(property: str) -> Callable[[Connection], Iterable[str]]:
    table = schema.execution_property.c
    return lambda connection: distinct(
        connection, table.string_value, table.name == property, table.is_custom_property, most=_LOOKED_AT
    )


def _users(connection: Connection) -> Iterable[str]:
    return ["me", *_texts(names.USER)(connection)]


def _tags(connection: Connection) -> Iterable[str]:
    return sorted({tag for kind in TABLES for tag in tags_of(connection, kind)})


def _properties(connection: Connection) -> Iterable[str]:
    """Names that can be compared: parameters of the newest executions, and properties of numbers and texts."""
    found = dict.fromkeys(_parameters(connection))
    for kind in (Kind.ARTIFACT, Kind.EXECUTION):
        columns = TABLES[kind].property.c
        for value, custom in (
            (value, custom)
            for value in (columns.double_value, columns.int_value, columns.string_value)
            for custom in (True, False)
        ):
            is_custom = columns.is_custom_property if custom else ~columns.is_custom_property
            found.update(dict.fromkeys(islice(distinct(connection, columns.name, is_custom, value.is_not(None)), 200)))
    internal = {names.INPUTS, names.OUTPUTS, names.STORE_SESSION_INFO, names.PARENT_DAG_ID, names.ALSO_INPUTS}
    return [name for name in found if name not in internal and not name.startswith(names.TAG)]


def _parameters(connection: Connection) -> Iterable[str]:
    table = schema.execution_property
    recent = select(schema.execution.c.id).order_by(schema.execution.c.id.desc()).limit(_RECENT).subquery()
    query = (
        select(table)
        .join(recent, recent.c.id == table.c.execution_id)
        .where(table.c.name.in_((names.OUTPUTS, names.INPUTS)), table.c.is_custom_property)
    )
    values = [(row.name, from_columns(row)) for row in connection.execute(query)]
    # Outputs first: they are what runs are compared by.
    values.sort(key=lambda pair: pair[0] != names.OUTPUTS)
    return chain.from_iterable(value.fields for _, value in values if isinstance(value, Struct))


_VALUES: Mapping[str, Callable[[Connection], Iterable[str]]] = {
    "kind": lambda connection: fields.KINDS,
    "state": lambda connection: fields.STATES,
    "changed": lambda connection: fields.CHANGES,
    "after": lambda connection: _TIMES,
    "before": lambda connection: _TIMES,
    "type": _types,
    "pipeline": _newest_contexts(names.PIPELINE),
    "run": _newest_contexts(names.PIPELINE_RUN),
    "task": _texts(names.TASK_NAME),
    "component": _texts(names.COMPONENT),
    "engine": _texts(names.ENGINE),
    "user": _users,
    "tag": _tags,
}

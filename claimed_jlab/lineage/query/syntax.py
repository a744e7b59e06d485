"""A query as a tree, and how it is written: `parse` (parser.py) reads what `text_of` writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from claimed_jlab.lineage.query.fields import FIELDS, OPERATORS
from claimed_jlab.lineage.query.pattern import literal


@dataclass(frozen=True, slots=True)
class Word:
    """Nodes that have the pattern in a name."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Field:
    """Nodes whose field matches.  value: a pattern, or what that field takes (a time, a state)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Nodes with a property that compares so.  operator: `=`, `!=`, `<`, `<=`, `>`, `>=`.  value: as written."""

    property: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Id:
    """One node: `artifact/12`."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Not:
    """All nodes that the query does not find."""

    query: Query


@dataclass(frozen=True, slots=True)
class And:
    """Nodes that all of the queries find."""

    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Nodes that one of the queries finds."""

    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """What the query finds, with what is upstream and downstream of it.

    up, down: how many executions to cross; 0 for not in this direction, None for to the end.
    """

    query: Query
    up: int | None = 0
    down: int | None = 0


Query: TypeAlias = Word | Field | Compare | Id | Not | And | Or | Reach

# What needs no quotes. A `+` or a `:` may mean something, so they are quoted wherever they stand.
_SAFE = re.compile(r"[\w*?./@%-]+")
_ID = re.compile(r"(?:artifact|execution|context)/\d+")
_BARE_PROPERTY = re.compile(r"[^\W\d][\w./-]*")


def text_of(query: Query) -> str:
    """The query in its own language."""
    match query:
        case Or(queries):
            return " or ".join(_inside(item, Or) for item in queries)
        case And(queries):
            return " ".join(_inside(item, And, Or) for item in queries)
        case Not(item):
            return f"not {_inside(item, And, Or)}"
        case Reach(item, up, down):
            inside = _inside(item, And, Or, Not, Reach)
            # A number before a plus would be read as steps.
            inside = _in_quotes(inside) if inside.isdigit() else inside
            return f"{_before(up)}{inside}{_after(down)}"
        case Id(kind, id_):
            return f"{kind}/{id_}"
        case Field(name, value):
            return f"{name}:{_quoted(value)}"
        case Compare(name, operator, value):
            return f"{property_text(name)}{operator}{_quoted(value)}"
        case Word(pattern):
            bare = _SAFE.fullmatch(pattern) and not _ID.fullmatch(pattern) and pattern.lower() not in OPERATORS
            return pattern if bare else _in_quotes(pattern)


def _inside(query: Query, *weaker: type) -> str:
    return f"({text_of(query)})" if isinstance(query, weaker) else text_of(query)


def _before(steps: int | None) -> str:
    return "" if steps == 0 else f"{'' if steps is None else steps}+"


def _after(steps: int | None) -> str:
    return "" if steps == 0 else f"+{'' if steps is None else steps}"


def value_text(value: str) -> str:
    """A text as a field's value that matches it alone."""
    return _quoted(literal(value))


def property_text(name: str) -> str:
    """A property's name as a comparison begins with it; in quotes where it needs them or is a field's too."""
    bare = _BARE_PROPERTY.fullmatch(name) and name.lower() not in FIELDS
    return name if bare else _in_quotes(name.replace("\\", "\\\\"))


def _quoted(value: str) -> str:
    return value if _SAFE.fullmatch(value) else _in_quotes(value)


def _in_quotes(text: str) -> str:
    # A backslash is an escape already; only the quote itself needs one more.
    return '"' + text.replace('"', '\\"') + '"'

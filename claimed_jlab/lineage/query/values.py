"""Comparing properties: in SQL where a column holds the value, in memory where it is inside a Struct.

Parameters that a task took and gave lie in Structs, which are base64: the letters of a parameter's name show there
in one of three spellings, by which the database chooses the few rows worth decoding.
"""

from __future__ import annotations

import base64
import operator as operators
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Double, and_, literal, or_, select

from claimed_jlab.lineage import names, schema
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.query import pattern
from claimed_jlab.lineage.query.parser import is_number
from claimed_jlab.lineage.query.syntax import Compare
from claimed_jlab.lineage.query.tables import TABLES
from claimed_jlab.lineage.values import STRUCT_PREFIX, Struct, from_columns

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "=": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}
_FLAGS = {"true": True, "false": False}
_LONG = 2**63


def has_property(term: Compare, kind: Kind, dialect: str) -> ColumnElement[bool]:
    """Whether a node has the property, with a value that compares so."""
    tables = TABLES[kind]
    columns = tables.property.c
    named = and_(columns.name == term.property, columns.is_custom_property.in_([True, False]))
    return or_(*(tables.having(named, condition) for condition in _conditions(term, columns, dialect)))


def executions_with(connection: Connection, term: Compare) -> set[int]:
    """Executions with an input or output parameter that compares so."""
    table = schema.execution_property
    text = table.c.string_value
    query = select(table).where(table.c.name.in_((names.INPUTS, names.OUTPUTS)), table.c.is_custom_property)
    spellings = list(_spellings(term.property.encode()))
    # A long text lies elsewhere in some databases.
    elsewhere = table.c.proto_value.is_not(None)
    held = or_(*(text.contains(part, autoescape=True) for part in spellings)) if spellings else text != ""
    query = query.where(or_(held, elsewhere))
    found = set()
    for row in connection.execute(query):
        value = from_columns(row)
        if isinstance(value, Struct) and holds(value.fields.get(term.property), term):
            found.add(row.execution_id)
    return found


def holds(value: object, term: Compare) -> bool:
    """Whether a value in memory compares so; what is no number, text or flag never does."""
    number, flag = _number(term.value), _FLAGS.get(term.value.lower())
    compare = _COMPARE[term.operator]
    if isinstance(value, bool):
        return term.operator in ("=", "!=") and bool(compare(value, flag))
    if isinstance(value, int | float):
        if flag is not None and isinstance(value, int):
            number = int(flag)
        return bool(compare(value, number)) if number is not None else term.operator == "!="
    if isinstance(value, str) and term.operator in ("=", "!="):
        return (pattern.regular(term.value).fullmatch(value) is not None) == (term.operator == "=")
    return False


def _conditions(term: Compare, columns: Any, dialect: str) -> Iterator[ColumnElement[bool]]:
    number, flag = _number(term.value), _FLAGS.get(term.value.lower())
    compare = _COMPARE[term.operator]
    whole = int(flag) if flag is not None else number
    for column, value in ((columns.int_value, whole), (columns.double_value, number)):
        if value is not None:
            # As what it is: some databases would round it to the column's type.
            yield compare(column, literal(value, Double() if isinstance(value, float) else BigInteger()))
        elif term.operator == "!=":
            yield column.is_not(None)
    if term.operator in ("=", "!="):
        if flag is not None:
            yield compare(columns.bool_value, flag)
        elif term.operator == "!=":
            yield columns.bool_value.is_not(None)
        like = pattern.matches(columns.string_value, term.value, dialect)
        text = columns.string_value.is_not(None) & ~columns.string_value.startswith(STRUCT_PREFIX)
        yield text & (like if term.operator == "=" else ~like)


def _number(text: str) -> int | float | None:
    if not is_number(text):
        return None
    try:
        whole = int(text)
    except ValueError:
        return float(text)
    return whole if -_LONG <= whole < _LONG else float(text)


def _spellings(name: bytes) -> Iterator[str]:
    """What base64 makes of a text inside a longer one, whichever byte it begins at; nothing for a short text."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + name).decode()
        begin = (0, 2, 3)[before]
        end = (before + len(name)) * 8 // 6
        if len(name) < 3:
            return
        yield whole[begin:end]

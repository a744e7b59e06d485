"""From a query's text to its tree, or to one line that says what was expected and where.

The grammar is in docs/lineage.md. Each function reads one rule of it. What could take long later (many wildcards,
deep nesting) is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from claimed_jlab.lineage.query import pattern
from claimed_jlab.lineage.query.errors import QueryError
from claimed_jlab.lineage.query.fields import CHANGES, FIELDS, KINDS, OPERATORS, STATES, meant
from claimed_jlab.lineage.query.other_words import for_field, for_order, for_value
from claimed_jlab.lineage.query.scan import Scanner
from claimed_jlab.lineage.query.syntax import And, Compare, Field, Id, Not, Or, Query, Reach, Word
from claimed_jlab.lineage.query.times import is_time

LONGEST = 2000
DEEPEST = 30
MOST_TERMS = 100
_ID = re.compile(r"(artifact|execution|context)/(\d{1,18})")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_MINUS = re.compile(r"-([^\W\d]+):")
_SIGNS = {"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
_ORDERS = ("<", "<=", ">", ">=")


def parse(text: str) -> Query | None:
    """The query's tree; None for an empty one, which finds everything. Raises QueryError."""
    if len(text) > LONGEST:
        raise QueryError(f"a query has at most {LONGEST} characters, this one {len(text)}")
    wrong = _NO_TEXT.search(text)
    if wrong is not None:
        raise QueryError("there is a character that no text holds", wrong.start() + 1)
    return _Parser(text).whole()


def is_number(text: str) -> bool:
    """Whether a comparison takes the text as a number, and databases can hold it."""
    return bool(_NUMBER.fullmatch(text)) and abs(float(text)) < 1e308


class _Parser:
    def __init__(self, text: str) -> None:
        self._scan = Scanner(text)
        self._depth = 0
        self._terms = 0

    def whole(self) -> Query | None:
        if self._scan.ended:
            return None
        query = self._any()
        if not self._scan.ended:
            raise QueryError("there is no parenthesis that this one closes", self._scan.column)
        return query

    def _any(self) -> Query:
        queries = [self._all()]
        while self._scan.keyword("or"):
            queries.append(self._all())
        return queries[0] if len(queries) == 1 else Or(tuple(queries))

    def _all(self) -> Query:
        queries = [self._negated()]
        while not self._scan.ended and not self._scan.looking_at(")"):
            place = self._scan.at
            if self._scan.keyword("or"):
                self._scan.at = place
                break
            self._scan.keyword("and")
            queries.append(self._negated())
        return queries[0] if len(queries) == 1 else And(tuple(queries))

    def _negated(self) -> Query:
        if not self._scan.keyword("not"):
            return self._reach()
        return Not(self._deeper(self._negated))

    def _reach(self) -> Query:
        self._scan.skip_blanks()
        up = self._scan.steps_before()
        query = self._operand("" if up == 0 else "after the plus")
        down = self._scan.steps_after()
        if self._scan.at < len(self._scan.text) and not re.match(r"[\s()]", self._scan.text[self._scan.at]):
            raise QueryError("expected a blank or the end here", self._scan.column, "put quotes around the whole text")
        return query if up == down == 0 else Reach(query, up, down)

    def _operand(self, after: str) -> Query:
        column = self._scan.column
        if self._scan.accept("("):
            query = self._deeper(self._any)
            self._scan.skip_blanks()
            if not self._scan.accept(")"):
                raise QueryError("the parenthesis that begins here is never closed", column)
            return query
        self._terms += 1
        if self._terms > MOST_TERMS:
            raise QueryError(f"a query has at most {MOST_TERMS} terms", column)
        text = self._scan.quoted()
        if text is not None:
            operator = self._scan.operator()
            return Word(_checked(text, column)) if operator is None else self._compare(_plain(text), operator, column)
        start = self._scan.at
        head = self._scan.head()
        if head is None:
            return self._word(column, after)
        name, operator = head
        if operator == ":" and name not in FIELDS and self._scan.looking_at("//"):
            self._scan.at = start  # a URI, pasted
            return Field("uri", _checked(self._scan.word(), column))
        return self._field(name, column) if operator == ":" else self._compare(name, operator, column)

    def _word(self, column: int, after: str) -> Query:
        word = self._scan.word()
        if not word or word.lower() in OPERATORS:
            place = f" {after}" if after else ""
            found = f"not {word!r}" if word else ("not )" if self._scan.looking_at(")") else "but the query ends")
            raise QueryError(f"expected a term{place}, {found}", column)
        if word in _SIGNS:
            raise QueryError(f"expected a term, not {word!r}", column, f"write {_SIGNS[word]!r}")
        if word[0] in "<>=!":
            raise QueryError("expected a property's name before the comparison", column)
        if (minus := _MINUS.match(word)) is not None and minus[1].lower() in FIELDS:
            raise QueryError("a minus takes nothing away", column, f"write not {word[1:]}")
        self._refuse_single_quote(word, column)
        if word.startswith("+"):
            raise QueryError("expected a term after one plus", column, "a plus in a text needs quotes")
        id_ = _ID.fullmatch(word)
        return Id(id_[1], int(id_[2])) if id_ else Word(_checked(word, column))

    def _field(self, name: str, column: int) -> Query:
        known = name.lower()
        if known not in FIELDS:
            hint = (
                for_field(name, self._scan.word())
                or f"a property is compared with = < >, as in {name}=…; fields: {', '.join(FIELDS)}"
            )
            raise QueryError(f"there is no field {name!r}", column, hint)
        at, value = self._value(f"after {name}:")
        return Field(known, _field_value(known, value, at))

    def _compare(self, name: str, operator: str, column: int) -> Query:
        operator = "=" if operator == "==" else operator
        at, value = self._value(f"after {operator}")
        if self._scan.text[column - 1] != '"' and name.lower() in FIELDS:
            if operator in _ORDERS:
                hint = for_order(name, operator, value) or f"write {name}:{value}"
                raise QueryError(f"{name} can't be compared with {operator}", column, hint)
            term = Field(name.lower(), _field_value(name.lower(), value, at))
            return term if operator == "=" else Not(term)
        if not name or len(name) > 255:
            raise QueryError("expected the name of a property, of at most 255 characters", column)
        value = _checked(value, at)
        if operator in _ORDERS and not is_number(_plain(value)):
            advice = for_order(name, operator, _plain(value))
            raise QueryError(f"expected a number after {operator}, not {value[:40]!r}", at, advice)
        return Compare(name, operator, value)

    def _value(self, place: str) -> tuple[int, str]:
        """The column and the text of what comes after an operator."""
        column = self._scan.column
        text = self._scan.quoted()
        value = self._scan.word() if text is None else text
        if not value and text is None:
            raise QueryError(f"expected a value {place}", column)
        if text is None:
            self._refuse_single_quote(value, column)
        return column, value

    def _refuse_single_quote(self, word: str, column: int) -> None:
        """A text in single quotes would be taken for words of their own, and find nothing."""
        rest = self._scan.text[column:]
        if word.startswith("'") and "'" in rest:
            raise QueryError("a text is in double quotes", column, f'write "{rest[: rest.index(chr(39))]}"')

    def _deeper(self, rule: Callable[[], Query]) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError(f"a query is nested at most {DEEPEST} deep", self._scan.column)
        query = rule()
        self._depth -= 1
        return query


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _checked(text: str, column: int) -> str:
    if pattern.wildcards(text) > pattern.MOST_WILDCARDS:
        raise QueryError(f"a text has at most {pattern.MOST_WILDCARDS} wildcards *", column)
    return pattern.canonical(text)


def _field_value(name: str, value: str, column: int) -> str:
    if name in ("after", "before"):
        if not is_time(_plain(value)):
            expected = "a date (2026-01-31), a time (2026-01-31T12:00) or how long ago (7d, 12h)"
            raise QueryError(f"expected {expected}, not {value[:40]!r}", column)
        return _plain(value)
    if name == "digest":
        value = value.lower()
    words = {"kind": KINDS, "changed": CHANGES, "state": STATES}.get(name)
    if words is None or (name == "state" and pattern.plain(value) is None):
        return _checked(value, column)
    for word in words:
        if word.casefold() == value.casefold():
            return word
    hint = for_value(name, value) or meant(value, words) or f"{name} is {', '.join(words)}"
    raise QueryError(f"{value[:40]!r} is no {name}", column, hint)

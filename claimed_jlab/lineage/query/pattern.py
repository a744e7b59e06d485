r"""Texts with wildcards: `*` for any characters, `?` for one, a backslash before what is meant literally.

Letters match whatever their case. Every pattern here is in one canonical spelling: only `*`, `?` and the backslash
itself carry a backslash.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

MOST_WILDCARDS = 8
_PART = re.compile(r"\\(.)|(\*+)|(.)", re.DOTALL)
_ANY, _ONE = "*", "?"
_SPECIAL = "*?\\"


def canonical(text: str) -> str:
    """The spelling of a pattern in which equal patterns are equal texts."""
    spelled = "".join(part if wild else _escaped(part) for part, wild in _parts(text))
    return spelled


def literal(text: str) -> str:
    """The pattern that matches the text alone."""
    return "".join(_escaped(character) for character in text)


def plain(pattern: str) -> str | None:
    """The one text that the pattern stands for; None when it has wildcards."""
    parts = list(_parts(pattern))
    return None if any(wild for _, wild in parts) else "".join(part for part, _ in parts)


def wildcards(pattern: str) -> int:
    """How many `*` there are: each may be tried at every place of a text."""
    return sum(wild and part == _ANY for part, wild in _parts(pattern))


def containing(pattern: str) -> str:
    """The pattern for texts that have a match anywhere."""
    return canonical(f"*{pattern}*")


def matches(column: ColumnElement[str], pattern: str, dialect: str) -> ColumnElement[bool]:
    """Whether the column holds a text that the pattern matches; false, and never unknown, where it is NULL."""
    if pattern == _ANY:
        return column.is_not(None)
    if dialect == "sqlite":
        # GLOB with both cases of every letter: SQLite's own folding knows only English letters.
        return column.is_not(None) & column.op("GLOB", is_comparison=True)(_glob(pattern))
    if dialect in ("mysql", "mariadb"):
        like = func.lower(_Letters(column)).like(_Letters(bindparam(None, _like(pattern), String())), escape="!")
        return column.is_not(None) & like
    if dialect == "postgresql" and not pattern.isascii():
        # There a database knows the letters of its locale only, which may be none but English ones.
        return column.is_not(None) & column.op("~", is_comparison=True)(_expression(pattern))
    return column.is_not(None) & func.lower(column).like(_like(pattern), escape="!")


class _Letters(FunctionElement[str]):
    """A text as MySQL has to see it to know its letters: there a column holds one character for each byte."""

    type = String()
    inherit_cache = True
    name = "letters"


@compiles(_Letters)
def _convert(element: Any, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"(CONVERT(CAST(CONVERT({text} USING latin1) AS BINARY) USING utf8mb4) COLLATE utf8mb4_bin)"


def regular(pattern: str) -> re.Pattern[str]:
    """The pattern for values that are in memory; use it with `fullmatch`."""
    chunks = [""]
    for part, wild in _parts(pattern):
        if wild and part == _ANY:
            chunks.append("")
        else:
            chunks[-1] += "." if wild else f"[{''.join(map(re.escape, _cases(part)))}]"
    first, *rest = chunks
    # A chunk once found is never looked for again further on: else many wildcards would try every combination.
    middle = "".join(f"(?=(?P<c{number}>.*?{chunk}))(?P=c{number})" for number, chunk in enumerate(rest[:-1]))
    return re.compile(first + middle + (f".*{rest[-1]}" if rest else ""), re.DOTALL)


def _parts(pattern: str) -> Iterator[tuple[str, bool]]:
    """Each character with whether it is a wildcard; several `*` in a row are one."""
    for match in _PART.finditer(pattern):
        quoted, stars, character = match.groups()
        if stars:
            yield _ANY, True
        else:
            yield (quoted, False) if quoted is not None else (character, character == _ONE)


def _escaped(character: str) -> str:
    return f"\\{character}" if character in _SPECIAL else character


def _cases(character: str) -> list[str]:
    return sorted({case for case in (character, character.lower(), character.upper()) if len(case) == 1})


def _glob(pattern: str) -> str:
    spelled = []
    for part, wild in _parts(pattern):
        cases = _cases(part)
        # In GLOB a letter stands for itself but for the four that mean something; those go into brackets.
        spelled.append(part if wild or (len(cases) == 1 and part not in "[]*?") else f"[{''.join(cases)}]")
    return "".join(spelled)


def _expression(pattern: str) -> str:
    """For PostgreSQL's regular expressions, with both cases of every letter."""
    spelled = []
    for part, wild in _parts(pattern):
        if wild:
            spelled.append(".*" if part == _ANY else ".")
        elif part.isalnum():
            spelled.append(f"[{''.join(_cases(part))}]")
        else:
            spelled.append(f"\\{part}" if part.isascii() and part.isprintable() and not part.isspace() else part)
    return f"^{''.join(spelled)}$"


def _like(pattern: str) -> str:
    spelled = []
    for part, wild in _parts(pattern):
        if wild:
            spelled.append("%" if part == _ANY else "_")
        else:
            spelled.append(f"!{part}" if part in "%_!" else part.lower())
    return "".join(spelled)

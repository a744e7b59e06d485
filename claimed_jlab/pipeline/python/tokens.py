"""The names in Python's text, told apart by what they do there."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")


@dataclass(frozen=True)
class NameToken:
    """A name. start: in bytes.  defines: it stands where it is given (`x =`, `as x`)."""

    text: str
    start: int
    defines: bool


def names_in(text: str) -> Iterator[NameToken]:
    """The names in a text, but those of attributes and of a call's arguments; none where it can't be taken apart."""
    starts, lines = [0], text.split("\n")
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-8", "surrogatepass")) + 1)
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return
    depth = 0
    for number, token in enumerate(tokens):
        if token.type == tokenize.OP:
            depth += (token.string in _OPEN) - (token.string in _CLOSE)
        if token.type != tokenize.NAME or keyword.iskeyword(token.string):
            continue
        before = tokens[number - 1].string if number else ""
        after = tokens[number + 1].string
        if before == "." or (depth and after == "="):
            continue
        row, column = token.start
        start = starts[row - 1] + len(lines[row - 1][:column].encode("utf-8", "surrogatepass"))
        yield NameToken(token.string, start, before == "as" or (not depth and after in ("=", ":")))

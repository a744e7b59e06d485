"""Notebooks in another language than Python: their `parameters` cell, said in Python, so that one reader reads both.

Of other languages no parser is here, so only what is plain everywhere is read: `name = value`, and R's `name <- value`,
with a literal. A comment behind it may begin with a type, as in `data <- "a.csv"  # Input[Dataset] The table`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from claimed_jlab.component.types import UnknownType, parse_type

_ASSIGNMENT = re.compile(r"^\s*(?:(?:val|var|let|const|export|local)\s+)?([^\W\d]\w*)\s*(?:<-|:=|=)\s*(.*?);?\s*$")
_COMMENT = re.compile(r"""^((?:[^"'#/]|/(?!/)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*)(?:#|//)\s?(.*)$""")
_WORDS = {"TRUE": True, "true": True, "T": True, "FALSE": False, "false": False, "F": False}
_NOTHING = ("NULL", "NA", "nothing", "null", "nil", "None")


def language_of(content: dict[str, Any]) -> str:
    """The language of a notebook, in lower case; Python where it says none."""
    metadata = content.get("metadata") or {}
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        found = metadata.get(part)
        if isinstance(found, dict) and found.get(key):
            return str(found[key]).lower()
    return "python"


def as_python(source: str) -> tuple[str, list[int]]:
    """A cell of parameters in Python, line by line, and the lines (from 1) that could not be said."""
    lines, unread = [], []
    for number, line in enumerate(source.split("\n"), start=1):
        said = _line(line)
        if said is None:
            unread.append(number)
        lines.append(said or "")
    return "\n".join(lines), unread


def _line(line: str) -> str | None:
    """One line in Python; None where it is neither empty, nor a comment, nor an assignment of a literal."""
    found = _COMMENT.match(line)
    code, comment = (found[1], found[2].strip()) if found else (line, "")
    if not code.strip():
        return f"# {comment}" if comment else ""
    assignment = _ASSIGNMENT.match(code)
    if assignment is None:
        return None
    try:
        value = _literal(assignment[2])
    except ValueError:
        return None
    kind, description = _typed(comment)
    annotation = f": {json.dumps(kind)}" if kind else ""
    return f"{assignment[1]}{annotation} = {value!r}" + (f"  # {description}" if description else "")


def _literal(text: str) -> Any:
    """A number, a text in quotes, a truth, nothing. Raises ValueError."""
    if text in _WORDS:
        return _WORDS[text]
    if text in _NOTHING:
        return None
    if len(text) > 1 and text[0] == text[-1] == "'" and "'" not in text[1:-1]:
        return text[1:-1]
    if re.fullmatch(r"-?\d+L", text):  # an integer of R
        return int(text[:-1])
    value = json.loads(text)
    if isinstance(value, dict | list):
        raise ValueError("no plain literal")
    return value


def _typed(comment: str) -> tuple[str, str]:
    """(type, description) of a comment; the type is empty where it does not begin with one."""
    word, _, rest = comment.partition(" ")
    try:
        parse_type(word)
    except UnknownType:
        return "", comment
    return word, rest.strip()

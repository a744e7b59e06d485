"""Values as Python's literals, as a formatter would write them."""

from __future__ import annotations

from typing import Any

WIDTH = 100


def literal(value: Any, indent: str = "", column: int = 0) -> str:
    """The literal of JSON's data: on one line where it fits, else an item a line.

    indent: of the line that it begins in.  column: where in that line it begins.
    """
    flat = _flat(value)
    if column + len(flat) <= WIDTH or not isinstance(value, list | dict) or not value:
        return flat
    inner = indent + "    "
    if isinstance(value, dict):
        lines = [_entry(f"{string(key)}: ", item, inner) for key, item in value.items()]
        return "{\n" + "".join(lines) + indent + "}"
    return "[\n" + "".join(_entry("", item, inner) for item in value) + indent + "]"


def string(text: str) -> str:
    """A text as a literal, in double quotes where that needs no more escapes."""
    written = repr(text)
    if written.startswith("'") and '"' not in text:
        return f'"{written[1:-1]}"'
    return written


def long_string(text: str, indent: str) -> str:
    """A text as a literal, in brackets and lines that are joined where one line is too short."""
    if len(indent) + len(text) < WIDTH:
        return string(text)
    inner, lines, words = indent + "    ", [""], text.split(" ")
    for number, word in enumerate(words):
        piece = word + (" " if number < len(words) - 1 else "")
        if lines[-1] and len(inner) + len(lines[-1]) + len(piece) > WIDTH:
            lines.append("")
        lines[-1] += piece
    return "(\n" + "".join(f"{inner}{string(line)}\n" for line in lines) + indent + ")"


def _entry(lead: str, item: Any, indent: str) -> str:
    return f"{indent}{lead}{literal(item, indent, len(indent) + len(lead) + 1)},\n"


def _flat(value: Any) -> str:
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{string(key)}: {_flat(item)}" for key, item in value.items()) + "}"
    return repr(value)

"""What a preview is made of: a MIME bundle, and its accessible HTML. All text that goes in is escaped here."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

# Letters that a cell has room for.
CELL = 300


class Shown(NamedTuple):
    """bundle: by MIME type.  truncated: there is more than is shown."""

    bundle: dict[str, Any]
    truncated: bool = False


def line(text: str) -> Shown:
    """One line that says what there is, or why nothing is shown."""
    return Shown({"text/plain": text})


def cell(value: object) -> str:
    """A value as escaped text, as long as a cell has room for."""
    text = str(value)
    return html.escape(text if len(text) <= CELL else f"{text[:CELL]}…")


def table(caption: str, heads: Sequence[Sequence[str]], rows: Iterable[Sequence[object]]) -> str:
    """A table with a caption and rows of heads, each a head of its column."""
    head = "".join(_row('<th scope="col">', "</th>", names) for names in heads)
    body = "".join(_row("<td>", "</td>", row) for row in rows)
    return f"<table><caption>{cell(caption)}</caption><thead>{head}</thead><tbody>{body}</tbody></table>"


def _row(before: str, after: str, values: Sequence[object]) -> str:
    return f"<tr>{''.join(f'{before}{cell(value)}{after}' for value in values)}</tr>"


def facts(caption: str, rows: Iterable[tuple[str, object]]) -> str:
    """A table of two columns: each row is a name and its value."""
    body = "".join(f'<tr><th scope="row">{cell(name)}</th><td>{cell(value)}</td></tr>' for name, value in rows)
    return f"<table><caption>{cell(caption)}</caption><tbody>{body}</tbody></table>"


def figure(mime: str, content: bytes, caption: str) -> str:
    """A picture inside the page, with its caption, which is its alternative text, too."""
    data = base64.b64encode(content).decode()
    text = cell(caption)
    return f'<figure><img src="data:{mime};base64,{data}" alt="{text}"><figcaption>{text}</figcaption></figure>'


def plain(title: str, rows: Iterable[tuple[str, object]]) -> str:
    """The same as text: a title and a line a fact."""
    return "\n".join([title, *(f"{name[:CELL]}: {str(value)[:CELL]}" for name, value in rows)])


def weight(size: int) -> str:
    """Bytes for people: `3.4 MB`."""
    value = float(size)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{size:,} bytes" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"

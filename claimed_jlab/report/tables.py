"""A small table that can be read by a screen reader, by a terminal and by a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_SIGN = {True: "✓", False: "✗"}
_MINUS = re.compile(r"(?<!\S)-(?=\d)")


@dataclass(frozen=True)
class Cell:
    """What a cell says.

    mark: the verdict on it in a word or two, such as "outside"; `good` chooses its sign and colour, which
    never stand alone.
    """

    text: str
    mark: str = ""
    good: bool = True


@dataclass(frozen=True)
class Table:
    """Rows under headers; the first cell of a row names the row."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def to_html(self) -> str:
        """An HTML table with a caption and scoped headers; every text is escaped."""
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in self.headers)
        body = "".join(f"<tr>{_row(cells)}</tr>" for cells in self.rows)
        return (
            f'<table class="claimed-table"><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def to_text(self) -> str:
        """The same in aligned columns, for a terminal."""
        lines = [list(self.headers), *([_plain(cell) for cell in row] for row in self.rows)]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.headers))]
        text = [_aligned(line, widths) for line in lines]
        text.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([self.caption, *text])


def _row(cells: Sequence[Cell]) -> str:
    first, *others = cells
    return f'<th scope="row">{escape(first.text)}</th>' + "".join(_data(cell) for cell in others)


def _data(cell: Cell) -> str:
    words = escape(_MINUS.sub("−", cell.text))
    if not cell.mark:
        return f"<td>{words}</td>"
    kind = "good" if cell.good else "bad"
    return f'<td>{words} <span class="claimed-mark {kind}">{_SIGN[cell.good]} {escape(cell.mark)}</span></td>'


def _plain(cell: Cell) -> str:
    return f"{cell.text} {_SIGN[cell.good]} {cell.mark}".lstrip() if cell.mark else cell.text


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [line[0].ljust(widths[0])]
    cells += [text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=True)]
    return "  ".join(cells).rstrip()

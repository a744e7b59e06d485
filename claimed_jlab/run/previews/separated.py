"""How a table in text is written: what separates its columns, whether it begins with their names, its encoding.

A file that is called a table is one. Any other is a table only where its lines leave no doubt: each has as many cells
as the others, and what is in the cells is not what sentences, programs or logs have. In doubt a text is a text.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import gzip
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

GZIP = ".gz"
_SEPARATORS = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
_SNIFFED = ("\t", ",", ";", "|")
# Texts of a kind of their own, whatever their lines look like.
_OTHERS = frozenset({
    ".json", ".jsonl", ".ndjson", ".log", ".md", ".rst", ".tex", ".html", ".htm", ".xml", ".svg", ".yaml", ".yml",
    ".toml", ".ini", ".cfg", ".py", ".r", ".sql", ".sh", ".ipynb",
})  # fmt: skip
_HEAD = 64 << 10
_ROWS = 100
# Without a column of numbers or dates, so many lines alike are no accident.
_ALIKE = 4
_WIDEST = 20_000
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)", re.IGNORECASE)
_MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "None", "?"})
_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"))
_ENDS = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True)
class Layout:
    """separator: " " stands for any number of blanks.  header: whether the first row has the columns' names.

    skip: lines before the table, of comments.
    """

    separator: str
    header: bool = True
    encoding: str = "utf-8-sig"
    skip: int = 0

    def text(self, path: Path) -> TextIO:
        """The file, at its beginning. Raises OSError."""
        if _is_gzip(path):
            return gzip.open(path, "rt", encoding=self.encoding, errors="replace", newline="")
        return path.open(encoding=self.encoding, errors="replace", newline="")

    def row(self, line: str) -> str:
        """A line for `csv.reader`."""
        return f"{line.strip()}\n" if self.separator == " " else line


def named_layout(path: Path) -> Layout | None:
    """The layout of a file that is called a table, also when it is compressed; None for any other. Raises OSError."""
    separator = _SEPARATORS.get(_suffix(path))
    if separator is None:
        return None
    head = _head(path)
    encoding = _encoding(head)
    first = head.decode(encoding, "replace").partition("\n")[0]
    if separator == "," and separator not in first:
        separator = next((one for one in (";", "\t") if one in first), separator)
    return Layout(separator, encoding=encoding)


def sniffed_layout(path: Path) -> Layout | None:
    """The layout of a text that is a table beyond doubt; None for any other file. Raises OSError."""
    if _suffix(path) in _OTHERS:
        return None
    head = _head(path)
    encoding = _encoding(head)
    text = head.decode(encoding, "replace")
    if _CONTROL.search(text):
        return None
    lines = _ENDS.split(text)
    if len(head) == _HEAD:
        lines = lines[:-1]
    skip = next((at for at, line in enumerate(lines) if not line.startswith("##")), 0)
    lines = [line for line in lines[skip:] if line.strip()][: _ROWS + 1]
    if len(lines) < 2 or max(map(len, lines)) > _WIDEST:
        return None
    for separator in (*_SNIFFED, " "):
        rows = _rows(lines, separator)
        if rows is not None and _is_table(rows, lines, separator):
            return Layout(separator, _has_header(rows), encoding, skip)
    return None


def layout_of(path: Path) -> Layout | None:
    """The layout of a table, by its name or by what is in it. Raises OSError."""
    return named_layout(path) or sniffed_layout(path)


def type_of(values: Sequence[str]) -> str:
    """int, float, bool, date or text: the narrowest that all values fit, those missing aside; `empty` without any."""
    there = [value.strip() for value in values if value.strip() not in _MISSING]
    if not there:
        return "empty"
    if all(_INTEGER.fullmatch(value) for value in there):
        return "int"
    if all(_NUMBER.fullmatch(value) for value in there):
        return "float"
    if all(value.lower() in ("true", "false") for value in there):
        return "bool"
    return "date" if all(_is_date(value) for value in there) else "text"


def _is_date(value: str) -> bool:
    try:
        # Before Python 3.11 the letter Z was no offset.
        datetime.datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        return False
    return len(value) >= len("2026-01-01")


def _suffix(path: Path) -> str:
    return Path(path.stem).suffix.lower() if _is_gzip(path) else path.suffix.lower()


def _is_gzip(path: Path) -> bool:
    return path.suffix.lower() == GZIP


def _head(path: Path) -> bytes:
    with gzip.open(path) if _is_gzip(path) else path.open("rb") as file:
        try:
            return file.read(_HEAD)
        except (EOFError, zlib.error) as error:
            raise OSError(f"it is damaged: {error}") from None


def _encoding(head: bytes) -> str:
    """UTF-8, UTF-16 where it says so, else what Excel writes in Western Europe."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        # The last character may be cut in two.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _rows(lines: Sequence[str], separator: str) -> list[list[str]] | None:
    """The cells of the lines; None unless each line has as many as the others, and more than one."""
    if not all(separator in line.strip() for line in lines):
        return None
    layout = Layout(separator)
    try:
        rows = list(
            csv.reader(map(layout.row, lines), delimiter=separator, skipinitialspace=separator == " ", strict=True)
        )
    except csv.Error:
        return None
    # A quotation mark that closes lines below is one of a text.
    alike = len(rows) == len(lines) and len({len(row) for row in rows}) == 1 and len(rows[0]) > 1
    return rows if alike else None


def _is_table(rows: Sequence[Sequence[str]], lines: Sequence[str], separator: str) -> bool:
    if any(cell.count(left) != cell.count(right) for row in rows for cell in row for left, right in _BRACKETS):
        return False  # a program, or JSON
    body = rows[1:] if _has_header(rows) else rows
    types = [type_of(column) for column in zip(*body, strict=True)]
    typed = sum(one not in ("text", "empty") for one in types)
    if separator == " ":
        return len(rows) > 2 and (typed == len(types) or (typed > 0 and len(types) > 2))
    if typed or separator == "\t":
        return True
    # After a comma of a sentence there is a blank.
    return len(rows) >= _ALIKE and not any(f"{separator} " in line for line in lines)


def _has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row has names: each another, and none that would do as a value of a column of numbers."""
    first = [cell.strip() for cell in rows[0]]
    if len(set(first)) < len(first) or "" in first:
        return False
    types = [type_of(column) for column in zip(*rows[1:], strict=True)]
    return not any(
        type_of([cell]) not in ("text", "empty") for cell, type_ in zip(first, types, strict=True) if type_ != "text"
    )

"""The head of a table: names, types and the first rows. CSV by the standard library, Parquet by pyarrow."""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from claimed_jlab.run.previews.shown import Shown, line, table

SEPARATORS = {".csv": ",", ".tsv": "\t"}
_ROWS = 100
_COLUMNS = 200
_LINE = 1 << 20
_HEAD = 8 << 20
_COUNTED = 16 << 20
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(inf|nan)", re.IGNORECASE)
_MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "None"})


def delimited(path: Path, separator: str) -> Shown:
    """The head of a CSV or TSV file, with the types that its first rows suggest and the number of its rows."""
    try:
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
            first = file.readline(_LINE)
            if separator == "," and "," not in first and ";" in first:
                separator = ";"
            file.seek(0)
            rows: list[list[str]] = []
            for row in csv.reader(_lines(file, _HEAD), delimiter=separator):
                rows.append(row)
                if len(rows) > _ROWS + 1:
                    break
        if not rows:
            return line("The table is empty.")
        many = len(rows) > _ROWS + 1
        count = _count(path, separator) if many else f"{len(rows) - 1:,}"
    except csv.Error as error:
        return line(f"The table can't be read: {error}")
    names, body = rows[0], rows[1 : _ROWS + 1]
    types = [_type_of([row[at] for row in body if at < len(row)]) for at in range(min(len(names), _COLUMNS))]
    return _shown(names, types, body, count, many)


def parquet(path: Path) -> Shown:
    """The head of a Parquet file; without pyarrow a line says how to get it."""
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        return line("A Parquet table. To see its head here: pip install pyarrow")
    try:
        with ParquetFile(path) as file:
            schema, total = file.schema_arrow, file.metadata.num_rows
            names = list(schema.names)
            shown = names[:_COLUMNS]
            batch = next(file.iter_batches(batch_size=_ROWS, columns=shown), None)
            columns = [] if batch is None else [column.to_pylist() for column in batch.columns]
    except Exception as error:  # pyarrow raises its own kinds, and whatever a malformed file brings about.
        return line(f"The Parquet file can't be read: {str(error).splitlines()[0] if str(error) else 'malformed'}")
    rows = [["" if value is None else str(value) for value in row] for row in zip(*columns, strict=False)]
    return _shown(names, [str(schema.field(name).type) for name in shown], rows, f"{total:,}", total > len(rows))


def _shown(names: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[str]], count: str, many: bool) -> Shown:
    wide = len(names) > _COLUMNS
    caption = f"the first {len(rows)} of {count} rows" if many else f"{count} rows"
    caption += (
        f", the first {_COLUMNS} of {len(names):,} columns"
        if wide
        else f", {len(names)} column{'s' * (len(names) != 1)}"
    )
    head = [names[:_COLUMNS], types]
    text = [", ".join(f"{name[:300]} ({kind})" for name, kind in zip(names, types, strict=False))]
    text += [", ".join(value[:300] for value in row[:_COLUMNS]) for row in rows[:20]]
    page = table(caption, head, (row[:_COLUMNS] for row in rows))
    return Shown({"text/html": page, "text/plain": "\n".join([caption, *text])}, many or wide)


def _lines(file: TextIO, limit: int) -> Iterator[str]:
    """Lines of a file, up to so many characters: a file may be one endless line."""
    while limit > 0 and (text := file.readline(_LINE)):
        limit -= len(text)
        yield text


def _count(path: Path, separator: str) -> str:
    size = path.stat().st_size
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        if size <= _COUNTED:
            return f"{sum(1 for _ in csv.reader(_lines(file, _COUNTED), delimiter=separator)) - 1:,}"
        beginning = sum(1 for _ in csv.reader(_lines(file, _HEAD), delimiter=separator))
    return f"about {round(beginning * size / _HEAD, -3):,.0f}"


def _type_of(values: Sequence[str]) -> str:
    """int, float, bool, date or text: the narrowest that all values fit, those missing aside."""
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

"""The head of a table: names, types and the first rows. text by the standard library, Parquet by pyarrow."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from claimed_jlab.run.previews.separated import GZIP, Layout, type_of
from claimed_jlab.run.previews.shown import Shown, line, table

_ROWS = 100
_COLUMNS = 200
_LINE = 1 << 20
_HEAD = 8 << 20
_COUNTED = 16 << 20


def delimited(path: Path, layout: Layout) -> Shown:
    """The head of a table in text, with the types that its first rows suggest and the number of its rows."""
    wanted = _ROWS + layout.header
    try:
        with layout.text(path) as file:
            rows = list(islice(_rows(file, layout, _HEAD), wanted + 1))
        if not rows:
            return line("The table is empty.")
        many = len(rows) > wanted
        count = _count(path, layout) if many else f"{len(rows) - layout.header:,}"
    except (csv.Error, EOFError, zlib.error) as error:
        return line(f"The table can't be read: {error}")
    body = rows[layout.header : wanted]
    names = rows[0] if layout.header else [str(number + 1) for number in range(len(rows[0]))]
    types = [type_of([row[at] for row in body if at < len(row)]) for at in range(min(len(names), _COLUMNS))]
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


def _rows(file: TextIO, layout: Layout, limit: int) -> Iterator[list[str]]:
    """The rows in the first so many characters: a file may be one endless line."""
    given = (layout.row(line) for line in islice(_lines(file, limit), layout.skip, None))
    yield from csv.reader(given, delimiter=layout.separator, skipinitialspace=layout.separator == " ")


def _lines(file: TextIO, limit: int) -> Iterator[str]:
    while limit > 0 and (text := file.readline(_LINE)):
        limit -= len(text)
        yield text


def _count(path: Path, layout: Layout) -> str:
    """How many rows there are: of a large file about how many, by its beginning."""
    size = path.stat().st_size
    compressed = path.suffix.lower() == GZIP
    with layout.text(path) as file:
        if size <= _COUNTED and not compressed:
            return f"{sum(1 for _ in _rows(file, layout, _COUNTED)) - layout.header:,}"
        beginning = sum(1 for _ in _rows(file, layout, _HEAD)) - layout.header
        if compressed:
            # Nobody knows how long it is.
            return f"{beginning:,}" if not file.read(1) else f"more than {beginning:,}"
    return f"about {round(beginning * size / _HEAD, -3):,.0f}"

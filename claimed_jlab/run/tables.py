"""What is in a table: its columns, their types, and a few numbers of each. pandas reads it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.previews.separated import Layout, layout_of

_LARGEST_BYTES = 512 << 20
_PARQUET = ".parquet"


@dataclass(frozen=True)
class Profile:
    """rows: their number.  types: of the columns, as pandas calls them.  columns: numbers of each by what they are."""

    rows: int
    types: Mapping[str, str]
    columns: Mapping[str, Mapping[str, Any]]


def is_table(path: Path) -> bool:
    """Whether the file can be read as a table, by its name or by what is in it."""
    try:
        return path.suffix.lower() == _PARQUET or layout_of(path) is not None
    except OSError:
        return False


def profile(path: Path) -> Profile:
    """Reads a table. Raises ClaimedError: without pandas, for a file above 512 MB, for what is no table."""
    try:
        import pandas as pd
    except ImportError:
        raise ClaimedError(
            "the contents of tables are compared with pandas, which is not installed",
            hint="pip install pandas",
            code="missing-libraries",
        ) from None
    if path.stat().st_size > _LARGEST_BYTES:
        raise ClaimedError("the table is larger than 512 MB", where=str(path), code="too-large")
    try:
        table = pd.read_parquet(path) if path.suffix.lower() == _PARQUET else _read_text(pd, path)
    except Exception as error:  # pandas and its readers raise whatever they like
        raise ClaimedError(f"no table: {error}", where=str(path), code="bad-table") from None
    columns = {str(name): _numbers(table[name]) for name in table.columns}
    return Profile(len(table), {str(name): str(kind) for name, kind in table.dtypes.items()}, columns)


def _read_text(pd: Any, path: Path) -> Any:
    layout = layout_of(path) or Layout(",")
    table = pd.read_csv(
        path,
        sep=r"\s+" if layout.separator == " " else layout.separator,
        header=0 if layout.header else None,
        encoding=layout.encoding,
        skiprows=layout.skip,
    )
    if not layout.header:
        # As the preview counts them.
        table.columns = range(1, len(table.columns) + 1)
    return table


def _numbers(column: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"missing": int(column.isna().sum()), "distinct": int(column.nunique())}
    if column.dtype.kind in "iuf":
        measures: Mapping[str, Callable[[], Any]] = {
            "mean": column.mean,
            "std": column.std,
            "min": column.min,
            "max": column.max,
        }
        found |= {name: _short(measure()) for name, measure in measures.items()}
    elif len(column):
        most = column.value_counts()
        found["most frequent"] = None if most.empty else f"{most.index[0]} ({most.iloc[0]})"
    return found


def _short(value: Any) -> float | None:
    number = float(value)
    return float(f"{number:.6g}") if math.isfinite(number) else None

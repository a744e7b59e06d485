"""What is in a table: its columns, their types, and a few numbers of each. pandas reads it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimed_jlab.errors import ClaimedError

_LARGEST_BYTES = 512 << 20
_TEXTS: Mapping[str, dict[str, Any]] = {".csv": {}, ".tsv": {"sep": "\t"}}
_SUFFIXES = (*_TEXTS, ".parquet")


@dataclass(frozen=True)
class Profile:
    """rows: their number.  types: of the columns, as pandas calls them.  columns: numbers of each by what they are."""

    rows: int
    types: Mapping[str, str]
    columns: Mapping[str, Mapping[str, Any]]


def is_table(path: Path) -> bool:
    """Whether the file is one that can be read as a table, by its name."""
    return path.suffix.lower() in _SUFFIXES


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
    suffix = path.suffix.lower()
    try:
        table = pd.read_parquet(path) if suffix == ".parquet" else pd.read_csv(path, **_TEXTS[suffix])
    except Exception as error:  # pandas and its readers raise whatever they like
        raise ClaimedError(f"no table: {error}", where=str(path), code="bad-table") from None
    columns = {str(name): _numbers(table[name]) for name in table.columns}
    return Profile(len(table), {str(name): str(kind) for name, kind in table.dtypes.items()}, columns)


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

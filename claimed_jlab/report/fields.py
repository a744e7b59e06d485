"""Reading a report document field by field, so that an error can name the field.

JSON knows no NaN and no infinity, yet both are honest results (the ratio of two rates, one of them of
nobody). A measured value that is not finite is written as the string "NaN", "Infinity" or "-Infinity".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claimed_jlab.report.errors import ReportError

Json = Any
_SPECIAL = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def encode_number(value: float) -> float | str:
    """A number as JSON can hold it; the inverse of `Fields.number`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


@dataclass(frozen=True)
class Fields:
    """One object of a document, and the path that leads to it (`fairness[2]`; empty at the top).

    Every reader raises ReportError with the field's full name when the field is missing or of another kind.
    """

    values: Mapping[str, Json]
    path: str = ""

    def name(self, field: str) -> str:
        return f"{self.path}.{field}" if self.path else field

    def require(self, field: str) -> Json:
        if field not in self.values:
            raise ReportError(f"field {self.name(field)!r} is missing")
        return self.values[field]

    def text(self, field: str) -> str:
        value = self.require(field)
        return value if isinstance(value, str) else self._refuse(field, value, "text")

    def flag(self, field: str) -> bool:
        value = self.require(field)
        return value if isinstance(value, bool) else self._refuse(field, value, "true or false")

    def count(self, field: str) -> int:
        value: Any = self.require(field)
        return int(value) if is_count(value) else self._refuse(field, value, "a whole number, 0 or more")

    def number(self, field: str) -> float:
        value = self.require(field)
        if isinstance(value, str) and value in _SPECIAL:
            return _SPECIAL[value]
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(field, value, 'a number, "NaN", "Infinity" or "-Infinity"')
        return float(value)

    def number_or_none(self, field: str) -> float | None:
        return None if self.values.get(field) is None else self.number(field)

    def items(self, field: str) -> Sequence[Json]:
        value = self.require(field)
        return value if isinstance(value, list) else self._refuse(field, value, "a list")

    def texts(self, field: str) -> tuple[str, ...]:
        values = self.items(field)
        return tuple(
            value if isinstance(value, str) else self._refuse(f"{field}[{i}]", value, "text")
            for i, value in enumerate(values)
        )

    def interval(self, field: str) -> tuple[float, float] | None:
        """Two numbers, the lower first; None where the field is null or absent."""
        value = self.values.get(field)
        if value is None:
            return None
        if not is_numbers(value, 2) or value[0] > value[1]:
            self._refuse(field, value, "two numbers, the lower first")
        return float(value[0]), float(value[1])

    def object(self, field: str) -> Fields:
        value = self.require(field)
        if not isinstance(value, dict):
            self._refuse(field, value, "an object")
        return Fields(value, self.name(field))

    def objects(self, field: str) -> list[Fields]:
        found = []
        for i, value in enumerate(self.items(field)):
            if not isinstance(value, dict):
                self._refuse(f"{field}[{i}]", value, "an object")
            found.append(Fields(value, self.name(f"{field}[{i}]")))
        return found

    def _refuse(self, field: str, value: Json, wanted: str) -> Any:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else f"{shown[:57]}…"
        raise ReportError(f"field {self.name(field)!r} must be {wanted}, not {shown}")


def is_count(value: Json) -> bool:
    """Whether a JSON value is a whole number of things."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_numbers(value: Json, length: int) -> bool:
    """Whether a JSON value is a list of so many finite numbers."""
    return (
        isinstance(value, list)
        and len(value) == length
        and all(isinstance(item, int | float) and not isinstance(item, bool) for item in value)
        and all(math.isfinite(item) for item in value)
    )

"""Numbers in words: as a report shows them, also those that are no numbers."""

from __future__ import annotations

import math


def number_text(value: float, digits: int = 3) -> str:
    """A number for the eye: `0.812`, `undefined` for NaN, `infinite` or `minus infinite`."""
    if math.isnan(value):
        return "undefined"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    # Adding zero turns a rounded "-0.000" into "0.000".
    return f"{round(value, digits) + 0.0:.{digits}f}"


def percent_text(value: float) -> str:
    """A share of 0 to 1 as `71.3 %`; words where it is no number."""
    return f"{100 * value:.1f} %" if math.isfinite(value) else number_text(value)


def value_text(value: object) -> str:
    """Any JSON value of a reason: numbers as `number_text`, whole numbers and words as they are."""
    if isinstance(value, float):
        return number_text(value)
    if value is None:
        return "nothing"
    return str(value)

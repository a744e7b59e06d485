"""Times in queries: dates and times as ISO 8601 writes them, in the local zone, days by their names, how long ago."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_AGO = re.compile(r"(\d{1,5})(m|h|d|w)")
_DAYS = {"today": 0, "yesterday": 1}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_ISO = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE)


def is_time(text: str) -> bool:
    """Whether the text says a time that there is."""
    try:
        moment(text, datetime.now())
    except (ValueError, OverflowError, OSError):
        return False
    return True


def moment(text: str, now: datetime) -> int:
    """Milliseconds since 1970. Raises ValueError or OverflowError for a text that says none."""
    ago = _AGO.fullmatch(text)
    if ago is not None:
        return _milliseconds(now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}))
    if text.lower() in _DAYS:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return _milliseconds(midnight - timedelta(days=_DAYS[text.lower()]))
    if not _ISO.fullmatch(text):
        raise ValueError(text)
    # Python 3.10 knows neither Z nor +0100.
    text = re.sub(r"Z$", "+00:00", text.upper())
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text) if "T" in text or " " in text else text
    text = re.sub(r"\.(\d+)", lambda found: f".{found[1][:6]:0<6}", text)
    return _milliseconds(datetime.fromisoformat(text))


def _milliseconds(when: datetime) -> int:
    return round(when.timestamp() * 1000)

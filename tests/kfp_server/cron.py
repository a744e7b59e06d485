"""Cron as robfig/cron 1 reads it: six fields, the seconds first."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

_BOUNDS = ((0, 59), (0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
_DESCRIPTORS = {
    "@yearly": "0 0 0 1 1 *",
    "@monthly": "0 0 0 1 * *",
    "@weekly": "0 0 0 * * 0",
    "@daily": "0 0 0 * * *",
    "@midnight": "0 0 0 * * *",
    "@hourly": "0 0 * * * *",
}
_MONTHS = dict(
    zip(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], range(1, 13), strict=True)
)
_DAYS = dict(zip(["sun", "mon", "tue", "wed", "thu", "fri", "sat"], range(7), strict=True))


class Cron:
    """A schedule. Raises ValueError with robfig's words."""

    def __init__(self, text: str) -> None:
        words = _DESCRIPTORS.get(text.strip(), text).split()
        if not 5 <= len(words) <= 6:
            raise ValueError(f"Expected 5 to 6 fields, found {len(words)}: {text}")
        words += ["*"] * (6 - len(words))
        self._fields = [_field(word, number) for number, word in enumerate(words)]
        self._any_day = words[3] in "*?", words[5] in "*?"

    def after(self, moment: float) -> float:
        """The first time after a moment, both in seconds since 1970. Raises ValueError when there is none."""
        found = datetime.fromtimestamp(int(moment), timezone.utc) + timedelta(seconds=1)
        last = found + timedelta(days=366 * 5)
        second, minute, hour, _, month, _ = self._fields
        while found < last:
            if found.month not in month or not self._day(found):
                found = found.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            elif found.hour not in hour:
                found = found.replace(minute=0, second=0) + timedelta(hours=1)
            elif found.minute not in minute:
                found = found.replace(second=0) + timedelta(minutes=1)
            elif found.second not in second:
                found += timedelta(seconds=1)
            else:
                return found.timestamp()
        raise ValueError("never")

    def _day(self, moment: datetime) -> bool:
        in_month, in_week = moment.day in self._fields[3], (moment.weekday() + 1) % 7 in self._fields[5]
        return (in_month and in_week) if any(self._any_day) else (in_month or in_week)


def _field(text: str, number: int) -> frozenset[int]:
    low, high = _BOUNDS[number]
    found: set[int] = set()
    for part in text.split(","):
        range_, slash, step = part.partition("/")
        first, dash, last = range_.partition("-")
        if first in ("*", "?"):
            start, end = low, high
        else:
            start = _number(first, number)
            end = _number(last, number) if dash else (high if slash else start)
        if not low <= start <= end <= high:
            raise ValueError(f"End of range ({end}) above maximum ({high}): {part}")
        found |= set(range(start, end + 1, _number(step, -1) if slash else 1))
    return frozenset(found)


def _number(text: str, field: int) -> int:
    names = {4: _MONTHS, 5: _DAYS}.get(field, {})
    if text.lower() in names:
        return names[text.lower()]
    if not text.isdigit():
        raise ValueError(f"Failed to parse int from {text}: invalid syntax")
    return int(text)

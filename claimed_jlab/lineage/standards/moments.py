"""Times between milliseconds since 1970 and ISO 8601."""

from __future__ import annotations

import re
from datetime import datetime, timezone

_FRACTION = re.compile(r"\.(\d+)")


def iso(milliseconds: int) -> str:
    """With milliseconds, in UTC."""
    seconds, rest = divmod(milliseconds, 1000)
    when = datetime.fromtimestamp(seconds, timezone.utc).replace(microsecond=rest * 1000)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(text: object) -> int:
    """Of a time without a zone it is taken for UTC. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is no time")
    # Python 3.10 reads neither a Z nor nanoseconds.
    shorter = _FRACTION.sub(lambda found: "." + found[1][:6].ljust(6, "0"), text.strip().replace("Z", "+00:00"))
    when = datetime.fromisoformat(shorter)
    when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
    delta = when - datetime(1970, 1, 1, tzinfo=timezone.utc)
    return delta.days * 86_400_000 + delta.seconds * 1000 + delta.microseconds // 1000

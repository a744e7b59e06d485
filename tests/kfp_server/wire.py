"""JSON as protobuf writes it: what is empty is left out, times are in seconds, 64-bit numbers are text."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

GO_ZERO = "0001-01-01T00:00:00Z"


def stamp(seconds: float | None) -> str:
    """A time; none of it is 1970, as KFP's `finished_at` of a run that runs."""
    return datetime.fromtimestamp(int(seconds or 0), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def node_stamp(seconds: float | None) -> str:
    """A time of an Argo node; none of it is Go's zero time."""
    return GO_ZERO if seconds is None else stamp(seconds)


def seconds_of(text: str | None) -> float | None:
    """The time that a client wrote. Raises ValueError."""
    if not text:
        return None
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def present(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that are not empty."""
    return {name: value for name, value in fields.items() if value not in (None, "", 0, False, [], {})}


def now() -> float:
    return time.time()

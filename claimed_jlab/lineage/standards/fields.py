"""Fields of JSON that somebody else wrote: of the kind that is asked for, or one clear line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.standards.moments import milliseconds


class NotReadable(LineageError):
    """A document is not what it says, or not as its standard wants it."""

    code = "not-readable"


def mapping(value: object, where: str) -> Mapping[str, Any]:
    """An object; {} when there is none."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise NotReadable("that is no object", where=where)
    return value


def listed(value: object, where: str) -> list[Any]:
    """A list; [] when there is none."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotReadable("that is no list", where=where)
    return value


def text(values: Mapping[str, Any], name: str, where: str) -> str:
    """A text that must be there."""
    value = values.get(name)
    if not isinstance(value, str) or not value:
        raise NotReadable("there is none" if value is None else "that is no text", where=f"{where} {name}".strip())
    return value


def words(value: object) -> str:
    """A text, or an empty one."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int:
    """An integer, or 0."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def moment(value: object, where: str) -> int:
    """Milliseconds since 1970 of a time in ISO 8601."""
    try:
        return milliseconds(value)
    except ValueError:
        raise NotReadable("there is none" if value is None else f"{value!r} is no time", where=where) from None

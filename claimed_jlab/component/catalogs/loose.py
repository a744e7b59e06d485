"""Reads data of a shape that nobody promised: what is of another kind than expected is taken as absent."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from claimed_jlab.component.spec import Container

_MOST_NODES = 100_000
_DEEPEST = 64


class TooMuch(ValueError):
    """More nodes than the limit, aliases unfolded, or nested too deep."""


def plain(data: Any) -> Any:
    """The data as JSON has it: dates and what is no number there (NaN) become texts. Raises TooMuch."""
    return _plain(data, 0, [0])


def mapping(data: Any) -> dict[str, Any]:
    """A mapping; empty when it is none."""
    return data if isinstance(data, dict) else {}


def mappings(data: Any) -> list[dict[str, Any]]:
    """The mappings in a list."""
    return [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []


def texts(data: Any) -> list[str]:
    """The texts in a list."""
    return [item for item in data if isinstance(item, str)] if isinstance(data, list) else []


def line(data: Any) -> str:
    """A scalar as one line of text."""
    return " ".join(str(data).split()) if data is not None and not isinstance(data, dict | list) else ""


def paragraph(data: Any) -> str:
    """The first paragraph of a text; Python functions made into components bring their whole docstring."""
    return line(data.strip().split("\n\n")[0]) if isinstance(data, str) else ""


def words(data: Any) -> list[Any]:
    """A command line's words: texts and placeholders; YAML may have read a number."""
    items = data if isinstance(data, list) else [] if data is None else [data]
    return [item if isinstance(item, str | dict | list) else str(item) for item in items]


def container_of(data: dict[str, Any], environment: dict[str, Any]) -> Container:
    """KFP's container, of either format, as ours."""
    return Container(
        image=str(data["image"]),
        command=tuple(words(data.get("command"))),
        args=tuple(words(data.get("args"))),
        env=environment,
    )


def _plain(data: Any, depth: int, counted: list[int]) -> Any:
    counted[0] += 1
    if depth > _DEEPEST or counted[0] > _MOST_NODES:
        raise TooMuch("holds more than a component would")
    if isinstance(data, dict):
        return {str(key): _plain(value, depth + 1, counted) for key, value in data.items()}
    if isinstance(data, list | tuple | set):
        return [_plain(item, depth + 1, counted) for item in data]
    if isinstance(data, date):
        return data.isoformat()
    if data is None or isinstance(data, str | bool | int) or (isinstance(data, float) and math.isfinite(data)):
        return data
    return str(data)

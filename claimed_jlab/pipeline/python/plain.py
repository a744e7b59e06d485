"""Types as KFP takes them: without choices."""

from __future__ import annotations

from claimed_jlab.component.types import UnknownType, parse_type

_PLAIN = {"str", "int", "float", "bool", "list", "dict"}


def plain_type(text: str) -> str:
    """A parameter's type as KFP takes it: that of its choices for a Literal."""
    try:
        kind = parse_type(text)
    except UnknownType:
        return "str"
    name = type(kind.choices[0]).__name__ if kind.choices else kind.name
    return name if name in _PLAIN else "str"

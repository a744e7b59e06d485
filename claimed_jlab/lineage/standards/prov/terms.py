"""Qualified names and literals of our PROV documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

from claimed_jlab.lineage.values import Json

_OURS = "https://claimed-framework.github.io/claimed-jlab/prov"
PREFIXES = {
    "claimed": f"{_OURS}#",
    **{
        name: f"{_OURS}/{name}/"
        for name in (
            "artifact", "place", "run", "task", "plan", "agent", "files", "parameter", "output", "property", "metadata",
            "tag", "about",
        )
    },
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}  # fmt: skip
_INTEGERS = ("xsd:int", "xsd:long", "xsd:integer", "xsd:short", "xsd:byte", "xsd:nonNegativeInteger")
_REALS = ("xsd:double", "xsd:float", "xsd:decimal")
# What no percent-encoded text is.
_NOTHING = "%"


def name(prefix: str, text: str) -> str:
    """A qualified name; whatever is in the text."""
    return f"{prefix}:{quote(text, safe='') or _NOTHING}"


def text_of(qualified: str) -> str:
    """The text in a qualified name of ours."""
    local = qualified.partition(":")[2]
    return "" if local == _NOTHING else unquote(local)


def typed(value: str, type_: str) -> dict[str, str]:
    """A literal of a type."""
    return {"$": value, "type": type_}


def term(qualified: str) -> dict[str, str]:
    """A qualified name as a value."""
    return typed(qualified, "prov:QUALIFIED_NAME")


def literal(value: Json) -> Any:
    """A literal for a value: what XML Schema has no type for as JSON."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return typed(str(value), "xsd:long")
    if isinstance(value, float):
        return typed(repr(value), "xsd:double")
    return typed(json.dumps(value, ensure_ascii=False), "rdf:JSON")


def literals(prefix: str, values: Mapping[str, Json]) -> dict[str, Any]:
    """Attributes, with their names under the prefix."""
    return {name(prefix, key): literal(value) for key, value in values.items()}


def value_of(given: Any) -> Any:
    """The value of a literal, ours or anybody's. Raises ValueError for a number or JSON that is none."""
    if not isinstance(given, Mapping):
        return given
    held, type_ = given.get("$"), given.get("type")
    if type_ in _INTEGERS:
        return int(held)  # type: ignore[arg-type]
    if type_ in _REALS:
        return float(held)  # type: ignore[arg-type]
    if type_ == "xsd:boolean":
        return held in (True, "true", "1")
    return json.loads(str(held)) if type_ == "rdf:JSON" else held


def values_of(record: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """{name: value} of the attributes under the prefix."""
    return {
        text_of(attribute): value_of(given)
        for attribute, given in sorted(record.items())
        if attribute.startswith(f"{prefix}:")
    }

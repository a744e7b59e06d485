"""Which types can feed which inputs, for editors that let wires be drawn: the validator's word, beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pydantic import BaseModel, Field

from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.component.types import PortType, UnknownType, parse_type


class TypeTable(BaseModel):
    """The types that outputs and parameters have, and by an input's type which of these it reads."""

    given: list[str] = Field(default_factory=list)
    reads: dict[str, list[int]] = Field(default_factory=dict, description="Places in `given`")


def type_table(components: Iterable[ComponentSpec], parameters: Iterable[str] = ()) -> TypeTable:
    """The table for all that stands in a catalog or in a document.

    parameters: the types of the pipeline's parameters.
    """
    wanted: set[str] = set()
    given: set[str] = {*parameters, "list"}  # what a task that runs for each item gives
    for spec in components:
        wanted |= {port.type for port in spec.inputs}
        given |= {port.type for port in spec.outputs}
    return _table(frozenset(wanted), frozenset(given))


@lru_cache(maxsize=16)
def _table(wanted: frozenset[str], given: frozenset[str]) -> TypeTable:
    types = [(text, _parse(text)) for text in sorted(given)]
    reads: dict[str, list[int]] = {}
    for text in sorted(wanted):
        port = _parse(text)
        reads[text] = [at for at, (_, kind) in enumerate(types) if port and kind and port.reads(kind)]
    return TypeTable(given=[text for text, _ in types], reads=reads)


def _parse(text: str) -> PortType | None:
    try:
        return parse_type(text)
    except UnknownType:
        return None

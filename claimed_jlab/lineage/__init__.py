"""Lineage: an ML Metadata store (schema version 10), its recorder and its questions.

Importing this package is free; SQLAlchemy and protobuf come with the first name that is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claimed_jlab.lineage.answer import Answer, Edge, Node
    from claimed_jlab.lineage.errors import (
        LineageError,
        NewerStore,
        NotAStore,
        OlderStore,
        StoreUnavailable,
        UnknownArtifact,
        UnknownRun,
    )
    from claimed_jlab.lineage.find import find_artifact
    from claimed_jlab.lineage.graph import downstream, upstream
    from claimed_jlab.lineage.model import ArtifactRecord
    from claimed_jlab.lineage.outline import tree
    from claimed_jlab.lineage.record import Recorder
    from claimed_jlab.lineage.store import Store, open_store

__all__ = [
    "Answer",
    "ArtifactRecord",
    "Edge",
    "LineageError",
    "NewerStore",
    "Node",
    "NotAStore",
    "OlderStore",
    "Recorder",
    "Store",
    "StoreUnavailable",
    "UnknownArtifact",
    "UnknownRun",
    "downstream",
    "find_artifact",
    "open_store",
    "tree",
    "upstream",
]

_HOMES = {
    "errors": (
        "LineageError",
        "NewerStore",
        "NotAStore",
        "OlderStore",
        "StoreUnavailable",
        "UnknownArtifact",
        "UnknownRun",
    ),
    "find": ("find_artifact",),
    "answer": ("Answer", "Edge", "Node"),
    "graph": ("downstream", "upstream"),
    "model": ("ArtifactRecord",),
    "record": ("Recorder",),
    "store": ("Store", "open_store"),
    "outline": ("tree",),
}


def __getattr__(name: str) -> Any:
    for home, exported in _HOMES.items():
        if name in exported:
            value = getattr(import_module(f"{__name__}.{home}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

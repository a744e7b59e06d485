"""Lineage: an ML Metadata store (schema version 10), its recorder and its questions.

    store = open_store("lineage.db")
    model = find_artifact(store, "model.joblib")         # an id, a file, a URI, a digest, RUN/TASK/OUTPUT
    upstream(store, model)                               # all that it was made from, in topological order
    downstream(store, model, depth=2, limit=100)         # what was made from it; says what the limit left out
    around(store, model)                                 # both
    between(store, table, model)                         # all ways from one to the other
    impact(store, table)                                 # all that was made from it, and what of it is stale, and why
    staleness(store, model)                              # what the model was made from, as far as it is stale
    same_content(store, model)                           # artifacts with the same digest under other names
    upstream_ids(store, model)                           # the same nodes, by kind and id only

Answers are exact at any depth. A process that asks often opens the index once, `open_index(store)`, and is answered
from memory from then on; the answers are the same. A server calls `shared_store(path)`, which does all of that.

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
    from claimed_jlab.lineage.graph import around, between, downstream, downstream_ids, upstream, upstream_ids
    from claimed_jlab.lineage.identify import find_artifact
    from claimed_jlab.lineage.index import Index, close_index, open_index
    from claimed_jlab.lineage.journal import Journal, JournaledRecorder, RecordedRun, open_journal
    from claimed_jlab.lineage.model import ArtifactRecord
    from claimed_jlab.lineage.outline import tree
    from claimed_jlab.lineage.query.complete import Suggestion, complete
    from claimed_jlab.lineage.query.errors import QueryError
    from claimed_jlab.lineage.query.search import Found, FoundNode, find
    from claimed_jlab.lineage.record import Recorder
    from claimed_jlab.lineage.shared import shared_store
    from claimed_jlab.lineage.stale import Impact, Reason, Stale, impact, same_content, staleness
    from claimed_jlab.lineage.store import Store, open_store

__all__ = [
    "Answer",
    "ArtifactRecord",
    "Edge",
    "Found",
    "FoundNode",
    "Impact",
    "Index",
    "Journal",
    "JournaledRecorder",
    "LineageError",
    "NewerStore",
    "Node",
    "NotAStore",
    "OlderStore",
    "QueryError",
    "Reason",
    "RecordedRun",
    "Recorder",
    "Stale",
    "Store",
    "StoreUnavailable",
    "Suggestion",
    "UnknownArtifact",
    "UnknownRun",
    "around",
    "between",
    "close_index",
    "complete",
    "downstream",
    "downstream_ids",
    "find",
    "find_artifact",
    "impact",
    "open_index",
    "open_journal",
    "open_store",
    "same_content",
    "shared_store",
    "staleness",
    "tree",
    "upstream",
    "upstream_ids",
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
    "identify": ("find_artifact",),
    "answer": ("Answer", "Edge", "Node"),
    "graph": ("around", "between", "downstream", "downstream_ids", "upstream", "upstream_ids"),
    "stale": ("Impact", "Reason", "Stale", "impact", "same_content", "staleness"),
    "index": ("Index", "close_index", "open_index"),
    "journal": ("Journal", "JournaledRecorder", "RecordedRun", "open_journal"),
    "model": ("ArtifactRecord",),
    "query.complete": ("Suggestion", "complete"),
    "query.errors": ("QueryError",),
    "query.search": ("Found", "FoundNode", "find"),
    "record": ("Recorder",),
    "shared": ("shared_store",),
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

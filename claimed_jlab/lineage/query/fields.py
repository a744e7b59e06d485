"""The fields a query may name, and the few words that some of them take."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from types import MappingProxyType

from claimed_jlab.lineage.model import ArtifactState, ExecutionState

# Field -> what it is about, in the order in which they are offered.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "a name of the node: name:*german*",
        "type": "type, with or without its prefix: type:Model",
        "kind": "artifact, execution or context",
        "state": "state: state:COMPLETE",
        "pipeline": "in a run of the pipeline",
        "run": "in the run with this id",
        "task": "execution of the task",
        "component": "execution of the component: component:train/*",
        "user": "in a run of this person; user:me for your own",
        "engine": "in a run on the engine: engine:local",
        "tag": "has the tag",
        "after": "made at this time or later: after:2026-01-31, after:7d",
        "before": "made earlier: before:2026-01-31T12:00, before:12h",
        "changed": "execution that differs from the task's one before: changed:code",
        "uri": "where an artifact is: uri:s3://bucket/*",
        "digest": "content of an artifact or a notebook, from its first letters",
    }
)
KINDS = ("artifact", "execution", "context")
CHANGES = ("code", "inputs", "environment")
STATES = tuple(dict.fromkeys(state.name for enum in (ExecutionState, ArtifactState) for state in enum if state))
OPERATORS = ("and", "or", "not")


def meant(word: str, known: Collection[str]) -> str | None:
    """`did you mean x?` for a word that is close to a known one."""
    folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]}?" if near else None

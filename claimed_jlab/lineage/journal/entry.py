"""What a line of the journal says: one call of a recorder, or a whole run at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.model import ArtifactRecord
from claimed_jlab.lineage.values import Json

# The name of the one task of a run that was recorded whole.
WHOLE = "run"


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run of one step, told when it is over.

    run_id: unique in the store; a run that is there already is left as it is.  metrics: numbers that came out.
    inputs, outputs: what it read and made, by name.  properties: custom ones of its execution (`claimed.component`, …).
    run_properties: of the run (`claimed.user`, …).  started, finished: milliseconds since 1970; 0 is now.
    """

    run_id: str
    pipeline: str
    task: str = WHOLE
    display_name: str = ""
    state: str = "COMPLETE"
    parameters: Mapping[str, Json] = field(default_factory=dict)
    metrics: Mapping[str, Json] = field(default_factory=dict)
    inputs: Mapping[str, ArtifactRecord] = field(default_factory=dict)
    outputs: Mapping[str, ArtifactRecord] = field(default_factory=dict)
    properties: Mapping[str, Json] = field(default_factory=dict)
    run_properties: Mapping[str, Json] = field(default_factory=dict)
    started: int = 0
    finished: int = 0


def run_entry(run: RecordedRun, at: int) -> dict[str, Any]:
    """The line of a whole run."""
    entry = {name: getattr(run, name) for name in RecordedRun.__slots__ if name not in ("inputs", "outputs")}
    entry["inputs"] = {name: written(record) for name, record in run.inputs.items()}
    entry["outputs"] = {name: written(record) for name, record in run.outputs.items()}
    return {"at": at, "op": WHOLE, **entry, "started": run.started or at, "finished": run.finished or at}


def run_of(entry: Mapping[str, Any]) -> RecordedRun:
    """The run that a line tells of. Raises LineageError when it tells of none."""
    fields = {name: entry[name] for name in RecordedRun.__slots__ if name in entry}
    try:
        fields["inputs"] = {name: record_of(one) for name, one in fields.get("inputs", {}).items()}
        fields["outputs"] = {name: record_of(one) for name, one in fields.get("outputs", {}).items()}
        return RecordedRun(**fields)
    except (TypeError, AttributeError) as error:
        raise LineageError(f"the line is no run: {error}") from None


def written(record: ArtifactRecord) -> dict[str, Any]:
    """An artifact as a line has it."""
    # Not `asdict`, which copies every value again.
    return {
        "type": record.type,
        "uri": record.uri,
        "name": record.name,
        "digest": record.digest,
        "metadata": dict(record.metadata),
    }


def record_of(value: Mapping[str, Any]) -> ArtifactRecord:
    """The artifact that a line has. Raises TypeError when it is none."""
    return ArtifactRecord(**value)

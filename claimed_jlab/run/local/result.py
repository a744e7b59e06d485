"""What a task gave, as the engine hands it on: to lineage, to the event log, to the tasks behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimed_jlab.run.record import ArtifactValue, TaskRecord

# What stands for a secret wherever it would be seen.
MASK = "********"


@dataclass
class Result:
    """What a task gave: its artifacts, its values, and the executed notebook.

    collected: lists of artifacts, of a task that ran for each item of a list; such a task has no notebook of its own.
    cpu_seconds, memory_bytes: what its kernel and the children of that took, where the system tells it.
    """

    artifacts: dict[str, ArtifactValue]
    parameters: dict[str, Any]
    notebook: ArtifactValue | None
    log: str
    seconds: float
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)
    collected: dict[str, list[ArtifactValue]] = field(default_factory=dict)
    cpu_seconds: float | None = None
    memory_bytes: int | None = None

    def output(self, name: str) -> Any:
        """An output by its name. Raises KeyError."""
        for kind in (self.artifacts, self.collected, self.parameters):
            if name in kind:
                return kind[name]
        raise KeyError(name)

    @property
    def files(self) -> list[tuple[str, ArtifactValue]]:
        """All artifacts, with the names of their outputs."""
        listed = [(name, item) for name, items in self.collected.items() for item in items]
        return [*self.artifacts.items(), *listed]

    @property
    def outputs(self) -> dict[str, Any]:
        """All outputs as JSON, for the event log."""
        return {name: shown(value) for name, value in {**self.artifacts, **self.collected, **self.parameters}.items()}


def result_of(record: TaskRecord) -> Result:
    """The result that a run's record tells of."""
    result = Result({}, {}, None, "", record.seconds or 0.0)
    for name, value in record.outputs.items():
        if isinstance(value, dict) and "uri" in value:
            result.artifacts[name] = ArtifactValue.model_validate(value)
        elif isinstance(value, list) and value and all(isinstance(item, dict) and "uri" in item for item in value):
            result.collected[name] = [ArtifactValue.model_validate(item) for item in value]
        else:
            result.parameters[name] = value
    return result


def shown(value: Any) -> Any:
    """A value, an artifact, or a list of them, as JSON."""
    if isinstance(value, ArtifactValue):
        return value.model_dump(mode="json")
    return [shown(item) for item in value] if isinstance(value, list) else value


def metrics_of(path: Path) -> dict[str, Any]:
    """The numbers that a metrics file holds, for lineage: its `metrics`, else its own top-level values."""
    if path.suffix != ".json" or not path.is_file() or path.stat().st_size > 4 << 20:
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError):
        return {}
    if not isinstance(content, dict):
        return {}
    inner = content.get("metrics")
    flat = inner if isinstance(inner, dict) else content
    return {str(name): value for name, value in flat.items() if isinstance(value, int | float | str | bool)}

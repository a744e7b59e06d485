"""What a task gave, as the engine hands it on: to lineage, to the event log, to the tasks behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimed_jlab.run.record import ArtifactValue

# What stands for a secret wherever it would be seen.
MASK = "********"


@dataclass
class Result:
    """What a task gave: its artifacts, its values, and the executed notebook."""

    artifacts: dict[str, ArtifactValue]
    parameters: dict[str, Any]
    notebook: ArtifactValue
    log: str
    seconds: float
    metadata: dict[str, dict[str, Any]] = field(default_factory=dict)


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

"""The compiled pipeline of a run that was sent, as it is kept in the run's folder."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=128)
def spec_of(path: Path) -> dict[str, Any]:
    """`{"spec", "platform"}` of `spec.json`, which never changes. Raises OSError, ValueError."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data

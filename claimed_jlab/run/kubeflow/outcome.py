"""What a pod's own log tells of its task: the line that the step prints at its end."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

from pydantic import BaseModel, Field, ValidationError

_MARK = "claimed-outcome: "
_NOTEBOOK = "claimed-notebook: "
# KFP's launcher mounts buckets so that a path says where the artifact is.
_PLACE = re.compile(r"/(minio|gcs|s3)/([^/]+/.+)$")
_NOISE = (_MARK, _NOTEBOOK, " argo=true", "[IPKernelApp] WARNING | Kernel is running over TCP")
_SCHEMES = {"gcs": "gs"}


class OutcomeFile(BaseModel):
    """An artifact as the pod saw it. size: bytes.  metadata: the metrics in it."""

    path: str
    digest: str = ""
    size: int = 0
    metadata: dict[str, Any] = Field(default_factory=dict)

    @property
    def uri(self) -> str:
        """Where KFP's launcher keeps it; the bare path where that can't be told."""
        found = _PLACE.search(self.path)
        return f"{_SCHEMES.get(found[1], found[1])}://{found[2]}" if found else self.path


class Outcome(BaseModel):
    """How a task ended and what it gave, by the names of the component's ports."""

    state: str
    outputs: dict[str, Any] = Field(default_factory=dict)
    artifacts: dict[str, OutcomeFile] = Field(default_factory=dict)
    error: str | None = None
    cell: int | None = None
    traceback: str | None = None
    seconds: float | None = None
    python: str = ""
    packages: dict[str, str] = Field(default_factory=dict)


def outcome_in(log: str) -> Outcome | None:
    """The last outcome in a log; None where there is none that can be read."""
    for line in reversed(log.splitlines()):
        _, mark, text = line.partition(_MARK)
        if mark:
            try:
                return Outcome.model_validate(json.loads(text))
            except (ValueError, ValidationError):
                return None
    return None


def notebook_in(log: str) -> bytes | None:
    """The executed notebook of a step that failed; None where the log holds none that can be read."""
    for line in reversed(log.splitlines()):
        _, mark, text = line.partition(_NOTEBOOK)
        if mark:
            try:
                return zlib.decompress(base64.b64decode(text, validate=True))
            except (ValueError, zlib.error):
                return None
    return None


def without_outcome(log: str) -> str:
    """What a person reads of a log: without the outcome, and what Argo and the kernel say of themselves."""
    return "".join(line for line in log.splitlines(keepends=True) if not any(word in line for word in _NOISE))

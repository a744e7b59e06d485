"""Where an artifact's file is on this machine."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname


def local_path(uri: str | None) -> Path | None:
    """The file of a `file:` URI or of a bare path; None for what is elsewhere, or no address at all."""
    if not uri or "\0" in uri:
        return None
    if Path(uri).is_absolute():
        return Path(uri)
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    return Path(url2pathname(parts.path)) if parts.scheme == "file" and parts.netloc in ("", "localhost") else None

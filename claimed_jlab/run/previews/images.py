"""A picture with a line on its size. An SVG is shown as text: it can carry scripts."""

from __future__ import annotations

import base64
from pathlib import Path

from claimed_jlab.run.previews.shown import Shown, figure, line, weight

KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
_LARGEST = 8 << 20
# With its caption a picture is sent twice, which is worth it while it is small.
_CAPTIONED = 2 << 20


def image(path: Path) -> Shown:
    """The picture as it is, up to 8 MB."""
    size = path.stat().st_size
    kind = path.suffix.lower()
    about = f"{kind[1:].upper()} image, {weight(size)}"
    if size > _LARGEST:
        return line(f"{about}: too large to be shown here\n{path}")
    content = path.read_bytes()
    mime = KINDS[kind]
    bundle = {mime: base64.b64encode(content).decode(), "text/plain": about}
    if size <= _CAPTIONED:
        bundle["text/html"] = figure(mime, content, about)
    return Shown(bundle)

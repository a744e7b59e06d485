"""Writing a PNG by the standard library: eight bits, grey or RGB."""

from __future__ import annotations

import struct
import zlib
from typing import Any

LONGEST = 1024


def png(pixels: Any) -> bytes:
    """A PNG of a numpy array of bytes, rows × columns or rows × columns × 3. A large one is thinned to 1024 pixels."""
    step = -(-max(pixels.shape[:2]) // LONGEST)
    pixels = pixels[::step, ::step]
    height, width = pixels.shape[:2]
    colour = 2 if pixels.ndim == 3 else 0
    # Each line begins with its filter: none.
    lines = b"".join(b"\x00" + row.tobytes() for row in pixels)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(lines, 6)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

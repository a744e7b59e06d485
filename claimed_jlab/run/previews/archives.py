"""Reading a part of a zip archive that nobody vouches for: so many bytes, and never a directory of millions."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

from claimed_jlab.run.previews.stream import Malformed

_DIRECTORY = 8 << 20
_MEMBER = 16 << 20


def archive(path: Path) -> zipfile.ZipFile:
    """The archive, open. Raises Malformed for what is none, and for one with too many members."""
    if _directory_bytes(path) > _DIRECTORY:
        raise Malformed("it has too many parts")
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Malformed("it is no whole zip archive") from error


def member(bundle: zipfile.ZipFile, name: str) -> bytes:
    """The content of one member, up to 16 MB. Raises Malformed."""
    try:
        with bundle.open(name) as file:
            content = file.read(_MEMBER + 1)
    except Exception as error:  # A broken member raises what its compression raises.
        raise Malformed(f"{name} in it can't be read") from error
    if len(content) > _MEMBER:
        raise Malformed(f"{name} in it is too large to be looked at")
    return content


def _directory_bytes(path: Path) -> int:
    """The size of its directory, as the record at the end has it."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - (64 << 10) - 100))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Malformed("it is no whole zip archive")
    (count,) = struct.unpack_from("<I", tail, at + 12)
    large = tail.rfind(b"PK\x06\x06", 0, at)
    if count == 0xFFFFFFFF:
        if large < 0 or len(tail) < large + 48:
            raise Malformed("it is no whole zip archive")
        (count,) = struct.unpack_from("<Q", tail, large + 40)
    return int(count)

"""A segment: the file that one process appends its lines to.

A line is the CRC-32 of its JSON in eight hexadecimal digits, a blank, the JSON, and a line feed. The process holds the
file's lock while it lives; a segment with a free lock gets no more lines.
"""

from __future__ import annotations

import json
import os
import secrets
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from claimed_jlab.lineage.errors import StoreUnavailable
from claimed_jlab.lineage.journal.access import Access
from claimed_jlab.lock import try_lock

SUFFIX = ".jsonl"
REFUSED = "refused"
_CHECK_LENGTH = 9
_BLOCK = 1 << 20


class Line(NamedTuple):
    """A whole line. end: the offset after it.  entry: None for one whose check does not agree."""

    at: int
    end: int
    entry: dict[str, Any] | None
    text: bytes


class SegmentWriter:
    """Appends lines to a segment of its own."""

    def __init__(self, folder: Path, access: Access) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise failed(folder, error) from error
        access.give(folder)
        self.process = os.getpid()
        self.path, self._file = _new_file(folder)
        access.give(self.path)
        self._size = 0

    def append(self, entry: Mapping[str, Any]) -> int:
        """Write one line at once; returns the offset after it. Raises StoreUnavailable, and then nothing is written."""
        line = encoded(entry)
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise failed(self.path.parent, error) from error
        if written != len(line):
            os.ftruncate(self._file, self._size)
            raise failed(self.path.parent, OSError(28, "No space left on device"))
        self._size += written
        return self._size

    def close(self) -> None:
        """Give the segment up: it gets no more lines."""
        os.close(self._file)


def encoded(entry: Mapping[str, Any]) -> bytes:
    """The line of an entry."""
    text = json.dumps(entry, ensure_ascii=True, separators=(",", ":"), default=str).encode()
    return b"%08x %s\n" % (zlib.crc32(text), text)


def segments(folder: Path) -> list[Path]:
    """All segments, the oldest first."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208
    except FileNotFoundError:
        return []
    except OSError as error:
        raise failed(folder, error) from error
    return [folder / name for name in names if name.endswith(SUFFIX) and not name.startswith(REFUSED)]


def lines(path: Path, offset: int) -> Iterator[Line]:
    """The whole lines of a segment after an offset; of a last one that was cut short, nothing.

    Another user's that may not be read waits for who may.
    """
    try:
        file = path.open("rb")
    except (FileNotFoundError, PermissionError):
        return
    with file:
        file.seek(offset)
        rest = b""
        while block := file.read(_BLOCK):
            *whole, rest = (rest + block).split(b"\n")
            for text in whole:
                offset += len(text) + 1
                yield _decoded(text, offset)


def remove_finished(path: Path, applied: int) -> bool:
    """Remove a segment that is applied to its end and gets no more lines; whether that was so."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    try:
        if not try_lock(descriptor):
            return False
        size = os.fstat(descriptor).st_size
        # What is behind the last whole line was never acknowledged.
        if size > applied and next(lines(path, applied), None) is not None:
            return False
        path.unlink(missing_ok=True)
        return True
    finally:
        os.close(descriptor)


def _decoded(text: bytes, end: int) -> Line:
    body = text[_CHECK_LENGTH:]
    try:
        right = int(text[:8], 16) == zlib.crc32(body)
        entry = json.loads(body) if right else None
    except ValueError:
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("at"), int):
        return Line(0, end, None, text)
    return Line(entry["at"], end, entry, text)


def _new_file(folder: Path) -> tuple[Path, int]:
    while True:
        path = folder / f"{time.time_ns() // 1_000_000:013d}-{os.getpid()}-{secrets.token_hex(3)}{SUFFIX}"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except OSError as error:
            raise failed(folder, error) from error
        # Between its making and its lock, somebody may take it for a finished one.
        if try_lock(descriptor) and path.exists():
            return path, descriptor
        os.close(descriptor)


def failed(folder: Path, error: OSError) -> StoreUnavailable:
    """What the system says of a journal's folder, in one line."""
    return StoreUnavailable(
        f"can't write the journal of the lineage store: {error.strerror or error}",
        where=str(folder),
        hint="free some space or check the permissions",
    )

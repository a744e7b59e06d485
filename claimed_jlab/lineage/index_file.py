"""The index of a lineage store on disk: `<store>.index`, for a server's `index/…` in the CLAIMED home; memory-mapped.

    CLMDLIDX                  8 bytes
    digest                    32 bytes, BLAKE3 of all that follows
    version, byte order       2 unsigned integers; another version or another machine's byte order: not ours
    last, count, total        3 long integers: what the arrays hold, as the index checks it against the store
    lengths                   8 long integers
    the arrays                offsets and targets of the four adjacencies, four bytes a number

It is a cache: written whole and put in place by a rename, and whatever is not as it should be is as if it were not
there. A file that was replaced while another process reads it stays valid for that process.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import struct
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

from blake3 import blake3

from claimed_jlab.lineage.adjacency import CODE, Adjacency
from claimed_jlab.lineage.location import is_url
from claimed_jlab.paths import home

_MAGIC = b"CLMDLIDX"
_VERSION = 1
_BYTE_ORDER = 0x01020304
_FIELDS = struct.Struct("=II3q8q")
_BODY = len(_MAGIC) + 32
_ARRAYS = _BODY + _FIELDS.size


@dataclass(frozen=True, slots=True)
class Contents:
    """What the arrays hold: events up to the id `last`, `count` of them, which sum up to `total`."""

    last: int = 0
    count: int = 0
    total: int = 0


def place(store: str, *, beside: bool = True) -> Path:
    """Where the index of the store lies: beside a file, in the CLAIMED home for a URL (without a password).

    beside: whether we may write there; else it is in the CLAIMED home for a file, too.
    """
    if is_url(store) or not beside:
        return home() / "index" / f"{blake3(store.encode()).hexdigest()[:32]}.index"
    return Path(f"{store}.index")


def load(path: Path) -> tuple[Contents, list[Adjacency]] | None:
    """The index in the file, mapped; None when there is none, or it is damaged or of another version."""
    try:
        with path.open("rb") as file:
            whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError):  # an empty file can't be mapped
        return None
    if len(whole) < _ARRAYS or whole[: len(_MAGIC)] != _MAGIC:
        return None
    version, byte_order, last, count, total, *lengths = _FIELDS.unpack(whole[_BODY:_ARRAYS])
    if (version, byte_order) != (_VERSION, _BYTE_ORDER) or len(whole) != _ARRAYS + 4 * sum(lengths):
        return None
    if blake3(whole[_BODY:]).digest() != whole[len(_MAGIC) : _BODY]:
        return None
    arrays = whole[_ARRAYS:].cast(CODE)
    ends = list(accumulate(lengths, initial=0))
    parts = [arrays[begin:end] for begin, end in pairwise(ends)]
    return Contents(last, count, total), [Adjacency(parts[at], parts[at + 1]) for at in range(0, len(parts), 2)]


def drop(path: Path) -> None:
    """Remove the file: it does not say what the store says."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def save(path: Path, contents: Contents, adjacencies: Iterable[Adjacency]) -> bool:
    """Put the index in the file's place, whole. False where that can't be done: a full disk, a folder not ours."""
    arrays = [part for one in adjacencies for part in (one.offsets, one.targets)]
    fields = _FIELDS.pack(
        _VERSION, _BYTE_ORDER, contents.last, contents.count, contents.total, *(len(part) for part in arrays)
    )
    digest = blake3(fields)
    for part in arrays:
        digest.update(part.cast("B"))
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.writelines([_MAGIC, digest.digest(), fields, *arrays])
        Path(draft).replace(path)
    except OSError:
        if draft is not None:
            drop(Path(draft))
        return False
    return True

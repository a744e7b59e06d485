"""Content hashes, and the stats by which one is known again without reading the content."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from blake3 import blake3

from claimed_jlab.wholefile import write_whole

_CHUNK = 1 << 20
# A file that was written this shortly ago may be written again without its time moving.
_SETTLED_NANOSECONDS = 2_000_000_000

Stamp = list[list[str | int]]


def digest_of(path: Path) -> str:
    """`blake3:<hex>` of a file, or of a folder's relative paths and files."""
    if not path.is_dir():
        return f"blake3:{hash_file(path)}"
    return digest_of_files({name: hash_file(file) for name, file in files_below(path)})


def digest_of_files(files: dict[str, str]) -> str:
    """The digest of a folder, by the hashes of its files by their relative paths."""
    hasher = blake3()
    for name in sorted(files):
        hasher.update(f"{name}\0{files[name]}\n".encode())
    return f"blake3:{hasher.hexdigest()}"


def hash_file(path: Path) -> str:
    """The hexadecimal blake3 of a file's content."""
    hasher = blake3()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    return hasher.hexdigest()


def files_below(path: Path) -> list[tuple[str, Path]]:
    """(relative path, file) of all files of a folder, or of the file itself (its relative path is `.`)."""
    if not path.is_dir():
        return [(".", path)]
    return sorted((item.relative_to(path).as_posix(), item) for item in path.rglob("*") if item.is_file())


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for _, file in files_below(path))


def stamp_of(path: Path) -> Stamp:
    """What moves when a file's content is written anew: size, time and inode of each file, by its relative path."""
    found: Stamp = []
    for name, file in files_below(path):
        about = file.stat()
        found.append([name, about.st_size, about.st_mtime_ns, about.st_ino])
    return found


class KnownFiles:
    """The digests of files that were read before, kept under one folder; good while a file's stamp is the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def digest(self, path: Path, stamp: Stamp) -> str | None:
        """The digest of what is at a path, if it was read when it had this stamp."""
        try:
            known = json.loads(self._place(path).read_text(encoding="utf-8"))
            return str(known["digest"]) if known["stamp"] == stamp else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def remember(self, path: Path, stamp: Stamp, digest: str, now_ns: int) -> None:
        """Keeps the digest of what was read with a stamp; not of what was written only just now."""
        if any(now_ns - int(entry[2]) < _SETTLED_NANOSECONDS for entry in stamp):
            return
        with suppress(OSError):  # to forget is slow, not wrong
            write_whole(self._place(path), json.dumps({"path": str(path), "stamp": stamp, "digest": digest}))

    def _place(self, path: Path) -> Path:
        name = blake3(os.fsencode(path)).hexdigest()[:32]
        return self._folder / f"{name}.json"

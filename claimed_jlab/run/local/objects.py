"""The content store: artifacts named by the hash of what is in them.

`objects/ab/<blake3>/<file name>`: the folder is the content, the name is the one the notebook gave, so that readers
that look at a suffix still work. An object appears whole or not at all (it is built beside and renamed), is never
written again, and is read-only. A folder's hash is that of the list of its files and their hashes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

_CHUNK = 1 << 20


@dataclass(frozen=True)
class StoredObject:
    """One object. digest: `blake3:<hex>`.  size: bytes."""

    path: Path
    digest: str
    size: int

    @property
    def uri(self) -> str:
        return self.path.as_uri()


class ObjectStore:
    """The objects under one folder. Many processes may write at once: the same content is the same name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, source: Path, *, move: bool = False) -> StoredObject:
        """Stores a file or a folder under its content's name. `move` may take the source away."""
        digest = digest_of(source)
        kept = self.path(digest, source.name)
        if not kept.exists():
            self._publish(source, kept, move=move)
        return StoredObject(kept, digest, size_of(kept))

    def path(self, digest: str, name: str) -> Path:
        """Where an object of that content and name is, or would be."""
        hexadecimal = digest.partition(":")[2]
        return self.folder / hexadecimal[:2] / hexadecimal / name

    def holds(self, digest: str, name: str) -> bool:
        """Whether the object exists and its content still has that hash."""
        path = self.path(digest, name)
        return path.exists() and _remembered_digest(path) == digest

    def _publish(self, source: Path, kept: Path, *, move: bool) -> None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=kept.parent))
        try:
            made = building / source.name
            if move:
                shutil.move(source, made)
            elif source.is_dir():
                shutil.copytree(source, made)
            else:
                shutil.copy2(source, made)
            _protect(made)
            made.replace(kept)
        except OSError:
            # Another process published the same folder first: its content is the same.
            if not kept.exists():
                raise
        finally:
            shutil.rmtree(building, ignore_errors=True)


def digest_of(path: Path) -> str:
    """`blake3:<hex>` of a file, or of a folder's relative paths and files."""
    if not path.is_dir():
        return f"blake3:{_hash_file(path)}"
    hasher = blake3()
    for file in sorted(item for item in path.rglob("*") if item.is_file()):
        hasher.update(f"{file.relative_to(path).as_posix()}\0{_hash_file(file)}\n".encode())
    return f"blake3:{hasher.hexdigest()}"


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


_digests: dict[Path, tuple[tuple[int, ...], str]] = {}


def _remembered_digest(path: Path) -> str:
    """The digest, hashed again only when size, time or inode of a file moved since this process last looked."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    stamp = tuple(number for file in files for number in _stat_numbers(file))
    known = _digests.get(path)
    if known is None or known[0] != stamp:
        known = _digests[path] = (stamp, digest_of(path))
    return known[1]


def _stat_numbers(file: Path) -> tuple[int, int, int]:
    about = file.stat()
    return about.st_size, about.st_mtime_ns, about.st_ino


def _hash_file(path: Path) -> str:
    hasher = blake3()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hasher.update(chunk)
    return hasher.hexdigest()


def _protect(path: Path) -> None:
    for file in [path, *path.rglob("*")] if path.is_dir() else [path]:
        if file.is_file():
            file.chmod(0o444)
            descriptor = os.open(file, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

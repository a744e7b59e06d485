"""The content store: artifacts named by the hash of what is in them.

`objects/ab/<blake3>/<file name>`: the folder is the content, the name is the one the notebook gave, so that readers
that look at a suffix still work. An object appears whole or not at all (it is built aside, hashed as it was stored, and
renamed), is never written again, and is read-only. A folder is kept as the list of its files and their hashes
(`<name>.files.json` beside it), and stands there ready to be read, each file a hard link to an object of its own.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from claimed_jlab.run.local.hashing import (
    KnownFiles,
    digest_of,
    digest_of_files,
    files_below,
    size_of,
    stamp_of,
)
from claimed_jlab.wholefile import write_whole

_BUILDING = ".building-"
_FICLONE = 0x40049409  # linux/fs.h: shares the blocks of another file, where the file system can


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
        self._known = KnownFiles(folder.parent / "cache" / "files")

    def put(self, source: Path, *, move: bool = False) -> StoredObject:
        """Stores a file or a folder under its content's name. `move` may take the source away.

        The hash is that of what was stored, so a source that changes meanwhile does no harm. One that was stored before
        and has not changed since is not read again.
        """
        if move:
            return self._publish(source, source.name, move=True)
        stamp, now = stamp_of(source), time.time_ns()
        digest = self._known.digest(source, stamp)
        if digest is not None and self.holds(digest, source.name):
            kept = self.path(digest, source.name)
            return StoredObject(kept, digest, size_of(kept))
        stored = self._publish(source, source.name, move=False)
        if stamp_of(source) == stamp:
            self._known.remember(source, stamp, stored.digest, now)
        return stored

    def path(self, digest: str, name: str) -> Path:
        """Where an object of that content and name is, or would be."""
        hexadecimal = digest.partition(":")[2]
        return self.folder / hexadecimal[:2] / hexadecimal / name

    def holds(self, digest: str, name: str) -> bool:
        """Whether the object exists and its content still has that hash; read again only when its stamp moved."""
        path = self.path(digest, name)
        if not path.exists():
            return False
        stamp = stamp_of(path)
        try:
            if json.loads(_stamp_file(path).read_text(encoding="utf-8")) == stamp:
                return True
        except (OSError, ValueError):
            pass
        if digest_of(path) != digest:
            return False
        _keep_stamp(path)
        return True

    def sweep(self) -> None:
        """Removes what processes that are dead were building."""
        for left in self.folder.glob(f"{_BUILDING}*"):
            process = left.name.removeprefix(_BUILDING).partition("-")[0]
            if not process.isdigit() or not _is_alive(int(process)):
                shutil.rmtree(left, ignore_errors=True)

    def _publish(self, source: Path, name: str, *, move: bool) -> StoredObject:
        self.folder.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f"{_BUILDING}{os.getpid()}-", dir=self.folder))
        try:
            made = building / name
            if source.is_dir():
                digest = self._build_folder(source, made, move=move)
            else:
                _take(source, made, move=move)
                digest = digest_of(made)
                _protect(made)
            return self._place(made, digest, name)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _place(self, made: Path, digest: str, name: str) -> StoredObject:
        kept = self.path(digest, name)
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not self.holds(digest, name):
            if kept.is_dir():  # changed by hand: a folder is not replaced by a rename
                kept.replace(made.with_name(f"{name}.changed"))
            try:
                made.replace(kept)
            except OSError:
                # Another process published the same folder first: its content is the same.
                if not kept.exists():
                    raise
            listed = made.with_name(f"{name}.files.json")
            if listed.exists():
                listed.replace(kept.with_name(listed.name))
            _keep_stamp(kept)
        return StoredObject(kept, digest, size_of(kept))

    def _build_folder(self, source: Path, made: Path, *, move: bool) -> str:
        """A folder of hard links to objects, and its list of files beside it; returns its digest."""
        made.mkdir()
        hashes: dict[str, str] = {}
        listed = []
        for name, file in files_below(source):
            stored = self._publish(file, file.name, move=move)
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            _link(stored.path, target)
            hashes[name] = stored.digest.partition(":")[2]
            listed.append({"path": name, "digest": stored.digest, "size": stored.size})
        for folder in source.rglob("*"):
            if folder.is_dir():
                (made / folder.relative_to(source)).mkdir(parents=True, exist_ok=True)
        write_whole(made.with_name(f"{made.name}.files.json"), json.dumps(listed, indent=1))
        return digest_of_files(hashes)


def _take(source: Path, made: Path, *, move: bool) -> None:
    if move and not source.is_symlink():  # a link is stored as what it leads to
        shutil.move(source, made)
    elif not _cloned(source, made):
        shutil.copy2(source, made)


def _cloned(source: Path, made: Path) -> bool:
    """Whether the file system gave a copy that shares its blocks until one is written (btrfs, XFS)."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        with source.open("rb") as read, made.open("wb") as written:
            fcntl.ioctl(written.fileno(), _FICLONE, read.fileno())
    except OSError:
        return False
    return True


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # another disk, or a file system without hard links
        shutil.copy2(path, target)


def _protect(file: Path) -> None:
    """Read-only, and on the disk before its name is."""
    file.chmod(0o444)
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stamp_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.stamp")


def _keep_stamp(path: Path) -> None:
    with suppress(OSError):  # without it the content is read again
        write_whole(_stamp_file(path), json.dumps(stamp_of(path)))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

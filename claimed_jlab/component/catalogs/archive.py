"""Unpacks a .zip or .tar archive that nobody vouches for.

No member is made by `tarfile` or `zipfile`: each is a folder or a plain file that is written here, below the
target, and nothing else. A link becomes a copy of what it names inside the archive. Refused, as a whole: absolute
paths, `..`, links that lead out, devices, more than the limits allow.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any

from claimed_jlab.component.catalogs.errors import CatalogError

MOST_BYTES = 1024**3
MOST_MEMBERS = 50_000
DEEPEST = 32
_CHUNK = 256 * 1024
# Compiled code is made anew where it runs; a stranger's could be other than the source beside it.
_LEFT_OUT = ("__pycache__", ".git", ".ipynb_checkpoints")


class BadArchive(CatalogError):
    """The file is no archive, is damaged, or holds what must not be unpacked."""

    code = "bad-archive"


def unpack(archive: Path, into: Path, where: str) -> None:
    """Unpacks the archive into an empty folder. where: what to call it.  Raises BadArchive."""
    try:
        if zipfile.is_zipfile(archive):
            _Unpacking(into, where).zip(archive)
        else:
            _Unpacking(into, where).tar(archive)
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        RuntimeError,
    ) as error:
        raise BadArchive(f"is no archive that can be unpacked: {_words(error)}", where=where, hint=_formats()) from None
    except (OSError, ValueError, NotImplementedError) as error:
        raise BadArchive(f"can't be unpacked: {_words(error)}", where=where) from None


def only_folder(folder: Path) -> Path:
    """The one folder that an archive wraps its content in (`repo-main/`), else the folder itself."""
    inside = list(folder.iterdir())
    if len(inside) != 1 or not inside[0].is_dir():
        return folder
    wrapper = inside[0]
    is_component = (wrapper / "component.yaml").exists() or (wrapper / f"{wrapper.name}.ipynb").exists()
    return folder if is_component else wrapper


class _Unpacking:
    def __init__(self, into: Path, where: str) -> None:
        self._into = into
        self._where = where
        self._bytes = 0
        self._members = 0

    def zip(self, archive: Path) -> None:
        with zipfile.ZipFile(archive) as content:
            for member in content.infolist():
                kind = stat.S_IFMT(member.external_attr >> 16)
                place = self._place(member.filename)
                if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                    raise self._refusal(f"{member.filename!r} is a link or a device")
                if place is None:
                    continue
                if member.is_dir():
                    place.mkdir(parents=True, exist_ok=True)
                    continue
                with content.open(member) as source:
                    self._write(place, source)

    def tar(self, archive: Path) -> None:
        links: dict[PurePosixPath, PurePosixPath] = {}
        with _decompressed(archive) as plain, _open_tar(plain) as content:
            for member in content:
                self._check(member)
                place = self._place(member.name)
                if place is None:
                    continue
                if member.isdir():
                    place.mkdir(parents=True, exist_ok=True)
                elif member.issym() or member.islnk():
                    links[PurePosixPath(member.name)] = self._target(member)
                else:
                    source = content.extractfile(member)
                    if source is not None:
                        self._write(place, source)
        self._copy_links(links)

    def _check(self, member: tarfile.TarInfo) -> None:
        if not (member.isfile() or member.isdir() or member.issym() or member.islnk()):
            raise self._refusal(f"{member.name!r} is a device or a pipe")
        data_filter = getattr(tarfile, "data_filter", None)
        if data_filter is None:
            return
        try:  # Python's own guard too, where it has one (PEP 706)
            data_filter(member, str(self._into))
        except tarfile.TarError:
            raise self._refusal(f"{member.name[:100]!r} leads out of it") from None

    def _place(self, name: str) -> Path | None:
        """Where a member is written; None for what is left out. Raises BadArchive for a name that leads out."""
        self._members += 1
        if self._members > MOST_MEMBERS:
            raise self._refusal(f"it has more than {MOST_MEMBERS} members")
        parts = PurePosixPath(name.replace("\\", "/")).parts
        drive = bool(parts) and ":" in parts[0]
        if not name or "\0" in name or name.startswith(("/", "\\")) or drive or ".." in parts:
            raise self._refusal(f"{name[:100]!r} leads out of it")
        if len(parts) > DEEPEST:
            raise self._refusal(f"its folders are more than {DEEPEST} deep")
        if name.endswith(".pyc") or any(part in _LEFT_OUT for part in parts):
            return None
        if any(ord(letter) < 32 or letter == "\x7f" for letter in name):  # no component is called so, but a trap may be
            return None
        return self._into.joinpath(*parts)

    def _target(self, member: tarfile.TarInfo) -> PurePosixPath:
        """What a link names, as a path in the archive, by its text alone."""
        text = member.linkname.replace("\\", "/")
        base = PurePosixPath(member.name).parent if member.issym() else PurePosixPath()
        parts: list[str] = []
        for part in (base / text).parts:
            if part == "..":
                if not parts:
                    break
                parts.pop()
            else:
                parts.append(part)
        else:
            if not text.startswith("/"):
                return PurePosixPath(*parts)
        raise self._refusal(f"the link {member.name!r} leads out of it")

    def _write(self, place: Path, source: IO[bytes]) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as target:
            while chunk := source.read(_CHUNK):
                self._count(len(chunk))
                target.write(chunk)

    def _copy_links(self, links: dict[PurePosixPath, PurePosixPath]) -> None:
        """Copies what links name. A link to a link waits for it; one to nothing, or to a folder around it, has none."""
        waiting = dict(links)
        while waiting:
            ready = {link: to for link, to in waiting.items() if self._into.joinpath(*to.parts).exists()}
            if not ready:
                return
            for link, to in ready.items():
                del waiting[link]
                place, source = self._into.joinpath(*link.parts), self._into.joinpath(*to.parts)
                if place.exists() or to in (link, *link.parents):
                    continue
                if source.is_file():
                    with source.open("rb") as content:
                        self._write(place, content)
                else:
                    self._copy_folder(source, place)

    def _copy_folder(self, source: Path, place: Path) -> None:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                copy = place / path.relative_to(source)
                self._place(copy.relative_to(self._into).as_posix())
                with path.open("rb") as content:
                    self._write(copy, content)

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise self._refusal(f"it unpacks to more than {MOST_BYTES // 1024**2} MB")

    def _refusal(self, why: str) -> BadArchive:
        return BadArchive(f"is not unpacked: {why}", where=self._where)


class _Limited:
    """The decompressed stream. A header that claims a huge size is refused before memory is taken for it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if size < 0 or size > 4 * _CHUNK:
            raise tarfile.ReadError("a header is too large")
        return bytes(self._stream.read(size))

    def seek(self, place: int, whence: int = 0) -> int:
        if place > 2 * MOST_BYTES:
            raise tarfile.ReadError(f"it unpacks to more than {MOST_BYTES // 1024**2} MB")
        return int(self._stream.seek(place, whence))

    def tell(self) -> int:
        return int(self._stream.tell())


def _open_tar(plain: Any) -> tarfile.TarFile:
    limited: Any = _Limited(plain)
    return tarfile.open(fileobj=limited, mode="r:")


def _decompressed(archive: Path) -> Any:
    with archive.open("rb") as file:
        head = file.read(6)
    if head.startswith(b"\x1f\x8b"):
        return gzip.open(archive)
    if head.startswith(b"BZh"):
        return bz2.open(archive)
    return lzma.open(archive) if head.startswith(b"\xfd7zXZ") else archive.open("rb")


def _formats() -> str:
    return "it must be a .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz"


def _words(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(text.split())[:200] or type(error).__name__

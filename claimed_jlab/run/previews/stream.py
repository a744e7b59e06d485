"""A reader of a file that nobody vouches for: so many bytes, decompressed on the way, and big blocks passed over."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from importlib import import_module
from pathlib import Path
from typing import IO, Any

DECOMPRESSED = 64 << 20
_BLOCK = 1 << 20
_LINE = 64 << 10
_CHUNK = 256 << 10


class Malformed(ValueError):
    """What is read is not what it claims to be, or more than is looked at."""


class Passed(bytes):
    """A block that was passed over, of which only the length is known."""

    length: int

    def __new__(cls, length: int) -> Passed:
        block = super().__new__(cls)
        block.length = length
        return block

    def __len__(self) -> int:
        """As long as what was passed over, which is what pickletools checks."""
        return self.length


class Stream:
    """read, readline and tell, as pickletools needs them; of a compressed file at most 64 MB are looked at."""

    def __init__(self, file: IO[bytes], size: int, *, seekable: bool) -> None:
        self._file = file
        self._size = size
        self._seekable = seekable
        self._at = 0

    def read(self, count: int) -> bytes:
        """So many bytes. A large block is passed over: nobody looks into it."""
        if count > _BLOCK:
            self.skip(count)
            return Passed(count)
        content = self._file.read(count)
        self._at += len(content)
        self._check()
        return content

    def readline(self) -> bytes:
        """A line of at most 64 kB."""
        text = self._file.readline(_LINE)
        self._at += len(text)
        self._check()
        return text

    def tell(self) -> int:
        """Bytes from the beginning of the content."""
        return self._at

    def skip(self, count: int) -> None:
        """Passes over a block. Raises Malformed where there is no such block."""
        if count < 0 or self._at + count > self._size:
            raise Malformed("it ends too early, or is too large to be looked at")
        self._at += count
        if self._seekable:
            self._file.seek(count, io.SEEK_CUR)
            return
        while count > 0:
            content = self._file.read(min(count, _CHUNK))
            if not content:
                raise Malformed("it ends too early")
            count -= len(content)

    def _check(self) -> None:
        if self._at > self._size:
            raise Malformed("it is too large to be looked at")


class _Zlib(io.RawIOBase):
    """A zlib stream as a file: the standard library has none."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._inflate = zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._inflate.eof:
            source = self._inflate.unconsumed_tail or self._file.read(_CHUNK)
            content = self._inflate.decompress(source, len(buffer))
            if content:
                buffer[: len(content)] = content
                return len(content)
            if not source:
                break
        return 0


def opened(path: Path, file: IO[bytes]) -> Stream:
    """The content of an open file, decompressed as its first bytes say. Raises Malformed when that can't be."""
    magic = file.read(6)
    file.seek(0)
    plain: IO[bytes] | None = None
    if magic[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        # joblib's own choice when it is told to compress.
        plain = io.BufferedReader(_Zlib(file), _CHUNK)
    elif magic.startswith(b"\x1f\x8b"):
        plain = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
    elif magic.startswith(b"BZh"):
        plain = bz2.BZ2File(file)
    elif magic.startswith((b"\xfd7zXZ", b"\x5d\x00\x00")):
        plain = lzma.LZMAFile(file)  # noqa: SIM115
    elif magic.startswith(b'\x04"M\x18'):
        try:
            plain = import_module("lz4.frame").open(file)
        except ImportError:
            raise Malformed("it is compressed with LZ4; to look into it: pip install lz4") from None
    if plain is None:
        return Stream(file, path.stat().st_size, seekable=True)
    return Stream(plain, DECOMPRESSED, seekable=False)

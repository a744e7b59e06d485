"""The tensors of a neural network's weights: names, shapes, types. Files of torch and of safetensors."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from claimed_jlab.run.previews.archives import archive, member
from claimed_jlab.run.previews.estimators import imports, pickled_model, warnings
from claimed_jlab.run.previews.pickled import Kept, Made, Name, Reader, Story
from claimed_jlab.run.previews.shown import Shown, facts, line, plain, table, weight
from claimed_jlab.run.previews.stream import Malformed, Stream

_HEADER = 16 << 20
_TENSORS = 200
_METADATA = 20
_DEPTH = 30
_OLD_MAGIC = 0x1950A86A20F9469CFC6C
# What torch calls the types in its files, where that is not what everybody calls them.
_KINDS = {
    "float": "float32",
    "double": "float64",
    "half": "float16",
    "long": "int64",
    "int": "int32",
    "short": "int16",
    "char": "int8",
    "byte": "uint8",
}
_INSIDE = frozenset({"_parameters", "_modules", "_buffers"})


@dataclass(frozen=True)
class Tensor:
    """One tensor. place: what two that share their numbers have in common."""

    name: str
    kind: str
    shape: tuple[int, ...]
    place: object

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return prod(self.shape)


def safetensors(path: Path) -> Shown:
    """What the header of a safetensors file says; the numbers are not read."""
    size = path.stat().st_size
    try:
        header = _header(path, size)
        found = [
            Tensor(name[:300], str(entry["dtype"])[:20], _shape(entry["shape"]), name)
            for name, entry in header.items()
            if name != "__metadata__"
        ]
        told = header.get("__metadata__") or {}
        extra = [(str(name), str(value)[:300]) for name, value in list(told.items())[:_METADATA]]
    except Malformed as error:
        return line(f"A safetensors file, {weight(size)}; {error}.")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return line(f"A safetensors file, {weight(size)}; its header is malformed.")
    return _shown("safetensors", size, found, extra)


def torch_model(path: Path) -> Shown:
    """What the weights of a torch file are, by the instructions of the pickle in it; nothing is opened."""
    size = path.stat().st_size
    try:
        story = _torch_story(path)
    except Malformed as error:
        return line(f"A torch model, {weight(size)}; {error}.")
    if story is None:
        return pickled_model(path)
    if story.problem:
        return line(f"A torch model, {weight(size)}; {story.problem}. Not opened: only its instructions were read.")
    extra: list[tuple[str, object]] = [*warnings(story), ("Not opened", "only its instructions were read")]
    extra += imports(story.names)
    return _shown("torch", size, _torch_tensors(story), extra)


def _torch_story(path: Path) -> Story | None:
    """The pickle in a torch file: a member of its zip, or the fourth of a file of before 2020. None for another."""
    with path.open("rb") as file:
        if file.read(4) != b"PK\x03\x04":
            file.seek(0)
            stream = Stream(file, path.stat().st_size, seekable=True)
            if Reader(stream).story().outermost != _OLD_MAGIC:
                return None
            for _ in ("protocol", "machine"):
                Reader(stream).story()
            return Reader(stream).story()
    with archive(path) as bundle:
        name = next((name for name in bundle.namelist() if name.endswith("data.pkl")), None)
        if name is None:
            raise Malformed("it has no data.pkl")
        content = member(bundle, name)
    return Reader(Stream(io.BytesIO(content), len(content), seekable=True)).story()


def _header(path: Path, size: int) -> dict[str, Any]:
    with path.open("rb") as file:
        start = file.read(8)
        if len(start) < 8:
            raise Malformed("it ends too early")
        (length,) = struct.unpack("<Q", start)
        if length > min(_HEADER, size - 8):
            raise Malformed("its header is longer than the file, or too large to be looked at")
        header = json.loads(file.read(length))
    if not isinstance(header, dict):
        raise Malformed("its header is malformed")
    return header


def _shape(sides: Any) -> tuple[int, ...]:
    if not isinstance(sides, list | tuple) or len(sides) > 64:
        raise Malformed("it has a tensor of no shape")
    if not all(isinstance(side, int) and 0 <= side < 1 << 63 for side in sides):
        raise Malformed("it has a tensor of no shape")
    return tuple(sides)


def _torch_tensors(story: Story) -> list[Tensor]:
    found: list[Tensor] = []
    for name, made in _named(story.outermost, "", 0, set()):
        tensor = _torch_tensor(name, made)
        if tensor is not None:
            found.append(tensor)
    return found


def _named(value: Any, name: str, depth: int, seen: set[int]) -> Iterator[tuple[str, Made]]:
    """All that is made below a value, by the way to it, as `state_dict` names it."""
    if depth > _DEPTH or not isinstance(value, dict | list | tuple | Made):
        return
    if isinstance(value, Made) and value.kind.startswith("torch._utils._rebuild_"):
        yield name, value
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    for key, part in _parts(value):
        inner = name if key in _INSIDE else f"{name}.{key}".lstrip(".")
        yield from _named(part, inner[-300:], depth + 1, seen)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Made):
        yield from ((str(key), part) for key, part in value.items.items())
        value = value.state
    if isinstance(value, dict):
        yield from ((str(key), part) for key, part in value.items())
    elif isinstance(value, list | tuple):
        yield from ((str(at), part) for at, part in enumerate(value))


def _torch_tensor(name: str, made: Made) -> Tensor | None:
    try:
        arguments = made.arguments
        if made.kind.endswith("_rebuild_parameter"):
            return _torch_tensor(name, arguments[0])
        storage, offset, shape = arguments[0], arguments[1], _shape(arguments[2])
        _, kind, key, *_ = storage.identity if isinstance(storage, Kept) else (None, None, None)
        text = kind.text.rpartition(".")[2].removesuffix("Storage").lower() if isinstance(kind, Name) else "?"
        return Tensor(name, _KINDS.get(text, text), shape, (str(key), str(offset), shape))
    except (IndexError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def listed(found: Sequence[Tensor]) -> tuple[str, list[tuple[str, str, str, str]], bool]:
    """The rows of the first tensors with their caption, and whether there are more."""
    rows = [
        (tensor.name, tensor.kind, " × ".join(map(str, tensor.shape)) or "one", f"{tensor.count:,}")
        for tensor in found[:_TENSORS]
    ]
    many = len(found) > _TENSORS
    return f"the first {_TENSORS} of {len(found):,} tensors" if many else "Tensors", rows, many


def _shown(what: str, size: int, found: Sequence[Tensor], extra: Sequence[tuple[str, object]]) -> Shown:
    numbers = sum({tensor.place: tensor.count for tensor in found}.values())
    rows = [("Format", what), ("Size", weight(size)), ("Tensors", f"{len(found):,}"), ("Parameters", f"{numbers:,}")]
    rows = [*rows, *((name, str(value)) for name, value in extra)]
    caption, cells, many = listed(found)
    page = facts("Weights", rows) + table(caption, [("name", "type", "shape", "parameters")], cells)
    text = [plain("Weights", rows), *(f"{name}: {kind}, {shape}" for name, kind, shape, _ in cells)]
    return Shown({"text/html": page, "text/plain": "\n".join(text)}, many)

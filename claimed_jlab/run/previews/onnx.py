"""An ONNX model: its operators and tensors, read from the fields of its protocol buffer; weights are passed over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from claimed_jlab.run.previews.shown import Shown, facts, line, plain, table, weight
from claimed_jlab.run.previews.stream import Malformed
from claimed_jlab.run.previews.tensors import Tensor, listed

_SECONDS = 3.0
_FIELDS = 1_000_000
_TEXT = 300
_SIDES = 64
_TYPES = {1: "float32", 2: "uint8", 3: "int8", 6: "int32", 7: "int64", 9: "bool", 10: "float16", 11: "float64"}
# Numbers of the fields of onnx.proto.
_PRODUCER, _GRAPH = 2, 7
_NODE, _INITIALIZER, _INPUT, _OUTPUT = 1, 5, 11, 12
_OPERATOR, _DIMS, _DATA_TYPE, _TENSOR_NAME = 4, 1, 2, 8


@dataclass
class _Model:
    producer: str = ""
    operators: Counter[str] = field(default_factory=Counter)
    tensors: list[Tensor] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)


def onnx(path: Path) -> Shown:
    """Operators, inputs, outputs and tensors of a model; those that lie in other files by their shapes alone."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            model = _model(_Wire(file), size)
    except Malformed as error:
        return line(f"An ONNX model, {weight(size)}; {error}.")
    if not model.operators:
        return line(f"An ONNX model, {weight(size)}; it has no operators, or is malformed.")
    rows = [("Format", "ONNX"), ("Made by", model.producer), ("Size", weight(size))]
    rows += [("Inputs", ", ".join(model.inputs[:20])), ("Outputs", ", ".join(model.outputs[:20]))]
    rows += [("Parameters", f"{sum(tensor.count for tensor in model.tensors):,}")]
    operators = [(name, f"{count:,}") for name, count in model.operators.most_common(100)]
    caption, cells, many = listed(model.tensors)
    page = facts("Network", rows) + table("Operators", [("operator", "times")], operators)
    page += table(caption, [("name", "type", "shape", "parameters")], cells)
    text = [plain("Network", rows), *(f"{name}: {times} times" for name, times in operators)]
    return Shown({"text/html": page, "text/plain": "\n".join(text)}, many)


class _Wire:
    """The fields of a protocol buffer in a file: numbers as they are, all else as where it begins and ends."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _FIELDS
        self._until = time.monotonic() + _SECONDS

    def fields(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Number of the field, and begin and end of its content; of a number the value and -1."""
        while start < end:
            self._left -= 1
            if self._left < 0 or time.monotonic() > self._until:
                raise Malformed("it is too long to be looked at as a whole")
            tag, at = self._number(start)
            kind = tag & 7
            if kind == 0:
                value, start = self._number(at)
                yield tag >> 3, value, -1
                continue
            length, at = self._number(at) if kind == 2 else ({1: 8, 5: 4}.get(kind, end), at)
            start = at + length
            if start > end:
                raise Malformed("it is malformed")
            yield tag >> 3, at, start

    def text(self, start: int, end: int) -> str:
        """The beginning of a text; nothing where there is a number instead."""
        if end < 0:
            return ""
        self._file.seek(start)
        return self._file.read(min(end - start, _TEXT)).decode("utf-8", "replace")

    def numbers(self, start: int, end: int) -> list[int]:
        """Packed numbers, or the one that stands alone."""
        if end < 0:
            return [start]
        found: list[int] = []
        while start < end and len(found) <= _SIDES:
            value, start = self._number(start)
            found.append(value)
        return found

    def _number(self, at: int) -> tuple[int, int]:
        self._file.seek(at)
        content = self._file.read(10)
        value = 0
        for place, byte in enumerate(content):
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value, at + place + 1
        raise Malformed("it is malformed")


def _model(wire: _Wire, size: int) -> _Model:
    model = _Model()
    for number, start, end in wire.fields(0, size):
        if number == _PRODUCER:
            model.producer = wire.text(start, end)
        elif number == _GRAPH:
            _graph(wire, model, start, end)
    return model


def _graph(wire: _Wire, model: _Model, begin: int, stop: int) -> None:
    for number, start, end in wire.fields(begin, stop):
        if number == _NODE:
            model.operators.update(wire.text(*place) for name, *place in wire.fields(start, end) if name == _OPERATOR)
        elif number == _INITIALIZER:
            model.tensors.append(_tensor(wire, start, end))
        elif number in (_INPUT, _OUTPUT):
            names = model.inputs if number == _INPUT else model.outputs
            names += [wire.text(*place) for name, *place in wire.fields(start, end) if name == 1]


def _tensor(wire: _Wire, begin: int, stop: int) -> Tensor:
    name, kind, shape = "", "?", list[int]()
    for number, start, end in wire.fields(begin, stop):
        if number == _DIMS:
            shape += wire.numbers(start, end)
        elif number == _DATA_TYPE:
            kind = _TYPES.get(start, f"type {start}")
        elif number == _TENSOR_NAME:
            name = wire.text(start, end)
        if len(shape) > _SIDES:
            raise Malformed("it has a tensor of no shape")
    return Tensor(name, kind, tuple(shape), name)

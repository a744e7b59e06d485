"""What a property may hold, and how a value travels to its column and back.

ML Metadata has six kinds: int, double, string, bool, struct (a JSON object) and proto (any protobuf message).
A struct is the text `mlmd-struct::` followed by base64 of google.protobuf.Struct, in the string column; a proto
is base64 of google.protobuf.Any, or in PostgreSQL its bytes. Everything that Google's library would choke on is
mended on the way in:

- a text that itself begins with `mlmd-struct::` makes the library fail on the whole node; it travels inside a
  struct, {"string": text};
- NUL and lone surrogates, which cut a text short or refuse it, become visible escapes;
- numbers that are not finite become "NaN", "Infinity" and "-Infinity" (SQLite stores NaN as NULL, and protobuf
  can't print a Struct that holds one); integers a double can't hold exactly become text inside a struct;
- beyond 30 levels (protobuf gives up near 33) JSON becomes text.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeAlias

from google.protobuf import any_pb2, struct_pb2, wrappers_pb2

from claimed_jlab.lineage.errors import LineageError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

STRUCT_PREFIX = "mlmd-struct::"
# How a message of Any begins, and base64 never does.
_RAW = (b"\n", b"\x12")
# A message of Google's under a name of our own: others see a protobuf message, which it is.
_LONG_TEXT = "claimed.long-text/google.protobuf.StringValue"
_DEEPEST = 30
_EXACT = 2**53
_LONG = 2**63


class PropertyKind(IntEnum):
    """ML Metadata's PropertyType."""

    UNKNOWN = 0
    INT = 1
    DOUBLE = 2
    STRING = 3
    STRUCT = 4
    PROTO = 5
    BOOLEAN = 6


@dataclass(frozen=True, slots=True)
class Struct:
    """A JSON object kept as google.protobuf.Struct. Its numbers are doubles."""

    fields: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Proto:
    """A google.protobuf.Any: the message's type URL and its bytes."""

    type_url: str
    data: bytes


Value: TypeAlias = int | float | str | bool | Struct | Proto


def to_columns(value: Value) -> dict[str, object]:
    """The value columns of one property row; all but one are None.

    Raises LineageError for a kind that ML Metadata does not have.
    """
    row: dict[str, object] = dict.fromkeys(("int_value", "double_value", "string_value", "proto_value", "bool_value"))
    match value:
        case bool():
            row["bool_value"] = value
        case int() if -_LONG <= value < _LONG:
            row["int_value"] = int(value)
        case int():
            row["string_value"] = str(value)
        case float() if math.isfinite(value):
            row["double_value"] = float(value)
        case float():
            row["string_value"] = _spelled(value)
        case str() if value.startswith(STRUCT_PREFIX):
            row["string_value"] = _struct_text({"string": value})
        case str():
            row["string_value"] = clean(value)
        case Struct():
            row["string_value"] = _struct_text(value.fields)
        case Proto():
            message = any_pb2.Any(type_url=value.type_url, value=value.data)
            row["proto_value"] = base64.b64encode(message.SerializeToString())
        case _:
            raise LineageError(f"a property can't hold a {type(value).__name__}")
    return row


def from_columns(row: Any) -> Value | None:
    """The value of one property row; None for a row without any, which only other programs write."""
    if row.string_value is not None:
        return _read_text(row.string_value)
    if row.int_value is not None:
        return int(row.int_value)
    if row.double_value is not None:
        number = float(row.double_value)
        return number if math.isfinite(number) else _spelled(number)
    if row.bool_value is not None:
        return bool(row.bool_value)
    if row.proto_value is not None:
        data = row.proto_value
        message = any_pb2.Any.FromString(data if data[:1] in _RAW else base64.b64decode(data))
        if message.type_url == _LONG_TEXT:
            return _read_text(wrappers_pb2.StringValue.FromString(message.value).value)
        return Proto(message.type_url, message.value)
    return None


def from_json(value: Json) -> Value | None:
    """A JSON value as Kubeflow keeps it in a property: a list in {"list": …}, an object in {"struct": …}.

    None has no place in ML Metadata (an empty value aborts the official library): absent it stays.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return Struct({"struct": value})
    if isinstance(value, Sequence):
        return Struct({"list": list(value)})
    raise LineageError(f"a property can't hold a {type(value).__name__}")


def metadata_value(value: Json) -> Value | None:
    """`from_json` for an artifact's metadata, where Kubeflow knows only doubles, and bools are ints."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return float(value) if abs(value) <= _EXACT else str(value)
    return from_json(value)


def long_text(text: str) -> bytes:
    """The proto column for a text, a struct's too, that the string column can't take; `from_columns` reads it back."""
    packed = wrappers_pb2.StringValue(value=text).SerializeToString()
    return base64.b64encode(any_pb2.Any(type_url=_LONG_TEXT, value=packed).SerializeToString())


def _read_text(text: str) -> Value:
    return _parse_struct(text) if text.startswith(STRUCT_PREFIX) else text


def to_json(value: Value | None) -> Json:
    """The JSON that `from_json` was given; a Proto becomes its type URL and base64 bytes."""
    if isinstance(value, Struct):
        match dict(value.fields):
            case {"list": list() as items, **rest} if not rest:
                return items
            case {"struct": dict() as fields, **rest} if not rest:
                return fields
            case {"string": str() as text, **rest} if not rest:
                return text
        return value.fields
    if isinstance(value, Proto):
        return {"type_url": value.type_url, "data": base64.b64encode(value.data).decode()}
    return value


def clean(text: str) -> str:
    """The text without what no database keeps: NUL as U+2400, lone surrogates as `\\udcff`."""
    if "\0" in text:
        text = text.replace("\0", "␀")
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _spelled(number: float) -> str:
    return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")


def _struct_text(fields: Mapping[str, Json]) -> str:
    message = struct_pb2.Struct()
    for name, value in fields.items():
        _fill(message.fields[clean(str(name))], value, 1)
    return STRUCT_PREFIX + base64.b64encode(message.SerializeToString(deterministic=True)).decode()


def _fill(message: struct_pb2.Value, value: Json, depth: int) -> None:
    if depth > _DEEPEST and isinstance(value, Mapping | list | tuple):
        value = json.dumps(value, default=str)
    if value is None:
        message.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        message.bool_value = value
    elif isinstance(value, int) and abs(value) > _EXACT:
        message.string_value = str(value)
    elif isinstance(value, int | float):
        if math.isfinite(value):
            message.number_value = value
        else:
            message.string_value = _spelled(value)
    elif isinstance(value, str):
        message.string_value = clean(value)
    elif isinstance(value, Mapping):
        fields = message.struct_value
        fields.SetInParent()
        for name, item in value.items():
            _fill(fields.fields[clean(str(name))], item, depth + 1)
    elif isinstance(value, Sequence):
        items = message.list_value
        items.SetInParent()
        for item in value:
            _fill(items.values.add(), item, depth + 1)
    else:
        raise LineageError(f"lineage can't hold a {type(value).__name__}")


def _parse_struct(text: str) -> Value:
    try:
        message = struct_pb2.Struct.FromString(base64.b64decode(text[len(STRUCT_PREFIX) :], validate=True))
    except Exception:  # binascii's or protobuf's: somebody's own text, and it stays one
        return text
    return Struct({name: _read(value) for name, value in message.fields.items()})


def _read(message: struct_pb2.Value) -> Json:
    match message.WhichOneof("kind"):
        case "number_value":
            number = message.number_value
            if not math.isfinite(number):
                return _spelled(number)
            # A Struct knows only doubles; whole ones read back as the integers they were.
            return int(number) if number.is_integer() and abs(number) <= _EXACT else number
        case "string_value":
            return message.string_value
        case "bool_value":
            return message.bool_value
        case "struct_value":
            return {name: _read(value) for name, value in message.struct_value.fields.items()}
        case "list_value":
            return [_read(value) for value in message.list_value.values]
    return None

"""What a server's columns can't take as it is, and how it is kept without loss.

The official library's tables are narrower there than in SQLite: an integer has four bytes (a larger one becomes a
double, or its digits where a double would change it), and PostgreSQL indexes whole texts, which then have 2,700 bytes
at most (a longer one becomes a protobuf message that holds the text). What can't be kept at all is refused.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.values import clean, long_text

# The code of the error about a value that a column can't take.
TOO_LONG = "too-long"
_INTEGER = 2**31
_EXACT = 2**53
# Of 2,704 bytes of an entry of an index, some are the database's own.
_INDEXED = 2600
_MEDIUM, _TEXT = 2**24 - 1, 2**16 - 1


def fitted(row: dict[str, Any], name: str, dialect: str) -> dict[str, Any]:
    """The value columns of a property as the database takes them. Raises LineageError for what it can't take."""
    if dialect == "sqlite":
        return row
    number, text = row["int_value"], row["string_value"]
    if number is not None and not -_INTEGER <= number < _INTEGER:
        exact = abs(number) <= _EXACT
        return {
            **row,
            "int_value": None,
            "double_value" if exact else "string_value": (float if exact else str)(number),
        }
    if dialect == "postgresql":
        if text is not None and len(name.encode()) + len(text.encode()) > _INDEXED:
            row = {**row, "string_value": None, "proto_value": long_text(text)}
        # The library keeps the bytes themselves there.
        return row if row["proto_value"] is None else {**row, "proto_value": base64.b64decode(row["proto_value"])}
    for held in (text.encode() if text is not None else None, row["proto_value"]):
        if held is not None and len(held) > _MEDIUM:
            raise LineageError(f"the property {name!r} has {len(held)} bytes; MySQL takes {_MEDIUM}", code=TOO_LONG)
    return row


def require_uri(uri: str, dialect: str) -> str:
    """The URI. Raises LineageError when it is longer than the database takes."""
    most = {"postgresql": _INDEXED, "mysql": _TEXT, "mariadb": _TEXT}.get(dialect)
    if most is not None and len(uri) * 4 > most and len(uri.encode()) > most:
        raise LineageError(
            f"the URI has {len(uri.encode())} bytes; the database takes {most}: {uri[:60]}…", code=TOO_LONG
        )
    return uri


@contextmanager
def said_of(what: str, hint: str) -> Iterator[None]:
    """Has the errors of this module say what they are about, and what to do."""
    try:
        yield
    except LineageError as error:
        if error.code != TOO_LONG:
            raise
        raise LineageError(error.message, where=what, hint=hint, code=TOO_LONG) from None


def path_rows(event: int, path: Sequence[str | int], dialect: str) -> list[dict[str, Any]]:
    """The rows of an event's path. Raises LineageError for a step that is longer than the database takes."""
    rows: list[dict[str, Any]] = []
    for step in path:
        key = None if isinstance(step, int) else clean(step)
        if key is not None and dialect in ("mysql", "mariadb") and len(key.encode()) > _TEXT:
            raise LineageError(f"a step of an event's path is longer than {_TEXT} bytes", code=TOO_LONG)
        index = step if isinstance(step, int) else None
        rows.append({"event_id": event, "is_index_step": key is None, "step_index": index, "step_key": key})
    return rows

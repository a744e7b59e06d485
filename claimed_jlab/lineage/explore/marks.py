"""Tags and notes: what people say of a node.

A tag is a custom property `claimed.tag.<tag>` with a text, mostly empty; a note is a Struct in `claimed.note`. They lie
on the node itself, so the official library finds them too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy import Connection, delete

from claimed_jlab.lineage import names, write
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.explore.model import Note
from claimed_jlab.lineage.explore.part import parse_ref, require
from claimed_jlab.lineage.query.tables import TABLES, tagged
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.values import Struct, Value

_TAG = re.compile(r"[\w][\w .:/+-]{0,79}")
_MOST_TAGS = 50
_SHOWN = 60
_LONGEST_NOTE = 100_000


def tags_of(properties: Mapping[str, Value | None]) -> dict[str, str]:
    """{tag: text} among the properties of a node."""
    return {
        name.removeprefix(names.TAG): value
        for name, value in sorted(properties.items())
        if name.startswith(names.TAG) and isinstance(value, str)
    }


def note_of(properties: Mapping[str, Value | None]) -> Note | None:
    """The note among the properties of a node."""
    value = properties.get(names.NOTE)
    if not isinstance(value, Struct) or not value.fields.get("text"):
        return None
    updated = value.fields.get("updated")
    return Note(
        text=str(value.fields["text"]),
        user=str(value.fields.get("user") or ""),
        updated=int(updated) if isinstance(updated, int | float) else 0,
    )


def set_tags(store: Store, node: str, tags: Mapping[str, str]) -> dict[str, str]:
    """Give a node exactly these tags. Raises LineageError for a tag that is none, UnknownArtifact."""
    ref = parse_ref(node)
    for tag, text in tags.items():
        if not _TAG.fullmatch(tag) or tag != tag.strip():
            shown = tag if len(tag) <= _SHOWN else f"{tag[:_SHOWN]}…"
            hint = "up to 80 letters, digits, blanks and _ . : / + -, of which the first is a letter, a digit or _"
            raise LineageError(f"{shown!r} can't be a tag", where="tags", hint=hint, code="bad-tag")
        if len(text) > 1000:
            raise LineageError("its text is longer than 1,000 characters", where=f"tag {tag}", code="bad-tag")
    if len(tags) > _MOST_TAGS:
        raise LineageError(f"more than {_MOST_TAGS} tags", where=node, code="bad-tag")

    def work(connection: Connection) -> None:
        require(connection, ref)
        tables = TABLES[ref.kind]
        column = tables.property.c
        connection.execute(
            delete(tables.property).where(
                tables.key == ref.id, column.is_custom_property, tagged(column.name, connection)
            )
        )
        write.put_custom(connection, ref.kind, ref.id, {f"{names.TAG}{tag}": text for tag, text in tags.items()})

    store.write(work)
    return dict(sorted(tags.items()))


def set_note(store: Store, node: str, text: str, user: str) -> Note | None:
    """Write the note of a node, or remove it with an empty text. Raises LineageError, UnknownArtifact."""
    ref = parse_ref(node)
    text = text.strip()
    if len(text) > _LONGEST_NOTE:
        raise LineageError(f"the note is longer than {_LONGEST_NOTE:,} characters", where=node, code="bad-note")
    note = Note(text=text, user=user, updated=write.now()) if text else None

    def work(connection: Connection) -> None:
        require(connection, ref)
        values = {} if note is None else {names.NOTE: Struct(note.model_dump())}
        write.put_custom(connection, ref.kind, ref.id, values, without=(names.NOTE,))

    store.write(work)
    return note

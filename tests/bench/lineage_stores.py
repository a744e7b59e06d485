"""Lineage stores of any size, filled by bulk inserts and kept in the temporary folder for the next measurement.

Every store is many stories of the same size: a thousand nodes, `DEEP` executions deep and `WIDE` wide, in which each
execution reads three artifacts of the layer before and writes one. An answer about the last artifact of a story is
therefore the same whatever the store's size, and is within the hundred hops at which the official library stops.
"""

from __future__ import annotations

import os
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from claimed_jlab.lineage import names, open_store
from claimed_jlab.lineage.model import ArtifactState, EventType, ExecutionState, Kind

WIDE, DEEP, READS = 20, 25, 3
STORY = 2 * WIDE * DEEP  # nodes, half of them artifacts
_VERSION = 3
_INPUT, _OUTPUT = int(EventType.INPUT), int(EventType.OUTPUT)


def store_of(nodes: int) -> Path:
    """A store with that many nodes, made when the temporary folder has none."""
    folder = Path(tempfile.gettempdir()) / f"claimed-bench-lineage-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    path = folder / f"{nodes}-v{_VERSION}.db"
    if not path.exists():
        draft = folder / f"draft-{os.getpid()}.db"
        open_store(draft).close()
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            _fill(connection, nodes // STORY)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        draft.replace(path)
    return path


def last_artifact(story: int) -> int:
    """The artifact that a story leads to; stories count from 0."""
    return (story + 1) * STORY // 2


def first_artifact(story: int) -> int:
    """An artifact that a story begins with."""
    return story * STORY // 2 + 1


_EVENT_COLUMNS = ("id", "artifact_id", "execution_id", "type", "milliseconds_since_epoch")


def _fill(connection: sqlite3.Connection, stories: int) -> None:
    types = {}
    for kind, name in ((Kind.EXECUTION, names.DAG), (Kind.EXECUTION, names.CONTAINER), (Kind.ARTIFACT, _DATASET)):
        cursor = connection.execute("INSERT INTO Type (name, type_kind) VALUES (?, ?)", (name, int(kind)))
        types[name] = cursor.lastrowid
    for story in range(stories):
        _put(connection, "Artifact", _ARTIFACT_COLUMNS, _artifacts(story, types[_DATASET]))
        _put(connection, "ArtifactProperty", _property("artifact_id", "string_value"), _called(story, "table"))
        _put(connection, "Execution", _EXECUTION_COLUMNS, _executions(story, types))
        _put(connection, "ExecutionProperty", _property("execution_id", "string_value"), _called(story, "Step"))
        _put(connection, "ExecutionProperty", _property("execution_id", "int_value"), _parents(story))
        _put(connection, "Event", _EVENT_COLUMNS, _events(story))
        _put(connection, "EventPath", ("event_id", "is_index_step", "step_key"), _paths(story))
    connection.commit()


_DATASET = names.artifact_type("Dataset")
_ARTIFACT_COLUMNS = ("id", "type_id", "uri", "state", "create_time_since_epoch", "last_update_time_since_epoch")
_EXECUTION_COLUMNS = ("id", "type_id", "last_known_state", "name", "create_time_since_epoch")


def _property(node: str, value: str) -> tuple[str, ...]:
    return (node, "name", "is_custom_property", value)


def _put(connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> int:
    marks = ", ".join("?" * len(columns))
    return connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows).rowcount


def _numbers(story: int) -> range:
    return range(first_artifact(story), last_artifact(story) + 1)


def _artifacts(story: int, type_id: int) -> Iterator[tuple[Any, ...]]:
    for number in _numbers(story):
        yield number, type_id, f"file:///data/{number}.csv", int(ArtifactState.LIVE), number, number


def _called(story: int, word: str) -> Iterator[tuple[Any, ...]]:
    for number in _numbers(story):
        yield number, names.DISPLAY_NAME, 1, f"{word} {number % 97}"


def _executions(story: int, types: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The first of a story is its run's root, and its first step too."""
    for number in _numbers(story):
        root = number == first_artifact(story)
        name = f"{names.ROOT_PREFIX}story-{story}" if root else None
        yield number, types[names.DAG if root else names.CONTAINER], int(ExecutionState.COMPLETE), name, number


def _parents(story: int) -> Iterator[tuple[Any, ...]]:
    root, *steps = _numbers(story)
    for number in steps:
        yield number, names.PARENT_DAG_ID, 1, root


def _events(story: int) -> Iterator[tuple[Any, ...]]:
    """Execution n writes artifact n, and reads three of the layer before its own."""
    chance = random.Random(story)
    first = first_artifact(story)
    event = story * (STORY // 2 + (STORY // 2 - WIDE) * READS)
    for number in _numbers(story):
        layer = (number - first) // WIDE
        before = range(first + (layer - 1) * WIDE, first + layer * WIDE)
        for artifact in sorted(chance.sample(before, READS)) if layer else ():
            event += 1
            yield event, artifact, number, _INPUT, number
        event += 1
        yield event, number, number, _OUTPUT, number


def _paths(story: int) -> Iterator[tuple[Any, ...]]:
    for event, _, _, type_, _ in _events(story):
        yield event, 0, "data" if type_ == _INPUT else "table"

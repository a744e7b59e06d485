"""events.jsonl: the log of a run. One line is one fact, with a checksum; a torn last line is no fact."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimed_jlab.run.record import now


class EventLog:
    """Appends to one run's log. One process writes at a time (the holder of the run's lock)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sequence = sum(1 for _ in read_events(path))
        self._torn = _is_torn(path)

    def append(self, **fields: Any) -> dict[str, Any]:
        """Writes one event and returns it, with its `seq` and `time`. Raises OSError when the disk is full."""
        event = {"seq": self._sequence + 1, "time": now(), **fields}
        line = json.dumps({**event, "sum": _checksum(event)}, ensure_ascii=False)
        with self.path.open("a", encoding="utf-8") as log:
            # A line cut by a crash or a full disk must not swallow the next one.
            log.write(("\n" if self._torn else "") + line + "\n")
        self._torn = False
        self._sequence += 1
        return event


def read_events(path: Path, start: int = 0) -> Iterator[dict[str, Any]]:
    """The whole events in a log from byte `start`. A line that is torn or does not match its sum is passed over."""
    for event, _ in read_events_from(path, start):
        yield event


def read_events_from(path: Path, start: int = 0) -> Iterator[tuple[dict[str, Any], int]]:
    """Events with the byte offset after each, so that a follower goes on where it stopped."""
    try:
        with path.open("rb") as log:
            log.seek(start)
            for line in log:
                if not line.endswith(b"\n"):
                    return
                start += len(line)
                event = _event(line)
                if event is not None:
                    yield event, start
    except FileNotFoundError:
        return


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    if not isinstance(event, dict) or event.pop("sum", None) != _checksum(event):
        return None
    return event


def _checksum(event: dict[str, Any]) -> str:
    text = json.dumps(event, ensure_ascii=False, sort_keys=True)
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def _is_torn(path: Path) -> bool:
    try:
        with path.open("rb") as log:
            log.seek(0, 2)
            if log.tell() == 0:
                return False
            log.seek(-1, 2)
            return log.read(1) != b"\n"
    except FileNotFoundError:
        return False

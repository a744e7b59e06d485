"""Edits of a text: each replaces a piece of it, and all else stays as it is to the letter."""

from __future__ import annotations

import re

from claimed_jlab.pipeline.python.code import ArgumentCode, Span
from claimed_jlab.pipeline.python.literals import WIDTH


class Edits:
    """Replacements in one text; of two that overlap the first asked for counts."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._edits: list[tuple[Span, str]] = []

    def replace(self, span: Span, text: str) -> None:
        clash = any(span.start < other.end and other.start < span.end for other, _ in self._edits)
        if not clash and self.data[span.start : span.end] != text.encode("utf-8", "surrogatepass"):
            self._edits.append((span, text))

    def insert(self, at: int, text: str) -> None:
        self._edits.append((Span(at, at), text))

    def text(self) -> str:
        """The text with all edits made."""
        data = self.data
        order = [(span.start, span.end > span.start, number) for number, (span, _) in enumerate(self._edits)]
        for _, _, number in sorted(order, reverse=True):
            span, text = self._edits[number]
            data = data[: span.start] + text.encode("utf-8", "surrogatepass") + data[span.end :]
        return data.decode("utf-8", "surrogatepass")

    def indent_at(self, offset: int) -> str:
        """The space that the line of an offset begins with."""
        start = self.data.rfind(b"\n", 0, offset) + 1
        found = re.match(rb"[ \t]*", self.data[start:])
        return found[0].decode() if found else ""

    def line_end(self, offset: int) -> int:
        """The place after the line that an offset is in."""
        end = self.data.find(b"\n", offset)
        return len(self.data) if end < 0 else end + 1


class CallEdits:
    """Edits of what stands between the brackets of one call, or of a function's parameters.

    present: its arguments, in their order.  owner: the line that the call begins in, for its indentation.
    """

    def __init__(self, edits: Edits, inner: Span, present: list[Span], owner: int) -> None:
        self._edits = edits
        self._inner = inner
        self._present = sorted(present, key=lambda span: span.start)
        self._owner = owner
        self._removed: set[Span] = set()
        self._added: list[str] = []
        self._first: list[str] = []

    def remove(self, span: Span) -> None:
        self._removed.add(span)

    def add(self, text: str, *, first: bool = False) -> None:
        (self._first if first else self._added).append(text)

    def finish(self) -> None:
        """Writes what was asked for into the edits."""
        for span in self._removed:
            self._edits.replace(self._with_comma(span), "")
        kept = [span for span in self._present if span not in self._removed]
        for text in self._first:
            at = kept[0].start if kept else self._inner.start
            self._edits.insert(at, f"{text},{self._between()}" if kept or self._added else text)
        if self._added:
            self._append(kept)

    def _append(self, kept: list[Span]) -> None:
        between = self._between()
        if not self._present:
            lines = self._edits.data[self._inner.start : self._inner.end]
            self._edits.replace(self._inner, ", ".join(self._added)) if not lines.strip() else None
            return
        after = self._edits.data[self._present[-1].end : self._inner.end]
        comma = re.match(rb"\s*,", after)
        at = self._present[-1].end + (comma.end() if comma else 0)
        lead = between if comma or not kept else f",{between}"
        lead = lead.removeprefix(",") if comma else lead
        ends = "," if comma else ""
        text = f",{between.removeprefix(',')}".join(self._added)
        self._edits.insert(at, f"{lead}{text}{ends}")

    def _between(self) -> str:
        """What stands between two arguments, after the comma: a space, or a new line."""
        data = self._edits.data
        if b"\n" not in data[self._inner.start : self._inner.end] or not self._present:
            return " "
        line = data.rfind(b"\n", 0, self._present[-1].start) + 1
        if not data[line : self._present[-1].start].strip():
            return f"\n{self._edits.indent_at(self._present[-1].start)}"
        return " "

    def _with_comma(self, span: Span) -> Span:
        """An argument with its comma, and with its line where it is alone in it."""
        data = self._edits.data
        after = re.match(rb"[ \t]*,?[ \t]*", data[span.end : self._inner.end])
        end = span.end + (after.end() if after else 0)
        start_line = data.rfind(b"\n", 0, span.start) + 1
        alone = not data[start_line : span.start].strip() and data[end : end + 1] == b"\n"
        if alone:
            return Span(start_line, end + 1)
        index = self._present.index(span)
        if index == len(self._present) - 1 and index > 0 and b"," not in data[span.end : end]:
            return Span(self._present[index - 1].end, span.end)
        return Span(span.start, end)


def too_long(text: str) -> bool:
    """Whether a line is longer than a person would write it."""
    return any(len(line) > WIDTH for line in text.split("\n"))


def spans(arguments: dict[str, ArgumentCode]) -> list[Span]:
    """Where arguments stand, each once."""
    return list(dict.fromkeys(code.whole for code in arguments.values()))

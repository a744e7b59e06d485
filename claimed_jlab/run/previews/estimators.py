"""A pickled model (pickle, joblib): what it is, without opening it. Opening a pickle runs what is in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from claimed_jlab.run.previews.pickled import Made, Name, Reader, Story, element_type
from claimed_jlab.run.previews.shown import CELL, Shown, facts, line, plain, weight
from claimed_jlab.run.previews.stream import Malformed, opened

_NAMES = 40
_ATTRIBUTES = 40
_NOT_OPENED = "Not opened: only its instructions were read."
# What these do when a pickle is opened has nothing to do with a model.
_COMMANDS = frozenset({"os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "runpy", "pty", "importlib"})
_BUILTINS = frozenset({"eval", "exec", "compile", "open", "__import__", "getattr"})


def pickled_model(path: Path) -> Shown:
    """The class of a pickled model, what it says of itself, and all that opening it would import."""
    size = weight(path.stat().st_size)
    try:
        with path.open("rb") as file:
            story = Reader(opened(path, file)).story()
    except Malformed as error:
        return line(f"A pickled model, {size}; {error}.")
    if not story.names:
        return line(f"A pickle, {size}; {story.problem or 'it imports nothing'}. {_NOT_OPENED}")
    kind = _kind_of(story)
    rows = list(_rows(story, size))
    text = plain(kind, rows)
    return Shown({"text/html": facts(kind, rows), "text/plain": text}, story.problem is not None)


def warnings(story: Story) -> list[tuple[str, str]]:
    """A row that names what has nothing to do in a model: what can run commands when it is opened."""
    commands = [name for name in story.names if _is_command(name)]
    return [("Warning", f"Opening it can run commands: {', '.join(commands[:_NAMES])}")] if commands else []


def imports(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Rows for the packages that opening a pickle would import from, with what of each."""
    packages: dict[str, list[str]] = {}
    for name in names[:_NAMES]:
        rows = packages.setdefault(name.partition(".")[0], [])
        # A row is cut where a cell ends.
        if rows and len(rows[-1]) + len(name) + 2 <= CELL:
            rows[-1] += f", {name}"
        else:
            rows.append(name)
    for package, rows in packages.items():
        yield from ((f"Would import from {package}", row) for row in rows)
    if len(names) > _NAMES:
        yield "Would import", f"{len(names) - _NAMES:,} more"


def _kind_of(story: Story) -> str:
    outermost = story.outermost
    return outermost.kind if isinstance(outermost, Made) else story.names[0]


def _rows(story: Story, size: str) -> Iterator[tuple[str, object]]:
    yield from warnings(story)
    yield "Size", size
    yield "Not opened", "only its instructions were read"
    if story.problem:
        yield "Read in part", story.problem
    state = story.outermost.state if isinstance(story.outermost, Made) else None
    if isinstance(state, dict):
        told = [(str(name), _described(value)) for name, value in list(state.items())[:_ATTRIBUTES]]
        yield from ((name, text) for name, text in told if text)
    first = _kind_of(story)
    yield from imports([first, *(name for name in story.names if name != first)])


def _is_command(name: str) -> bool:
    module, _, function = name.rpartition(".")
    if module in ("builtins", "__builtin__"):
        return function in _BUILTINS
    return module.partition(".")[0] in _COMMANDS


def _described(value: Any) -> str:
    """A value in a few words; nothing for what takes more."""
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)[:80]
    if isinstance(value, Name):
        return value.text
    if isinstance(value, Made):
        return _described_made(value)
    if isinstance(value, list | tuple):
        parts = [
            f"{part[0][:80]}: {part[1].kind}"
            for part in value[:20]
            if isinstance(part, tuple) and len(part) > 1 and isinstance(part[0], str) and isinstance(part[1], Made)
        ]
        return ", ".join(parts) if parts else f"{len(value):,} of them"
    return f"{len(value):,} entries" if isinstance(value, dict) else ""


def _described_made(value: Made) -> str:
    state = value.state
    try:
        if isinstance(state, dict) and value.kind.endswith(".NumpyArrayWrapper"):
            return f"{element_type(state['dtype'])} array, {_shape(state['shape'])}"
        if isinstance(state, tuple) and value.kind.endswith("._reconstruct"):
            return f"{element_type(state[2])} array, {_shape(state[1])}"
    except (Malformed, KeyError, IndexError):
        return "an array"
    return value.kind


def _shape(shape: Any) -> str:
    return " × ".join(str(side) for side in shape) if isinstance(shape, tuple) else "?"

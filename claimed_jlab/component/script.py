'''A Python file as a notebook: its cells by the percent format, which Spyder, VS Code, PyCharm and jupytext share.

    """Clean a table                       the docstring: title and description

    Drops what is incomplete."""
    import pandas as pd
    # %% tags=["parameters"]               a code cell, with jupytext's tags
    data: "Input[Dataset]" = "raw.csv"
    # %% [markdown]
    # Any text.

Without a marker the whole file is one code cell. A marker counts only between statements, so one that stands in a text
or in a function is a comment. Nothing is run, and no line is lost: each cell knows the line that it begins in.

Format: https://jupytext.readthedocs.io/en/latest/formats-scripts.html#the-percent-format
'''

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from claimed_jlab.component.edits import Fix
from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.errors import ClaimedError

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# Where a cell comes from: the number of its first line in the file, or the numbers of all its lines.
LINE = "source_line"
_MARKER = re.compile(r"#[ \t]?%%+(?=\s|$)(.*)")
_TYPE = re.compile(r"\[(markdown|md|raw|code)\](?=\s|$)")
_TAGS = re.compile(r"""\btags\s*=\s*|["']tags["']\s*:\s*""")
_FENCE = re.compile(r"#\s*---\s*")
_NO_TAGS: tuple[str, ...] = ()
_TYPES = {"markdown": "markdown", "md": "markdown", "raw": "raw", "code": "code"}


class NotAScript(ClaimedError):
    """A file that is not valid Python, or with a cell marker that can't be read. `where` has the line."""

    code = "not-python"


@dataclass(frozen=True)
class _Segment:
    """The lines first..last (from 1) between two markers."""

    kind: str
    tags: tuple[str, ...]
    first: int
    last: int


def script_notebook(text: str, where: str) -> dict[str, Any]:
    """The notebook, as JSON of format 4, that a Python file is. where: what to call the file. Raises NotAScript."""
    return _Script(text, where).notebook()


def parse_python(text: str, where: str) -> ast.Module:
    """The syntax of a Python file. Raises NotAScript with the line."""
    try:
        tree = ast.parse(text)
        compile(text, where, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        place = f"{where}, line {line}" if line else where
        raise NotAScript(f"is not valid Python: {getattr(error, 'msg', None) or error}", where=place) from None
    return tree


def python_text(text: str) -> str:
    """The text with the line ends that Python makes of all others."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def in_file(spec: ComponentSpec, content: dict[str, Any]) -> ComponentSpec:
    """The spec with the lines of the file in place of those of its cells; a fix edits cells, so there is none.

    content: the notebook that the file is; of one that was a notebook from the start, nothing changes.
    """
    cells = content["cells"]
    if not any(LINE in (item.get("metadata") or {}) for item in cells):
        return spec
    return spec.model_copy(
        update={
            "diagnostics": tuple(_placed(item, cells) for item in spec.diagnostics),
            "inputs": tuple(port.model_copy(update=_place(port.cell, port.line, cells)) for port in spec.inputs),
            "outputs": tuple(port.model_copy(update=_place(port.cell, port.line, cells)) for port in spec.outputs),
        }
    )


def _placed(item: Diagnostic, cells: list[dict[str, Any]]) -> Diagnostic:
    place = _place(item.cell, item.line or 1, cells)
    return item.model_copy(update=place | ({"where": f"line {place['line']}"} if "line" in place else {}))


def _place(number: int | None, line: int | None, cells: list[dict[str, Any]]) -> dict[str, int | Fix | None]:
    known = cells[number - 1]["metadata"].get(LINE) if number else None
    if known is None or line is None:
        return {"fix": None}
    found = known[min(line, len(known)) - 1] if isinstance(known, list) else known + line - 1
    return {"line": found, "fix": None}


class _Script:
    """One Python file while it is read."""

    def __init__(self, text: str, where: str) -> None:
        self._text = python_text(text)
        self._where = where
        self._lines = self._text.split("\n")
        self._tree = parse_python(self._text, where)
        self._spans = [_span(node) for node in self._tree.body]
        self._docstring = _docstring(self._tree)

    def notebook(self) -> dict[str, Any]:
        header, first = self._header()
        cells = [made for segment in self._segments(first) for made in self._cells(segment)]
        metadata = {"kernelspec": KERNEL, **header}
        return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}

    def _header(self) -> tuple[dict[str, Any], int]:
        """The notebook's metadata in jupytext's header, and the first line behind it."""
        start = 1 if self._lines[0].startswith("#!") else 0
        if start >= len(self._lines) or not _FENCE.fullmatch(self._lines[start]):
            return {}, 1
        for end in range(start + 1, len(self._lines)):
            if _FENCE.fullmatch(self._lines[end]):
                found = self._metadata(start + 1, end)
                return (found, end + 2) if found is not None else ({}, 1)
            if not self._lines[end].startswith("#"):
                break
        return {}, 1

    def _metadata(self, start: int, end: int) -> dict[str, Any] | None:
        """What a header says; None where the lines are comments as any other."""
        text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in self._lines[start:end])
        try:
            read = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError):
            return None
        given = read.get("jupyter") if isinstance(read, dict) else None
        if not isinstance(given, dict):
            return None
        return {key: given[key] for key in ("kernelspec", "claimed", "authors") if given.get(key)}

    def _segments(self, first: int) -> Iterator[_Segment]:
        kind, tags = "code", _NO_TAGS
        for number in range(first, len(self._lines) + 1):
            found = _MARKER.match(self._lines[number - 1])
            if found is None or self._inside(number):
                continue
            yield _Segment(kind, tags, first, number - 1)
            kind, tags = self._marker(found[1], number)
            first = number + 1
        yield _Segment(kind, tags, first, len(self._lines))

    def _inside(self, line: int) -> bool:
        return any(first <= line <= last for first, last in self._spans)

    def _marker(self, text: str, line: int) -> tuple[str, tuple[str, ...]]:
        """The type and the tags that a marker gives its cell."""
        found = _TYPE.search(text)
        kind = _TYPES[found[1]] if found else "code"
        start = _TAGS.search(text)
        if start is None:
            return kind, ()
        tags = _literal_head(text[start.end() :])
        words = [tags] if isinstance(tags, str) else tags
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise self._wrong('the tags of this cell can\'t be read: write tags=["parameters"]', line)
        return kind, tuple(words)

    def _cells(self, segment: _Segment) -> Iterator[dict[str, Any]]:
        if segment.kind != "code":
            yield from self._prose(segment)
            return
        first = segment.first
        if self._docstring is not None and segment.first <= self._docstring.lineno <= segment.last:
            if title := _title(self._docstring):
                yield cell("markdown", title, (), self._docstring.lineno)
            if self._alone(self._docstring):
                yield from self._code(first, self._docstring.lineno - 1, ())
                first = (self._docstring.end_lineno or first) + 1
        yield from self._code(first, segment.last, segment.tags)

    def _code(self, first: int, last: int, tags: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        while first <= last and not self._lines[first - 1].strip():
            first += 1
        while last >= first and not self._lines[last - 1].strip():
            last -= 1
        if first <= last:
            yield cell("code", "\n".join(self._lines[first - 1 : last]), tags, first)

    def _prose(self, segment: _Segment) -> Iterator[dict[str, Any]]:
        """Text in comments, or in one string, as jupytext writes both."""
        within = [node for node in self._tree.body if segment.first <= node.lineno <= segment.last]
        strings = [_string(node) for node in within]
        if any(text is None for text in strings) or len(within) > 1:
            line = next((node.lineno for node in within if _string(node) is None), segment.first)
            raise self._wrong("this cell is marked as text and holds code: put `# %%` above it", line)
        lines = self._lines[segment.first - 1 : segment.last]
        text = strings[0] if strings else "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines)
        if text and text.strip():
            yield cell(segment.kind, text.strip("\n"), segment.tags, segment.first)

    def _alone(self, node: ast.stmt) -> bool:
        """Whether nothing else stands in the lines of a statement."""
        before = self._lines[node.lineno - 1].encode()[: node.col_offset]
        after = self._lines[(node.end_lineno or 1) - 1].encode()[node.end_col_offset or 0 :]
        return not before.strip() and not after.strip()

    def _wrong(self, message: str, line: int) -> NotAScript:
        return NotAScript(message, where=f"{self._where}, line {line}")


def _literal_head(text: str) -> Any:
    """The list or the text that a text begins with; None where it begins with none."""
    closed = "]" if text.startswith("[") else text[:1]
    for end in range(1, len(text)):
        if text[end] == closed:
            try:
                return ast.literal_eval(text[: end + 1])
            except (ValueError, SyntaxError):
                continue
    return None


def untagged_values(content: dict[str, Any]) -> Diagnostic | None:
    """Says so where a file without markers begins with values that a cell of their own would make inputs."""
    for number, one in enumerate(content["cells"], start=1):
        if one["cell_type"] != "code":
            continue
        metadata = one.get("metadata") or {}
        if not isinstance(metadata.get(LINE), int) or metadata.get("tags"):
            return None
        for node in ast.parse(one["source"]).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                continue
            if not isinstance(node, ast.AnnAssign):
                return None
            message = 'these values are inputs once `# %% tags=["parameters"]` stands above them and `# %%` below'
            place = {"where": f"cell {number}, line {node.lineno}", "cell": number, "line": node.lineno}
            return Diagnostic(level="info", code="untagged-parameters", message=message, **place)
    return None


def cell(kind: str, source: str, tags: tuple[str, ...], line: int | list[int]) -> dict[str, Any]:
    """A cell of a notebook, without outputs."""
    metadata: dict[str, Any] = {LINE: line, **({"tags": list(tags)} if tags else {})}
    made = {"cell_type": kind, "metadata": metadata, "source": source}
    return {**made, "outputs": [], "execution_count": None} if kind == "code" else made


def _span(node: ast.stmt) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(item.lineno for item in decorators)]), node.end_lineno or node.lineno


def _docstring(tree: ast.Module) -> ast.Expr | None:
    first = tree.body[0] if tree.body else None
    return first if isinstance(first, ast.Expr) and _string(first) is not None else None


def _string(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return node.value.value
    return None


def _title(node: ast.Expr) -> str:
    """A docstring as the markdown that a notebook begins with."""
    title, _, rest = inspect.cleandoc(_string(node) or "").partition("\n")
    heading = title if title.startswith("#") else f"# {title.removesuffix('.')}"
    return f"{heading}\n{rest}".strip("\n") if title.strip() else ""

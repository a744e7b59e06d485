"""A notebook as source: its cells, parsed by `ast` after IPython's own transform. Nothing is run.

A script (`clean.py`) and a function in a file (`tools.py:normalize`) are read as the notebook that they stand for.
"""

from __future__ import annotations

import ast
import difflib
import io
import json
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from claimed_jlab.component.foreign import as_python, language_of
from claimed_jlab.component.function import function_notebook, named_function
from claimed_jlab.component.script import NotAScript, script_notebook
from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.errors import ClaimedError


class NotANotebook(ClaimedError):
    """The file is absent, no JSON, or no Jupyter notebook."""

    code = "not-a-notebook"


@dataclass(frozen=True)
class CodeCell:
    """One code cell. number: its place in the notebook, from 1.  comments: text by line, from 1.

    `source` is what IPython makes of the cell, and `tree` is that, parsed; `written` is the cell as a person sees it.
    """

    number: int
    tags: frozenset[str]
    written: str
    source: str
    tree: ast.Module
    comments: dict[int, str]
    own_line: frozenset[int]

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All of the tree, from its top: walking it anew for each question is most of the time of a reading."""
        return list(ast.walk(self.tree))

    def line_written(self, line: int) -> int:
        """The line that a person sees, of a line of `source`."""
        return self._lines[line - 1] if 0 < line <= len(self._lines) else line

    @cached_property
    def _lines(self) -> list[int]:
        return lines_written(self.written, self.source)

    def description_of(self, node: ast.stmt) -> str:
        """The comment lines right above a statement, else the one behind it."""
        above: list[str] = []
        line = node.lineno - 1
        while line in self.own_line:
            above.insert(0, self.comments[line])
            line -= 1
        if above:
            return " ".join(above)
        return self.comments.get(node.end_lineno or node.lineno, "")


@dataclass(frozen=True)
class NotebookSource:
    """A notebook, read: code cells that parse, first markdown, metadata, and what was in doubt."""

    path: Path
    content: dict[str, Any]
    cells: tuple[CodeCell, ...]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    @property
    def metadata(self) -> dict[str, Any]:
        return dict(self.content.get("metadata") or {})

    @property
    def kernel(self) -> str:
        """The kernelspec that it names; empty where it names none."""
        return kernel_of(self.content)

    @property
    def markdown(self) -> list[str]:
        return [cell_text(cell) for cell in self.content["cells"] if cell.get("cell_type") == "markdown"]

    def tagged(self, tag: str) -> list[CodeCell]:
        return [cell for cell in self.cells if tag in cell.tags]


def read_notebook(path: Path) -> dict[str, Any]:
    """The JSON, in format 4, of a notebook or of what is read as one. Raises NotANotebook, NotAScript."""
    where, file = str(path), source_file(path)
    try:
        return content_of(file.read_text(encoding="utf-8"), path)
    except FileNotFoundError:
        raise NotANotebook("there is no such file", where=where) from None
    except (OSError, UnicodeDecodeError) as error:
        if file.suffix == ".py":
            raise NotAScript(f"can't be read as Python: {error}", where=str(file)) from None
        raise NotANotebook(f"can't be read as a notebook: {error}", where=where) from error


def source_file(path: Path) -> Path:
    """The file that holds a component's code: of a function (`tools.py:normalize`), its module."""
    named = named_function(path)
    return path if named is None else named[0]


def content_of(text: str, path: Path) -> dict[str, Any]:
    """The notebook that the text of a file holds, or stands for. Raises NotANotebook, NotAScript."""
    if (named := named_function(path)) is not None:
        return function_notebook(text, *named)
    return script_notebook(text, str(path)) if path.suffix == ".py" else notebook_from_text(text, str(path))


def notebook_from_text(text: str, where: str) -> dict[str, Any]:
    """The notebook a text holds, brought to format 4. where: what to call it. Raises NotANotebook."""
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        raise _no_notebook(f"it isn't JSON{f' (line {line})' if line else ''}", where) from None
    if not isinstance(content, dict) or not isinstance(content.get("nbformat"), int):
        raise _no_notebook("it has no nbformat", where)
    if content["nbformat"] < 4:
        content = _upgraded(content, where)
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise _no_notebook("it has no list of cells", where)
    return dict(content)


def _upgraded(content: dict[str, Any], where: str) -> dict[str, Any]:
    import nbformat  # takes a second to import, and few notebooks are that old

    try:
        return dict(nbformat.convert(nbformat.from_dict(content), 4))
    except Exception as error:
        raise _no_notebook(f"its format {content['nbformat']} can't be read: {error}", where) from error


def _no_notebook(why: str, where: str) -> NotANotebook:
    return NotANotebook(
        f"is not a Jupyter notebook: {why}", where=where, hint="open it in JupyterLab and save it again"
    )


def parse_notebook(path: Path, content: dict[str, Any] | None = None) -> NotebookSource:
    """Reads and parses a notebook; a cell that is no Python becomes a diagnostic. Raises NotANotebook."""
    content = read_notebook(path) if content is None else content
    diagnostics: list[Diagnostic] = []
    if language_of(content) != "python":
        return NotebookSource(path, content, tuple(_foreign_cells(content, diagnostics)), diagnostics)
    cells = []
    for number, cell in enumerate(content["cells"], start=1):
        if cell.get("cell_type") != "code":
            continue
        parsed = _parse_cell(number, cell, diagnostics)
        if parsed is not None:
            cells.append(parsed)
    return NotebookSource(path, content, tuple(cells), diagnostics)


def _foreign_cells(content: dict[str, Any], diagnostics: list[Diagnostic]) -> Iterator[CodeCell]:
    """The cells of parameters of a notebook in another language, in Python's words."""
    for number, cell in enumerate(content["cells"], start=1):
        tags = (cell.get("metadata") or {}).get("tags", [])
        if cell.get("cell_type") == "code" and "outputs" in tags:
            message = "output parameters are read from Python's kernels only: write a file, and declare it as Output[…]"
            diagnostics.append(Diagnostic(level="warning", code="foreign-outputs", message=message, **at(number)))
        if cell.get("cell_type") != "code" or "parameters" not in tags:
            continue
        source, unread = as_python(cell_text(cell))
        for line in unread:
            message = "is no `name = literal`, so no parameter was read from it"
            diagnostics.append(Diagnostic(level="warning", code="not-read", message=message, **at(number, line)))
        yield from filter(None, [_parse_cell(number, {**cell, "source": source}, diagnostics)])


def kernel_of(content: dict[str, Any]) -> str:
    """The kernelspec that a notebook names; empty where it names none."""
    spec = (content.get("metadata") or {}).get("kernelspec")
    return str(spec.get("name") or "") if isinstance(spec, dict) else ""


def cell_text(cell: dict[str, Any]) -> str:
    """A cell's source as one string (nbformat allows a list of lines)."""
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else str(source)


def lines_of(text: str) -> list[str]:
    """The lines of a cell as an editor counts them: only a line feed ends one."""
    return text.removesuffix("\n").split("\n")


def at(cell: CodeCell | int | None, line: int | None = None) -> dict[str, Any]:
    """The place of a diagnostic: its `where`, `cell` and `line`. Of a CodeCell, the line is one of `source`."""
    if cell is None:
        return {}
    if isinstance(cell, CodeCell):
        line = line and cell.line_written(line)
    number = cell if isinstance(cell, int) else cell.number
    where = f"cell {number}" + (f", line {line}" if line else "")
    return {"where": where, "cell": number, "line": line}


def lines_written(written: str, source: str) -> list[int]:
    """For each line of what IPython made of a cell, the line of the cell, both from 1.

    IPython takes away empty lines at the top, and makes one line of a command that goes over several.
    """
    before, after = lines_of(written), lines_of(source)
    if len(before) == len(after):
        return list(range(1, len(after) + 1))
    matcher = difflib.SequenceMatcher(None, [line.strip() for line in before], [line.strip() for line in after])
    found = [0] * len(after)
    for _, first, end, start, stop in matcher.get_opcodes():
        for line in range(start, stop):
            found[line] = min(first + line - start, max(end - 1, first)) + 1
    return found


def _parse_cell(number: int, cell: dict[str, Any], diagnostics: list[Diagnostic]) -> CodeCell | None:
    written = cell_text(cell)
    source = _python(written)
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        diagnostics.append(_not_python(number, written, source, error))
        return None
    comments, own_line = _comments(source)
    tags = frozenset(cell.get("metadata", {}).get("tags", []))
    return CodeCell(number, tags, written, source, tree, comments, own_line)


def _not_python(number: int, written: str, source: str, error: Exception) -> Diagnostic:
    line = getattr(error, "lineno", None)
    lines = lines_written(written, source)
    if line and line <= len(lines):
        line = lines[line - 1]
    message = f"is not valid Python: {getattr(error, 'msg', None) or error}"
    return Diagnostic(level="warning", code="not-python", message=message, **at(number, line))


_PROMPT = re.compile(r"^\s*(\[nohighlight\])?In \[\d+\]", re.MULTILINE)

# Cell magics that run the rest of their cell as it is.
_TRANSPARENT = ("%%time", "%%timeit", "%%capture", "%%prun", "%%memit", "%%mprun")


def _python(source: str) -> str:
    head, _, body = source.lstrip().partition("\n")
    if head.split(" ")[0].strip() in _TRANSPARENT:
        source = body
    if is_plain(source):
        return source if source.endswith("\n") else source + "\n"
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return str(TransformerManager().transform_cell(source))
    except SyntaxError:
        return source


def is_plain(source: str) -> bool:
    """Whether IPython would run a cell as it stands: most are, and IPython takes long to import and to transform.

    All that IPython transforms is no Python, but for the empty lines and the indent at the top, and the prompts of a
    session that was pasted (`In [1]: x` reads as an annotation).
    """
    if source[:1].isspace() or _PROMPT.search(source):
        return False
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _comments(source: str) -> tuple[dict[int, str], frozenset[int]]:
    found: dict[int, str] = {}
    own: set[int] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found[token.start[0]] = token.string.lstrip("#").strip()
                if not token.line[: token.start[1]].strip():
                    own.add(token.start[0])
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass  # ast took the cell: what was found so far is right
    return found, frozenset(own)

"""What a person can have done by one click about a doubt: which edits of the notebook end it.

A fix is offered only where the lines that it replaces are Python as the person wrote it: a cell that IPython rewrites
(`!ls`) keeps its magics, since edits are made in the text that is written.
"""

from __future__ import annotations

import ast
import difflib
import keyword
from collections.abc import Iterable

from claimed_jlab.component.edits import Edit, Fix, InsertCell, ReplaceLines, TagCell
from claimed_jlab.component.environment import Code
from claimed_jlab.component.parameters import Assignment, assignments
from claimed_jlab.component.secrets import addresses, secret_places
from claimed_jlab.component.source import CodeCell, lines_of
from claimed_jlab.component.spec import Diagnostic, InputSpec, OutputSpec
from claimed_jlab.component.types import PARAMETERS

# What other languages and other systems call our types.
_FOREIGN = {
    "string": "str",
    "text": "str",
    "integer": "int",
    "number": "float",
    "double": "float",
    "boolean": "bool",
    "array": "list",
    "object": "dict",
    "password": "Secret",
}


def replace(cell: CodeCell, node: ast.AST, text: str) -> ReplaceLines | None:
    """The edit that puts `text` where `node` stands; None where that is not as it was written, or over lines."""
    line, start, end = node.lineno, node.col_offset, node.end_col_offset  # type: ignore[attr-defined]
    if node.end_lineno != line:  # type: ignore[attr-defined]
        return None
    found = _as_written(cell, line)
    if found is None:
        return None
    number, before = found
    encoded = before.encode()  # ast counts columns in bytes of UTF-8
    after = encoded[:start].decode() + text + encoded[end:].decode()
    return ReplaceLines(cell=cell.number, first=number, last=number, text=after)


def annotation(code: Code, port: InputSpec | OutputSpec) -> Fix | None:
    """Declares an inferred type where the port is assigned; None where no assignment is its own."""
    item = _assignment_of(code, port)
    if item is None or not isinstance(item.node, ast.Assign) or len(item.node.targets) != 1:
        return None
    target = item.node.targets[0]
    kind = port.port_type
    text = f'"{port.type}"' if kind.kind == "artifact" or kind.choices or kind.name == "Secret" else port.type
    edit = replace(item.cell, target, f"{item.name}: {text}")
    return Fix(label="Add an annotation", edits=(edit,)) if edit else None


def with_fixes(code: Code, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The same findings, those with a remedy that their place shows with its fix."""
    return [item.model_copy(update={"fix": item.fix or _remedy(code, item)}) for item in diagnostics]


def secret_texts(code: Code, diagnostics: Iterable[Diagnostic]) -> set[str]:
    """The secrets that stand in the notebook, by the findings that say so; no answer may hold one."""
    values = [_secret_value(code, item) for item in diagnostics if item.code == "literal-secret"]
    nodes = [node for value in values if value is not None for node in ast.walk(value)]
    return {str(node.value) for node in nodes if isinstance(node, ast.Constant) and str(node.value)}


def discreet(fix: Fix | None, secrets: set[str]) -> Fix | None:
    """The fix, unless its text holds a secret: an edit brings whole lines."""
    if fix is None:
        return None
    text = "\n".join(edit.text if isinstance(edit, ReplaceLines) else str(edit) for edit in fix.edits)
    return None if any(secret in text for secret in secrets) else fix


def _remedy(code: Code, finding: Diagnostic) -> Fix | None:
    if finding.code == "unknown-type":
        item = _assignment_at(code, finding)
        return _nearest_type(item) if item is not None else None
    if finding.code == "uncast":
        return _cast(code, finding)
    return _without_value(code, finding) if finding.code == "literal-secret" else None


def _cast(code: Code, finding: Diagnostic) -> Fix | None:
    """Puts `int(…)` around a read of the environment whose default is a number."""
    cell = _cell_of(code, finding)
    reads = code.reads[cell.number] if cell is not None else ()
    read = next((read for read in reads if read.name == finding.field), None)
    if cell is None or read is None or not isinstance(read.default, ast.Constant):
        return None
    cast = type(read.default.value).__name__
    text = ast.get_source_segment(cell.source, read.call)
    edit = replace(cell, read.call, f"{cast}({text})") if cast in ("int", "float", "bool") else None
    return Fix(label=f"Put {cast}() around it", edits=(edit,)) if edit else None


def _cell_of(code: Code, finding: Diagnostic) -> CodeCell | None:
    return next((cell for cell in code.cells if cell.number == finding.cell), None)


def _assignment_at(code: Code, finding: Diagnostic) -> Assignment | None:
    cell = _cell_of(code, finding)
    items = assignments(cell) if cell is not None else ()
    return next((item for item in items if item.cell.line_written(item.node.lineno) == finding.line), None)


def _nearest_type(item: Assignment) -> Fix | None:
    """Writes the type of ours that an unknown annotation is nearest to."""
    if item.annotation is None:
        return None
    given = item.annotation.value if isinstance(item.annotation, ast.Constant) else ast.unparse(item.annotation)
    name = str(given).lower()
    near = _FOREIGN.get(name) or next(iter(difflib.get_close_matches(name, PARAMETERS, n=1)), None)
    if near is None:
        return None
    edit = replace(item.cell, item.annotation, f'"{near}"' if near == "Secret" else near)
    return Fix(label=f"Write {near}", edits=(edit,)) if edit else None


def _secret_value(code: Code, finding: Diagnostic) -> ast.expr | None:
    """The expression with the value of a secret that a finding is about."""
    cell, name = _cell_of(code, finding), finding.field
    if cell is None:
        return None
    if name is None:
        return next((node for node in addresses(cell) if cell.line_written(node.lineno) == finding.line), None)
    for read in code.reads[cell.number]:
        if read.name == name and read.default is not None:
            return read.default
    item = _assignment_at(code, finding)
    if item is not None and item.name == name:
        return item.value
    values = (value for found, value in secret_places(cell) if found == name and isinstance(value, ast.Constant))
    return next((value for value in values if cell.line_written(value.lineno) == finding.line), None)


def _without_value(code: Code, finding: Diagnostic) -> Fix | None:
    """Takes the value of a secret out of the notebook; one that is no input yet becomes one."""
    cell, value, name = _cell_of(code, finding), _secret_value(code, finding), finding.field or "address"
    if cell is None or value is None:
        return None
    if finding.field is None:
        own = [item.value for item in assignments(cell)] + [read.default for read in code.reads[cell.number]]
        name = "" if any(value is node for node in own) else name
    given = {read.name for read in code.reads[cell.number]} | {item.name for item in assignments(cell)}
    if not name or name in given:
        edit = replace(cell, value, '""')
        return Fix(label="Remove the value", edits=(edit,)) if edit else None
    return declare(code, cell, value, name, "Secret", '""', "Make it an input")


def tag(cell: CodeCell) -> Fix:
    """Makes inputs of what a cell assigns."""
    return Fix(label="Tag this cell", edits=(TagCell(cell=cell.number, tag="parameters"),))


def declare(
    code: Code, cell: CodeCell, node: ast.expr, wish: str, type_text: str, default: str, label: str
) -> Fix | None:
    """Makes a port of a literal: names it in the cell tagged `parameters`, and uses the name where it stood.

    wish: what to call it, if no other thing is called so.  type_text: `Output[Dataset]`.  default: as Python.
    """
    name = _free_name(code, wish)
    use = replace(cell, node, name)
    declaration = f'{name}: "{type_text}" = {default}'
    tagged = code.source.tagged("parameters")
    if use is None or (tagged and tagged[0].number >= cell.number):
        return None
    place: Edit = (
        _appended(tagged[0], declaration)
        if tagged
        else InsertCell(at=code.cells[0].number, source=declaration, tags=("parameters",))
    )
    return Fix(label=label, edits=(use, place))


def pinned(cell: CodeCell, line: int, requirement: str, version: str) -> Fix | None:
    """Writes the version behind a requirement in a line that installs it. line: as written."""
    lines = lines_of(cell.written)
    before = lines[line - 1] if 0 < line <= len(lines) else ""
    words = [word for word in before.split() if word.strip("'\"") == requirement]
    if len(words) != 1:
        return None
    name = requirement
    for mark in "=<>!~":
        name = name.split(mark, 1)[0]
    text = before.replace(words[0], f"{name.strip()}=={version}", 1)
    return Fix(label="Pin the version", edits=(ReplaceLines(cell=cell.number, first=line, last=line, text=text),))


def title(stem: str) -> Fix:
    """Begins the notebook with a title to be written over."""
    words = " ".join(stem.replace("_", " ").replace("-", " ").split()).capitalize() or "Title"
    source = f"# {words}\n\nSay in a sentence what it does."
    return Fix(label="Add a title", edits=(InsertCell(at=1, cell_type="markdown", source=source),))


def _assignment_of(code: Code, port: InputSpec | OutputSpec) -> Assignment | None:
    for cell in code.cells:
        if cell.number != port.cell:
            continue
        for item in assignments(cell):
            own = item.name == port.name or port.convention == "environment"
            if own and cell.line_written(item.node.lineno) == port.line:
                return item if item.name in _whole_reads(code, cell, port) else None
    return None


def _whole_reads(code: Code, cell: CodeCell, port: InputSpec | OutputSpec) -> set[str]:
    """The variables that hold just the port's value."""
    if port.convention == "parameters":
        return {port.name}
    return {read.target for read in code.reads[cell.number] if read.target and read.name == port.name}


def _as_written(cell: CodeCell, line: int) -> tuple[int, str] | None:
    """(number, text) of a line of `source` in the cell as written; None where IPython changed it."""
    source, written = lines_of(cell.source), lines_of(cell.written)
    number = cell.line_written(line)
    if not 0 < line <= len(source) or not 0 < number <= len(written):
        return None
    text = written[number - 1]
    return (number, text) if text.rstrip() == source[line - 1].rstrip() else None


def _appended(cell: CodeCell, text: str) -> ReplaceLines:
    lines = lines_of(cell.written)
    before = f"{lines[-1]}\n" if lines[-1].strip() else ""
    return ReplaceLines(cell=cell.number, first=len(lines), last=len(lines), text=f"{before}{text}")


def _free_name(code: Code, wish: str) -> str:
    """An identifier that no code of the notebook uses; a path gives the name of its file."""
    stem = wish.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].split(".", 1)[0]
    name = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in stem).strip("_").lower()
    if not name or name[0].isdigit() or keyword.iskeyword(name):
        name = f"file_{name}".rstrip("_")
    taken = {node.id for cell in code.cells for node in cell.nodes if isinstance(node, ast.Name)}
    taken |= set(code.aliases)
    return next(choice for choice in _choices(name) if choice not in taken)


def _choices(name: str) -> Iterable[str]:
    yield name
    yield f"{name}_file"
    number = 2
    while True:
        yield f"{name}_{number}"
        number += 1

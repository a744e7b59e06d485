"""What a notebook does not declare, and could: cells that only set values, files that the code names by a literal."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from claimed_jlab.component.environment import Code
from claimed_jlab.component.files import FileCall, artifact_of, file_calls
from claimed_jlab.component.fixes import declare, tag, title
from claimed_jlab.component.parameters import NO_VALUE, literal
from claimed_jlab.component.source import CodeCell, at
from claimed_jlab.component.spec import Diagnostic, InputSpec


def undeclared(code: Code, inputs: list[InputSpec], *, titled: bool) -> Iterator[Diagnostic]:
    """A finding, with its fix, for each thing that is not declared. titled: whether the notebook has a title."""
    if not titled:
        message = "it has no title: begin it with a markdown cell, `# Title` and a sentence"
        yield Diagnostic(level="info", code="no-title", message=message, fix=title(code.source.path.stem))
    if not inputs and not code.source.tagged("parameters"):
        yield from _untagged(code)
    yield from _literal_files(code)


def _untagged(code: Code) -> Iterator[Diagnostic]:
    """The first cell that only sets values is what papermill would have tagged."""
    for cell in code.cells:
        if _only_sets_values(cell):
            message = "this cell only sets values: tag it `parameters` and they are inputs"
            yield Diagnostic(
                level="warning", code="untagged-parameters", message=message, fix=tag(cell), **at(cell, None)
            )
            return


def _only_sets_values(cell: CodeCell) -> bool:
    body = [node for node in cell.tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    return bool(body) and all(
        isinstance(node, ast.Assign | ast.AnnAssign) and literal(node.value) is not NO_VALUE for node in body
    )


def _literal_files(code: Code) -> Iterator[Diagnostic]:
    written: set[str] = set()
    for cell in code.cells:
        for call in sorted(file_calls(cell, code.aliases), key=lambda call: call.way == "writes", reverse=True):
            node = _literal_path(call)
            if node is None or str(node.value) in written:
                continue
            if call.way == "writes":
                written.add(str(node.value))
            yield _file(code, cell, call, node)


def _file(code: Code, cell: CodeCell, call: FileCall, node: ast.Constant) -> Diagnostic:
    direction = "Output" if call.way == "writes" else "Input"
    words = (
        f"writes {node.value!r}, which is no output: it is lost"
        if call.way == "writes"
        else (f"reads {node.value!r}, which is no input: it is not there")
    )
    label = f"Declare this path as an {direction.lower()}"
    kind = f"{direction}[{artifact_of(call.artifact, node.value)}]"
    return Diagnostic(
        level="warning",
        code=f"undeclared-{direction.lower()}",
        message=f"{words} when the component runs elsewhere",
        fix=declare(code, cell, node, str(node.value), kind, repr(node.value), label),
        **at(cell, node.lineno),
    )


def _literal_path(call: FileCall) -> ast.Constant | None:
    """The text in the code that names the file of a call; None when there is none, or it is an address."""
    for node in call.paths:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _looks_like_path(node.value):
            return node
    return None


def _looks_like_path(text: str) -> bool:
    if "://" in text or "\n" in text or text.startswith(("/proc/", "/dev/", "/etc/")):
        return False
    return "/" in text.strip("/") or bool(PurePosixPath(text).suffix[1:].isalnum())

"""A function's body as a tree of pieces of its text, so that tasks can be moved, wrapped, added and taken out.

A piece is verbatim: the empty lines and comments before it, and its statements. What nothing happens to is written
again as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from claimed_jlab.pipeline.python.arrange import steady
from claimed_jlab.pipeline.python.code import BlockCode, FunctionCode, ModuleCode, Span
from claimed_jlab.pipeline.python.syntax import Syntax
from claimed_jlab.pipeline.python.tokens import names_in

STEP = "    "


@dataclass(eq=False)
class Piece:
    """Some lines of a body. lines: of a block, its head.  block: what the block is; None for plain statements."""

    lines: str
    indent: str
    children: list[Piece] = field(default_factory=list)
    is_block: bool = False
    block: BlockCode | None = None
    tasks: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    pinned: bool = False

    def text(self) -> str:
        return self.lines + "".join(child.text() for child in self.children)

    def indent_inside(self) -> str:
        """How deep what is in it stands; the root's own lines stand in it."""
        return self.children[0].indent if self.children else self.indent + (STEP if self.lines else "")

    def walk(self) -> Iterator[Piece]:
        yield self
        for child in self.children:
            yield from child.walk()

    def all_tasks(self) -> set[str]:
        return {name for piece in self.walk() for name in piece.tasks}

    def shift(self, indent: str) -> None:
        """Moves the piece to another depth."""
        old = self.indent
        for piece in self.walk():
            piece.lines = _reindented(piece.lines, old, indent)
            piece.indent = indent + piece.indent.removeprefix(old)


def body_pieces(module: ModuleCode, syntax: Syntax) -> Piece:
    """The body of a module's pipeline. Its docstring, and what is before the first statement, is the root's lines."""
    functions = [item for item in reversed(syntax.module.body) if isinstance(item, cst.FunctionDef)]
    node = next(item for item in functions if item.name.value == module.function.name)
    return _Builder(module, syntax).root(node, module.function)


def settle(root: Piece) -> None:
    """Puts what uses a name after what defines it, wherever that is not so."""
    for piece in list(root.walk()):
        if len(piece.children) < 2:
            continue
        names = [_names(child.text()) for child in piece.children]
        needs = {
            number: {
                other
                for other, (defined, _) in enumerate(names)
                if other != number and defined & used and not (other > number and defined & mine)
            }
            for number, (mine, used) in enumerate(names)
        }
        for number, child in enumerate(piece.children):
            if child.pinned:
                needs[number] = {other for other in needs if other != number}
            else:
                needs[number] -= {other for other in needs[number] if piece.children[other].pinned}
        piece.children = [piece.children[number] for number in steady(list(needs), needs)]


def prune(root: Piece) -> None:
    """Takes out blocks in which no statement is left."""
    for piece in reversed(list(root.walk())):
        piece.children = [child for child in piece.children if not child.is_block or _has_code(child)]


def _has_code(piece: Piece) -> bool:
    return any(
        line.strip() and not line.strip().startswith("#")
        for child in piece.children
        for line in child.text().split("\n")
    )


class _Builder:
    def __init__(self, module: ModuleCode, syntax: Syntax) -> None:
        self._module = module
        self._syntax = syntax
        self._blocks = {block.statement.start: block for block in module.blocks}

    def root(self, node: cst.FunctionDef, function: FunctionCode) -> Piece:
        body = [item for item in node.body.body if isinstance(item, cst.BaseStatement)]
        first = self._syntax.statement(body[0])
        has_docstring = function.docstring is not None
        start = first.end if has_docstring else self._syntax.data.rfind(b"\n", 0, first.start) + 1
        start = start if has_docstring else self._begin(node, first.start)
        root = Piece("", function.indent, is_block=True)
        self._fill(root, body[1:] if has_docstring else body, start)
        return root

    def _begin(self, node: cst.FunctionDef, first: int) -> int:
        """The line after the function's head."""
        colon = self._syntax.span(node).start
        closing = self._syntax.data.rfind(b":", colon, self._syntax.span(node.body.body[0]).start)
        end = self._syntax.data.find(b"\n", closing)
        return min(end + 1, first) if end >= 0 else first

    def _fill(self, box: Piece, statements: list[cst.BaseStatement], start: int) -> None:
        for node in statements:
            span = self._syntax.statement(node)
            if isinstance(node, cst.With) and isinstance(node.body, cst.IndentedBlock):
                inner = [item for item in node.body.body if isinstance(item, cst.BaseStatement)]
                head_end = self._head_end(node)
                block = self._blocks.get(span.start)
                head = Piece(self._cut(start, head_end), self._margin(span), is_block=True, block=block)
                self._fill(head, inner, head_end)
                box.children.append(head)
                start = self._end(node)
                continue
            end = max(self._end(node), start)
            self._add(box, self._cut(start, end), span, isinstance(node, cst.Return))
            start = end

    def _add(self, box: Piece, text: str, span: Span, pinned: bool) -> None:
        tasks = {task.name for task in self._module.tasks if span.start <= task.call.start < span.end}
        owner = {task.name for task in self._module.tasks for item in task.settings.values() if item.statement == span}
        last = box.children[-1] if box.children else None
        if owner and last is not None and not last.is_block and owner <= last.tasks:
            last.lines += text
            return
        box.children.append(Piece(text, self._margin(span), tasks=tasks or owner, pinned=pinned))

    def _margin(self, span: Span) -> str:
        line = self._syntax.data[span.start : span.end]
        return line[: len(line) - len(line.lstrip())].decode()

    def _head_end(self, node: cst.With) -> int:
        first = node.body.body[0]
        colon = self._syntax.data.rfind(b":", 0, self._syntax.span(first).start)
        return self._syntax.data.find(b"\n", colon) + 1

    def _end(self, node: cst.BaseStatement) -> int:
        last: cst.CSTNode = node
        while isinstance(last, cst.With | cst.If | cst.For | cst.While | cst.FunctionDef):
            last = last.body.body[-1] if last.body.body else last.body
        return max(self._syntax.statement(node).end, self._syntax.statement(last).end)

    def _cut(self, start: int, end: int) -> str:
        return self._syntax.data[start:end].decode("utf-8", "surrogatepass")


def _reindented(text: str, old: str, new: str) -> str:
    lines = text.split("\n")
    return "\n".join(new + line[len(old) :] if line.startswith(old) and line.strip() else line for line in lines)


def _names(text: str) -> tuple[set[str], set[str]]:
    """The names that lines define, and all that are in them."""
    found = list(names_in(_dedented(text)))
    return {name.text for name in found if name.defines}, {name.text for name in found}


def _dedented(text: str) -> str:
    lines = text.split("\n")
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip() and not line.strip().startswith("#")]
    cut = margins[0] if margins else 0
    return "\n".join(line[cut:] if line[:cut].strip() == "" else line for line in lines) + "\n"

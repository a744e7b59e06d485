"""What is found in a module: where in the text each thing of the document stands, so that it can be edited there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.python.remainder import Line


class BadPython(ClaimedError):
    """The text is no Python, or no pipeline is in it. `line` is where, from 1."""

    code = "bad-python"

    def __init__(self, message: str, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, where=f"line {line}" if line else None, hint=hint)
        self.line = line


@dataclass(frozen=True)
class Span:
    """A piece of the text, in bytes of its UTF-8."""

    start: int
    end: int


@dataclass
class ArgumentCode:
    """One argument of a call. whole: with its name."""

    whole: Span
    value: Span
    node: cst.BaseExpression


@dataclass
class SettingCode:
    """One thing that is set of a task. statement: its own, if any.  link: the call, with the dot before it."""

    key: str
    inner: Span
    value: Any
    line: int
    statement: Span | None
    link: Span | None = None


@dataclass
class BlockCode:
    """A `with` block: kind `if`, `for` or `exit`. head: the call.  node: what its call is of.

    negated: of an `else`, the conditions before it.  texts: the comparisons, once all tasks have names.
    """

    kind: str
    head: Span
    statement: Span
    node: cst.BaseExpression | None
    parent: BlockCode | None
    line: int
    item: str = ""
    limit: Any = None
    negated: tuple[cst.BaseExpression, ...] = ()
    texts: list[str] = field(default_factory=list)
    body: list[Any] = field(default_factory=list)

    def chain(self) -> list[BlockCode]:
        """The block and those around it, the outermost first."""
        return [*(self.parent.chain() if self.parent else []), self]


@dataclass
class TaskCode:
    """One task. variable: empty where it has none.  inner: what stands between the brackets of its call."""

    variable: str
    component: str
    reference: str
    call: Span
    function: Span
    inner: Span
    statement: Span
    line: int
    block: BlockCode | None
    arguments: dict[str, ArgumentCode] = field(default_factory=dict)
    settings: dict[str, SettingCode] = field(default_factory=dict)
    description: str = ""
    comments: Span | None = None
    loops: tuple[str, ...] = ()
    after: list[TaskCode] = field(default_factory=list)
    name: str = ""


@dataclass
class ParameterCode:
    """One parameter of the pipeline's function."""

    name: str
    whole: Span
    kind: Span | None
    default: Span | None
    value: Any
    type: str
    has_default: bool
    description: str = ""


@dataclass
class FunctionCode:
    """The function that is the pipeline."""

    name: str
    line: int
    parameters: dict[str, ParameterCode]
    inside: Span
    body: Span
    indent: str
    docstring: Span | None = None
    decorator: dict[str, ArgumentCode] = field(default_factory=dict)
    decorator_inner: Span | None = None
    returned: dict[str, ArgumentCode] = field(default_factory=dict)
    about: str = ""


@dataclass
class ModuleCode:
    """A module that was read. said: what the code says.  document: with the `# claimed:` lines applied."""

    text: str
    data: bytes
    function: FunctionCode
    components: dict[str, str] = field(default_factory=dict)
    loaders: dict[str, Span] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    tasks: list[TaskCode] = field(default_factory=list)
    blocks: list[BlockCode] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    lines: list[tuple[Line, Span]] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def line_of(self, offset: int) -> int:
        """The line, from 1, of a place in the text."""
        return self.data.count(b"\n", 0, offset) + 1

    def task(self, name: str) -> TaskCode:
        """The task of that name."""
        return next(task for task in self.tasks if task.name == name)

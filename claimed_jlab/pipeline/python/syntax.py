"""A module's syntax with the place of each node in the text; small questions about nodes."""

from __future__ import annotations

import ast
import os
from functools import lru_cache
from typing import Any

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from claimed_jlab.pipeline.python.code import BadPython, Span


@lru_cache(maxsize=8)
def syntax_of(text: str) -> Syntax:
    """A text's syntax; an edit reads one text several times. Raises BadPython with the line that is wrong."""
    return Syntax(text)


class Syntax:
    """A module that was parsed, which nobody changes. Raises BadPython with the line that is wrong."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "surrogatepass")
        try:
            self.module = cst.parse_module(text)
        except cst.ParserSyntaxError as error:
            raise _not_python(text, error) from None
        except (RecursionError, ValueError) as error:
            raise BadPython(f"can't be read as Python: {error}") from None
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        self._places = wrapper.resolve(ByteSpanPositionProvider)

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands, without the space and the comments before it."""
        place = self._places[node]
        return Span(place.start, place.start + place.length)

    def line(self, node: cst.CSTNode) -> int:
        return self.data.count(b"\n", 0, self.span(node).start) + 1

    def code(self, node: cst.CSTNode) -> str:
        span = self.span(node)
        return self.data[span.start : span.end].decode("utf-8", "surrogatepass")

    def inside(self, call: cst.Call) -> Span:
        """What stands between the brackets of a call."""
        function, whole = self.span(call.func), self.span(call)
        start = self.data.index(b"(", function.end) + 1
        return Span(start, self.data.rindex(b")", start, whole.end))

    def argument(self, node: cst.Arg | cst.Param) -> Span:
        """An argument with its name, without the comma."""
        span = self.span(node)
        return Span(span.start, span.start + len(self.data[span.start : span.end].rstrip(b", \t\n")))

    def value(self, node: cst.BaseExpression) -> Span:
        """An expression with the brackets around it."""
        span = self.span(node)
        for _ in getattr(node, "lpar", ()):
            start = self.data.rindex(b"(", 0, span.start)
            span = Span(start, self.data.index(b")", span.end) + 1)
        return span

    def statement(self, node: cst.CSTNode) -> Span:
        """Whole lines, from the one that a statement begins in to the one that it ends in."""
        span = self.span(node)
        start = self.data.rfind(b"\n", 0, span.start) + 1
        end = self.data.find(b"\n", max(span.start, span.end - 1))
        return Span(start, len(self.data) if end < 0 else end + 1)


def _not_python(text: str, error: cst.ParserSyntaxError) -> BadPython:
    """Python's own words for what is wrong, which name the line better."""
    try:
        ast.parse(text)
    except SyntaxError as own:
        return BadPython(f"is not Python: {own.msg}", own.lineno)
    except (ValueError, RecursionError, MemoryError):
        pass
    return BadPython("is not Python that can be read here", error.editor_line)


def literal_of(node: cst.BaseExpression) -> Any:
    """The value of a literal. Raises ValueError for what is none."""
    try:
        value = ast.literal_eval(cst.Module([]).code_for_node(node))
    except (SyntaxError, TypeError, MemoryError, RecursionError, ValueError) as error:
        raise ValueError(str(error)) from None
    return _json_value(value)


def _json_value(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_json_value(item) for item in value]
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("keys that are no texts")
        return {key: _json_value(item) for key, item in value.items()}
    if value is None or isinstance(value, str | int | float | bool):
        if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
            raise ValueError("no number of JSON")
        return value
    raise ValueError(f"{type(value).__name__} is nothing that JSON has")


def last_name(node: cst.BaseExpression | None) -> str:
    """`dsl.If` is If, `If` too; empty for what is no name."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def argument_of(call: cst.Call, name: str, position: int | None = None) -> cst.BaseExpression | None:
    """An argument of a call, by its name or its place."""
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value == name:
            return argument.value
    plain = [argument for argument in call.args if argument.keyword is None and not argument.star]
    return plain[position].value if position is not None and position < len(plain) else None


def path_of(node: cst.BaseExpression | None) -> str | None:
    """A path that is written as a text, or as texts joined beside `__file__`; None when it can't be told."""
    if node is None:
        return None
    try:
        value = literal_of(node)
        return value if isinstance(value, str) else None
    except ValueError:
        pass
    code = cst.Module([]).code_for_node(node)
    try:
        tree = ast.parse(code, mode="eval")
    except SyntaxError:
        return None
    texts = [item.value for item in ast.walk(tree) if isinstance(item, ast.Constant) and isinstance(item.value, str)]
    joins = "__file__" in code or "/" in code or "join" in code
    return os.path.join(*texts) if texts and joins and "{" not in code else None  # noqa: PTH118

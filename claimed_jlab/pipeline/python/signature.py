"""The function that is a pipeline: its decorator, its parameters, what its docstring says, and what it returns."""

from __future__ import annotations

import ast
import inspect

import libcst as cst

from claimed_jlab.pipeline.python.body import comments_above
from claimed_jlab.pipeline.python.code import ArgumentCode, FunctionCode, ParameterCode, Span
from claimed_jlab.pipeline.python.comments import comment_text, docstring_arguments
from claimed_jlab.pipeline.python.syntax import Syntax, last_name, literal_of

_TYPES = {"List": "list", "Dict": "dict", "Any": "str"}


def read_function(node: cst.FunctionDef, syntax: Syntax) -> FunctionCode:
    """The pipeline's function without its tasks."""
    docstring = _docstring(node, syntax)
    about, descriptions = docstring_arguments(_text(docstring, syntax)) if docstring else ("", {})
    parameters = {
        param.name.value: _parameter(param, syntax) for param in (*node.params.params, *node.params.kwonly_params)
    }
    for name, description in descriptions.items():
        if name in parameters:
            parameters[name].description = description
    start = syntax.data.index(b"(", syntax.span(node.name).end) + 1
    body = syntax.span(node.body)
    first = node.body.body[0]
    line = syntax.data.rfind(b"\n", 0, syntax.span(first).start) + 1
    found = FunctionCode(
        name=node.name.value,
        line=syntax.line(node.name),
        parameters=parameters,
        inside=Span(start, _closing(syntax, node, start)),
        body=body,
        indent=syntax.data[line : syntax.span(first).start].decode(),
        docstring=syntax.span(docstring) if docstring else None,
    )
    _decorator(found, node, syntax)
    if about and "description" not in found.decorator and docstring is not None:
        found.about = about
    return found


def output_descriptions(syntax: Syntax, node: cst.FunctionDef) -> dict[str, str]:
    """What the comments say of the fields of the class that a pipeline returns."""
    name = last_name(node.returns.annotation) if node.returns else ""
    found = {}
    for item in syntax.module.body:
        if not isinstance(item, cst.ClassDef) or item.name.value != name:
            continue
        for statement in item.body.body:
            if isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[0], cst.AnnAssign):
                above = comments_above(syntax.data, syntax.statement(statement))
                if above is not None:
                    lines = syntax.data[above.start : above.end].decode().rstrip("\n").split("\n")
                    found[last_name(statement.body[0].target)] = comment_text(lines)
    return found


def _closing(syntax: Syntax, node: cst.FunctionDef, start: int) -> int:
    """The bracket that ends the parameters."""
    last = [syntax.span(param).end for param in (*node.params.params, *node.params.kwonly_params)]
    return syntax.data.index(b")", max([start, *last]))


def _decorator(found: FunctionCode, node: cst.FunctionDef, syntax: Syntax) -> None:
    for item in node.decorators:
        call = item.decorator
        if isinstance(call, cst.Call) and last_name(call.func) == "pipeline":
            found.decorator_inner = syntax.inside(call)
            for argument in call.args:
                if argument.keyword is not None:
                    code = ArgumentCode(syntax.argument(argument), syntax.value(argument.value), argument.value)
                    found.decorator[argument.keyword.value] = code


def _parameter(param: cst.Param, syntax: Syntax) -> ParameterCode:
    annotation = param.annotation.annotation if param.annotation else None
    ends = [syntax.value(node).end for node in (param.name, annotation, param.default) if node is not None]
    value, known = None, param.default is not None
    if param.default is not None:
        try:
            value = literal_of(param.default)
        except ValueError:
            known = False
    return ParameterCode(
        name=param.name.value,
        whole=Span(syntax.span(param).start, max(syntax.argument(param).end, *ends)),
        kind=syntax.span(annotation) if annotation is not None else None,
        default=syntax.value(param.default) if param.default is not None else None,
        value=value,
        type=_type(annotation),
        has_default=known,
    )


def _type(annotation: cst.BaseExpression | None) -> str:
    while isinstance(annotation, cst.Subscript):  # Optional[int] is int, List[str] is list
        index = annotation.slice[0].slice
        outer = last_name(annotation.value)
        if outer != "Optional" or not isinstance(index, cst.Index):
            annotation = annotation.value
            break
        annotation = index.value
    name = last_name(annotation) or "str"
    return _TYPES.get(name, name)


def _docstring(node: cst.FunctionDef, syntax: Syntax) -> cst.BaseExpression | None:
    first = node.body.body[0]
    small = first.body[0] if isinstance(first, cst.SimpleStatementLine) else first
    if isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString):
        return small.value
    return None


def _text(node: cst.BaseExpression, syntax: Syntax) -> str:
    try:
        value = ast.literal_eval(syntax.code(node))
    except (ValueError, SyntaxError):
        return ""
    return inspect.cleandoc(value) if isinstance(value, str) else ""

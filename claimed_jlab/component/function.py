"""A Python function as a component: `tools.py:normalize` stands for a notebook that calls it.

Its signature is read by `ast`: annotated parameters are inputs and artifact outputs, what it returns are values that
come out (`output`, or the fields of a NamedTuple). The notebook imports the function from its module. One with Kubeflow
Pipelines' `@component` is taken undecorated instead, with all that it uses of its module: KFP demands that it
stands alone, and so it needs no kfp to run.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimed_jlab.component.closure import last_name, standing_alone
from claimed_jlab.component.docstring import read_docstring
from claimed_jlab.component.kfp_artifact import ARTIFACT_CLASS
from claimed_jlab.component.script import KERNEL, NotAScript, cell, parse_python, python_text
from claimed_jlab.component.types import ARTIFACTS, PortType, UnknownType, type_of_annotation

_NAMED = re.compile(r"(.+\.py):([^\W\d]\w*)")
_SUFFIXES = {"Metrics": ".json", "ClassificationMetrics": ".json", "HTML": ".html", "Markdown": ".md"}
_RESULT = "_claimed_result"
# What else a function may be given than what JSON holds, and how it is made.
_CASTS = {"Path": "_claimed_path", "tuple": "tuple", "Tuple": "tuple", "set": "set"}


class NotAFunction(NotAScript):
    """A function that is not there, or can't be a component as it is written. `where` has the line."""

    code = "not-a-function"


@dataclass(frozen=True)
class _Parameter:
    """One parameter. wrapped: it is given as an artifact of KFP's.  cast: what makes it of a plain value."""

    name: str
    kind: PortType
    default: str | None
    line: int
    wrapped: bool = False
    cast: str = ""


@dataclass(frozen=True)
class _Output:
    """One value that comes out. index: its place in the tuple that is returned; None for the whole."""

    name: str
    kind: PortType
    index: int | None
    line: int


def named_function(path: Path) -> tuple[Path, str] | None:
    """The module and the function of `tools.py:normalize`; None for any other path."""
    found = _NAMED.fullmatch(path.name)
    return (path.parent / found[1], found[2]) if found else None


def function_notebook(text: str, module: Path, name: str) -> dict[str, Any]:
    """The notebook, as JSON of format 4, that calls the function `name` of a module with that text.

    Raises NotAScript, NotAFunction.
    """
    return _Function(python_text(text), module, name).notebook()


class _Function:
    """One function while it is read."""

    def __init__(self, text: str, module: Path, name: str) -> None:
        self._text = text
        self._module = module
        self._name = name
        self._tree = parse_python(text, str(module))
        self._node = self._find()
        self._doc = read_docstring(ast.get_docstring(self._node) or "")
        self._decorator = self._kfp()
        self._parameters = list(self._read_parameters())
        self._outputs = list(self._read_outputs())

    def notebook(self) -> dict[str, Any]:
        title = self._doc.title or self._name.replace("_", " ").strip().capitalize()
        line = self._node.lineno
        cells = [cell("markdown", f"# {title}\n\n{self._doc.description}".rstrip(), (), line)]
        if self._parameters:
            cells.append(_listed([self._declared(one) for one in self._parameters], "parameters"))
        cells.append(cell("code", self._call(), (), [line]))
        if self._outputs:
            cells.append(_listed([self._taken(one) for one in self._outputs], "outputs"))
        named = "-".join(part for part in self._name.lower().split("_") if part) or "function"
        metadata = {"kernelspec": KERNEL, "claimed": {"name": named}}
        return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}

    def _find(self) -> ast.FunctionDef:
        there = [node for node in self._tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        found = next((node for node in reversed(there) if node.name == self._name), None)
        if found is None:
            known = ", ".join(node.name for node in there if not node.name.startswith("_")) or "none"
            message = f"there is no function {self._name!r} at the top level"
            raise NotAFunction(message, where=str(self._module), hint=f"its functions are: {known}")
        if isinstance(found, ast.AsyncFunctionDef):
            raise self._wrong(f"{self._name!r} is async: a component is a plain function", found)
        stem = self._module.stem
        if not stem.isidentifier() or keyword.iskeyword(stem):
            raise self._wrong(f"{self._module.name!r} can't be imported: name the file as a variable is named", found)
        return found

    def _kfp(self) -> ast.expr | None:
        """KFP's decorator, if it has one."""
        for item in self._node.decorator_list:
            called = last_name(item.func if isinstance(item, ast.Call) else item)
            if called in ("container_component", "pipeline", "graph_component"):
                raise self._wrong(
                    f"{self._name!r} is a {called}, which is no function to run: compile it to YAML", item
                )
            if called == "component":
                return item
        return None

    def _read_parameters(self) -> Iterator[_Parameter]:
        given = self._node.args
        if unlisted := given.vararg or given.kwarg:
            raise self._wrong(f"{unlisted.arg!r} stands for any arguments: a component names its inputs", unlisted)
        plain = [*given.posonlyargs, *given.args]
        defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(given.defaults)), *given.defaults]
        for argument, default in zip([*plain, *given.kwonlyargs], [*defaults, *given.kw_defaults], strict=True):
            yield self._parameter(argument, default)

    def _parameter(self, argument: ast.arg, default: ast.expr | None) -> _Parameter:
        name, annotation = argument.arg, argument.annotation
        if annotation is None:
            raise self._wrong(f"the parameter {name!r} has no type: annotate it, `{name}: str`", argument)
        kind = self._type(_path_type(annotation) or annotation, f"the parameter {name!r}", argument)
        text = None if default is None else self._literal(default, name)
        if kind.kind == "artifact" and kind.direction == "output":
            text = text if text not in (None, "None") else repr(name + _SUFFIXES.get(kind.name, ""))
        quoted = isinstance(annotation, ast.Constant)
        wrapped = kind.kind == "artifact" and not quoted and not isinstance(annotation, ast.Call)
        head = last_name(annotation.value if isinstance(annotation, ast.Subscript) else annotation)
        return _Parameter(name, kind, text, argument.lineno, wrapped, _CASTS.get(head, ""))

    def _type(self, annotation: ast.expr, what: str, place: ast.AST) -> PortType:
        try:
            return type_of_annotation(annotation)
        except (UnknownType, SyntaxError) as error:
            hint = error.hint if isinstance(error, UnknownType) else None
            raise self._wrong(f"{what}: {getattr(error, 'message', error)}", place, hint) from None

    def _literal(self, node: ast.expr, name: str) -> str:
        """The text of a default; that of a constant of the module is its value."""
        value: ast.expr | None = node
        if isinstance(node, ast.Name):
            named = (item for item in self._tree.body if isinstance(item, ast.Assign | ast.AnnAssign))
            value = next((item.value for item in named if node.id in _targets(item)), None)
        try:
            ast.literal_eval(value or node)
        except (ValueError, TypeError, SyntaxError, RecursionError):
            raise self._wrong(f"the default of {name!r} is no literal: write its value", node) from None
        return ast.unparse(value or node)

    def _read_outputs(self) -> Iterator[_Output]:
        returned = self._node.returns
        if isinstance(returned, ast.Constant) and isinstance(returned.value, str):
            try:
                returned = ast.parse(returned.value.strip(), mode="eval").body
            except SyntaxError:
                raise self._wrong(f"{ast.unparse(self._node.returns or self._node)} is no type", self._node) from None
        if returned is None or (isinstance(returned, ast.Constant) and returned.value is None):
            return
        fields = self._fields(returned)
        if fields is None:
            yield self._output("output", returned, None, self._node.returns or self._node)
            return
        for index, (name, annotation) in enumerate(fields):
            yield self._output(name, annotation, index, annotation)

    def _output(self, name: str, annotation: ast.expr, index: int | None, place: ast.AST) -> _Output:
        what = "what it returns" if index is None else f"the output {name!r}"
        kind = self._type(annotation, what, place)
        if kind.kind == "artifact":
            raise self._wrong(f"{what} is a file: take its path as a parameter, `{name}: {kind}`", place)
        return _Output(name, kind, index, getattr(place, "lineno", self._node.lineno))

    def _fields(self, node: ast.expr) -> list[tuple[str, ast.expr]] | None:
        """Names and annotations of a NamedTuple, written in place or as a class of the module; None for no such."""
        if isinstance(node, ast.Call) and last_name(node.func) == "NamedTuple":
            pairs = node.args[1].elts if len(node.args) > 1 and isinstance(node.args[1], ast.List | ast.Tuple) else []
            listed = [pair.elts for pair in pairs if isinstance(pair, ast.Tuple | ast.List) and len(pair.elts) == 2]
            named = [(str(name.value), kind) for name, kind in listed if isinstance(name, ast.Constant)]
            return named + [(item.arg, item.value) for item in node.keywords if item.arg]
        for item in self._tree.body:
            if not isinstance(item, ast.ClassDef) or not isinstance(node, ast.Name) or item.name != node.id:
                continue
            if any(last_name(parent) == "NamedTuple" for parent in item.bases):
                fields = (line for line in item.body if isinstance(line, ast.AnnAssign))
                return [(line.target.id, line.annotation) for line in fields if isinstance(line.target, ast.Name)]
        return None

    def _declared(self, one: _Parameter) -> tuple[str, str, int]:
        value = "" if one.default is None else f" = {one.default}"
        return self._doc.parameters.get(one.name, ""), f"{one.name}: {_annotation(one.kind)}{value}", one.line

    def _taken(self, one: _Output) -> tuple[str, str, int]:
        about = self._doc.results.get(one.name) or (self._doc.returned if len(self._outputs) == 1 else "")
        value = _RESULT if one.index is None else f"{_RESULT}[{one.index}]"
        return about, f"{one.name}: {_annotation(one.kind)} = {value}", one.line

    def _call(self) -> str:
        """The cell that calls the function with what the parameters hold."""
        lines = ["from __future__ import annotations", ""]
        if any(one.cast == "_claimed_path" for one in self._parameters):
            lines.append("from pathlib import Path as _claimed_path")
        called = "_claimed_function"
        if self._decorator is None:
            lines.append(f"from {self._module.stem} import {self._name} as {called}")
        else:
            packages = _packages(self._decorator)
            lines += [f"# @dependency {package}" for package in packages] + [""] * bool(packages)
            lines += [standing_alone(self._tree, self._node, self._text), f"{called} = {self._name}"]
        wrapped = [one for one in self._parameters if one.wrapped]
        if wrapped:
            lines.append(ARTIFACT_CLASS)
            lines += [
                f"_claimed_{one.name} = {one.name} and _ClaimedArtifact({one.name}, {one.name!r})" for one in wrapped
            ]
        lines.append(f"{_RESULT} = {called}({', '.join(self._arguments())})")
        kept = [one for one in wrapped if one.kind.direction == "output"]
        lines += [f"_claimed_{one.name}.keep()" for one in kept]
        return "\n".join(lines)

    def _arguments(self) -> Iterator[str]:
        by_place = len(self._node.args.posonlyargs)
        for number, one in enumerate(self._parameters):
            value = f"_claimed_{one.name}" if one.wrapped else f"{one.cast}({one.name})" if one.cast else one.name
            yield value if number < by_place else f"{one.name}={value}"

    def _wrong(self, message: str, node: ast.AST, hint: str | None = None) -> NotAFunction:
        return NotAFunction(message, where=f"{self._module}, line {getattr(node, 'lineno', 1)}", hint=hint)


def _listed(entries: list[tuple[str, str, int]], tag: str) -> dict[str, Any]:
    """A tagged cell of assignments, each (description, text, its line in the module)."""
    lines, places = [], []
    for about, text, line in entries:
        if about:
            lines.append(f"# {' '.join(about.split())}")
            places.append(line)
        lines += text.split("\n")
        places += [line] * (text.count("\n") + 1)
    return cell("code", "\n".join(lines), (tag,), places)


def _annotation(kind: PortType) -> str:
    text = f"{kind} | None" if kind.optional else str(kind)
    return text if text.isidentifier() and text != "Secret" else f'"{text}"' if '"' not in text else repr(text)


def _path_type(node: ast.expr) -> ast.expr | None:
    """KFP's `InputPath("Dataset")` as our `Input[Dataset]`; None for any other annotation."""
    if not isinstance(node, ast.Call) or last_name(node.func) not in ("InputPath", "OutputPath"):
        return None
    given = node.args[0] if node.args else None
    named = given.value if isinstance(given, ast.Constant) else last_name(given) if given is not None else ""
    title = named if named in ARTIFACTS else "Artifact"
    return ast.parse(f"{last_name(node.func).removesuffix('Path')}[{title}]", mode="eval").body


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _packages(decorator: ast.expr) -> list[str]:
    """KFP's `packages_to_install`."""
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    for item in keywords:
        if item.arg == "packages_to_install" and isinstance(item.value, ast.List | ast.Tuple):
            return [str(word.value) for word in item.value.elts if isinstance(word, ast.Constant)]
    return []

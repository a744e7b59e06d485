"""Inputs by CLAIMED's convention: `name = os.environ.get('name', default)`, wherever it stands.

`os.environ.get`, `os.getenv`, `environ.get` and `os.environ[…]` are understood under any import alias, with a cast
around them or not. Setting a variable is no input; neither is what builds images, or overrides from `sys.argv`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from claimed_jlab.component.names import dotted, full_name, import_aliases
from claimed_jlab.component.parameters import NO_VALUE, jsonable, literal, note, place
from claimed_jlab.component.secrets import has_password, looks_secret, written
from claimed_jlab.component.source import CodeCell, NotebookSource
from claimed_jlab.component.spec import Diagnostic, InputSpec
from claimed_jlab.component.types import PortType, UnknownType, type_of_annotation, type_of_value

# What CLAIMED's own image builder reads: scaffolding, not an interface.
_SCAFFOLDING = frozenset({"create_image", "version", "repository", "install_requirements"})
# What every process has, or the engine gives: read, but not asked of a user.
_SYSTEM = frozenset(
    {"HOME", "PATH", "USER", "PWD", "SHELL", "LANG", "TMPDIR", "HOSTNAME", "VIRTUAL_ENV", "PYTHONPATH"}
    | {"OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "JUPYTERHUB_USER"}
    | {"CLAIMED_HOME", "CLAIMED_RUN_ID", "CLAIMED_RUN_STATE", "CLAIMED_RUN_FAILED"}
)
# Types whose values are not what an environment variable holds.
_NO_TEXT = frozenset({"int", "float", "bool", "list", "dict"})
_CASTS = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "boolean": "bool",
    "strtobool": "bool",
    "str2bool": "bool",
    "str": "str",
    "loads": "dict",
    "literal_eval": "list",
}


@dataclass(frozen=True)
class EnvironmentRead:
    """One read of an environment variable. cast: `int`, `bool`, … or None.  statement: where it stands."""

    name: str
    call: ast.expr
    default: ast.expr | None
    cast: str | None
    statement: ast.stmt
    annotation: ast.expr | None = None
    target: str | None = None


def environment_reads(cell: CodeCell, aliases: dict[str, str]) -> Iterator[EnvironmentRead]:
    """Every read of an environment variable in a cell, in order."""
    for statement in _statements(cell.tree.body):
        found = _Finder(aliases)
        for part in _own_expressions(statement):
            found.visit(part, None)
        value = getattr(statement, "value", None)
        for call, name, default, cast in found.reads:
            whole = _innermost(value, aliases) is call
            yield EnvironmentRead(
                name=name,
                call=call,
                default=default,
                cast=cast,
                statement=statement,
                annotation=statement.annotation if isinstance(statement, ast.AnnAssign) and whole else None,
                target=_target(statement) if whole else None,
            )


@dataclass(frozen=True)
class Code:
    """A notebook's code, with what its names stand for: worked out once for all who ask.

    aliases: local names to what they import.  reads: what each cell reads of the environment, by its number.
    """

    source: NotebookSource
    aliases: dict[str, str]
    reads: dict[int, tuple[EnvironmentRead, ...]]

    @property
    def cells(self) -> tuple[CodeCell, ...]:
        return self.source.cells


def understand(source: NotebookSource) -> Code:
    """The code of a notebook with its imports and its reads of the environment."""
    aliases = import_aliases(source.cells)
    return Code(source, aliases, {cell.number: tuple(environment_reads(cell, aliases)) for cell in source.cells})


def read_environment(code: Code, diagnostics: list[Diagnostic]) -> list[InputSpec]:
    """The inputs that any cell takes from the environment, in the order of their first mention."""
    found: dict[str, InputSpec] = {}
    for cell in code.cells:
        if _overrides_from_argv(cell, code.aliases):
            message = "values from sys.argv override what is set here: left out, set the inputs instead"
            note(diagnostics, cell, 1, "argv-override", message, level="info")
            continue
        for read in code.reads[cell.number]:
            line = read.statement.lineno
            if read.name in _SCAFFOLDING:
                message = f"{read.name!r} builds images: left out"
                note(diagnostics, cell, line, "scaffolding", message, field=read.name, level="info")
            elif read.name in found:
                message = f"{read.name!r} is read twice: the first one counts"
                note(diagnostics, cell, line, "declared-twice", message, field=read.name)
            elif read.name not in _SYSTEM:
                found[read.name] = _input(read, cell, diagnostics)
    return list(found.values())


def bound_names(reads: Iterable[EnvironmentRead]) -> dict[str, str]:
    """Variables to the input that they hold: `path = os.environ.get('source')` -> {`path`: `source`}."""
    return {read.target: read.name for read in reads if read.target}


def cast_text(value: Any, kind: PortType) -> Any:
    """A default as the value it becomes: `int(os.environ.get('n', '1'))` has the default 1."""
    if kind.name == "bool" and value is not None and not isinstance(value, bool):
        return str(value).strip().lower() in ("true", "1", "yes", "y", "on", "t")
    if not isinstance(value, str):
        return value
    try:
        if kind.name in ("int", "float"):
            return int(value) if kind.name == "int" else float(value)
        if kind.name in ("list", "dict"):
            return jsonable(ast.literal_eval(value)) if value.strip() else None
    except (ValueError, SyntaxError):
        return value
    return value


def _input(read: EnvironmentRead, cell: CodeCell, diagnostics: list[Diagnostic]) -> InputSpec:
    line = read.statement.lineno
    value = literal(read.default)
    if value is NO_VALUE and read.default is not None:
        message = f"the default of {read.name!r} is no literal, so the notebook's own code decides it"
        note(diagnostics, cell, line, "default-not-literal", message, field=read.name)
    plain = None if value is NO_VALUE else jsonable(value)
    kind, declared = _type(read, cell, plain, diagnostics)
    if kind.name == "Secret" and plain and not has_password(plain):  # which is an error of its own
        diagnostics.append(written(read.name, cell, line))
    if kind.name in _NO_TEXT and read.cast is None:
        message = f"{read.name!r} arrives as text where it is set: {_advice(kind.name)}"
        note(diagnostics, cell, line, "uncast", message, field=read.name)
    if not read.name.isidentifier():
        message = f"{read.name!r} is no identifier; it is kept as it is"
        note(diagnostics, cell, line, "odd-name", message, field=read.name)
    return InputSpec(
        name=read.name,
        type=str(kind),
        default=None if kind.name == "Secret" else cast_text(plain, kind),
        optional=read.default is not None and kind.name != "Secret",
        description=cell.description_of(read.statement),
        inferred=not declared,
        convention="environment",
        **place(cell, line),
    )


def _advice(kind: str) -> str:
    return f"put {kind}(…) around it" if kind in ("int", "float", "bool") else "put json.loads(…) around it"


def _type(read: EnvironmentRead, cell: CodeCell, default: Any, diagnostics: list[Diagnostic]) -> tuple[PortType, bool]:
    if read.annotation is not None:
        try:
            return type_of_annotation(read.annotation), True
        except (UnknownType, SyntaxError) as error:
            note(diagnostics, cell, read.statement.lineno, "unknown-type", f"{read.name!r}: {error}", field=read.name)
    if read.cast is not None and read.cast != "str":
        return _cast_type(read.cast, default), True
    if looks_secret(read.name) or has_password(default):
        return PortType("Secret"), False
    return (PortType("str") if read.cast == "str" else type_of_value(default)), False


def _cast_type(cast: str, default: Any) -> PortType:
    """`json.loads` gives what its default looks like."""
    if cast in ("dict", "list") and isinstance(default, str):
        return PortType("list" if default.strip().startswith(("[", "(")) else "dict" if default.strip() else cast)
    return PortType(cast)


class _Finder:
    """Collects the reads in an expression, with the cast that stands right around each."""

    def __init__(self, aliases: dict[str, str]) -> None:
        self._aliases = aliases
        self.reads: list[tuple[ast.expr, str, ast.expr | None, str | None]] = []

    def visit(self, node: ast.AST, cast: str | None) -> None:
        read = _read_of(node, self._aliases)
        if read is not None:
            self.reads.append((*read, cast))
            return
        inner = _cast_of(node) if isinstance(node, ast.Call) else None
        for child in ast.iter_child_nodes(node):
            self.visit(child, cast or inner if inner else None)


def _read_of(node: ast.AST, aliases: dict[str, str]) -> tuple[ast.expr, str, ast.expr | None] | None:
    if isinstance(node, ast.Call) and full_name(node.func, aliases) in ("os.environ.get", "os.getenv"):
        name = literal(node.args[0]) if node.args else NO_VALUE
        default = node.args[1] if len(node.args) > 1 else None
        default = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), default)
        return (node, name, default) if isinstance(name, str) else None
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        name = literal(node.slice) if full_name(node.value, aliases) == "os.environ" else NO_VALUE
        return (node, name, None) if isinstance(name, str) else None
    return None


def _cast_of(node: ast.Call) -> str | None:
    return _CASTS.get(dotted(node.func).rsplit(".", 1)[-1]) if len(node.args) == 1 else None


def _innermost(node: ast.expr | None, aliases: dict[str, str]) -> ast.expr | None:
    """The read that an expression is, casts around it taken off."""
    while isinstance(node, ast.Call) and _read_of(node, aliases) is None and _cast_of(node):
        node = node.args[0]
    return node


def _target(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return statement.target.id
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements, those inside blocks and functions too, in order."""
    for statement in body:
        yield statement
        for field in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, field, []))
        for handler in getattr(statement, "handlers", []):
            yield from _statements(handler.body)


def _own_expressions(statement: ast.stmt) -> Iterator[ast.AST]:
    """What belongs to a statement itself, not to the statements in its blocks."""
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt | ast.ExceptHandler):
            yield child


def _overrides_from_argv(cell: CodeCell, aliases: dict[str, str]) -> bool:
    names = {full_name(node, aliases) for node in cell.nodes if isinstance(node, ast.Name | ast.Attribute)}
    return "sys.argv" in names and "exec" in names

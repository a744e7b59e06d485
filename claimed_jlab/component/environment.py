"""Inputs by CLAIMED's convention: `name = os.environ.get('name', default)`, with a cast around it or not."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from claimed_jlab.component.parameters import NO_VALUE, Assignment, assignments, literal
from claimed_jlab.component.source import CodeCell, NotebookSource, at
from claimed_jlab.component.spec import Diagnostic, InputSpec
from claimed_jlab.component.types import PortType, UnknownType, type_of_annotation, type_of_value

# What CLAIMED's own image builder reads: scaffolding, not an interface.
_SCAFFOLDING = frozenset({"create_image", "version", "repository", "install_requirements"})
_CASTS = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "boolean": "bool",
    "strtobool": "bool",
    "str": "str",
    "loads": "dict",
    "literal_eval": "list",
}
_SECRET_WORDS = ("password", "passwd", "secret", "api_key", "apikey", "access_key", "token", "credential")


@dataclass(frozen=True)
class EnvironmentCall:
    """`os.environ.get(name, default)` as it stands in the code. cast: `int`, `bool`, … or None."""

    name: str
    default: ast.expr | None
    cast: str | None


def environment_call(node: ast.expr | None) -> EnvironmentCall | None:
    """The read of an environment variable that an expression is, casts around it included."""
    cast = None
    while isinstance(node, ast.Call):
        function = _dotted(node.func)
        if function[-2:] == ["environ", "get"] or function[-1:] == ["getenv"] or function == ["env", "get"]:
            return _call(node, cast)
        if function[-1:] and function[-1] in _CASTS and len(node.args) == 1:
            cast = cast or _CASTS[function[-1]]
            node = node.args[0]
            continue
        return None
    return None


def read_environment(source: NotebookSource, diagnostics: list[Diagnostic]) -> list[InputSpec]:
    """The inputs that any cell takes from the environment, in the order of their first mention."""
    found: dict[str, InputSpec] = {}
    for cell in source.cells:
        for item in assignments(cell):
            call = environment_call(item.value)
            if call is None:
                continue
            if call.name in _SCAFFOLDING:
                _note(
                    diagnostics,
                    cell,
                    item,
                    "scaffolding",
                    f"{call.name!r} builds images: left out",
                    level="info",
                )
            elif call.name in found:
                _note(
                    diagnostics,
                    cell,
                    item,
                    "declared-twice",
                    f"{call.name!r} is read twice: the first one counts",
                )
            else:
                found[call.name] = _input(call, item, diagnostics)
    return list(found.values())


def looks_secret(name: str) -> bool:
    """Whether a name says that its value must not be seen."""
    lowered = name.lower().replace("-", "_").replace(" ", "_")
    return any(word in lowered for word in _SECRET_WORDS)


def _input(call: EnvironmentCall, item: Assignment, diagnostics: list[Diagnostic]) -> InputSpec:
    value = literal(call.default)
    if value is NO_VALUE and call.default is not None:
        _note(diagnostics, item.cell, item, "default-not-literal", f"the default of {call.name!r} is no literal")
    plain = None if value is NO_VALUE else value
    kind, declared = _type(call, item, plain, diagnostics)
    if kind.name == "Secret" and plain:
        message = f"{call.name!r} is a secret with a value written in the notebook: remove it"
        diagnostics.append(
            Diagnostic(
                level="error",
                code="literal-secret",
                message=message,
                field=call.name,
                **at(item.cell, item.node.lineno),
            )
        )
    if not call.name.isidentifier():
        _note(diagnostics, item.cell, item, "odd-name", f"{call.name!r} is no identifier; it is kept as it is")
    return InputSpec(
        name=call.name,
        type=str(kind),
        default=None if kind.name == "Secret" else cast_text(plain, kind),
        optional=call.default is not None and kind.name != "Secret",
        description=item.description,
        inferred=not declared,
        convention="environment",
    )


def _type(
    call: EnvironmentCall, item: Assignment, default: Any, diagnostics: list[Diagnostic]
) -> tuple[PortType, bool]:
    if item.annotation is not None:
        try:
            return type_of_annotation(item.annotation), True
        except (UnknownType, SyntaxError) as error:
            _note(diagnostics, item.cell, item, "unknown-type", f"{call.name!r}: {error}")
    if call.cast is not None:
        return PortType(call.cast), True
    if looks_secret(call.name):
        return PortType("Secret"), False
    return type_of_value(default), False


def cast_text(value: Any, kind: PortType) -> Any:
    """A default as the value it becomes: `int(os.environ.get('n', '1'))` has the default 1."""
    if not isinstance(value, str):
        return value
    try:
        if kind.name in ("int", "float"):
            return int(value) if kind.name == "int" else float(value)
        if kind.name in ("list", "dict"):
            return ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return value
    return value.strip().lower() in ("true", "1", "yes", "y", "on") if kind.name == "bool" else value


def _call(node: ast.Call, cast: str | None) -> EnvironmentCall | None:
    name = literal(node.args[0]) if node.args else NO_VALUE
    if not isinstance(name, str):
        return None
    default = node.args[1] if len(node.args) > 1 else None
    default = next((keyword.value for keyword in node.keywords if keyword.arg == "default"), default)
    return EnvironmentCall(name, default, cast)


def _dotted(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [*_dotted(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else []


def _note(
    diagnostics: list[Diagnostic],
    cell: CodeCell,
    item: Assignment,
    code: str,
    message: str,
    level: str = "warning",
) -> None:
    diagnostics.append(
        Diagnostic.model_validate(
            {
                "level": level,
                "code": code,
                "message": message,
                "field": item.name,
                **at(cell, item.node.lineno),
            }
        )
    )

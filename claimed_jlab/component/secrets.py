"""What must not be seen: inputs that are secrets by name or use, and secrets written into a notebook."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from urllib.parse import urlsplit

from claimed_jlab.component.names import dotted
from claimed_jlab.component.source import CodeCell, NotebookSource, at
from claimed_jlab.component.spec import Diagnostic

_WORDS = frozenset(
    {"password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "credential", "credentials"}
)
_PAIRS = frozenset({("api", "key"), ("access", "key"), ("secret", "key"), ("private", "key"), ("account", "key")})
# Functions whose first argument is an address that holds a password.
_CONNECTS = frozenset({"create_engine", "create_async_engine"})
_HEADERS = frozenset({"authorization", "x-api-key", "x-auth-token"})


def looks_secret(name: str) -> bool:
    """Whether a name says that its value must not be seen: `api_key`, `dbPassword`; not `max_tokens`, `tokenizer`."""
    words = _words(name)
    return bool(_WORDS & set(words)) or any(pair in _PAIRS for pair in itertools.pairwise(words))


def is_secret(name: str, value: object) -> bool:
    """Whether a text must not be seen: by the name it has, or as an address with a password in it."""
    return (value is None or isinstance(value, str)) and (looks_secret(name) or has_password(value))


def has_password(value: object) -> bool:
    """Whether a text is an address with a password: `postgresql://ada:lovelace@host/table`; no placeholder is one."""
    if not isinstance(value, str) or "://" not in value or "@" not in value:
        return False
    try:
        password = urlsplit(value.strip()).password or ""
    except ValueError:
        return False
    return bool(password) and not set("{<$*%") & set(password)


def addresses(cell: CodeCell) -> Iterator[ast.Constant]:
    """The texts in the code of a cell that are addresses with a password."""
    for node in cell.nodes:
        if isinstance(node, ast.Constant) and has_password(node.value):
            yield node


def names_used_as_secrets(cell: CodeCell) -> Iterator[str]:
    """Variables handed over as a secret: a keyword called password, a header Authorization, a database's address."""
    for _, value in secret_places(cell):
        for node in ast.walk(value):
            if isinstance(node, ast.Name):
                yield node.id


def literal_secrets(source: NotebookSource) -> Iterator[Diagnostic]:
    """An error for every secret that stands in the code: `connect(password="hunter2")`."""
    for cell in source.cells:
        for name, value in secret_places(cell):
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.strip():
                yield written(name, cell, value.lineno)
        for node in addresses(cell):
            message = "an address with a password is written in the notebook: take it from a secret"
            yield Diagnostic(level="error", code="literal-secret", message=message, **at(cell, node.lineno))


def written(name: str, cell: CodeCell | int | None, line: int | None) -> Diagnostic:
    """The error for a secret with a value in the notebook; the value itself is never said."""
    message = f"{name!r} is a secret with a value written in the notebook: remove it"
    return Diagnostic(level="error", code="literal-secret", message=message, field=name, **at(cell, line))


def secret_places(cell: CodeCell) -> Iterator[tuple[str, ast.expr]]:
    """(name, value) wherever a secret is handed over."""
    for node in cell.nodes:
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg and looks_secret(keyword.arg):
                    yield keyword.arg, keyword.value
            if node.args and dotted(node.func).rsplit(".", 1)[-1] in _CONNECTS and isinstance(node.args[0], ast.Name):
                yield "address", node.args[0]
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and str(key.value).lower() in _HEADERS:
                    yield str(key.value), value


def _words(name: str) -> list[str]:
    spaced = "".join(
        f" {letter}" if letter.isupper() and before.islower() else letter
        for before, letter in zip(" " + name, name, strict=False)
    )
    return "".join(letter.lower() if letter.isalnum() else " " for letter in spaced).split()

"""Calls that read or write a file, by the table `readers_writers.yaml` that anyone can extend."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import PurePosixPath
from typing import Any, Literal

import yaml

from claimed_jlab.component.names import full_name
from claimed_jlab.component.source import CodeCell

Way = Literal["reads", "writes"]
_WAYS: tuple[Way, Way] = ("reads", "writes")
_MODES = frozenset("rwaxbt+U")


@dataclass(frozen=True)
class FileCall:
    """A call that handles a file. artifact: its type.  paths: expressions that may name the file."""

    way: Way
    artifact: str
    paths: tuple[ast.expr, ...]


def file_calls(cell: CodeCell, aliases: dict[str, str]) -> Iterator[FileCall]:
    """Every call in a cell that reads or writes a file."""
    inside = _opened_for(cell, aliases)
    for node in cell.nodes:
        if isinstance(node, ast.Call):
            yield from _of_call(node, full_name(node.func, aliases), inside.get(id(node)))


def artifact_of(artifact: str, path: Any) -> str:
    """The type of a file, where its call says only that it is one: by the suffix of the path that is known."""
    if artifact != "Artifact" or not isinstance(path, str):
        return artifact
    return _table()["suffixes"].get(PurePosixPath(path).suffix.lower(), artifact)


def _of_call(node: ast.Call, full: str, handled: str | None) -> Iterator[FileCall]:
    table = _table()
    method = f".{full.rsplit('.', 1)[-1]}" if "." in full else ""
    if full in table["neither"]:
        return
    if full in table["databases"]:
        yield from _database(node, table["databases"][full])
        return
    if full in table["opens"]:
        yield FileCall(_way_of(_mode(node, 1)), handled or table["opens"][full], _paths(node, full))
        return
    if full in table["copies"]:
        yield from _copies(node, table["copies"][full])
        return
    known = False
    for way in _WAYS:
        artifact = _behind(node.func, way) or table[way].get(full) or table[way].get(method)
        if artifact:
            known = True
            yield FileCall(way, artifact, _paths(node, full))
    if method == ".open" and not known:
        yield from _opened_by_method(node, handled)


def _opened_by_method(node: ast.Call, handled: str | None) -> Iterator[FileCall]:
    """`Path(p).open('w')` opens its object; `store.open(p, 'w')` what it is given."""
    first = node.args[0] if node.args else None
    given = isinstance(first, ast.Constant) and isinstance(first.value, str) and set(first.value) <= _MODES
    if (first is None or given) and isinstance(node.func, ast.Attribute):
        yield FileCall(_way_of(_mode(node, 0)), handled or "Artifact", (node.func.value,))
    elif first is not None:
        yield FileCall(_way_of(_mode(node, 1)), handled or "Artifact", (first,))


def _database(node: ast.Call, artifact: str) -> Iterator[FileCall]:
    """The file in `create_engine(f'sqlite:///{path}')`; other addresses name no file."""
    first = node.args[0] if node.args else None
    parts = first.values if isinstance(first, ast.JoinedStr) else []
    if isinstance(first, ast.BinOp):
        parts = [first.left, first.right]
    if parts and isinstance(parts[0], ast.Constant) and str(parts[0].value).startswith("sqlite:"):
        yield FileCall("reads", artifact, (ast.JoinedStr(values=list(parts[1:])),))


def _copies(node: ast.Call, artifact: str) -> Iterator[FileCall]:
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    given = [*node.args[:2], *(named[key] for key in ("src", "filename", "dst", "extract_dir") if key in named)]
    for way, path in zip(_WAYS, given, strict=False):
        yield FileCall(way, artifact, (path,))


def _behind(func: ast.expr, way: Way) -> str | None:
    """A method somewhere behind `.read` or `.write`: `frame.write.mode('overwrite').parquet(path)`."""
    if not isinstance(func, ast.Attribute):
        return None
    artifact = _table()["behind"].get(func.attr)
    node: ast.expr = func.value
    while artifact and isinstance(node, ast.Attribute | ast.Call):
        if isinstance(node, ast.Attribute) and node.attr in (way[:-1], f"{way[:-1]}Stream"):
            return str(artifact)
        node = node.func if isinstance(node, ast.Call) else node.value
    return None


def _paths(node: ast.Call, full: str) -> tuple[ast.expr, ...]:
    """The first two arguments, the keywords, and the object of a method of a path (`Path(x).write_text`)."""
    places = [*node.args[:2], *(keyword.value for keyword in node.keywords)]
    function = not full.startswith(".") and (full in _table()["reads"] or full in _table()["writes"])
    if isinstance(node.func, ast.Attribute) and node.func.attr in _table()["of_paths"] and not function:
        places = [node.func.value]
    return tuple(places)


def _opened_for(cell: CodeCell, aliases: dict[str, str]) -> dict[int, str]:
    """What a call opens, by the library that takes the file: `with open(p) as f: pickle.load(f)` opens a Model."""
    handles = _table()["handles"]
    takers: list[tuple[str, ast.expr]] = []
    opened: dict[str, list[int]] = {}
    found: dict[int, str] = {}
    for node in cell.nodes:
        if isinstance(node, ast.Call) and (title := handles.get(full_name(node.func, aliases))):
            takers += [(title, argument) for argument in node.args[:2]]
        elif isinstance(node, ast.With):
            for item in node.items:
                if isinstance(item.optional_vars, ast.Name):
                    opened.setdefault(item.optional_vars.id, []).append(id(item.context_expr))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            opened.setdefault(node.targets[0].id, []).append(id(node.value))
    for title, argument in takers:
        calls = opened.get(argument.id, []) if isinstance(argument, ast.Name) else [id(argument)]
        found |= dict.fromkeys(calls, title)
    return found


def _mode(node: ast.Call, place: int) -> str:
    given = [*node.args[place : place + 1], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else "r"


def _way_of(mode: str) -> Way:
    return "writes" if mode[:1] in ("w", "a", "x") else "reads"


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    text = resources.files("claimed_jlab.component").joinpath("readers_writers.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {way: dict(calls) for way, calls in yaml.load(text, Loader=loader).items()}

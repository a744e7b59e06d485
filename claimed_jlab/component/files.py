"""Calls that read or write a file, by the table `readers_writers.yaml` that anyone can extend."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import yaml

from claimed_jlab.component.names import full_name
from claimed_jlab.component.source import CodeCell


@dataclass(frozen=True)
class FileCall:
    """A call that handles a file. artifact: its type.  paths: expressions that may name the file."""

    way: Literal["reads", "writes"]
    artifact: str
    paths: tuple[ast.expr, ...]


def file_calls(cell: CodeCell, aliases: dict[str, str]) -> Iterator[FileCall]:
    """Every call in a cell that reads or writes a file."""
    inside = _opened_for(cell, aliases)
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Call):
            paths = _paths(node)
            if full_name(node.func, aliases) in ("open", "io.open", "codecs.open", "gzip.open"):
                way: Literal["reads", "writes"] = "writes" if _mode(node)[:1] in ("w", "a", "x") else "reads"
                yield FileCall(way, inside.get(id(node), "Artifact"), paths)
                continue
            for found, artifact in _ways(node, aliases):
                yield FileCall(found, artifact, paths)


def _ways(node: ast.Call, aliases: dict[str, str]) -> Iterator[tuple[Literal["reads", "writes"], str]]:
    full = full_name(node.func, aliases)
    method = f".{full.rsplit('.', 1)[-1]}"
    for way in ("reads", "writes"):
        calls = _table()[way]
        if full in calls:
            yield way, calls[full]
        elif "." in full and method in calls:
            yield way, calls[method]


def _paths(node: ast.Call) -> tuple[ast.expr, ...]:
    """The first two arguments, the keywords, and the object of a method of a path (`Path(x).write_text`)."""
    places = [*node.args[:2], *(keyword.value for keyword in node.keywords)]
    if isinstance(node.func, ast.Attribute) and node.func.attr.startswith(("read_", "write_", "open")):
        places.append(node.func.value)
    return tuple(places)


def _opened_for(cell: CodeCell, aliases: dict[str, str]) -> dict[int, str]:
    """What `open` opens, by the library that takes the file: `with open(p) as f: pickle.load(f)` reads a Model."""
    found: dict[int, str] = {}
    for node in ast.walk(cell.tree):
        if not isinstance(node, ast.With):
            continue
        for item in node.items:
            if isinstance(item.context_expr, ast.Call) and isinstance(item.optional_vars, ast.Name):
                title = _library_of(node, item.optional_vars.id, aliases)
                if title:
                    found[id(item.context_expr)] = title
    return found


def _library_of(block: ast.With, handle: str, aliases: dict[str, str]) -> str | None:
    for node in ast.walk(block):
        if isinstance(node, ast.Call):
            given = {argument.id for argument in node.args if isinstance(argument, ast.Name)}
            title = _table()["handles"].get(full_name(node.func, aliases))
            if title and handle in given:
                return title
    return None


def _mode(node: ast.Call) -> str:
    given = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    if given and isinstance(given[0], ast.Constant):
        return str(given[0].value)
    return "r"


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    text = resources.files("claimed_jlab.component").joinpath("readers_writers.yaml").read_text(encoding="utf-8")
    return {way: dict(calls) for way, calls in yaml.safe_load(text).items()}

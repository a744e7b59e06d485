"""Which distribution brings a module: by what is installed, then by the table `distributions.yaml`."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import yaml

from claimed_jlab.component.installed import Environment, canonical
from claimed_jlab.component.source import CodeCell

# What comes with every kernel.
_KERNEL = frozenset({"IPython", "ipykernel"})
# Modules that several distributions share.
_NAMESPACES = frozenset({"google", "azure", "ruamel", "mysql", "snowflake"})


@dataclass(frozen=True)
class Bringer:
    """A distribution that brings a module. guessed: no more is known than the module's own name."""

    name: str
    guessed: bool = False


def imports(cell: CodeCell) -> Iterator[tuple[int, list[str]]]:
    """(line, names) of what a cell imports: the dotted name first, then what stands before each dot."""
    return _imported(cell.nodes)


def module_imports(path: Path) -> Iterator[list[str]]:
    """What a module imports, as `imports` gives it; nothing where it is no Python, which running it will say."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError, RecursionError):
        return
    for _, names in _imported(ast.walk(tree)):
        yield names


def local_module(names: list[str], folder: Path) -> Path | None:
    """The module in `folder` that an import finds; None where it is Python's own, or from elsewhere."""
    path = folder / f"{names[-1]}.py"
    return path if names[-1] not in sys.stdlib_module_names and path.is_file() else None


def _imported(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, list[str]]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, _heads(alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module.split(".")[0] in _NAMESPACES:
                for alias in node.names:
                    yield node.lineno, _heads(f"{node.module}.{alias.name}")
            else:
                yield node.lineno, _heads(node.module)


def bringer(names: list[str], environment: Environment, folder: Path) -> Bringer | None:
    """What brings a module, by its `names` as `imports` gives them; None for Python's own and what is in `folder`."""
    head = names[-1]
    if head in sys.stdlib_module_names or head in _KERNEL:
        return None
    if (folder / f"{head}.py").exists() or any((folder / head).glob("*.py")):
        return None
    known = next((name for name in map(_table()["modules"].get, names) if name), None)
    present = environment.versions
    if known and canonical(known) in present:
        return Bringer(known)
    if canonical(head) in present:
        return Bringer(head)  # most are called as they are imported, and asking all of them takes long
    candidates = environment.distributions_of(head)
    if candidates:
        return Bringer(min(candidates, key=lambda name: (canonical(name) != canonical(head), len(name))))
    return Bringer(known) if known else Bringer(head, guessed=True)


def conda_names() -> dict[str, str]:
    """What conda calls a distribution to what PyPI calls it, where they differ."""
    return _table()["conda"]


def _heads(dotted: str) -> list[str]:
    parts = dotted.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    text = resources.files("claimed_jlab.component").joinpath("distributions.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {way: dict(names) for way, names in yaml.load(text, Loader=loader).items()}

"""Which inputs an expression holds: followed by name through assignments, functions, and what makes a path of parts.

Not a proof: a name holds all that is ever assigned to it, in any cell and in any order. The last part of a path names
the file, what stands before it is a prefix.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from claimed_jlab.component.environment import Code, bound_names
from claimed_jlab.component.names import dotted

# Calls that give back the path that they are given, or one made of several.
_JOINS = frozenset(
    {"join", "joinpath", "Path", "PurePath", "PosixPath", "UPath", "str", "open", "fspath", "format", "strip"}
    | {"abspath", "expanduser", "expandvars", "realpath", "normpath", "resolve", "absolute", "with_suffix"}
)
_ROUNDS = 4


@dataclass
class Flow:
    """Variables to the inputs whose value they hold, and to the inputs that only stand before it."""

    holds: dict[str, set[str]] = field(default_factory=dict)
    before: dict[str, set[str]] = field(default_factory=dict)

    def path(self, node: ast.expr) -> tuple[set[str], set[str]]:
        """(inputs that name the file, inputs that stand before it) in the expression of a path."""
        if isinstance(node, ast.Name):
            return self.holds.get(node.id, set()), self.before.get(node.id, set())
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
            return self._joined(parts)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div | ast.Mod):
            return self._joined([node.left, node.right])
        if isinstance(node, ast.Tuple):
            return self._joined(node.elts)
        if isinstance(node, ast.IfExp):
            return self._either([node.body, node.orelse])
        if isinstance(node, ast.BoolOp):
            return self._either(node.values)
        if isinstance(node, ast.NamedExpr):
            return self.path(node.value)
        if isinstance(node, ast.Call) and dotted(node.func).rsplit(".", 1)[-1] in _JOINS:
            first = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            return self._joined([*first, *node.args])
        return set(), set()

    def note(self, name: str, value: ast.expr) -> bool:
        """A name is given a value; whether that says anything new."""
        names, before = self.path(value)
        held, stood = self.holds.setdefault(name, set()), self.before.setdefault(name, set())
        if names <= held and before <= stood:
            return False
        held |= names
        stood |= before
        return True

    def _either(self, nodes: list[ast.expr]) -> tuple[set[str], set[str]]:
        found = [self.path(node) for node in nodes]
        return set().union(*(names for names, _ in found)), set().union(*(before for _, before in found))

    def _joined(self, parts: list[ast.expr]) -> tuple[set[str], set[str]]:
        """The last part that an input has a share in names the file; a literal end (`+ '.csv'`) leaves it so."""
        names: set[str] = set()
        before: set[str] = set()
        for part in parts:
            inner, inner_before = self.path(part)
            before |= inner_before
            if inner:
                before |= names
                names = inner
            elif isinstance(part, ast.Constant) and names and "/" in str(part.value):
                before |= names  # `data_dir + '/x.csv'`: a folder, not the file
                names = set()
        return names, before


def read_flow(code: Code) -> Flow:
    """What the names of a notebook hold."""
    flow = Flow()
    steps = []
    for cell in code.cells:
        bound = bound_names(code.reads[cell.number])
        declares = "parameters" in cell.tags
        for node in cell.nodes:
            for name, value in _given(node):
                if name in bound:
                    flow.holds[name] = {bound[name]}
                elif declares and node in cell.tree.body:
                    flow.holds[name] = {name}
                elif value is not None:
                    steps.append((name, value))
    steps += _arguments(code)
    for _ in range(_ROUNDS):
        news = [flow.note(name, value) for name, value in steps]
        if not any(news):
            break
    return flow


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """(name, value) of what a statement or a walrus assigns."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for one, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(one, ast.Name):
                        yield one.id, value
    elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name):
        yield node.target.id, node.value


def _arguments(code: Code) -> list[tuple[str, ast.expr]]:
    """What the notebook's own functions are called with, as values of their parameters."""
    functions: dict[str, list[str]] = {}
    for cell in code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.FunctionDef):
                functions[node.name] = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    found: list[tuple[str, ast.expr]] = []
    for cell in code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
                found += zip(functions[node.func.id], node.args, strict=False)
                found += [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg]
    return found

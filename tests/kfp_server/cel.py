"""The conditions that KFP's compiler writes: a small part of CEL, with CEL's strictness about types."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

_TOKEN = re.compile(r"""(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<sign>&&|\|\||!=|!)|(?P<other>.)""", re.DOTALL)
_SIGNS = {"&&": " and ", "||": " or ", "!=": "!=", "!": " not "}
_PARSE = re.compile(r"""parseJson\(string_value\)(?P<path>.*)\Z""", re.DOTALL)


class CelError(Exception):
    """A condition that can't be decided; the driver fails with it."""


def holds(condition: str, parameters: dict[str, Any]) -> bool:
    """Whether a trigger's condition is true. Raises CelError."""
    words = (found["text"] or _SIGNS.get(found["sign"] or "") or found["other"] for found in _TOKEN.finditer(condition))
    try:
        tree = ast.parse("".join(words).strip(), mode="eval")
        found = _Value(parameters).of(tree.body)
    except (SyntaxError, ValueError, TypeError) as error:
        raise CelError(f'failed to evaluate condition "{condition}": {error}') from error
    if not isinstance(found, bool):
        raise CelError(f'condition "{condition}" is not a truth')
    return found


def select(value: Any, selector: str) -> Any:
    """The part of a value that an expression selector names: `parseJson(string_value)["a"]`. Raises CelError."""
    found = _PARSE.match(selector)
    if found is None:
        raise CelError(f'expression selector "{selector}" is not supported')
    held = json.loads(value) if isinstance(value, str) else value
    for step in re.findall(r"""\[\s*(?:"([^"]*)"|'([^']*)'|(\d+))\s*\]""", found["path"]):
        key = step[0] or step[1]
        try:
            held = held[key] if key else held[int(step[2])]
        except (KeyError, IndexError, TypeError) as error:
            raise CelError(f'no such key: {key or step[2]} in "{selector}"') from error
    return held


class _Value:
    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters

    def of(self, node: ast.expr) -> Any:
        if isinstance(node, ast.BoolOp):
            values = (self.of(one) for one in node.values)
            return all(values) if isinstance(node.op, ast.And) else any(values)
        if isinstance(node, ast.UnaryOp):
            held = self.of(node.operand)
            return (not held) if isinstance(node.op, ast.Not) else -held
        if isinstance(node, ast.Compare):
            return self._compared(node)
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name) and node.id in ("true", "false"):
            return node.id == "true"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            return _cast(node.func.id, self.of(node.args[0]))
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "inputs.parameter_values":
            name = self.of(node.slice)
            if name not in self._parameters:
                raise CelError(f"no such key: {name}")
            return self._parameters[name]
        raise CelError(f"not supported in a condition: {ast.unparse(node)}")

    def _compared(self, node: ast.Compare) -> bool:
        left, right = self.of(node.left), self.of(node.comparators[0])
        kinds = [_kind(left), _kind(right)]
        if kinds[0] != kinds[1]:
            raise CelError(f"no such overload: {kinds[0]} and {kinds[1]}")
        operation = type(node.ops[0])
        found: dict[type, bool] = {ast.Eq: left == right, ast.NotEq: left != right}
        if operation not in found:
            found |= {ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right}
        return found[operation]


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _cast(name: str, value: Any) -> Any:
    if name == "string" or (name == "dyn" and isinstance(value, str)):
        return value if isinstance(value, str) else json.dumps(value)
    if name in ("int", "double"):
        number = float(value)
        return int(number) if name == "int" else number
    if name == "bool":
        return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]
    raise CelError(f"undeclared reference to {name}")

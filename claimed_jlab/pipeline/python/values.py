"""Where a value comes from, read from an expression of KFP's DSL."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from claimed_jlab.pipeline.python.code import BlockCode, TaskCode
from claimed_jlab.pipeline.python.syntax import argument_of, last_name, literal_of

# The outputs of a component by its reference, where they are known.
Outputs = Callable[[str], list[str]]


class Unsayable(ValueError):
    """An expression that means something that a document has no words for. The message says what it is."""


@dataclass
class Scope:
    """What names mean in a pipeline's function."""

    parameters: Mapping[str, Any]
    tasks: dict[str, TaskCode] = field(default_factory=dict)
    aliases: dict[str, cst.BaseExpression] = field(default_factory=dict)
    importers: dict[str, cst.Call] = field(default_factory=dict)
    outputs_of: Outputs = lambda reference: []

    def source(self, node: cst.BaseExpression, loops: tuple[BlockCode, ...] = (), depth: int = 0) -> dict[str, Any]:
        """A source as the document has it. Raises Unsayable."""
        if depth > 20:
            raise Unsayable("names that lead to each other")
        if isinstance(node, cst.Name):
            return self._name(node.value, loops, depth)
        if isinstance(node, cst.Call):
            return self._call(node, loops, depth)
        found = self.output(node, loops) or self._imported(node, loops, depth)
        if found is not None:
            return found
        try:
            return {"value": literal_of(node)}
        except ValueError:
            code = " ".join(cst.Module([]).code_for_node(node).split())
            raise Unsayable(f"`{code}` is worked out by Python") from None

    def output(self, node: cst.BaseExpression, loops: tuple[BlockCode, ...] = ()) -> dict[str, Any] | None:
        """`train.outputs["model"]` or `train.output`; None for anything else."""
        task, name = self.output_of(node)
        if task is None:
            return None
        own = [loop for loop in loops if task.block is not None and loop in task.block.chain()]
        if own:
            raise Unsayable(f"it takes from {task.variable!r} in the same loop, one item at a time")
        return {"output": f"{task.name}.{name}"}

    def output_of(self, node: cst.BaseExpression) -> tuple[TaskCode | None, str]:
        """The task and the name of an output."""
        owner = _owner_of_outputs(node)
        if isinstance(node, cst.Subscript) and owner is not None:
            task = self._task(owner)
            index = node.slice[0].slice
            if task is not None and isinstance(index, cst.Index):
                try:
                    return task, str(literal_of(index.value))
                except ValueError:
                    raise Unsayable("the output's name is worked out by Python") from None
        if isinstance(node, cst.Attribute) and node.attr.value == "output":
            task = self._task(node.value)
            if task is not None:
                names = self.outputs_of(task.reference)
                return task, names[0] if len(names) == 1 else "output"
        return None, ""

    def expression(self, node: cst.BaseExpression) -> str:
        """A comparison as `when` has it: `train.accuracy > 0.7`. Raises Unsayable."""
        if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
            return f"{self._side(node)} == True"
        target = node.comparisons[0]
        sign = cst.Module([]).code_for_node(target.operator).strip()
        return f"{self._side(node.left)} {sign} {self._side(target.comparator)}"

    def _side(self, node: cst.BaseExpression) -> str:
        found = self.source(node)
        kind, value = next(iter(found.items()))
        if kind in ("output", "parameter"):
            return str(value)
        if isinstance(value, list | dict) or value is None:
            raise Unsayable("a condition on what is no number, text or truth")
        code = cst.Module([]).code_for_node(node) if not isinstance(node, cst.Name) else repr(value)
        try:
            ast.literal_eval(code)
        except (ValueError, SyntaxError):
            return repr(value)
        return code.replace("\n", " ")

    def _name(self, name: str, loops: tuple[BlockCode, ...], depth: int) -> dict[str, Any]:
        if any(loop.item == name for loop in loops):
            raise Unsayable(f"the item {name!r} of a loop, which goes to one input by its name")
        if name in self.aliases:
            return self.source(self.aliases[name], loops, depth + 1)
        if name in self.parameters:
            return {"parameter": name}
        if name in ("True", "False", "None"):
            return {"value": {"True": True, "False": False}.get(name)}
        task = self.tasks.get(name)
        if task is not None:
            names = self.outputs_of(task.reference)
            return {"output": f"{task.name}.{names[0] if len(names) == 1 else 'output'}"}
        raise Unsayable(f"`{name}` is nothing that a document has")

    def _call(self, node: cst.Call, loops: tuple[BlockCode, ...], depth: int) -> dict[str, Any]:
        name = last_name(node.func)
        if name == "ignore_type" and isinstance(node.func, cst.Attribute):
            return self.source(node.func.value, loops, depth + 1)
        if name == "Collected" and node.args:
            return self.source(node.args[0].value, (), depth + 1)
        code = " ".join(cst.Module([]).code_for_node(node).split())
        raise Unsayable(f"`{code}` is worked out by Python")

    def _imported(self, node: cst.BaseExpression, loops: tuple[BlockCode, ...], depth: int) -> dict[str, Any] | None:
        """The file that `dsl.importer(artifact_uri="data.csv", …).output` names."""
        is_output = isinstance(node, cst.Attribute) and node.attr.value == "output"
        call = node.value if is_output and isinstance(node, cst.Attribute) else _owner_of_outputs(node)
        if isinstance(call, cst.Name):
            call = self.importers.get(call.value)
        if not isinstance(call, cst.Call) or last_name(call.func) != "importer":
            return None
        uri = argument_of(call, "artifact_uri", 0)
        if uri is None:
            raise Unsayable("an importer without an address")
        return self.source(uri, loops, depth + 1)

    def _task(self, node: cst.BaseExpression) -> TaskCode | None:
        return self.tasks.get(node.value) if isinstance(node, cst.Name) else None


def _owner_of_outputs(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """What stands before `.outputs["name"]`; None for anything else."""
    if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Attribute) and node.value.attr.value == "outputs":
        return node.value.value
    return None

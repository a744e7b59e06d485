"""A `when` as the condition of a KFP task: CEL over the inputs of the block that it guards.

KFP compares two sides of one type; of two types it makes the narrower one the wider, in the order integer, double,
boolean, string. Source: `_single_binary_operation_to_cel_condition` in kfp's pipeline_spec_builder.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.python.conditions import Comparison, Side
from claimed_jlab.run.kubeflow.dag import Channel

_WIDTH = ("NUMBER_INTEGER", "NUMBER_DOUBLE", "BOOLEAN", "STRING")


class CannotSay(ClaimedError):
    """What a document asks for, and Kubeflow Pipelines has no way to say."""

    code = "unsupported"


def condition(comparison: Comparison, channel_of: Callable[[str], Channel]) -> str:
    """The comparison in CEL. channel_of: where `seed` or `train.accuracy` has its value from. Raises CannotSay."""
    sides = [_side(side, channel_of) for side in (comparison.left, comparison.right)]
    for kind, _ in sides:
        if kind not in _WIDTH:
            raise CannotSay(f"`{comparison}` compares a list or an object, which Kubeflow can't")
    wide = max((kind for kind, _ in sides), key=_WIDTH.index)
    left, right = (_widened(text, kind, wide) for kind, text in sides)
    return f"{left} {comparison.sign} {right}"


def _side(side: Side, channel_of: Callable[[str], Channel]) -> tuple[str, str]:
    """(type, text) of one side."""
    if side.named:
        found = channel_of(side.text)
        kind = str(found.declared().get("parameterType"))
        text = f"inputs.parameter_values['{found.name}']"
        return kind, f"int({text})" if kind == "NUMBER_INTEGER" else text
    value: Any = ast.literal_eval(side.text)
    if isinstance(value, bool):
        return "BOOLEAN", str(value).lower()
    if isinstance(value, str):
        return "STRING", f"'{value}'"
    return ("NUMBER_INTEGER" if isinstance(value, int) else "NUMBER_DOUBLE"), str(value)


def _widened(text: str, kind: str, wide: str) -> str:
    if kind == wide:
        return text
    if wide == "STRING":
        return f"'{text}'"
    if wide == "BOOLEAN":
        raise CannotSay(f"{text} is compared with a truth, which Kubeflow can't: compare two truths")
    return f"double({text})"

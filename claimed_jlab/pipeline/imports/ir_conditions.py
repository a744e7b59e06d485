"""Conditions of KFP's representation, which are CEL over a block's inputs, as a `when`."""

from __future__ import annotations

import re
from typing import Any

_VALUE = re.compile(r"inputs\.parameter_values\['([^']+)'\]")
# KFP makes the types of two sides alike; ours compares numbers as they are.
_CAST = re.compile(r"\b(?:int|double)\(([^()]*)\)")
_TEXT = re.compile(r"'[^']*'")


def expression_of(text: str, inputs: dict[str, dict[str, Any]]) -> str | None:
    """The expression that a condition is, or None where it asks for what no expression names.

    inputs: what the block's inputs are.
    """
    if any(not inputs.get(name, {}).keys() & {"output", "parameter"} for name in _VALUE.findall(text)):
        return None
    plain = _VALUE.sub(lambda found: str(next(iter(inputs[found[1]].values()))), text)
    texts = _TEXT.findall(plain)
    bare = _TEXT.sub("\0", plain)
    while (without := _CAST.sub(r"\1", bare)) != bare:
        bare = without
    bare = bare.replace("&&", " and ").replace("||", " or ")
    bare = re.sub(r"!(?!=)", " not ", bare)
    bare = re.sub(r"\btrue\b", "True", re.sub(r"\bfalse\b", "False", bare))
    for value in texts:
        bare = bare.replace("\0", value, 1)
    return re.sub(r" +", " ", bare).strip() if not texts else bare.strip()

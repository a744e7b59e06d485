"""The container of a component of KFP's own, its command line in the placeholders of KFP v2.

Those of component YAML (v1) are data, `{"inputPath": …}`; those of the representation (v2) are text, and stay.
Source: kfp/dsl/placeholders.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from claimed_jlab.component.export.ir import port_keys
from claimed_jlab.component.spec import ComponentSpec


def container_of(spec: ComponentSpec) -> dict[str, Any]:
    """A PipelineContainerSpec without resources."""
    assert spec.container is not None
    words = _Words(spec)
    found: dict[str, Any] = {"image": spec.container.image}
    if spec.container.command:
        found["command"] = words.all(spec.container.command)
    if spec.container.args:
        found["args"] = words.all(spec.container.args)
    if spec.container.env:
        found["env"] = [{"name": name, "value": str(value)} for name, value in spec.container.env.items()]
    return found


class _Words:
    def __init__(self, spec: ComponentSpec) -> None:
        self._inputs = port_keys(spec, spec.inputs)
        self._outputs = port_keys(spec, spec.outputs)
        self._artifacts = {port.name for port in [*spec.inputs, *spec.outputs] if port.kind == "artifact"}

    def all(self, words: Iterable[Any]) -> list[str]:
        return [word if isinstance(word, str) else json.dumps(word) for word in map(self._one, words)]

    def _one(self, word: Any) -> Any:
        """A word as a text, or as the object that stands in another."""
        if not isinstance(word, dict):
            return word if isinstance(word, str) else json.dumps(word)
        [(what, given)] = word.items()
        if what == "if":
            return self._if_present(given)
        if what == "concat":
            return {"Concat": [self._one(part) for part in given]}
        if what == "outputPath":
            side, end = "outputs", ".path" if given in self._artifacts else ".output_file"
            return self._place(side, given, self._outputs[given], end)
        return self._place("inputs", given, self._inputs[given], ".path" if what == "inputPath" else "")

    def _place(self, side: str, name: str, key: str, end: str) -> str:
        is_artifact = name in self._artifacts
        end = end if is_artifact or side == "outputs" else ""
        return f"{{{{$.{side}.{'artifacts' if is_artifact else 'parameters'}['{key}']{end}}}}}"

    def _if_present(self, given: dict[str, Any]) -> dict[str, Any]:
        name = given["cond"]["isPresent"]
        found = {"InputName": self._inputs[name], "Then": [self._one(word) for word in given["then"]]}
        if given.get("else"):
            found["Else"] = [self._one(word) for word in given["else"]]
        return {"IfPresent": found}

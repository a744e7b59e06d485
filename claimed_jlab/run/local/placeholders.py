"""KFP's placeholders in a container's command line: of component YAML (v1) data, of the representation (v2) text.

v1: {"inputValue": …}, {"inputPath": …}, {"outputPath": …}, {"if": …}, {"concat": …}.
v2: {{$.inputs.parameters['x']}} and the like, {"IfPresent": …} and {"Concat": …} as JSON text, and {{$}}: the executor
input, which functions that KFP packed read all of theirs from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.component.types import PortType
from claimed_jlab.errors import ClaimedError

_IN_TEXT = re.compile(
    r"""\{\{\$(?:\.(inputs|outputs)(?:\.(parameters|artifacts)\[(['"])(.*?)\3\])?(?:\.(\w+))?)?\}\}"""
)
_AS_TEXT = ('{"IfPresent":', '{"Concat":')
_TRUE = ("true", "1", "yes")


class UnknownPlaceholder(ClaimedError):
    """A command line that asks for something that the component has not."""

    code = "unknown-placeholder"


@dataclass(frozen=True)
class Places:
    """What stands for what in the container. All paths are those that the container sees.

    values: the parameters that are set.  inputs, outputs: where each is, of artifacts and of output parameters.
    metadata: the file that a packed function writes its results to.  spill: puts a value into a file, for its path.
    """

    values: Mapping[str, Any]
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    metadata: str
    spill: Callable[[str, str], str] = field(repr=False)
    content: Callable[[str], str] = field(repr=False)


def resolve(words: Iterable[Any], spec: ComponentSpec, places: Places) -> list[str]:
    """A command line as texts. Raises UnknownPlaceholder."""
    return _Resolver(spec, places).all(words)


def text_of(value: Any) -> str:
    """A value as KFP puts it on a command line."""
    return value if isinstance(value, str) else json.dumps(value)


class _Resolver:
    def __init__(self, spec: ComponentSpec, places: Places) -> None:
        self._spec = spec
        self._places = places

    def all(self, words: Iterable[Any]) -> list[str]:
        return [text for word in words for text in self._word(word)]

    def _word(self, word: Any) -> list[str]:
        if isinstance(word, list | tuple):
            return self.all(word)
        if isinstance(word, dict):
            if len(word) != 1:
                raise UnknownPlaceholder(f"{json.dumps(word)} is no placeholder of Kubeflow Pipelines")
            (name, of), *_ = word.items()
            return self._placeholder(str(name), of)
        text = str(word)
        if text.startswith(_AS_TEXT):
            try:
                return self._word(json.loads(text))
            except ValueError:
                pass  # code that looks like it
        return [_IN_TEXT.sub(self._within, text)]

    def _placeholder(self, name: str, of: Any) -> list[str]:
        if name in ("if", "IfPresent"):
            return self._condition(name, of)
        if name in ("concat", "Concat"):
            return ["".join(self.all(of))]
        if name in ("executorInput", "ExecutorInput"):
            return [self._executor_input()]
        simple = {
            "inputValue": self._input_value,
            "inputPath": self._input_path,
            "inputUri": self._input_path,
            "outputPath": self._output_path,
            "outputUri": self._output_path,
        }
        if name not in simple:
            raise UnknownPlaceholder(f"{{{name}: …}} is no placeholder of Kubeflow Pipelines that is known here")
        found = simple[name](str(of))
        return [] if found is None else [found]

    def _condition(self, name: str, of: Any) -> list[str]:
        """`{"if": {"cond", "then", "else"}}`, or KFP v2's `{"IfPresent": {"InputName", "Then", "Else"}}`."""
        if name == "IfPresent":
            holds, then, otherwise = self._present(str(of.get("InputName"))), of.get("Then"), of.get("Else")
        else:
            holds, then, otherwise = self._holds(of.get("cond")), of.get("then"), of.get("else")
        chosen = then if holds else otherwise
        return [] if chosen is None else self._word(chosen)

    def _holds(self, condition: Any) -> bool:
        if isinstance(condition, dict) and "isPresent" in condition:
            return self._present(str(condition["isPresent"]))
        return "".join(self._word(condition)).strip().lower() in _TRUE

    def _present(self, name: str) -> bool:
        self._known(name, self._spec.input(name))
        return name in self._places.inputs or self._places.values.get(name) is not None

    def _input_value(self, name: str) -> str | None:
        port = self._known(name, self._spec.input(name))
        if port.kind == "artifact" and name in self._places.inputs:
            return self._places.content(name)
        value = self._places.values.get(name)
        return None if value is None else text_of(value)

    def _input_path(self, name: str) -> str | None:
        self._known(name, self._spec.input(name))
        if name in self._places.inputs:
            return self._places.inputs[name]
        value = self._places.values.get(name)
        return None if value is None else self._places.spill(name, text_of(value))

    def _output_path(self, name: str) -> str:
        self._known(name, self._spec.output(name))
        return self._places.outputs[name]

    def _within(self, found: re.Match[str]) -> str:
        side, kind, name, part = found[1], found[2], found[4], found[5]
        if side is None:
            return self._executor_input()
        if name is None:
            return self._places.metadata if part == "output_file" else found[0]
        if side == "outputs":
            return self._output_path(name)
        if kind == "artifacts" and part in ("path", "uri"):
            return self._input_path(name) or ""
        return self._input_value(name) or ""

    def _executor_input(self) -> str:
        """KFP's ExecutorInput message: kubeflow/pipelines, pipeline_spec.proto."""
        places, outputs = self._places, self._spec.outputs
        inputs = {
            "parameterValues": {name: value for name, value in places.values.items() if value is not None},
            "artifacts": {
                name: _artifact(name, path, port.port_type)
                for name, path in places.inputs.items()
                if (port := self._spec.input(name))
            },
        }
        made = {
            "parameters": {
                port.name: {"outputFile": places.outputs[port.name]} for port in outputs if port.kind == "parameter"
            },
            "artifacts": {
                port.name: _artifact(port.name, places.outputs[port.name], port.port_type)
                for port in outputs
                if port.kind == "artifact"
            },
            "outputFile": places.metadata,
        }
        return json.dumps({"inputs": inputs, "outputs": made})

    def _known(self, name: str, port: Any) -> Any:
        if port is None:
            message = f"the command line of {self._spec.reference} names {name!r}, which is no input or output of it"
            raise UnknownPlaceholder(message, where=self._spec.path)
        return port


def _artifact(name: str, path: str, kind: PortType) -> dict[str, Any]:
    title = {"schemaTitle": f"system.{kind.name}", "schemaVersion": "0.0.1"}
    return {"artifacts": [{"name": name, "type": title, "uri": path, "metadata": {}}]}

"""A component as a CommandLineTool of the Common Workflow Language, v1.2.

Artifacts are Files, parameters have CWL's types (lists and dictionaries travel as JSON text), and the step is called
as everywhere else. Names and texts of the notebook stand in data, or in JavaScript strings in which everything but
letters and digits is escaped, so that none can become an expression.
"""

from __future__ import annotations

import math
import re
from typing import Any

from claimed_jlab.component.export.arguments import (
    default_text,
    lead_words,
    output_paths,
    output_words,
    plain_type,
    safe_names,
    step_command,
)
from claimed_jlab.component.kfp_yaml import IMAGE
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec
from claimed_jlab.component.yaml_text import yaml_text

_TYPES = {"int": "long", "float": "double", "bool": "boolean"}
_SYMBOL = re.compile(r"[A-Za-z0-9_.-]+")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_./-]+")
_LARGEST_LONG = 2**63 - 1


def cwl_yaml(spec: ComponentSpec) -> str:
    """The tool as YAML. Raises NotANotebook, NotebookTooLarge."""
    return yaml_text(cwl_document(spec))


def cwl_document(spec: ComponentSpec) -> dict[str, Any]:
    """The tool as data."""
    names = safe_names(port.name for port in spec.inputs)
    made = safe_names(port.name for port in spec.outputs)
    paths = output_paths(spec, "outputs")
    words = [word for port in spec.outputs for word in output_words(port, paths[port.name])]
    secrets = [names[port.name] for port in spec.inputs if port.secret]
    return {
        "cwlVersion": "v1.2",
        **({"$namespaces": {"cwltool": "http://commonwl.org/cwltool#"}} if secrets else {}),
        "class": "CommandLineTool",
        "label": spec.title or spec.name,
        "doc": f"{spec.reference}: {spec.description}",
        "requirements": _requirements(),
        "hints": {
            "DockerRequirement": {"dockerPull": IMAGE},
            **({"cwltool:Secrets": {"secrets": secrets}} if secrets else {}),
        },
        "baseCommand": step_command(spec),
        "arguments": [{"position": 0, "valueFrom": _word(word)} for word in words],
        "inputs": {names[port.name]: _input(port, place) for place, port in enumerate(spec.inputs, start=1)},
        "outputs": {made[port.name]: _output(port, paths[port.name]) for port in spec.outputs},
    }


def _requirements() -> dict[str, Any]:
    # What is absent is installed when the tool starts: into a folder that is on the path before Python starts.
    folder = {"PIP_TARGET": "$(runtime.tmpdir)", "PYTHONPATH": "$(runtime.tmpdir)"}
    return {
        "InlineJavascriptRequirement": {},
        "NetworkAccess": {"networkAccess": True},
        "EnvVarRequirement": {"envDef": folder},
    }


def _input(port: InputSpec, position: int) -> dict[str, Any]:
    kind = _input_type(port)
    entry: dict[str, Any] = {"type": ["null", kind] if port.optional else kind, "label": port.name}
    if port.description:
        entry["doc"] = port.description
    default = _default(port, kind)
    if default is not None:
        entry["default"] = default
    words = ", ".join(_quoted(word) for word in lead_words(port))
    entry["inputBinding"] = {"position": position, "valueFrom": f"${{return [{words}, {_value(kind)}];}}"}
    return entry


def _input_type(port: InputSpec) -> Any:
    if port.kind == "artifact":
        return "File"
    choices = port.choices or []
    if choices and all(isinstance(item, str) and _SYMBOL.fullmatch(item) for item in choices):
        return {"type": "enum", "symbols": choices}
    return _TYPES.get(plain_type(port), "string")


def _default(port: InputSpec, kind: Any) -> Any:
    text = default_text(port)
    if text is None or kind == "string":
        return text
    value = port.default
    if isinstance(kind, dict):
        return value if value in kind["symbols"] else None
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if kind == "long":
        return value if isinstance(value, int) and abs(value) <= _LARGEST_LONG else None
    return float(value) if math.isfinite(value) else None


def _value(kind: Any) -> str:
    """JavaScript for an input's value as text."""
    if kind == "File":
        return "self.path"
    if kind == "double":
        return "Number.isInteger(self) ? self.toFixed(1) : String(self)"
    return "String(self)"


def _output(port: OutputSpec, path: str) -> dict[str, Any]:
    described = {"label": port.name, **({"doc": port.description} if port.description else {})}
    if port.kind == "artifact":
        return {"type": "File", **described, "outputBinding": {"glob": path}}
    kind = _TYPES.get(plain_type(port), "string")
    contents = "$(self[0].contents)" if kind == "string" else "$(JSON.parse(self[0].contents))"
    binding = {"glob": path, "loadContents": True, "outputEval": contents}
    return {"type": kind, **described, "outputBinding": binding}


def _word(word: str) -> str:
    return word if _PLAIN_WORD.fullmatch(word) else f"${{return {_quoted(word)};}}"


def _quoted(word: str) -> str:
    """A JavaScript string: whatever is no ASCII letter or digit is escaped, in UTF-16 as JavaScript has it."""
    return '"' + "".join(_escaped(letter) for letter in word) + '"'


def _escaped(letter: str) -> str:
    if letter.isascii() and (letter.isalnum() or letter in "-_"):
        return letter
    pairs = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{pairs[place : place + 2].hex()}" for place in range(0, len(pairs), 2))

"""The placeholders of a container's command line, replaced as KFP's driver and launcher replace them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_PLACE = re.compile(r"\{\{\$(?P<inner>[^{}]*)\}\}")
_PORT = re.compile(
    r"""\.(?P<side>inputs|outputs)\.(?P<kind>parameters|artifacts)\[(?P<quote>['"])(?P<name>.*?)(?P=quote)\]"""
    r"""(?P<end>.*)\Z"""
)
_METADATA = re.compile(r"""\.metadata\[(?P<quote>['"])(?P<key>.*?)(?P=quote)\]\Z""")


@dataclass
class Context:
    """What placeholders stand for. artifacts: lists of {uri, path, metadata, …} by name; outputs likewise."""

    parameters: dict[str, Any] = field(default_factory=dict)
    artifacts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    output_files: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    executor_input: dict[str, Any] = field(default_factory=dict)


def text_of(value: Any) -> str:
    """A parameter as text: a string as it is, the rest as JSON."""
    return value if isinstance(value, str) else json.dumps(value)


def words_of(words: list[str], context: Context) -> list[str]:
    """A command line: structures (`IfPresent`, `Concat`) resolved, placeholders replaced."""
    return [replaced(one, context) for word in words for one in _expanded(word, context)]


def replaced(text: str, context: Context) -> str:
    """A text with its placeholders replaced; what is not known stays."""
    return _PLACE.sub(lambda found: _value(found, context), text)


def _expanded(word: str, context: Context) -> list[str]:
    if not re.match(r"\s*\{\s*\"(IfPresent|Concat)\"", word):
        return [word]
    return _structure(json.loads(word), context)


def _structure(given: Any, context: Context) -> list[str]:
    if isinstance(given, str):
        return _expanded(given, context)
    if isinstance(given, list):
        return [one for part in given for one in _structure(part, context)]
    if "Concat" in given:
        return ["".join(_structure(given["Concat"], context))]
    asked = given["IfPresent"]
    name = asked["InputName"]
    there = context.parameters.get(name) is not None or bool(context.artifacts.get(name))
    chosen = asked["Then"] if there else asked.get("Else")
    return [] if chosen is None else _structure(chosen, context)


def _value(found: re.Match[str], context: Context) -> str:
    inner = found["inner"]
    if inner == "":
        return json.dumps(context.executor_input)
    if inner == ".json_escape[1]":
        return json.dumps(json.dumps(context.executor_input))[1:-1]
    if inner in context.names:
        return context.names[inner]
    if inner in (".outputs.output_file", ".outputs.output_metadata_file"):
        return str(context.executor_input["outputs"]["outputFile"])
    port = _PORT.match(inner)
    known = _port(port, context) if port else None
    return found.group() if known is None else known


def _port(port: re.Match[str], context: Context) -> str | None:
    side, kind, name, end = port["side"], port["kind"], port["name"], port["end"]
    if kind == "parameters":
        if side == "outputs":
            return context.output_files.get(name)
        return text_of(context.parameters[name]) if name in context.parameters else None
    artifacts = (context.artifacts if side == "inputs" else context.outputs).get(name)
    if not artifacts:
        return None
    first = artifacts[0]
    if end in (".path", ".uri"):
        return str(first[end[1:]])
    if end == ".metadata":
        return json.dumps(first.get("metadata", {}))
    key = _METADATA.match(end)
    return text_of(first.get("metadata", {}).get(key["key"])) if key else None

"""KFP's component YAML (v1): `name`, `inputs`, `outputs` and `implementation.container`.

Format: kubeflow/pipelines, `components.json_schema.json`. Every default is a text there, whatever its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claimed_jlab.component.catalogs.errors import NotKfp
from claimed_jlab.component.catalogs.kfp_types import artifact_type, default_value, parameter_type
from claimed_jlab.component.catalogs.loose import container_of, line, mapping, mappings, paragraph
from claimed_jlab.component.spec import Container, Diagnostic, InputSpec, OutputSpec


class V1:
    """Component YAML."""

    def __init__(self, document: dict[str, Any], where: str) -> None:
        self._document = document
        self._where = where
        self._container = mapping(mapping(document.get("implementation")).get("container"))
        self.diagnostics: list[Diagnostic] = []
        if not self._container.get("image"):
            kinds = ", ".join(map(str, mapping(document.get("implementation")))) or "nothing"
            raise NotKfp(f"is run by {kinds}, not by a container: only container components are read", where=where)

    def title(self) -> str:
        return line(self._document.get("name")) or Path(self._where).stem

    def description(self) -> str:
        return paragraph(self._document.get("description"))

    def version(self) -> str:
        return line(self._annotations().get("version")) or "0.1.0"

    def author(self) -> str:
        return line(self._annotations().get("author"))

    def container(self) -> Container:
        return container_of(self._container, mapping(self._container.get("env")))

    def inputs(self) -> Iterator[InputSpec]:
        for name, port in self._ports("inputs"):
            declared = port.get("type")
            kind = parameter_type(declared) or self._value_type(name)
            described = _described(port, declared)
            if kind is None:
                optional = bool(port.get("optional")) or "default" in port
                typed = f"Input[{artifact_type(declared)}]"
                yield InputSpec(name=name, type=typed, description=described, optional=optional)
                continue
            default = default_value(kind, port["default"]) if "default" in port else None
            if "default" in port and default is None and port["default"] not in (None, ""):
                self._doubt(name, f"the default of {name!r} is no {kind}: it was left out")
            optional = bool(port.get("optional")) or "default" in port
            yield InputSpec(name=name, type=kind, description=described, default=default, optional=optional)

    def outputs(self) -> Iterator[OutputSpec]:
        for name, port in self._ports("outputs"):
            declared = port.get("type")
            kind = parameter_type(declared)
            typed = kind or f"Output[{artifact_type(declared)}]"
            yield OutputSpec(name=name, type=typed, description=_described(port, declared))

    def _ports(self, side: str) -> Iterator[tuple[str, dict[str, Any]]]:
        seen: set[str] = set()
        for port in mappings(self._document.get(side)):
            name = line(port.get("name"))
            if not name or name in seen:
                why = f"twice {name!r}" if name else "one without a name"
                raise NotKfp(f"has among its {side} {why}", where=self._where)
            seen.add(name)
            yield name, port

    def _annotations(self) -> dict[str, Any]:
        return mapping(mapping(self._document.get("metadata")).get("annotations"))

    def _value_type(self, name: str) -> str | None:
        """`str` for an input of a type of its own (`URI`, `GCPProjectID`) that is only ever put on the command line."""
        run = [self._container.get(part) for part in ("command", "args", "env")]
        used = {key for key, of in _placeholders(run) if of == name}
        return "str" if used and used <= {"inputValue", "isPresent"} and "inputValue" in used else None

    def _doubt(self, field: str, message: str) -> None:
        self.diagnostics.append(
            Diagnostic(level="warning", code="bad-default", message=message, where=self._where, field=field)
        )


def _described(port: dict[str, Any], declared: object) -> str:
    """The description; with KFP's own name of the type where ours says less."""
    text = line(port.get("description"))
    named = line(next(iter(declared), "") if isinstance(declared, dict) else declared)
    unsaid = parameter_type(declared) is None and artifact_type(declared) == "Artifact" and named != "Artifact"
    return f"{text} ({named})".strip() if named and unsaid else text


def _placeholders(data: Any) -> Iterator[tuple[str, str]]:
    """Every (placeholder, port) in command lines: (`inputPath`, `table`)."""
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str):
                yield str(key), value
            else:
                yield from _placeholders(value)
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _placeholders(item)

"""The page of a component: what it does, what goes in and out, what it needs, how a pipeline names it."""

from __future__ import annotations

import json
import re
from typing import Any

from claimed_jlab.component.export.arguments import text_of
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec

FILE_NAME = "README.md"
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_OPENS_A_BLOCK = re.compile(r"^([#+=:-]|\d+(?=[.)](?:\s|$)))")


def readme(spec: ComponentSpec) -> str:
    """The text of the component's README.md. No text of the notebook can become markup in it."""
    parts = [f"# {_line(spec.title or spec.name)}", *_paragraphs(spec.description), _about(spec)]
    if spec.inputs:
        rows = [_row(port, _default(port)) for port in spec.inputs]
        parts += ["## Inputs", _table(("Name", "Type", "Default", "Description"), rows)]
    if spec.outputs:
        rows = [_row(port) for port in spec.outputs]
        parts += ["## Outputs", _table(("Name", "Type", "Description"), rows)]
    needs = "\n".join(f"- {_line(item)}" for item in spec.requirements) or "Nothing but Python."
    parts += ["## Requirements", needs, "## In a pipeline", _usage(spec)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _about(spec: ComponentSpec) -> str:
    facts = [("Component", spec.reference), ("License", spec.license), ("Author", spec.author)]
    return "  \n".join(f"{name}: {_line(value)}" for name, value in facts if value)


def _row(port: InputSpec | OutputSpec, *more: str) -> tuple[str, ...]:
    return (_line(port.name), _line(port.type), *more, _line(port.description))


def _default(port: InputSpec) -> str:
    if port.secret:
        return "never written down"
    if port.default is None:
        return "none" if port.optional else "required"
    return _line(text_of(port.default)) or "empty"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _usage(spec: ComponentSpec) -> str:
    inputs = {port.name: _example(port) for port in spec.inputs if not port.optional or port.kind == "artifact"}
    task = {"component": spec.reference, **({"inputs": inputs} if inputs else {})}
    # JSON on one line each: none of its lines can be the fence that ends it.
    return f"As a task of a `.pipeline` document:\n\n```json\n{json.dumps({spec.name: task}, indent=2)}\n```"


def _example(port: InputSpec) -> dict[str, Any]:
    if port.secret:
        return {"secret": "NAME"}
    return {"output": "task.output"} if port.kind == "artifact" else {"parameter": port.name}


def _paragraphs(text: str) -> list[str]:
    return [_line(part) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _line(text: str) -> str:
    """Text as one line of Markdown that shows it as it is."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return _OPENS_A_BLOCK.sub(r"\\\1" if not flat[:1].isdigit() else r"\1\\", _SPECIAL.sub(r"\\\1", flat))

"""What a component from outside may say of itself: it is shown on screens, in terminals and in lines to copy."""

from __future__ import annotations

import re
from typing import Any

from claimed_jlab.component.catalogs.errors import CatalogError
from claimed_jlab.component.spec import ComponentSpec

_NAME = re.compile(r"^\w[\w .+-]*$")
# What a shell would take for something else, in a line such as `pip install x`.
_SHELL = re.compile(r"[;&|$`\\'\"\n\r]|^-")


class BadComponent(CatalogError):
    """A component whose name or requirements could be taken for something else."""

    code = "bad-component"


def tamed(spec: ComponentSpec) -> ComponentSpec:
    """The component without control characters in its texts. Raises BadComponent for a name that is none."""
    for part, text in (("name", spec.name), ("category", spec.category), ("version", spec.version)):
        if not _NAME.match(text) and (text or part != "category"):
            raise BadComponent(f"its {part} {text[:80]!r} is none: use letters, digits, _, - and .", where=spec.path)
    for requirement in spec.requirements:
        if _SHELL.search(requirement):
            raise BadComponent(f"it requires {requirement[:80]!r}, which is no requirement", where=spec.path)
    changed: dict[str, Any] = {
        field: printable(getattr(spec, field)) for field in ("title", "description", "group", "license", "author")
    }
    for side in ("inputs", "outputs"):
        ports = getattr(spec, side)
        changed[side] = tuple(_port(port) for port in ports)
    return spec.model_copy(update=changed)


def _port(port: Any) -> Any:
    return port.model_copy(update={"description": printable(port.description), "name": printable(port.name)})


def printable(text: str) -> str:
    """A text without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)

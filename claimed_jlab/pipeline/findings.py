"""How a finding about a document is put: its place, its words, and why a value is of no use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.component.types import PortType
from claimed_jlab.errors import ClaimedError

# Fields of a task that are no inputs of its component.
_OWN_FIELDS = frozenset(
    {
        "after",
        "cache",
        "component",
        "environment",
        "for_each",
        "image",
        "inputs",
        "kubernetes",
        "resources",
        "retry",
        "retry.on",
        "timeout",
        "when",
    }
)


def check_value(kind: PortType, value: Any) -> str | None:
    """Why `value` can't be a value of this type, in words; None when it can."""
    if kind.accepts(value):
        return None
    if kind.choices:
        return f"{value!r} is none of {', '.join(repr(choice) for choice in kind.choices)}"
    wanted = "a file's path" if kind.kind == "artifact" else str(kind)
    return f"{value!r} is not {wanted}"


def finding(task: str, field: str | None, code: str, message: str, level: str = "error") -> Diagnostic:
    """A finding about a task, or about a field of it."""
    inner = f".{field}" if field and field.partition(".")[0] in _OWN_FIELDS else f".inputs.{field}"
    where = f"tasks.{task}" + (inner if field else "")
    fields: Mapping[str, Any] = {"level": level, "code": code, "message": message, "where": where}
    return Diagnostic(**fields, task=task, field=field)


def words(error: ClaimedError) -> str:
    """An error in one line."""
    parts = [error.message if not error.where else f"{error.where}: {error.message}", error.hint]
    return "; ".join(part for part in parts if part)

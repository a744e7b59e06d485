"""What an import gives: a document, and what was not carried over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.errors import ClaimedError


class NotImportable(ClaimedError):
    """The file is no pipeline of a format that can be read."""

    code = "not-importable"


@dataclass
class Imported:
    """A document as JSON's data, and a diagnostic for each thing that it has no words for.

    files: texts that go beside the document, by their path.
    """

    data: dict[str, Any]
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def lose(self, message: str, where: str, task: str | None = None) -> None:
        """Says that something was not carried over."""
        found = Diagnostic(level="warning", code="not-carried-over", message=message, where=where, task=task)
        self.diagnostics.append(found)


def unique(wanted: str, taken: Any) -> str:
    """The name, or the same with a number."""
    chosen, number = wanted, 2
    while chosen in taken:
        chosen, number = f"{wanted}_{number}", number + 1
    return chosen

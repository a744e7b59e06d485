"""What all reports have in common: a JSON document on disk, and views of it.

A document names its format and version (`claimed-report/fairness/1`) and carries a flat top-level object
`metrics` of numbers, so that a program that knows nothing of the format can still compare two runs.
"""

from __future__ import annotations

import json
import math
import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from claimed_jlab.report.fields import Fields
from claimed_jlab.report.tables import Table

VEGA_LITE = "application/vnd.vegalite.v5+json"


@dataclass(frozen=True)
class Report(ABC):
    """A trusted-AI result.

    title: what was examined.  label: what the model or stage is called beside others, such as
    "before mitigation".
    """

    format: ClassVar[str]

    title: str
    label: str

    @property
    @abstractmethod
    def metrics(self) -> dict[str, float]:
        """Flat names and numbers; a number may be NaN or infinite."""

    @abstractmethod
    def body(self) -> dict[str, Any]:
        """The fields of this format, as JSON."""

    @classmethod
    @abstractmethod
    def from_fields(cls, fields: Fields) -> Report:
        """The inverse of `to_dict`. Raises ReportError naming the field that is wrong."""

    @abstractmethod
    def summary(self) -> str:
        """The result in one sentence."""

    @abstractmethod
    def table(self) -> Table:
        """All the numbers, for those who can't or won't look at a chart."""

    @abstractmethod
    def chart(self) -> dict[str, Any]:
        """A Vega-Lite 5 specification."""

    def to_dict(self) -> dict[str, Any]:
        """The document as JSON values. Metrics that are no finite numbers are null in `metrics`."""
        flat = {name: value if math.isfinite(value) else None for name, value in self.metrics.items()}
        head = {"format": self.format, "title": self.title, "label": self.label}
        return {**head, **self.body(), "metrics": flat}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Report:
        """Reads a document of this class's format. Raises NotAReport or ReportError."""
        from claimed_jlab.report.loading import from_dict

        return from_dict(document, expected=cls)

    def save(self, path: str | Path) -> Path:
        """Writes the document; the file is either the old one or the whole new one."""
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        return write_whole(path, text + "\n")

    def save_html(self, path: str | Path) -> Path:
        """Writes one self-contained page with this report."""
        from claimed_jlab.report.html import page

        return write_whole(path, page([self], title=self.title))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        table = self.table()
        return {
            VEGA_LITE: self.chart(),
            "text/html": table.to_html(),
            "text/plain": f"{self.summary()}\n{table.to_text()}",
        }


def write_whole(path: str | Path, text: str) -> Path:
    """Writes a text file by renaming a complete one into its place."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target

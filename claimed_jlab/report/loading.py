"""From a document or a file to the report it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claimed_jlab.report.blessing import BlessingReport
from claimed_jlab.report.classification import ClassificationReport
from claimed_jlab.report.errors import NotAReport, ReportError
from claimed_jlab.report.explanation import ExplanationReport
from claimed_jlab.report.fairness import FairnessReport
from claimed_jlab.report.fields import Fields
from claimed_jlab.report.report import Report

KINDS: tuple[type[Report], ...] = (FairnessReport, ClassificationReport, ExplanationReport, BlessingReport)
_FORMATS = {kind.format: kind for kind in KINDS}


def from_dict(document: Mapping[str, Any], *, expected: type[Report] = Report) -> Report:
    """The report that a document holds, by its `format`.

    expected: the class it must be of.
    Raises NotAReport for anything without a known format, ReportError for a field that breaks the format.
    """
    name = document.get("format") if isinstance(document, Mapping) else None
    kind = _FORMATS.get(name) if isinstance(name, str) else None
    if kind is None:
        known = ", ".join(_FORMATS)
        raise NotAReport(f"no report: its format is {name!r}", hint=f"known formats: {known}")
    if not issubclass(kind, expected):
        raise NotAReport(f"a report of format {name!r}, not a {expected.__name__}")
    return kind.from_fields(Fields(document))


def load(path: str | Path) -> Report:
    """The report in a file. Raises NotAReport or ReportError, with the file in `where`."""
    file = Path(path)
    try:
        return from_dict(json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise NotAReport(f"can't be read: {error.strerror or error}", where=str(file)) from error
    except ReportError as error:
        error.where = str(file)
        raise
    except (ValueError, RecursionError) as error:
        raise NotAReport("no report: it is no JSON", where=str(file)) from error

"""What can be wrong with a report document."""

from __future__ import annotations

from claimed_jlab.errors import ClaimedError


class ReportError(ClaimedError):
    """A report document that breaks its format; the message names the field."""

    code = "bad-report"


class NotAReport(ReportError):
    """A file or document that is no report of a known format."""

    code = "not-a-report"

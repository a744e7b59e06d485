"""Whether a model may go on: one expression over the metrics of earlier reports, answered with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from claimed_jlab.report.errors import ReportError
from claimed_jlab.report.fields import Fields, encode_number
from claimed_jlab.report.report import Report
from claimed_jlab.report.tables import Cell, Table
from claimed_jlab.report.wording import value_text

Value = float | int | str | bool | None


@dataclass(frozen=True)
class BlessingReason:
    """One comparison of the expression: its text, the value that was measured, whether it holds."""

    text: str
    value: Value
    holds: bool


@dataclass(frozen=True)
class BlessingReport(Report):
    """The verdict of an acceptance rule. It gates nothing by itself: who reads it decides."""

    format: ClassVar[str] = "claimed-report/blessing/1"

    expression: str
    blessed: bool
    reasons: tuple[BlessingReason, ...]

    @classmethod
    def judge(
        cls, expression: str, values: Mapping[str, Value], *, label: str, title: str = "Blessing"
    ) -> BlessingReport:
        """Answers an expression such as `accuracy > 0.7 and disparate_impact_sex > 0.8`.

        Raises claimed_jlab.expression.ExpressionError: no expression, or a value that is not there.
        """
        from claimed_jlab.expression import evaluate

        verdict = evaluate(expression, values)
        reasons = tuple(BlessingReason(reason.text, reason.value, reason.holds) for reason in verdict.reasons)
        return cls(title=title, label=label, expression=expression, blessed=bool(verdict.value), reasons=reasons)

    @property
    def metrics(self) -> dict[str, float]:
        """`blessed`: 1 or 0."""
        return {"blessed": float(self.blessed)}

    def body(self) -> dict[str, Any]:
        return {
            "expression": self.expression,
            "blessed": self.blessed,
            "reasons": [
                {"text": reason.text, "value": _encode(reason.value), "holds": reason.holds} for reason in self.reasons
            ],
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> BlessingReport:
        return cls(
            title=fields.text("title"),
            label=fields.text("label"),
            expression=fields.text("expression"),
            blessed=fields.flag("blessed"),
            reasons=tuple(_reason(item) for item in fields.objects("reasons")),
        )

    @property
    def verdict(self) -> str:
        return "blessed" if self.blessed else "not blessed"

    def summary(self) -> str:
        failed = [reason.text for reason in self.reasons if not reason.holds]
        because = f"; does not hold: {', '.join(failed)}" if failed else ""
        return f"{self.title}, {self.label}: {self.verdict}{because}."

    def table(self) -> Table:
        rows = tuple(
            (
                Cell(reason.text),
                Cell(value_text(reason.value)),
                Cell("", "holds" if reason.holds else "does not hold", good=reason.holds),
            )
            for reason in self.reasons
        )
        caption = f"{self.title}, {self.label}: {self.verdict} by {self.expression}"
        return Table(caption, ("Condition", "Measured", "Answer"), rows)

    def chart(self) -> dict[str, Any]:
        from claimed_jlab.report.vega import blessing_chart

        return blessing_chart(self)


def _encode(value: Value) -> Value:
    return encode_number(value) if isinstance(value, float) else value


def _reason(fields: Fields) -> BlessingReason:
    value = fields.require("value")
    if value in ("NaN", "Infinity", "-Infinity"):
        value = fields.number("value")
    if value is not None and not isinstance(value, str | int | float | bool):
        raise ReportError(f"field {fields.name('value')!r} must be a number, text, true, false or null")
    return BlessingReason(fields.text("text"), value, fields.flag("holds"))

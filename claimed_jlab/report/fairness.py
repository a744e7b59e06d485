"""Group fairness of a binary classifier, by the five metrics that every fairness report shows.

With y the true outcome, ŷ the predicted one, 1 the favourable outcome, u the unprivileged and p the
privileged group:

- statistical parity difference    P(ŷ=1 | u) - P(ŷ=1 | p)
- equal opportunity difference     TPR(u) - TPR(p)                          Hardt, Price, Srebro 2016
- average odds difference          ((FPR(u) - FPR(p)) + (TPR(u) - TPR(p))) / 2
- disparate impact                 P(ŷ=1 | u) / P(ŷ=1 | p)                  Feldman et al. 2015; the four-fifths rule
- Theil index                      mean of (b/μ) ln(b/μ), b = ŷ - y + 1     Speicher et al. 2018 (alpha = 1)

Names and fair ranges are those of AI Fairness 360: Bellamy et al. 2018, "AI Fairness 360: An Extensible Toolkit
for Detecting, Understanding, and Mitigating Unwanted Algorithmic Bias", arXiv:1810.01943.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from claimed_jlab.report.errors import ReportError
from claimed_jlab.report.fields import Fields, encode_number
from claimed_jlab.report.report import Report
from claimed_jlab.report.tables import Cell, Table
from claimed_jlab.report.wording import number_text, percent_text


@dataclass(frozen=True)
class Definition:
    """What a metric is called, its value without any bias, and the range that counts as fair (None: no such range)."""

    name: str
    title: str
    ideal: float
    fair: tuple[float, float] | None


DEFINITIONS: dict[str, Definition] = {
    definition.name: definition
    for definition in (
        Definition("statistical_parity_difference", "Statistical parity difference", 0.0, (-0.1, 0.1)),
        Definition("equal_opportunity_difference", "Equal opportunity difference", 0.0, (-0.1, 0.1)),
        Definition("average_odds_difference", "Average odds difference", 0.0, (-0.1, 0.1)),
        Definition("disparate_impact", "Disparate impact", 1.0, (0.8, 1.25)),
        Definition("theil_index", "Theil index", 0.0, None),
    )
}


def fairness_cell(text: str, inside: bool | None) -> Cell:
    """A value and whether it is in its fair range; no verdict where there is none."""
    mark = "" if inside is None else "inside" if inside else "outside"
    return Cell(text, mark, good=inside is not False)


@dataclass(frozen=True)
class FairnessMetric:
    """One measured fairness metric. fair: the range that counts as fair; None when lower is simply better."""

    name: str
    value: float
    fair: tuple[float, float] | None

    @property
    def title(self) -> str:
        return DEFINITIONS[self.name].title

    @property
    def ideal(self) -> float:
        return DEFINITIONS[self.name].ideal

    @property
    def inside(self) -> bool | None:
        """Whether the value lies in the fair range; None without a range, or without a value."""
        if self.fair is None or math.isnan(self.value):
            return None
        return self.fair[0] <= self.value <= self.fair[1]

    @property
    def text(self) -> str:
        """The value in three digits, or in as many as tell it from the end of the range it lies beyond."""
        if self.fair is not None and math.isfinite(self.value):
            for digits in range(3, 9):
                shown = round(self.value, digits)
                if (self.fair[0] <= shown <= self.fair[1]) == self.inside:
                    return number_text(self.value, digits)
        return number_text(self.value)

    def cell(self) -> Cell:
        """The value for a table, with its verdict."""
        return fairness_cell(self.text, self.inside)

    @property
    def range_text(self) -> str:
        return f"{self.fair[0]:g} to {self.fair[1]:g}" if self.fair else "lower is better"


@dataclass(frozen=True)
class Group:
    """People who share a value of the protected attribute.

    definition: in words.  count: how many.  selection_rate: share predicted favourable, 0 to 1; NaN of nobody.
    """

    definition: str
    count: int
    selection_rate: float = math.nan

    def to_dict(self) -> dict[str, Any]:
        rate = encode_number(self.selection_rate)
        return {"definition": self.definition, "count": self.count, "selection_rate": rate}

    @classmethod
    def from_fields(cls, fields: Fields) -> Group:
        return cls(fields.text("definition"), fields.count("count"), fields.number("selection_rate"))


@dataclass(frozen=True)
class FairnessReport(Report):
    """How fair a model's predictions are to the groups of one protected attribute."""

    format: ClassVar[str] = "claimed-report/fairness/1"

    attribute: str
    privileged: Group
    unprivileged: Group
    accuracy: float
    fairness: tuple[FairnessMetric, ...]

    @classmethod
    def measured(
        cls,
        *,
        attribute: str,
        label: str,
        privileged: Group,
        unprivileged: Group,
        accuracy: float,
        values: Mapping[str, float],
        title: str = "",
    ) -> FairnessReport:
        """A report of freshly measured values, one for each of DEFINITIONS, with AI Fairness 360's fair ranges.

        Raises ReportError when a metric is missing.
        """
        missing = [name for name in DEFINITIONS if name not in values]
        if missing:
            raise ReportError(f"fairness metrics are missing: {', '.join(missing)}")
        metrics = tuple(FairnessMetric(d.name, float(values[d.name]), d.fair) for d in DEFINITIONS.values())
        return cls(
            title=title or f"Fairness by {attribute}",
            label=label,
            attribute=attribute,
            privileged=privileged,
            unprivileged=unprivileged,
            accuracy=float(accuracy),
            fairness=metrics,
        )

    @property
    def metrics(self) -> dict[str, float]:
        """`accuracy`, and each fairness metric with the attribute as its suffix (`disparate_impact_sex`)."""
        measured = {f"{metric.name}_{self.attribute}": metric.value for metric in self.fairness}
        return {"accuracy": self.accuracy, **measured}

    def body(self) -> dict[str, Any]:
        return {
            "attribute": self.attribute,
            "privileged": self.privileged.to_dict(),
            "unprivileged": self.unprivileged.to_dict(),
            "accuracy": encode_number(self.accuracy),
            "fairness": [
                {
                    "name": metric.name,
                    "value": encode_number(metric.value),
                    "range": list(metric.fair) if metric.fair else None,
                    "inside": metric.inside,
                }
                for metric in self.fairness
            ],
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> FairnessReport:
        metrics = tuple(_metric(item) for item in fields.objects("fairness"))
        if [metric.name for metric in metrics] != list(DEFINITIONS):
            raise ReportError(f"field 'fairness' must hold, in this order: {', '.join(DEFINITIONS)}")
        return cls(
            title=fields.text("title"),
            label=fields.text("label"),
            attribute=fields.text("attribute"),
            privileged=Group.from_fields(fields.object("privileged")),
            unprivileged=Group.from_fields(fields.object("unprivileged")),
            accuracy=fields.number("accuracy"),
            fairness=metrics,
        )

    def summary(self) -> str:
        ranged = [metric for metric in self.fairness if metric.fair]
        inside = sum(metric.inside is True for metric in ranged)
        text = (
            f"{self.title}, {self.label}: {inside} of {len(ranged)} metrics are in their fair range; "
            f"accuracy {number_text(self.accuracy)}."
        )
        empty = [group.definition for group in (self.privileged, self.unprivileged) if not group.count]
        return f"{text} Nobody is in the group {' nor in '.join(empty)}." if empty else text

    def table(self) -> Table:
        groups = (("Privileged group", self.privileged), ("Unprivileged group", self.unprivileged))
        rows = [(Cell("Accuracy"), Cell(number_text(self.accuracy)), Cell(""))]
        rows += [(Cell(metric.title), metric.cell(), Cell(metric.range_text)) for metric in self.fairness]
        rows += [
            (
                Cell(f"{name}: {group.definition}"),
                Cell(f"{group.count} rows"),
                Cell(f"favourable: {percent_text(group.selection_rate)}"),
            )
            for name, group in groups
        ]
        return Table(f"{self.title}, {self.label}", ("Metric", "Value", "Fair range"), tuple(rows))

    def chart(self) -> dict[str, Any]:
        from claimed_jlab.report.vega_fairness import fairness_chart

        return fairness_chart(self)


def _metric(fields: Fields) -> FairnessMetric:
    name = fields.text("name")
    if name not in DEFINITIONS:
        raise ReportError(f"field {fields.name('name')!r} must be one of {', '.join(DEFINITIONS)}, not {name!r}")
    return FairnessMetric(name, fields.number("value"), fields.interval("range"))

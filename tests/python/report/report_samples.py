"""Reports that the tests of this room share."""

from __future__ import annotations

import math

from claimed_jlab.report import (
    DEFINITIONS,
    BlessingReport,
    ClassificationReport,
    ExplanationReport,
    FairnessReport,
    FeatureWeight,
    Group,
    Instance,
    Report,
)


def fairness(
    attribute: str = "sex",
    label: str = "before mitigation",
    values: tuple[float, ...] = (-0.17, -0.08, -0.14, 0.79, 0.12),
    unprivileged: Group | None = None,
) -> FairnessReport:
    return FairnessReport.measured(
        attribute=attribute,
        label=label,
        privileged=Group("men", 207, 0.8),
        unprivileged=unprivileged or Group("women", 93, 0.63),
        accuracy=0.75,
        values=dict(zip(DEFINITIONS, values, strict=True)),
    )


def nobody() -> FairnessReport:
    """A group without members: its rates are 0/0, the ratio runs off."""
    values = (math.nan, math.nan, math.nan, math.inf, 0.12)
    return fairness(label="nobody", values=values, unprivileged=Group("women", 0))


def classification() -> ClassificationReport:
    return ClassificationReport(
        title="Classification",
        label="before mitigation",
        classes=("bad", "good"),
        positive="good",
        confusion=((40, 50), (30, 180)),
        roc=((0.0, 0.0), (0.3, 0.7), (1.0, 1.0)),
        roc_auc=0.7,
    )


def explanation() -> ExplanationReport:
    weights = (FeatureWeight("duration > 24.00", -0.2), FeatureWeight("housing = own", 0.1))
    rows = tuple(Instance(f"Row {i}", "bad", 0.3, weights, 0.5) for i in (3, 9))
    return ExplanationReport("Explanation", "before mitigation", "LIME", "good", rows)


def blessing(rule: str = "accuracy > 0.7 and disparate_impact_sex > 0.8") -> BlessingReport:
    return BlessingReport.judge(rule, fairness().metrics, label="before mitigation")


def every() -> list[Report]:
    return [fairness(), nobody(), classification(), explanation(), blessing()]

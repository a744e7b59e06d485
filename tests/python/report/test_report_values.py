"""What reports say about their numbers."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from report_samples import blessing, classification, explanation, fairness, nobody

from claimed_jlab.expression import ExpressionError
from claimed_jlab.report import BlessingReport, ClassificationReport, FairnessMetric, FairnessReport, Group, ReportError


@pytest.mark.parametrize(
    ("name", "fair", "value", "inside"),
    [
        ("disparate_impact", (0.8, 1.25), 0.8, True),
        ("disparate_impact", (0.8, 1.25), 0.7999, False),
        ("disparate_impact", (0.8, 1.25), math.inf, False),
        ("disparate_impact", (0.8, 1.25), math.nan, None),
        ("average_odds_difference", (-0.1, 0.1), -0.1, True),
        ("theil_index", None, 0.9, None),
    ],
)
def test_a_metric_knows_whether_it_is_in_its_fair_range(
    name: str, fair: tuple[float, float] | None, value: float, inside: bool | None
) -> None:
    assert FairnessMetric(name, value, fair).inside is inside


def test_the_fair_ranges_are_those_of_ai_fairness_360() -> None:
    ranges = {metric.name: metric.fair for metric in fairness().fairness}
    assert ranges == {
        "statistical_parity_difference": (-0.1, 0.1),
        "equal_opportunity_difference": (-0.1, 0.1),
        "average_odds_difference": (-0.1, 0.1),
        "disparate_impact": (0.8, 1.25),
        "theil_index": None,
    }


def test_a_group_without_members_is_said_in_words() -> None:
    text = nobody()._repr_mimebundle_()["text/plain"]
    assert "Nobody is in the group women" in text
    assert "undefined" in text and "infinite" in text
    assert "nan" not in text.lower()


def test_a_fairness_report_wants_all_five_metrics() -> None:
    with pytest.raises(ReportError, match="theil_index"):
        FairnessReport.measured(
            attribute="sex",
            label="",
            privileged=Group("men", 1),
            unprivileged=Group("women", 1),
            accuracy=1.0,
            values={name.name: 0.0 for name in fairness().fairness[:4]},
        )


def test_classification_metrics_follow_from_the_confusion_matrix() -> None:
    metrics = classification().metrics
    assert metrics["accuracy"] == pytest.approx(220 / 300)
    assert metrics["precision"] == pytest.approx(180 / 230)
    assert metrics["recall"] == pytest.approx(180 / 210)
    assert metrics["f1"] == pytest.approx(2 * 180 / (230 + 210))


def test_without_a_positive_class_the_metrics_are_means_over_all_classes() -> None:
    report = ClassificationReport("Classification", "", ("a", "b", "c"), None, ((2, 0, 0), (1, 1, 0), (0, 0, 4)))
    assert report.metrics["recall"] == pytest.approx((1 + 0.5 + 1) / 3)
    assert "roc_auc" not in report.metrics


def test_a_class_that_is_never_predicted_has_no_precision() -> None:
    report = ClassificationReport("Classification", "", ("a", "b"), "b", ((3, 0), (2, 0)))
    assert math.isnan(report.metrics["precision"])
    assert report.metrics["recall"] == 0


def test_an_explanation_counts_its_rows_and_averages_their_fidelity() -> None:
    assert explanation().metrics == {"explained_instances": 2.0, "explanation_fidelity": 0.5}


def test_a_blessing_keeps_every_reason_with_the_measured_value() -> None:
    report = blessing()
    assert report.blessed is False
    assert [(reason.text, reason.value, reason.holds) for reason in report.reasons] == [
        ("accuracy > 0.7", 0.75, True),
        ("disparate_impact_sex > 0.8", 0.79, False),
    ]
    assert "does not hold: disparate_impact_sex > 0.8" in report.summary()


def test_what_could_not_be_measured_is_not_blessed() -> None:
    report = BlessingReport.judge("statistical_parity_difference_sex > -0.1", nobody().metrics, label="")
    assert report.blessed is False
    assert "undefined" in report.table().to_text()


def test_a_rule_about_an_unknown_metric_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ExpressionError, match="disparate_impact_sex"):
        BlessingReport.judge("kindness > 1", fairness().metrics, label="")


def test_importing_reports_pulls_in_the_standard_library_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import claimed_jlab.report, claimed_jlab.report.vega; "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "print(sorted(new - set(sys.stdlib_module_names) - {'claimed_jlab'}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_a_value_just_outside_is_never_shown_as_the_end_of_the_range() -> None:
    assert FairnessMetric("average_odds_difference", -0.10003, (-0.1, 0.1)).text == "-0.10003"
    assert FairnessMetric("average_odds_difference", -0.1, (-0.1, 0.1)).text == "-0.100"
    assert FairnessMetric("disparate_impact", 0.79996, (0.8, 1.25)).text == "0.79996"
    assert FairnessMetric("disparate_impact", 0.8123, (0.8, 1.25)).text == "0.812"

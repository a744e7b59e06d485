"""Measuring and mitigating bias, judged by formulas that are written out here once more."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from component_runs import run

from claimed_jlab.report import BlessingReport, FairnessReport, load

FAIRNESS, REWEIGH, BLESS = "metric/aif360-fairness", "transform/aif360-reweighing", "metric/blessing"


def rows(seed: int, number: int = 400) -> pd.DataFrame:
    """People whose label and prediction lean on a protected attribute."""
    random = np.random.default_rng(seed)
    sex, age = random.integers(0, 2, number), random.integers(0, 2, number)
    risk = (random.random(number) < 0.45 + 0.2 * sex + 0.1 * age).astype(int)
    prediction = np.where(random.random(number) < 0.75, risk, (random.random(number) < 0.3 + 0.4 * sex)).astype(int)
    return pd.DataFrame({"sex": sex, "age": age, "risk": risk, "prediction": prediction})


def by_hand(table: pd.DataFrame, attribute: str) -> dict[str, float]:
    """The definitions of Bellamy et al. 2018 and Speicher et al. 2018, counted in plain Python."""
    people = list(zip(table[attribute], table["risk"], table["prediction"], strict=True))

    def rate(group: int, label: int | None = None) -> float:
        chosen = [p for g, y, p in people if g == group and (label is None or y == label)]
        return sum(chosen) / len(chosen)

    benefits = [p - y + 1 for _, y, p in people]
    mean = sum(benefits) / len(benefits)
    return {
        "accuracy": sum(y == p for _, y, p in people) / len(people),
        "statistical_parity_difference": rate(0) - rate(1),
        "equal_opportunity_difference": rate(0, 1) - rate(1, 1),
        "average_odds_difference": ((rate(0, 0) - rate(1, 0)) + (rate(0, 1) - rate(1, 1))) / 2,
        "disparate_impact": rate(0) / rate(1),
        "theil_index": sum(b / mean * math.log(b / mean) for b in benefits if b) / len(benefits),
    }


def given(table: pd.DataFrame, folder: Path) -> str:
    file = folder / "given.csv"
    table.to_csv(file, index=False)
    return str(file)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("attribute", ["sex", "age"])
def test_the_metrics_are_those_of_their_definitions(seed: int, attribute: str, tmp_path: Path) -> None:
    table = rows(seed)
    done = run(FAIRNESS, tmp_path, predictions=given(table, tmp_path), attribute=attribute)
    expected = by_hand(table, attribute)
    assert {name: done[name] for name in expected} == pytest.approx(expected, abs=1e-12)
    report = load(done["folder"] / "fairness.json")
    flat = {name if name == "accuracy" else f"{name}_{attribute}": value for name, value in expected.items()}
    assert report.metrics == pytest.approx(flat, abs=1e-12)


def test_the_report_counts_and_names_the_groups(tmp_path: Path) -> None:
    table = rows(1)
    names = {"privileged_name": "men", "unprivileged_name": "women", "label": "before mitigation"}
    done = run(FAIRNESS, tmp_path, predictions=given(table, tmp_path), **names)
    report = done["result"]
    assert isinstance(report, FairnessReport)
    women = table[table["sex"] == 0]
    assert (report.unprivileged.definition, report.unprivileged.count) == ("women", len(women))
    assert report.unprivileged.selection_rate == pytest.approx(women["prediction"].mean())
    assert report.label == "before mitigation"
    assert "women" in (done["folder"] / "fairness.html").read_text(encoding="utf-8")


def test_labels_of_text_are_compared_with_the_favourable_one(tmp_path: Path) -> None:
    table = rows(2)
    words = table.replace({"risk": {0: "no", 1: "yes"}, "prediction": {0: "no", 1: "yes"}})
    done = run(FAIRNESS, tmp_path, predictions=given(words, tmp_path), favorable="yes")
    assert done["disparate_impact"] == pytest.approx(by_hand(table, "sex")["disparate_impact"])


@pytest.mark.parametrize("present", [0, 1])
def test_a_group_without_members_is_undefined_and_the_file_stays_valid_json(present: int, tmp_path: Path) -> None:
    done = run(FAIRNESS, tmp_path, predictions=given(rows(3).assign(sex=present), tmp_path))
    assert math.isnan(done["statistical_parity_difference"])
    document = json.loads((done["folder"] / "fairness.json").read_text(), parse_constant=pytest.fail)
    assert document["metrics"]["statistical_parity_difference_sex"] is None
    assert "Nobody is in the group" in load(done["folder"] / "fairness.json").summary()


def test_nobody_selected_of_the_privileged_is_infinite_not_fair(tmp_path: Path) -> None:
    table = rows(4)
    table.loc[table["sex"] == 1, "prediction"] = 0
    done = run(FAIRNESS, tmp_path, predictions=given(table, tmp_path))
    assert done["disparate_impact"] == math.inf
    assert done["result"].fairness[3].inside is False


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"attribute": "religion"}, "no column 'religion' in predictions; columns are: sex, age, risk, prediction"),
        ({"label_column": "truth"}, "no column 'truth' in predictions"),
        ({"attribute": "income"}, r"must hold 1 \(privileged\) and 0 \(unprivileged\); its values are: 100, 250"),
        ({"favorable": "good"}, "'good' occurs neither in 'risk' nor in 'prediction'"),
        ({"prediction_column": "gaps"}, "'gaps' has no value in 399 rows"),
    ],
)
def test_wrong_fairness_inputs_are_refused_with_what_there_is(
    inputs: dict[str, Any], message: str, tmp_path: Path
) -> None:
    table = rows(5)
    if "religion" not in inputs.values():
        table = table.assign(income=[100, 250] * 200, gaps=[1.0] + [None] * 399)
    with pytest.raises(ValueError, match=message):
        run(FAIRNESS, tmp_path, predictions=given(table, tmp_path), **inputs)


def weighted_difference(table: pd.DataFrame, attribute: str) -> float:
    """How far the weighted rate of favourable labels differs between two groups."""
    rates = [np.average(group["risk"], weights=group["weight"]) for _, group in table.groupby(attribute)]
    return float(rates[0] - rates[1])


@pytest.mark.parametrize("protected", [["sex"], ["age"], ["sex", "age"]])
def test_with_its_weights_the_label_depends_on_no_protected_attribute(protected: list[str], tmp_path: Path) -> None:
    done = run(REWEIGH, tmp_path, data=given(rows(6), tmp_path), protected=protected)
    table = pd.read_csv(done["folder"] / "weighted.csv")
    assert abs(weighted_difference(table.assign(weight=1.0), protected[0])) > 0.05
    for attribute in protected:
        assert weighted_difference(table, attribute) == pytest.approx(0, abs=1e-6)
    assert table["weight"].sum() == pytest.approx(len(table), rel=1e-6)
    assert done["smallest_weight"] == table["weight"].min() > 0


def test_the_weights_of_one_attribute_are_those_of_kamiran_and_calders(tmp_path: Path) -> None:
    table = rows(7)
    done = run(REWEIGH, tmp_path, data=given(table, tmp_path), protected=["sex"])
    weights = pd.read_csv(done["folder"] / "weighted.csv")["weight"]
    for sex, risk in ((0, 0), (0, 1), (1, 0), (1, 1)):
        cell = (table["sex"] == sex) & (table["risk"] == risk)
        expected = (table["sex"] == sex).mean() * (table["risk"] == risk).mean() / cell.mean()
        assert weights[cell].to_numpy() == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"protected": ["sex", "religion"]}, "no column 'religion' in data; columns are: sex, age, risk, prediction"),
        ({"protected": []}, "protected names no attribute"),
        ({"label_column": "truth"}, "no column 'truth' in data"),
        ({"weight_column": "age"}, "data has a column 'age' already"),
        ({"favorable": "good"}, "'sex' can't be reweighed"),
    ],
)
def test_wrong_reweighing_inputs_are_refused_with_what_there_is(
    inputs: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        run(REWEIGH, tmp_path, **{"data": given(rows(8), tmp_path), **inputs})


def metrics_file(folder: Path, name: str, **metrics: float | None) -> str:
    file = folder / name
    file.write_text(json.dumps({"metrics": metrics}))
    return str(file)


def test_a_model_that_is_not_blessed_is_a_result_like_any_other(tmp_path: Path) -> None:
    one, two = metrics_file(tmp_path, "a.json", accuracy=0.6), metrics_file(tmp_path, "b.json", impact=0.9)
    done = run(BLESS, tmp_path, metrics=one, metrics_3=two, expression="accuracy > 0.7 and impact > 0.8")
    assert done["blessed"] is False
    assert done["reasons"] == [
        {"text": "accuracy > 0.7", "value": 0.6, "holds": False},
        {"text": "impact > 0.8", "value": 0.9, "holds": True},
    ]
    assert isinstance(load(done["folder"] / "blessing.json"), BlessingReport)
    assert "not blessed" in (done["folder"] / "blessing.html").read_text(encoding="utf-8")


def test_a_metric_that_could_not_be_measured_blesses_nothing(tmp_path: Path) -> None:
    done = run(BLESS, tmp_path, metrics=metrics_file(tmp_path, "a.json", accuracy=None), expression="accuracy > 0.7")
    assert done["blessed"] is False and done["reasons"][0]["value"] == "NaN"


@pytest.mark.parametrize(
    ("second", "expression", "message"),
    [
        ({"accuracy": 0.8}, "accuracy > 0.7", "'accuracy' is 0.6 in one of the metrics and 0.8 in another"),
        ({"impact": 0.8}, "kindness > 0.7", "'kindness'.*known: accuracy, impact"),
        ({"impact": 0.8}, "open('x')", "not allowed"),
    ],
)
def test_a_rule_that_can_not_be_answered_is_refused(
    second: dict[str, float], expression: str, message: str, tmp_path: Path
) -> None:
    one, two = metrics_file(tmp_path, "a.json", accuracy=0.6), metrics_file(tmp_path, "b.json", **second)
    with pytest.raises(Exception, match=message):
        run(BLESS, tmp_path, metrics=one, metrics_2=two, expression=expression)


def test_different_values_of_a_metric_the_rule_does_not_use_do_no_harm(tmp_path: Path) -> None:
    one = metrics_file(tmp_path, "a.json", accuracy=0.8, rows=1)
    two = metrics_file(tmp_path, "b.json", accuracy=0.8, rows=2)
    assert run(BLESS, tmp_path, metrics=one, metrics_2=two, expression="accuracy > 0.7")["blessed"] is True


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"metrics": 3}'])
def test_a_file_without_metrics_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(ValueError, match=r"other\.json holds no metrics"):
        run(BLESS, tmp_path, metrics=str(tmp_path / "other.json"), expression="accuracy > 0.7")

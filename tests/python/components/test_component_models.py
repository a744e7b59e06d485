"""Training, predicting and explaining."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import pandas as pd
import pytest
from component_runs import run

from claimed_jlab.report import ClassificationReport, ExplanationReport, load

TRAIN, PREDICT, EXPLAIN = "train/sklearn-classifier", "predict/sklearn-predict", "metric/lime-explanation"


@pytest.mark.parametrize("classifier", ["logistic-regression", "random-forest", "gradient-boosting"])
def test_each_classifier_learns_and_gives_the_same_bytes_for_the_same_seed(classifier: str, tmp_path: Path) -> None:
    files = []
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        done = run(TRAIN, tmp_path / str(number), classifier=classifier)
        files.append((done["folder"] / "model.joblib").read_bytes())
    assert files[0] == files[1]
    assert 0.6 < done["train_accuracy"] <= 1
    assert done["rows"] == 140 and "risk" not in done["features"]


def test_weights_change_the_model_and_are_no_feature(tmp_path: Path) -> None:
    table = pd.read_csv(run(TRAIN, tmp_path)["folder"] / "sample" / "train.csv")
    table["weight"] = 1 + 9 * table["risk"]
    table.to_csv(tmp_path / "weighted.csv", index=False)
    done = run(TRAIN, tmp_path, data=str(tmp_path / "weighted.csv"), weight_column="weight", leave_out=["sex", "age"])
    assert not {"weight", "sex", "age", "risk"} & set(done["features"])
    assert joblib.load(done["folder"] / "model.joblib").predict(table).mean() > 0.95


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"label_column": "outcome"}, "no column 'outcome' in data; columns are: account"),
        ({"weight_column": "weight"}, "no column 'weight' in data"),
        ({"leave_out": ["name", "street"]}, "no column 'name', 'street' in data"),
        ({"classifier": "oracle"}, "must be one of logistic-regression, random-forest, gradient-boosting"),
        ({"options": {"depth": 3}}, "logistic-regression has no option depth; it has: C"),
    ],
)
def test_wrong_training_inputs_are_refused_with_what_there_is(
    inputs: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        run(TRAIN, tmp_path, **inputs)


def test_a_label_with_one_value_can_not_be_learned(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("risk,x\n1,2\n1,3\n")
    with pytest.raises(ValueError, match="at least two different"):
        run(TRAIN, tmp_path, data=str(tmp_path / "one.csv"))


def test_predictions_are_added_to_the_rows_and_reported(tmp_path: Path) -> None:
    done = run(PREDICT, tmp_path, class_names={"0": "bad", "1": "good"}, label="first try")
    table = pd.read_csv(done["folder"] / "predictions.csv")
    given = pd.read_csv(done["folder"] / "sample" / "test.csv")
    assert list(table.columns) == [*given.columns, "prediction", "score"]
    assert ((table["score"] > 0.5) == (table["prediction"] == 1)).all()
    report = load(done["folder"] / "classification.json")
    assert isinstance(report, ClassificationReport)
    assert (report.classes, report.positive, report.label) == (("bad", "good"), "good", "first try")
    assert done["accuracy"] == pytest.approx((table["prediction"] == table["risk"]).mean())
    assert done["recall"] == pytest.approx(table.loc[table["risk"] == 1, "prediction"].mean())
    assert report.roc[0] == (0.0, 0.0) and report.roc[-1] == (1.0, 1.0)


def test_three_labels_of_text_are_predicted_without_a_positive_one(tmp_path: Path) -> None:
    rows = [(["low", "mid", "high"][i % 3], i % 3 + 0.1 * (i % 5), "ab"[i % 2]) for i in range(60)]
    pd.DataFrame(rows, columns=["level", "x", "text"]).to_csv(tmp_path / "levels.csv", index=False)
    data = str(tmp_path / "levels.csv")
    model = run(TRAIN, tmp_path, data=data, label_column="level")["folder"] / "model.joblib"
    done = run(PREDICT, tmp_path, model=str(model), data=data, label_column="level", positive="")
    assert done["accuracy"] > 0.9
    assert done["result"].classes == ("high", "low", "mid") and done["result"].roc == ()


def test_a_value_the_model_has_never_seen_is_no_error(tmp_path: Path) -> None:
    table = pd.read_csv(run(PREDICT, tmp_path)["folder"] / "sample" / "test.csv")
    table.assign(purpose="space travel").to_csv(tmp_path / "new.csv", index=False)
    assert run(PREDICT, tmp_path, data=str(tmp_path / "new.csv"))["accuracy"] > 0


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"label_column": "outcome"}, "no column 'outcome' in data; columns are"),
        ({"positive": "yes"}, "positive 'yes' is no label of the model; its labels are: 0, 1"),
        ({"label_column": "amount"}, "labels the model does not know"),
    ],
)
def test_wrong_prediction_inputs_are_refused_with_what_there_is(
    inputs: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        run(PREDICT, tmp_path, **inputs)


def test_rows_without_a_feature_of_the_model_are_refused(tmp_path: Path) -> None:
    (tmp_path / "few.csv").write_text("risk,amount\n1,2\n")
    for reference, inputs in ((PREDICT, {"data": "few.csv"}), (EXPLAIN, {"background": "few.csv"})):
        with pytest.raises(ValueError, match=r"no column 'account', .*columns are: risk, amount"):
            run(reference, tmp_path, **{name: str(tmp_path / file) for name, file in inputs.items()})


def test_an_explanation_is_the_same_for_the_same_seed_and_speaks_of_the_chosen_rows(tmp_path: Path) -> None:
    files = []
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        done = run(EXPLAIN, tmp_path / str(number), instances=2, features=3, samples=500, class_names={"0": "bad"})
        files.append((done["folder"] / "explanation.json").read_bytes())
    assert files[0] == files[1]
    report = load(done["folder"] / "explanation.json")
    assert isinstance(report, ExplanationReport)
    table = pd.read_csv(done["folder"] / "sample" / "predictions.csv")
    rejected = table[table["prediction"] == 0]
    assert [row.name for row in report.instances] == [f"Row {index + 1}" for index in rejected.index[:2]]
    for row, score in zip(report.instances, rejected["score"], strict=False):
        assert row.prediction == "bad" and row.probability == pytest.approx(score)
        assert len(row.weights) == 3
        for weight in row.weights:
            assert any(column in weight.feature for column in done["names"]), weight.feature
    assert done["explained_instances"] == 2 and done["mean_fidelity"] <= 1


def test_the_weights_of_an_explanation_point_where_the_feature_pushes(tmp_path: Path) -> None:
    rows = [(int(i % 10 > 4), i % 10, i % 7) for i in range(200)]
    table = pd.DataFrame(rows, columns=["risk", "cause", "noise"])
    table.assign(prediction=table["risk"]).to_csv(tmp_path / "cause.csv", index=False)
    data = str(tmp_path / "cause.csv")
    model = run(TRAIN, tmp_path, data=data, leave_out=["prediction"])["folder"] / "model.joblib"
    done = run(
        EXPLAIN, tmp_path, model=str(model), background=data, data=data, query="cause == 0", instances=1, samples=1000
    )
    strongest = done["result"].instances[0].weights[0]
    assert "cause" in strongest.feature and strongest.weight < 0


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"query": "prediction = 0"}, "can't be answered: .*columns are: account"),
        ({"query": "verdict == 0"}, "'verdict == 0' can't be answered: .*verdict"),
        ({"query": "age_years > 500"}, "no row of data fits the query 'age_years > 500'"),
        ({"outcome": "yes"}, "outcome 'yes' is no label of the model; its labels are: 0, 1"),
        ({"instances": 0}, "must be 1 or more"),
    ],
)
def test_wrong_explanation_inputs_are_refused_with_what_there_is(
    inputs: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=message):
        run(EXPLAIN, tmp_path, **inputs)

"""Reports on disk: what is saved comes back, is valid JSON of its schema, and is refused by name when it is not."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest
from report_samples import blessing, classification, every, explanation, fairness, nobody

import claimed_jlab
from claimed_jlab.report import FairnessReport, NotAReport, Report, ReportError, from_dict, load

SCHEMAS = Path(claimed_jlab.__file__).parent / "schemas"


@pytest.mark.parametrize("report", every(), ids=lambda report: f"{type(report).__name__}-{report.label}")
def test_a_saved_report_validates_against_its_schema_and_comes_back(report: Report, tmp_path: Path) -> None:
    path = report.save(tmp_path / "report.json")
    document = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    schema = json.loads((SCHEMAS / f"report-{report.format.split('/')[1]}.json").read_text())
    fastjsonschema.compile(schema)(document)
    loaded = load(path)
    assert type(loaded) is type(report)
    assert loaded.to_dict() == report.to_dict()
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]


def test_the_same_report_is_saved_to_the_same_bytes(tmp_path: Path) -> None:
    first, second = fairness().save(tmp_path / "a.json"), fairness().save(tmp_path / "b.json")
    assert first.read_bytes() == second.read_bytes()


def test_a_report_that_can_not_be_saved_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fairness().save(tmp_path / "a.json")
    before = path.read_bytes()

    def full(self: Path, text: str, encoding: str = "") -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError):
        nobody().save(path)
    assert path.read_bytes() == before


def test_fairness_metrics_carry_the_attribute_in_their_flat_names() -> None:
    assert fairness("age").metrics == {
        "accuracy": 0.75,
        "statistical_parity_difference_age": -0.17,
        "equal_opportunity_difference_age": -0.08,
        "average_odds_difference_age": -0.14,
        "disparate_impact_age": 0.79,
        "theil_index_age": 0.12,
    }


def test_a_number_that_is_none_is_null_in_the_flat_metrics_and_a_word_in_the_body() -> None:
    document = nobody().to_dict()
    assert document["metrics"]["disparate_impact_sex"] is None
    assert [item["value"] for item in document["fairness"]] == ["NaN", "NaN", "NaN", "Infinity", 0.12]
    loaded = from_dict(document)
    assert isinstance(loaded, FairnessReport)
    assert math.isnan(loaded.fairness[0].value) and math.isinf(loaded.fairness[3].value)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"accuracy": "high"}, "accuracy"),
        ({"accuracy": True}, "accuracy"),
        ({"label": None}, "label"),
        ({"privileged": []}, "privileged"),
        ({"privileged": {"definition": "men", "count": -1, "selection_rate": 0.5}}, "privileged.count"),
        ({"fairness": [{"name": "kindness", "value": 1}]}, "fairness[0].name"),
        ({"fairness": [{"name": "theil_index", "value": "much"}]}, "fairness[0].value"),
        ({"fairness": [{"name": "theil_index", "value": 1, "range": [2, 1]}]}, "fairness[0].range"),
        ({"fairness": []}, "fairness"),
    ],
)
def test_a_broken_fairness_document_is_refused_by_the_name_of_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(ReportError, match=f"'{field.replace('[', '.').replace(']', '.')}'"):
        from_dict({**fairness().to_dict(), **change})


@pytest.mark.parametrize(
    ("document", "change", "field"),
    [
        (classification().to_dict(), {"confusion": [[1, 2]]}, "confusion"),
        (classification().to_dict(), {"confusion": [[1, 2.5], [3, 4]]}, "confusion.0."),
        (classification().to_dict(), {"positive": "excellent"}, "positive"),
        (classification().to_dict(), {"roc": [[0, 2]]}, "roc.0."),
        (explanation().to_dict(), {"instances": [{"name": "Row 1"}]}, "instances.0..prediction"),
        (blessing().to_dict(), {"blessed": "yes"}, "blessed"),
        (blessing().to_dict(), {"reasons": [{"text": "a", "value": [], "holds": True}]}, "reasons.0..value"),
    ],
)
def test_other_broken_documents_are_refused_by_the_name_of_their_field(
    document: dict[str, Any], change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ReportError, match=f"'{field}'"):
        from_dict({**document, **change})


def test_a_missing_field_is_named() -> None:
    document = fairness().to_dict()
    del document["attribute"]
    with pytest.raises(ReportError, match="'attribute' is missing"):
        from_dict(document)


@pytest.mark.parametrize(
    "text",
    [
        '{"accuracy": 0.7}',
        '{"format": "claimed-report/fairness/99"}',
        '{"format": []}',
        "[1, 2]",
        "no json",
        "\x00",
        "",
    ],
)
def test_a_file_of_another_kind_is_no_report_and_the_error_says_which(text: str, tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    file.write_text(text)
    with pytest.raises(NotAReport) as error:
        load(file)
    assert error.value.where == str(file)


def test_bytes_that_are_no_text_and_a_file_that_is_not_there_are_no_reports(tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    file.write_bytes(b"\xff\xfe\x80")
    with pytest.raises(NotAReport):
        load(file)
    with pytest.raises(NotAReport, match="can't be read"):
        load(tmp_path / "gone.json")


def test_a_class_reads_only_its_own_format() -> None:
    assert FairnessReport.from_dict(fairness().to_dict()) == fairness()
    with pytest.raises(NotAReport, match="not a FairnessReport"):
        FairnessReport.from_dict(blessing().to_dict())

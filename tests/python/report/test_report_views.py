"""Charts, tables and pages of reports."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report_samples import blessing, classification, every, explanation, fairness, nobody

from claimed_jlab.report import Report, compare, page
from claimed_jlab.report.html import page as render

EVIL = '<script>alert("x")</script>&<img src=x onerror=y>'


class Tags(HTMLParser):
    """Counts tags, keeps texts and checks that every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("report", every(), ids=lambda report: f"{type(report).__name__}-{report.label}")
def test_a_notebook_shows_a_chart_a_table_and_a_text(report: Report) -> None:
    bundle = report._repr_mimebundle_()
    assert list(bundle) == ["application/vnd.vegalite.v5+json", "text/html", "text/plain"]
    spec = bundle["application/vnd.vegalite.v5+json"]
    assert spec["$schema"] == "https://vega.github.io/schema/vega-lite/v5.json"
    json.dumps(spec, allow_nan=False)
    table = Tags(bundle["text/html"])
    assert "caption" in table.tags and ("scope", "row") in table.attributes and ("scope", "col") in table.attributes


@pytest.mark.parametrize("report", every(), ids=lambda report: f"{type(report).__name__}-{report.label}")
def test_a_chart_has_no_background_and_cuts_no_label(report: Report) -> None:
    spec = report.chart()
    assert "background" not in spec and "background" not in spec["config"]
    assert spec["config"]["axis"]["labelLimit"] == 0
    assert spec["description"] == report.summary()


def values_of(spec: Any) -> list[dict[str, Any]]:
    """All the data of a specification."""
    if isinstance(spec, list):
        return [row for part in spec for row in values_of(part)]
    if not isinstance(spec, dict):
        return []
    own = spec.get("data", {}).get("values", []) if isinstance(spec.get("data"), dict) else []
    return list(own) + [row for name, part in spec.items() if name != "data" for row in values_of(part)]


def test_the_fairness_chart_tells_inside_from_outside_in_words() -> None:
    rows = {row["metric"]: row for row in values_of(fairness().chart())}
    assert rows["Disparate impact"]["row"] == "Disparate impact | 0.790, outside"
    assert rows["Equal opportunity difference"]["verdict"] == "inside the fair range"
    assert rows["Theil index"]["verdict"] == "no fair range"
    assert (rows["Disparate impact"]["low"], rows["Disparate impact"]["high"]) == (0.8, 1.25)


def test_a_value_without_a_place_on_the_axis_is_said_in_words() -> None:
    rows = {row["metric"]: row for row in values_of(nobody().chart())}
    assert rows["Average odds difference"]["row"].endswith("| undefined")
    assert rows["Disparate impact"]["row"].endswith("| infinite, outside")
    assert not rows["Disparate impact"]["finite"]


def test_a_comparison_has_a_column_for_each_attribute_and_label_in_order() -> None:
    reports = [
        fairness("sex", "before"),
        classification(),
        fairness("age", "before"),
        fairness("sex", "after", (-0.05, 0.0, 0.0, 0.95, 0.1)),
        fairness("age", "after"),
        fairness("sex", "much later"),
    ]
    comparison = compare(reports)
    assert comparison is not None
    assert [(column.attribute, column.label) for column in comparison.columns] == [
        ("sex", "before"),
        ("sex", "after"),
        ("sex", "much later"),
        ("age", "before"),
        ("age", "after"),
    ]
    rows = {row.name: row for row in comparison.rows}
    assert list(rows) == ["accuracy", *(metric.name for metric in fairness().fairness)]
    assert [cell.inside for cell in rows["disparate_impact"].cells] == [False, True, False, False, False]
    assert {cell.inside for cell in rows["theil_index"].cells} == {None}
    assert "0.950 ✓ inside" in comparison.table().to_text()


def test_without_fairness_reports_there_is_nothing_to_compare() -> None:
    assert compare([classification(), explanation()]) is None
    assert compare([]) is None


def test_the_page_stands_alone_without_script_and_begins_with_the_comparison() -> None:
    html = page([*every(), fairness("age")], title="German credit", subtitle="All reports")
    parsed = Tags(html)
    assert not {"script", "link", "iframe", "img"} & set(parsed.tags)
    assert "http" not in html
    assert "German credit" in parsed.texts and "prefers-color-scheme: dark" in html and "@media print" in html
    order = [html.index(text) for text in ("Fairness compared", "not blessed", "Confusion matrix", "Row 3")]
    assert order == sorted(order)
    assert html.count("<svg") == html.count('role="img"') > 4


def test_every_text_of_a_page_is_escaped() -> None:
    group = replace(fairness().privileged, definition=EVIL)
    weights = tuple(replace(weight, feature=EVIL) for weight in explanation().instances[0].weights)
    row = replace(explanation().instances[0], name=EVIL, prediction=EVIL, weights=weights)
    reason = replace(blessing().reasons[0], text=EVIL, value=EVIL)
    reports: list[Report] = [
        replace(fairness(), title=EVIL, label=EVIL, attribute=EVIL, privileged=group, unprivileged=group),
        replace(fairness(), label="after", attribute=EVIL),
        replace(classification(), title=EVIL, label=EVIL, classes=(EVIL, "b"), positive=EVIL),
        replace(explanation(), title=EVIL, label=EVIL, outcome=EVIL, method=EVIL, instances=(row,)),
        replace(blessing(), title=EVIL, label=EVIL, expression=EVIL, reasons=(reason,)),
    ]
    for shown in (reports, reports[:1]):
        html = page(shown, title=EVIL, subtitle=EVIL)
        parsed = Tags(html)
        assert "script" not in parsed.tags and "img" not in parsed.tags
        assert EVIL in parsed.texts
    for report in reports:
        assert "<script" not in report._repr_mimebundle_()["text/html"]


def test_a_page_without_reports_says_so() -> None:
    assert "There are no reports" in render([], title="Nothing")


def test_a_report_saves_its_own_page(tmp_path: Path) -> None:
    for report in every():
        html = report.save_html(tmp_path / "report.html").read_text(encoding="utf-8")
        assert report.title in Tags(html).texts


def test_explained_rows_keep_their_order_in_the_chart() -> None:
    row = explanation().instances[0]
    instances = tuple(replace(row, name=name) for name in ("Row 3", "Row 17", "Row 20"))
    order = replace(explanation(), instances=instances).chart()["facet"]["sort"]
    assert [heading.split(":")[0] for heading in order] == ["Row 3", "Row 17", "Row 20"]

"""The charts of classification, explanation and blessing reports."""

from __future__ import annotations

from math import isfinite
from typing import Any

from claimed_jlab.report.blessing import BlessingReport
from claimed_jlab.report.classification import ClassificationReport
from claimed_jlab.report.explanation import ExplanationReport
from claimed_jlab.report.vega_style import BAD, GOOD, LINE, NEUTRAL, document, row_name, rows_axis, words_layer
from claimed_jlab.report.wording import number_text, percent_text, value_text

# Width and height of the ROC curve, in pixels.
_ROC = 240


def classification_chart(report: ClassificationReport) -> dict[str, Any]:
    """The confusion matrix as a heat map; the ROC curve beside it where there are scores."""
    views = [_confusion(report), *([_roc(report)] if report.roc else [])]
    view = {"hconcat": views, "spacing": 60, "resolve": {"scale": {"color": "independent"}}}
    metrics = [f"{name} {number_text(value)}" for name, value in report.metrics.items() if name != "roc_auc"]
    return document(f"{report.title}, {report.label}", ", ".join(metrics), report.summary(), view)


def _confusion(report: ClassificationReport) -> dict[str, Any]:
    most = max((count for row in report.confusion for count in row), default=0) or 1
    # The cells bring their own background, so their text must not follow the theme.
    ink = {"condition": {"test": "datum.dark", "value": "#ffffff"}, "value": "#17324d"}
    scale = {"domain": [0, most], "range": ["#e3ecf7", "#1f5a99"]}
    tile = {"type": "rect", "cornerRadius": 4, "width": {"band": 0.96}, "height": {"band": 0.95}}
    tint = {"field": "rows", "type": "quantitative", "scale": scale, "legend": None}
    count = {"type": "text", "fontSize": 20, "fontWeight": "bold", "dy": -8}
    axis = {"labelAngle": 0, "domain": False, "ticks": False}
    across = {"title": "Predicted", "axis": {**axis, "orient": "top"}}
    return {
        "width": {"step": max(110, 16 + round(6.6 * max(map(len, report.classes))))},
        "height": {"step": max(60, _ROC / len(report.classes))},
        "data": {"values": _cells(report, most)},
        "encoding": {
            "x": {"field": "predicted", "type": "nominal", "sort": None, **across},
            "y": {"field": "true", "type": "nominal", "sort": None, "title": "True", "axis": axis},
            "tooltip": [{"field": name} for name in ("true", "predicted", "rows", "share")],
        },
        "layer": [
            {"mark": tile, "encoding": {"color": tint}},
            {"mark": count, "encoding": {"text": {"field": "rows"}, "color": ink}},
            {
                "mark": {"type": "text", "fontSize": 12, "dy": 14},
                "encoding": {"text": {"field": "share"}, "color": ink},
            },
        ],
    }


def _cells(report: ClassificationReport, most: int) -> list[dict[str, Any]]:
    return [
        {
            "true": true,
            "predicted": predicted,
            "rows": report.confusion[i][j],
            "share": percent_text(report.confusion[i][j] / (sum(report.confusion[i]) or 1)),
            "dark": report.confusion[i][j] > 0.45 * most,
        }
        for i, true in enumerate(report.classes)
        for j, predicted in enumerate(report.classes)
    ]


def _roc(report: ClassificationReport) -> dict[str, Any]:
    def rate(field: str, title: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "title": title,
            "scale": {"domain": [0, 1]},
            "axis": {"tickCount": 5},
        }

    points = [{"false": x, "true": y, "order": i} for i, (x, y) in enumerate(report.roc)]
    area = "" if report.roc_auc is None else f"area under the curve {number_text(report.roc_auc)}"
    encoding = {"x": rate("false", "False positive rate"), "y": rate("true", "True positive rate")}
    return {
        "width": _ROC,
        "height": _ROC,
        "title": {"text": "ROC curve", "subtitle": area, "fontSize": 13},
        "layer": [
            {
                "data": {"values": [{"false": 0, "true": 0}, {"false": 1, "true": 1}]},
                "mark": {"type": "line", "strokeDash": [4, 4], "color": LINE, "strokeWidth": 1.5},
                "encoding": encoding,
            },
            {
                "data": {"values": points},
                "mark": {"type": "area", "color": NEUTRAL, "opacity": 0.18},
                "encoding": {**encoding, "y": {**encoding["y"], "stack": None}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "line", "color": NEUTRAL, "strokeWidth": 2.5},
                "encoding": {**encoding, "order": {"field": "order", "type": "quantitative"}},
            },
        ],
    }


def explanation_chart(report: ExplanationReport) -> dict[str, Any]:
    """For each explained row its features as bars: to the right what speaks for the outcome, to the left against."""
    towards, away = f"towards {report.outcome}", f"away from {report.outcome}"
    rows = [
        f"{instance.heading}, probability of {report.outcome} {percent_text(instance.probability)}"
        for instance in report.instances
    ]
    values = [
        {
            "row": row,
            "feature": weight.feature,
            "weight": weight.weight if isfinite(weight.weight) else None,
            "direction": towards if weight.weight >= 0 else away,
        }
        for row, instance in zip(rows, report.instances, strict=True)
        for weight in instance.weights
    ]
    view = {
        "data": {"values": values},
        "facet": {"field": "row", "type": "nominal", "sort": rows, "title": None},
        "columns": 1,
        "spacing": 24,
        "resolve": {"scale": {"y": "independent"}},
        "spec": _bars({"domain": [towards, away], "range": [GOOD, BAD]}, _extent(report)),
    }
    return document(f"{report.title}, {report.label}", f"Explained by {report.method}", report.summary(), view)


def _bars(colours: dict[str, Any], extent: int) -> dict[str, Any]:
    names = {"title": None, "axis": {"minExtent": extent, "ticks": False}}
    grid = {"title": "Weight in the local model", "axis": {"grid": True, "gridOpacity": 0.3, "tickCount": 6}}
    return {
        "width": 380,
        "height": {"step": 22},
        "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.72}},
        "encoding": {
            "y": {"field": "feature", "type": "nominal", "sort": None, **names},
            "x": {"field": "weight", "type": "quantitative", **grid},
            "color": {"field": "direction", "type": "nominal", "scale": colours, "title": None},
            "tooltip": [{"field": "feature"}, {"field": "weight", "format": ".4f"}, {"field": "direction"}],
        },
    }


def _extent(report: ExplanationReport) -> int:
    """Room for the longest feature name, in pixels, so that the bars of all rows begin at the same place."""
    names = [weight.feature for instance in report.instances for weight in instance.weights]
    return 12 + round(6.6 * max(map(len, names), default=0))


def blessing_chart(report: BlessingReport) -> dict[str, Any]:
    """A line for each condition: whether it holds, and what was measured."""
    values = [
        {
            "row": row_name(reason.text, f"{_answer(reason.holds)}, measured {value_text(reason.value)}"),
            "condition": reason.text,
            "answer": _answer(reason.holds),
        }
        for reason in report.reasons
    ]

    def by_answer(good: str, bad: str) -> dict[str, Any]:
        scale = {"domain": [_answer(True), _answer(False)], "range": [good, bad]}
        return {"field": "answer", "type": "nominal", "scale": scale, "legend": None}

    marks = {"x": {"value": 10}, "color": by_answer(GOOD, BAD), "shape": by_answer("circle", "diamond")}
    point = {"type": "point", "filled": True, "size": 170, "opacity": 1}
    view = {
        "width": 20,
        "height": 34 * len(values),
        "data": {"values": values},
        "layer": [{"mark": point, "encoding": {"y": rows_axis(0), **marks}}, words_layer()],
        "resolve": {"scale": {"y": "independent"}, "axis": {"y": "independent"}},
    }
    return document(f"{report.title}: {report.verdict}", report.expression, report.summary(), view)


def _answer(holds: bool) -> str:
    return "holds" if holds else "does not hold"

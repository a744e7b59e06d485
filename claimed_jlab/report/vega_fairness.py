"""The chart of a fairness report: each metric against its fair range."""

from __future__ import annotations

import math
from typing import Any

from claimed_jlab.report.fairness import FairnessMetric, FairnessReport
from claimed_jlab.report.vega_style import BAD, GOOD, LINE, NEUTRAL, document, row_name, rows_axis, words_layer

_INSIDE, _OUTSIDE, _OPEN = "inside the fair range", "outside the fair range", "no fair range"
_VERDICTS = [_INSIDE, _OUTSIDE, _OPEN]
_ROW = 46
# The widest label, so that the plots of all panels begin at the same place.
_LABELS = 190


def fairness_chart(report: FairnessReport) -> dict[str, Any]:
    """Differences around 0, the ratio around 1 on its own scale, Theil from 0; colour and shape tell the verdict."""
    differences = [metric for metric in report.fairness if metric.ideal == 0.0 and metric.fair]
    ratios = [metric for metric in report.fairness if metric.ideal != 0.0]
    others = [metric for metric in report.fairness if not metric.fair]
    widest = _reach([*differences], least=0.25)
    panels = [
        _panel(differences, [-widest, widest], "Unprivileged minus privileged; 0 is equal"),
        _panel(ratios, [0.0, max(2.0, _reach(ratios, least=1.0))], "Unprivileged divided by privileged; 1 is equal"),
        _panel(others, [0.0, _reach(others, least=0.5)], "Inequality between individuals; 0 is equal"),
    ]
    view = {
        "vconcat": [panel for panel in panels if panel],
        "spacing": 22,
        "resolve": {"scale": {"color": "shared", "shape": "shared"}},
    }
    subtitle = f"{report.unprivileged.definition} compared with {report.privileged.definition}"
    return document(f"{report.title}, {report.label}", subtitle, report.summary(), view)


def _reach(metrics: list[FairnessMetric], *, least: float) -> float:
    """How far an axis must go: past every finite value, and past the fair range."""
    sizes = [abs(metric.value) for metric in metrics if math.isfinite(metric.value)]
    return math.ceil(max([least, *(size * 1.2 for size in sizes)]) * 20) / 20


def _panel(metrics: list[FairnessMetric], domain: list[float], title: str) -> dict[str, Any]:
    x = {"type": "quantitative", "scale": {"domain": domain, "nice": False}, "axis": {"title": title, "tickCount": 7}}
    ideal, shown = {**x, "field": "ideal"}, {**x, "field": "shown"}
    band = {"type": "bar", "color": GOOD, "opacity": 0.2, "height": {"band": 0.8}}
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": band,
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {"mark": {"type": "tick", "color": LINE, "thickness": 2, "bandSize": _ROW * 0.8}, "encoding": {"x": ideal}},
        {
            "mark": {"type": "rule", "strokeWidth": 2.5},
            "encoding": {"x": ideal, "x2": {"field": "shown"}, "color": _by_verdict([GOOD, BAD, NEUTRAL])},
        },
        {
            "transform": [{"filter": "datum.finite"}],
            "mark": {"type": "point", "filled": True, "size": 150, "opacity": 1},
            "encoding": {
                "x": shown,
                "color": _by_verdict([GOOD, BAD, NEUTRAL]),
                "shape": _by_verdict(["circle", "diamond", "square"]),
            },
        },
    ]
    tooltip = [{"field": name, "title": name} for name in ("metric", "value", "fair range", "verdict")]
    return {
        "width": 400,
        "height": _ROW * len(metrics),
        "data": {"values": [_row(metric, domain) for metric in metrics]},
        "layer": [{"encoding": {"y": rows_axis(_LABELS), "tooltip": tooltip}, "layer": layers}, words_layer()],
        "resolve": {"scale": {"y": "independent"}, "axis": {"y": "independent"}},
    }


def _row(metric: FairnessMetric, domain: list[float]) -> dict[str, Any]:
    finite = math.isfinite(metric.value)
    # A value that has no place on the axis is said in words, at the ideal or at the end it runs off.
    place = metric.value if finite else metric.ideal if math.isnan(metric.value) else domain[metric.value > 0]
    low, high = metric.fair or (None, None)
    verdict = _OPEN if metric.inside is None else _INSIDE if metric.inside else _OUTSIDE
    cell = metric.cell()
    words = ", ".join(filter(None, [cell.text, cell.mark]))
    return {
        "row": row_name(metric.title, words),
        "metric": metric.title,
        "shown": place,
        "finite": finite,
        "value": metric.text,
        "ideal": metric.ideal,
        "low": low,
        "high": high,
        "fair range": metric.range_text,
        "verdict": verdict,
    }


def _by_verdict(choices: list[str]) -> dict[str, Any]:
    scale = {"domain": _VERDICTS, "range": choices}
    return {"field": "verdict", "type": "nominal", "scale": scale, "title": None}

"""Fairness metrics as tracks: a scale for each, its fair range as a band, a mark for each report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from claimed_jlab.report.fairness import FairnessMetric, FairnessReport
from claimed_jlab.report.svg import WIDTH, box, circle, diamond, drawing, line, text, words

_LEFT, _RIGHT = 236.0, 756.0
_ROW, _AXIS = 40.0, 34.0
_VALUES = WIDTH - 6.0


def fairness_drawing(reports: Sequence[FairnessReport]) -> str:
    """The reports of one attribute on the same tracks; an arrow leads from each to the next.

    A filled mark is the last report, hollow ones are those before it. A circle is inside the fair range or has
    none, a diamond is outside.
    """
    parts: list[str] = []
    top = 6.0
    for positions, title in _panels(reports[0]):
        columns = [[report.fairness[position] for report in reports] for position in positions]
        low, high = _domain([metric for column in columns for metric in column])
        for metrics in columns:
            parts += _track(metrics, top, low, high)
            top += _ROW
        parts += _axis(top, low, high, title)
        top += _AXIS
    names = ", then ".join(report.label for report in reports)
    return drawing(top, f"Fairness by {reports[0].attribute}: {names}", parts)


def _panels(report: FairnessReport) -> list[tuple[list[int], str]]:
    """Positions of the metrics that share a scale, and what the scale says."""
    metrics = list(enumerate(report.fairness))
    panels = [
        ([i for i, metric in metrics if metric.ideal == 0.0 and metric.fair], "unprivileged − privileged"),
        ([i for i, metric in metrics if metric.ideal != 0.0], "unprivileged ÷ privileged"),
        ([i for i, metric in metrics if not metric.fair], "inequality, 0 is equal"),
    ]
    return [panel for panel in panels if panel[0]]


def _domain(metrics: Sequence[FairnessMetric]) -> tuple[float, float]:
    sizes = [abs(metric.value) for metric in metrics if math.isfinite(metric.value)]
    if metrics[0].ideal:
        return 0.0, _ceiling(max([2.0, *sizes]))
    if metrics[0].fair:
        reach = _ceiling(max([0.25, *(size * 1.1 for size in sizes)]))
        return -reach, reach
    return 0.0, _ceiling(max([0.5, *sizes]))


def _ceiling(value: float) -> float:
    return math.ceil(value * 10) / 10


def _place(value: float, low: float, high: float) -> float:
    return _LEFT + (min(max(value, low), high) - low) / (high - low) * (_RIGHT - _LEFT)


def _track(metrics: Sequence[FairnessMetric], top: float, low: float, high: float) -> list[str]:
    first, middle = metrics[0], top + _ROW / 2
    parts = [text(_LEFT - 16, middle + 4, first.title, "name", "end"), line(_LEFT, middle, _RIGHT, middle, "track")]
    if first.fair:
        start, end = (_place(bound, low, high) for bound in first.fair)
        parts.append(box(start, top + 5, end - start, _ROW - 10, "band"))
    ideal = _place(first.ideal, low, high)
    parts.append(line(ideal, top + 5, ideal, top + _ROW - 5, "ideal"))
    shown = [metric for metric in metrics if not math.isnan(metric.value)]
    places = [_place(metric.value, low, high) for metric in shown]
    for start, end in pairwise(places):
        parts += _arrow(start, end, middle)
    for i, (metric, x) in enumerate(zip(shown, places, strict=True)):
        kind = f"{_kind(metric)} {'last' if i == len(shown) - 1 else 'earlier'}"
        parts.append((diamond if metric.inside is False else circle)(x, middle, kind))
    values = [(metric.text.replace("-", "−"), _kind(metric)) for metric in metrics]
    parts.append(words(_VALUES, middle + 4, values, " → "))
    return parts


def _kind(metric: FairnessMetric) -> str:
    return "open" if metric.inside is None else "inside" if metric.inside else "outside"


def _arrow(start: float, end: float, y: float) -> list[str]:
    """A line between two marks, where there is room for it."""
    direction = 1 if end > start else -1
    if abs(end - start) < 20:
        return []
    tip = end - direction * 9
    return [
        line(start + direction * 8, y, tip, y, "arrow"),
        line(tip, y, tip - direction * 6, y - 4, "arrow"),
        line(tip, y, tip - direction * 6, y + 4, "arrow"),
    ]


def _axis(top: float, low: float, high: float, title: str) -> list[str]:
    parts = [line(_LEFT, top, _RIGHT, top, "axis")]
    for i in range(5):
        value = low + (high - low) * i / 4
        x = _place(value, low, high)
        parts += [line(x, top, x, top + 4, "axis"), text(x, top + 17, f"{value:g}".replace("-", "−"), "tick", "middle")]
    return [*parts, text(_LEFT - 34, top + 17, title, "tick", "end")]

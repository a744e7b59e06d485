"""What the Vega-Lite charts share.

Text, axes and the background are left to the theme of whoever renders the chart (JupyterLab takes Vega's dark theme
when its own is dark). A theme reaches axis labels but no text marks, so words stand in axis labels only; the
marks use middle tones that stand out on white and on dark grey alike.
"""

from __future__ import annotations

from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

GOOD = "#1a9c86"
BAD = "#e0632c"
NEUTRAL = "#6c8ebf"
LINE = "#8b919a"
SEPARATOR = " | "

CONFIG: dict[str, Any] = {
    "view": {"stroke": None},
    "axis": {"labelLimit": 0, "titleLimit": 0, "labelFontSize": 12, "titleFontSize": 12, "grid": False},
    "legend": {"labelLimit": 0, "titleLimit": 0, "labelFontSize": 12, "orient": "bottom"},
    "header": {"labelLimit": 0, "labelFontSize": 13, "labelAnchor": "start"},
    "title": {"anchor": "start", "fontSize": 15, "subtitleFontSize": 12, "subtitlePadding": 6, "limit": 0},
}


def document(title: str, subtitle: str, description: str, view: dict[str, Any]) -> dict[str, Any]:
    """A whole specification around a view, with a title and a description for screen readers."""
    return {
        "$schema": SCHEMA,
        "description": description,
        "title": {"text": title, "subtitle": subtitle, "offset": 16},
        "config": CONFIG,
        **view,
    }


def rows_axis(extent: int) -> dict[str, Any]:
    """The rows of a chart by their names on the left; the field holds "name | words". extent: least width, pixels."""
    axis = {"title": None, "ticks": False, "domain": False, "labelPadding": 10, "minExtent": extent}
    return {"field": "row", "type": "nominal", "sort": None, "axis": {**axis, "labelExpr": _part(0)}}


def words_layer() -> dict[str, Any]:
    """The words of each row on the right of the chart; to be laid over it with a y scale of its own."""
    axis = {"title": None, "ticks": False, "domain": False, "labelPadding": 10, "orient": "right"}
    y = {"field": "row", "type": "nominal", "sort": None, "axis": {**axis, "labelExpr": _part(1)}}
    return {"mark": {"type": "point", "opacity": 0}, "encoding": {"y": y}}


def row_name(name: str, words: str) -> str:
    """The value of the field `row` of such a chart."""
    return f"{name.replace(SEPARATOR, ' ')}{SEPARATOR}{words}"


def _part(position: int) -> str:
    return f"split(datum.label, '{SEPARATOR}')[{position}]"

"""What the Vega-Lite charts share.

Axes, titles and the background are left to the theme of whoever renders the chart (JupyterLab takes Vega's dark
theme when its own is dark). Marks use middle tones that stand out on white and on dark grey alike, and text in the
plot takes the style of the axis labels, so that it turns light where they do.
"""

from __future__ import annotations

from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"

GOOD = "#1a9c86"
BAD = "#e0632c"
NEUTRAL = "#6c8ebf"
BAND = "#1a9c86"
LINE = "#8b919a"

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


def text_mark(**properties: Any) -> dict[str, Any]:
    """Text in the plot that is as light or dark as the axis labels."""
    return {"type": "text", "style": "guide-label", "fontSize": 12, **properties}

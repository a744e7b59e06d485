"""Pictures of classification and explanation reports for the HTML page."""

from __future__ import annotations

from math import isfinite

from claimed_jlab.report.classification import ClassificationReport
from claimed_jlab.report.explanation import ExplanationReport, Instance
from claimed_jlab.report.svg import WIDTH, box, drawing, line, text
from claimed_jlab.report.wording import number_text, percent_text

_CELL_HEIGHT = 84.0
_TOP = 44.0
# A character of the page's font at 13 px is about this wide.
_CHARACTER = 6.9


def confusion_drawing(report: ClassificationReport) -> str:
    """The confusion matrix; the stronger the tint, the more rows."""
    longest = _CHARACTER * max(map(len, report.classes))
    left, cell = 28 + longest, max(96.0, longest + 14)
    most = max((count for row in report.confusion for count in row), default=0) or 1
    parts = [text(left, 15, "Predicted", "tick"), text(0, 36, "True", "tick")]
    for i, name in enumerate(report.classes):
        parts.append(text(left + cell * (i + 0.5), 36, name, "name", "middle"))
        parts.append(text(0, _TOP + _CELL_HEIGHT * (i + 0.5) + 4, name, "name"))
        whole = sum(report.confusion[i]) or 1
        for j, count in enumerate(report.confusion[i]):
            parts += _cell(left + cell * j, _TOP + _CELL_HEIGHT * i, cell, (count, count / most, count / whole))
    height = _TOP + _CELL_HEIGHT * len(report.classes) + 4
    return drawing(height, f"Confusion matrix of {report.title}", parts, left + cell * len(report.classes) + 4)


def _cell(x: float, y: float, width: float, rows: tuple[int, float, float]) -> list[str]:
    """rows: how many, as a share of the fullest cell, and as a share of their true class."""
    count, strength, share = rows
    middle = x + width / 2
    tint = f' style="fill-opacity:{0.08 + 0.5 * strength:.2f}"'
    return [
        box(x + 2, y + 2, width - 4, _CELL_HEIGHT - 4, "cell", tint),
        text(middle, y + 40, str(count), "count", "middle"),
        text(middle, y + 60, percent_text(share), "share", "middle"),
    ]


def roc_drawing(report: ClassificationReport) -> str:
    """The ROC curve above the diagonal of guessing."""
    left, top, size = 44.0, 12.0, 220.0

    def at(x: float, y: float) -> str:
        return f"{left + x * size:.1f},{top + (1 - y) * size:.1f}"

    curve = " ".join(at(x, y) for x, y in report.roc)
    parts = [
        f'<polygon points="{at(0, 0)} {curve} {at(1, 0)}" class="area"/>',
        line(left, top + size, left + size, top, "guess"),
        f'<polyline points="{curve}" class="curve"/>',
        line(left, top, left, top + size, "axis"),
        line(left, top + size, left + size, top + size, "axis"),
    ]
    for rate in (0.0, 0.5, 1.0):
        parts.append(text(left + rate * size, top + size + 17, f"{rate:g}", "tick", "middle"))
        parts.append(text(left - 8, top + (1 - rate) * size + 4, f"{rate:g}", "tick", "end"))
    parts.append(text(left + size / 2, top + size + 36, "False positive rate", "tick", "middle"))
    parts.append(
        f'<text class="tick" text-anchor="middle" transform="translate(12 {top + size / 2:.0f}) rotate(-90)">'
        "True positive rate</text>"
    )
    if report.roc_auc is not None:
        parts.append(text(left + size - 10, top + size - 14, f"area {number_text(report.roc_auc)}", "value", "end"))
    return drawing(top + size + 46, f"ROC curve of {report.title}", parts, left + size + 12)


def explanation_drawing(report: ExplanationReport, instance: Instance) -> str:
    """The features of one row as bars around zero; wider than other drawings where names are long."""
    row, top, room = 26.0, 4.0, 60.0
    weights = [weight for other in report.instances for weight in other.weights]
    label = 16 + _CHARACTER * max((len(weight.feature) for weight in weights), default=0)
    width = max(WIDTH, label + 400)
    half = (width - label - 8) / 2 - room
    zero = label + 8 + room + half
    # Every instance is drawn on the same scale, or a weak reason would look like a strong one.
    most = max((_size(weight.weight) for weight in weights), default=0.0) or 1.0
    parts: list[str] = []
    for i, weight in enumerate(instance.weights):
        y, length = top + row * i, _size(weight.weight) / most * half
        towards = weight.weight >= 0
        start, end = (zero, zero + length + 6) if towards else (zero - length, zero - length - 6)
        parts.append(text(label, y + 17, weight.feature, "name", "end"))
        parts.append(box(start, y + 4, length, row - 9, "towards" if towards else "away"))
        words = number_text(weight.weight).replace("-", "−")
        parts.append(text(end, y + 17, words, "tick", "start" if towards else "end"))
    height = top + row * len(instance.weights)
    parts.append(line(zero, top, zero, height, "ideal"))
    return drawing(height + 4, f"{instance.heading}: weights of its features", parts, width)


def _size(weight: float) -> float:
    """How long a bar is; a weight that is no number has none."""
    return abs(weight) if isfinite(weight) else 0.0

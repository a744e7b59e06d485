"""How right a classifier is: confusion matrix, ROC curve and the metrics that follow from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from claimed_jlab.report.errors import ReportError
from claimed_jlab.report.fields import Fields, encode_number, is_count, is_numbers
from claimed_jlab.report.report import Report
from claimed_jlab.report.tables import Cell, Table
from claimed_jlab.report.wording import number_text

_TITLES = {"accuracy": "Accuracy", "precision": "Precision", "recall": "Recall", "f1": "F1", "roc_auc": "ROC AUC"}


@dataclass(frozen=True)
class ClassificationReport(Report):
    """A confusion matrix and what follows from it.

    classes: names of the classes.  positive: the class that precision, recall and ROC speak of; None gives the
    mean over the classes.  confusion: counts, one row for each true class, one column for each predicted class.
    roc: points (false positive rate, true positive rate) from (0, 0) to (1, 1); empty without scores.
    roc_auc: area under it; None without scores.
    """

    format: ClassVar[str] = "claimed-report/classification/1"

    classes: tuple[str, ...]
    positive: str | None
    confusion: tuple[tuple[int, ...], ...]
    roc: tuple[tuple[float, float], ...] = ()
    roc_auc: float | None = None

    def __post_init__(self) -> None:
        size = len(self.classes)
        if not size or len(self.confusion) != size or any(len(row) != size for row in self.confusion):
            raise ReportError(f"field 'confusion' must have a row and a column for each of {size} classes")
        if self.positive is not None and self.positive not in self.classes:
            raise ReportError(f"field 'positive' must be one of {', '.join(self.classes)}, not {self.positive!r}")

    @property
    def total(self) -> int:
        """How many rows were predicted."""
        return sum(map(sum, self.confusion))

    @property
    def metrics(self) -> dict[str, float]:
        """accuracy, precision, recall, f1, and roc_auc where there are scores."""
        right = sum(self.confusion[i][i] for i in range(len(self.classes)))
        spoken = [self.positive] if self.positive is not None else list(self.classes)
        scores = [self._scores(self.classes.index(name)) for name in spoken]
        names = ("precision", "recall", "f1")
        means = {name: sum(score[i] for score in scores) / len(scores) for i, name in enumerate(names)}
        area = {} if self.roc_auc is None else {"roc_auc": self.roc_auc}
        return {"accuracy": _ratio(right, self.total), **means, **area}

    def _scores(self, i: int) -> tuple[float, float, float]:
        hits = self.confusion[i][i]
        predicted = sum(row[i] for row in self.confusion)
        actual = sum(self.confusion[i])
        return _ratio(hits, predicted), _ratio(hits, actual), _ratio(2 * hits, predicted + actual)

    def body(self) -> dict[str, Any]:
        return {
            "classes": list(self.classes),
            "positive": self.positive,
            "confusion": [list(row) for row in self.confusion],
            "roc": [list(point) for point in self.roc],
            "roc_auc": None if self.roc_auc is None else encode_number(self.roc_auc),
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> ClassificationReport:
        return cls(
            title=fields.text("title"),
            label=fields.text("label"),
            classes=fields.texts("classes"),
            positive=None if fields.values.get("positive") is None else fields.text("positive"),
            confusion=_matrix(fields),
            roc=_points(fields),
            roc_auc=fields.number_or_none("roc_auc"),
        )

    def summary(self) -> str:
        metrics = self.metrics
        text = f"{self.title}, {self.label}: accuracy {number_text(metrics['accuracy'])} on {self.total} rows"
        return f"{text}, ROC AUC {number_text(self.roc_auc)}." if self.roc_auc is not None else f"{text}."

    def scores_table(self) -> Table:
        """The metrics without the confusion matrix."""
        rows = tuple((Cell(_TITLES[name]), Cell(number_text(value))) for name, value in self.metrics.items())
        return Table(f"{self.title}, {self.label}", ("Metric", "Value"), rows)

    def table(self) -> Table:
        scores = self.scores_table()
        counts = tuple(
            (Cell(f"Truly {true}, predicted {predicted}"), Cell(f"{self.confusion[i][j]} rows"))
            for i, true in enumerate(self.classes)
            for j, predicted in enumerate(self.classes)
        )
        return Table(scores.caption, scores.headers, scores.rows + counts)

    def chart(self) -> dict[str, Any]:
        from claimed_jlab.report.vega import classification_chart

        return classification_chart(self)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _matrix(fields: Fields) -> tuple[tuple[int, ...], ...]:
    rows = fields.items("confusion")
    for i, row in enumerate(rows):
        if not isinstance(row, list) or not all(map(is_count, row)):
            raise ReportError(f"field {fields.name(f'confusion[{i}]')!r} must be a list of counts, not {row!r}")
    return tuple(tuple(row) for row in rows)


def _points(fields: Fields) -> tuple[tuple[float, float], ...]:
    points = fields.items("roc")
    for i, point in enumerate(points):
        if not is_numbers(point, 2) or not all(0 <= rate <= 1 for rate in point):
            raise ReportError(f"field {fields.name(f'roc[{i}]')!r} must be two rates of 0 to 1, not {point!r}")
    return tuple((float(point[0]), float(point[1])) for point in points)

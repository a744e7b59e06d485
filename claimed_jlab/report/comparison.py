"""Several fairness reports beside each other: what a mitigation changed, for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from claimed_jlab.report.fairness import DEFINITIONS, FairnessReport, fairness_cell
from claimed_jlab.report.report import Report
from claimed_jlab.report.tables import Cell, Table
from claimed_jlab.report.wording import number_text


@dataclass(frozen=True)
class Column:
    """One fairness report: whose fairness, of which model or stage."""

    attribute: str
    label: str

    @property
    def title(self) -> str:
        return f"{self.attribute}: {self.label}" if self.label else self.attribute


@dataclass(frozen=True)
class ComparedValue:
    """inside: whether the value is in its fair range, None without a range or a value; text: as a table shows it."""

    value: float
    inside: bool | None
    text: str

    def cell(self) -> Cell:
        """The value for a table, with its verdict."""
        return fairness_cell(self.text, self.inside)


@dataclass(frozen=True)
class ComparisonRow:
    """One metric in every report, in the order of the columns."""

    name: str
    title: str
    fair: tuple[float, float] | None
    cells: tuple[ComparedValue, ...]


@dataclass(frozen=True)
class Comparison:
    """Rows: accuracy and the five fairness metrics. Columns: attribute by attribute, the labels in given order."""

    columns: tuple[Column, ...]
    rows: tuple[ComparisonRow, ...]
    reports: tuple[FairnessReport, ...]

    def table(self) -> Table:
        """The comparison for a terminal or a page."""
        headers = ("Metric", *(column.title for column in self.columns), "Fair range")
        rows = tuple(
            (Cell(row.title), *(value.cell() for value in row.cells), Cell(_range_text(row))) for row in self.rows
        )
        return Table("Fairness compared", headers, rows)

    def by_attribute(self) -> dict[str, tuple[FairnessReport, ...]]:
        """The reports of each attribute, in the order of the columns."""
        return {
            attribute: tuple(report for report in self.reports if report.attribute == attribute)
            for attribute in dict.fromkeys(column.attribute for column in self.columns)
        }


def compare(reports: Iterable[Report]) -> Comparison | None:
    """The fairness reports among `reports`, side by side; None when there are none.

    Attributes and labels keep the order in which they first occur, so reports in the order of their tasks
    give "before" ahead of "after" for every attribute.
    """
    fairness = [report for report in reports if isinstance(report, FairnessReport)]
    if not fairness:
        return None
    attributes = list(dict.fromkeys(report.attribute for report in fairness))
    labels = list(dict.fromkeys(report.label for report in fairness))
    fairness.sort(key=lambda report: (attributes.index(report.attribute), labels.index(report.label)))
    columns = tuple(Column(report.attribute, report.label) for report in fairness)
    return Comparison(columns, _rows(fairness), tuple(fairness))


def _rows(reports: list[FairnessReport]) -> tuple[ComparisonRow, ...]:
    accuracy = tuple(ComparedValue(report.accuracy, None, number_text(report.accuracy)) for report in reports)
    rows = [ComparisonRow("accuracy", "Accuracy", None, accuracy)]
    for position, definition in enumerate(DEFINITIONS.values()):
        metrics = [report.fairness[position] for report in reports]
        cells = tuple(ComparedValue(metric.value, metric.inside, metric.text) for metric in metrics)
        rows.append(ComparisonRow(definition.name, definition.title, metrics[0].fair, cells))
    return tuple(rows)


def _range_text(row: ComparisonRow) -> str:
    if row.fair:
        return f"{row.fair[0]:g} to {row.fair[1]:g}"
    return "higher is better" if row.name == "accuracy" else "lower is better"

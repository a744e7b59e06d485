"""One self-contained HTML page of many reports: no script, nothing loaded, readable on paper, in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from claimed_jlab.report.blessing import BlessingReport
from claimed_jlab.report.classification import ClassificationReport
from claimed_jlab.report.comparison import Comparison, compare
from claimed_jlab.report.drawings import confusion_drawing, explanation_drawing, roc_drawing
from claimed_jlab.report.drawings_fairness import fairness_drawing
from claimed_jlab.report.explanation import ExplanationReport
from claimed_jlab.report.fairness import FairnessReport
from claimed_jlab.report.report import Report
from claimed_jlab.report.wording import percent_text


def page(reports: Sequence[Report], *, title: str, subtitle: str = "") -> str:
    """An HTML page: verdicts and the comparison of all fairness reports first, then report by report.

    title, subtitle: plain text.  The order of `reports` is kept within each kind.
    """
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    verdicts = [report for report in reports if isinstance(report, BlessingReport)]
    others = [report for report in reports if not isinstance(report, BlessingReport)]
    comparison = compare(reports)
    compared = comparison is not None and len(comparison.columns) > 1
    parts = [_verdict(report) for report in verdicts]
    if comparison is not None and compared:
        parts.append(_comparison(comparison))
    parts += [_section(report, drawn=compared) for report in others]
    if not reports:
        parts.append("<p>This run has no reports.</p>")
    lead = f'<p class="lead">{escape(subtitle)}</p>' if subtitle else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>\n{style}</style></head>\n"
        f"<body><header><h1>{escape(title)}</h1>{lead}</header>\n<main>\n"
        + "\n".join(parts)
        + "\n</main></body></html>\n"
    )


def _verdict(report: BlessingReport) -> str:
    sign, kind = ("✓", "inside") if report.blessed else ("✗", "outside")
    return (
        f'<section class="verdict {kind}"><h2><span aria-hidden="true">{sign}</span> {escape(report.title)}: '
        f"{report.verdict}</h2><p>{escape(report.label)}: <code>{escape(report.expression)}</code></p>"
        f"{report.table().to_html()}</section>"
    )


def _comparison(comparison: Comparison) -> str:
    figures = "".join(
        f"<figure><figcaption>{escape(attribute)}: {_legend(reports)}</figcaption>{fairness_drawing(reports)}</figure>"
        for attribute, reports in comparison.by_attribute().items()
    )
    return f"<section><h2>Fairness compared</h2>{comparison.table().to_html()}{figures}{_key()}</section>"


def _legend(reports: Sequence[FairnessReport]) -> str:
    return " → ".join(f"<b>{escape(report.label)}</b>" for report in reports)


def _key() -> str:
    return (
        '<p class="key">The band is the fair range, the line in it the value without bias. A circle is inside, '
        "a diamond outside; hollow marks are earlier, the filled one is last.</p>"
    )


def _section(report: Report, *, drawn: bool) -> str:
    """A report in full; a fairness report that the comparison has drawn needs its table only."""
    figures = ""
    if isinstance(report, FairnessReport):
        figures = "" if drawn else f"<figure>{fairness_drawing([report])}</figure>{_key()}"
    elif isinstance(report, ClassificationReport):
        roc = f"<figure><figcaption>ROC curve</figcaption>{roc_drawing(report)}</figure>" if report.roc else ""
        matrix = f"<figure><figcaption>Confusion matrix</figcaption>{confusion_drawing(report)}</figure>"
        figures = f'<div class="side">{matrix}{roc}</div>'
    elif isinstance(report, ExplanationReport):
        figures = _explanation(report)
    heading = f"{escape(report.title)} <small>{escape(report.label)}</small>"
    return f"<section><h2>{heading}</h2><p>{escape(report.summary())}</p>{figures}{_table(report)}</section>"


def _table(report: Report) -> str:
    table = report.table().to_html()
    if isinstance(report, ExplanationReport):
        return f"<details><summary>All weights as a table</summary>{table}</details>"
    return table


def _explanation(report: ExplanationReport) -> str:
    legend = (
        f'<p class="key"><span class="swatch towards"></span> towards {escape(report.outcome)} '
        f'<span class="swatch away"></span> away from {escape(report.outcome)}</p>'
    )
    figures = (
        f"<figure><figcaption><b>{escape(instance.heading)}</b>, probability of {escape(report.outcome)} "
        f"{percent_text(instance.probability)}</figcaption>{explanation_drawing(report, instance)}</figure>"
        for instance in report.instances
    )
    return legend + "".join(figures)

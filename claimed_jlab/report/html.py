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
    """An HTML page: the comparison of all fairness reports and the verdicts first, then report by report.

    title, subtitle: plain text.  The order of `reports` is kept within each kind.
    """
    style = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    lead = f'<p class="lead">{escape(subtitle)}</p>' if subtitle else ""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)}</title><style>\n{style}</style></head>\n"
        f"<body><header><h1>{escape(title)}</h1>{lead}</header>\n<main>\n"
        + "\n".join(_sections(reports))
        + "\n</main></body></html>\n"
    )


def _sections(reports: Sequence[Report]) -> list[str]:
    if not reports:
        return ["<section><p>There are no reports.</p></section>"]
    comparison = compare(reports)
    compared = comparison is not None and len(comparison.columns) > 1
    sections = [_comparison(comparison)] if comparison is not None and compared else []
    sections += [_verdict(report) for report in reports if isinstance(report, BlessingReport)]
    if comparison is not None:
        sections += [_changes(comparison)] if compared else [_fairness(report) for report in comparison.reports]
    sections += [_classification(report) for report in reports if isinstance(report, ClassificationReport)]
    sections += [_explanation(report) for report in reports if isinstance(report, ExplanationReport)]
    return sections


def _section(report: Report, body: str) -> str:
    heading = f"{escape(report.title)} <small>{escape(report.label)}</small>"
    return f"<section><h2>{heading}</h2>{body}</section>"


def _verdict(report: BlessingReport) -> str:
    sign, kind = ("✓", "good") if report.blessed else ("✗", "bad")
    return (
        f'<section class="verdict {kind}"><h2><span aria-hidden="true">{sign}</span> {escape(report.title)}: '
        f"{report.verdict} <small>{escape(report.label)}</small></h2>"
        f"<p><code>{escape(report.expression)}</code></p>{report.table().to_html()}</section>"
    )


def _comparison(comparison: Comparison) -> str:
    return f"<section><h2>Fairness compared</h2>{comparison.table().to_html()}</section>"


def _changes(comparison: Comparison) -> str:
    """The drawing of each attribute, and each report in full behind a fold."""
    figures = "".join(
        f"<figure><figcaption>{_who(reports)}</figcaption>{fairness_drawing(reports)}</figure>"
        for reports in comparison.by_attribute().values()
    )
    details = "".join(
        f"<details><summary>{escape(report.summary())}</summary>{report.table().to_html()}</details>"
        for report in comparison.reports
    )
    return f"<section><h2>Where each metric lies</h2>{_KEY % _MANY}{figures}<h3>Each report</h3>{details}</section>"


def _who(reports: Sequence[FairnessReport]) -> str:
    """Whom the drawing compares, and what its marks stand for."""
    groups = [
        f"{escape(group.definition)} ({group.count})" for group in (reports[0].unprivileged, reports[0].privileged)
    ]
    labels = " → ".join(escape(report.label) for report in reports)
    return f"<b>{escape(reports[0].attribute)}</b>: {' compared with '.join(groups)}; {labels}"


_KEY = (
    '<p class="key">The band is the fair range, the line in it the value without bias. A circle is inside, '
    "a diamond outside.%s</p>"
)

_MANY = " Hollow marks are earlier, the filled one is the last."


def _fairness(report: FairnessReport) -> str:
    figure = f"<figure><figcaption>{_who([report])}</figcaption>{fairness_drawing([report])}</figure>"
    return _section(report, f"<p>{escape(report.summary())}</p>{_KEY % ''}{figure}{report.table().to_html()}")


def _classification(report: ClassificationReport) -> str:
    roc = f"<figure><figcaption>ROC curve</figcaption>{roc_drawing(report)}</figure>" if report.roc else ""
    matrix = f"<figure><figcaption>Confusion matrix</figcaption>{confusion_drawing(report)}</figure>"
    scores = f"<figure><figcaption>Metrics</figcaption>{report.scores_table().to_html()}</figure>"
    return _section(report, f'<p>{escape(report.summary())}</p><div class="side">{matrix}{roc}{scores}</div>')


def _explanation(report: ExplanationReport) -> str:
    legend = (
        f'<p class="key"><span class="swatch towards"></span>towards {escape(report.outcome)} '
        f'<span class="swatch away"></span>away from {escape(report.outcome)}</p>'
    )
    figures = "".join(
        f"<figure><figcaption><b>{escape(instance.heading)}</b>, probability of {escape(report.outcome)} "
        f"{percent_text(instance.probability)}</figcaption>{explanation_drawing(report, instance)}</figure>"
        for instance in report.instances
    )
    table = f"<details><summary>All weights as a table</summary>{report.table().to_html()}</details>"
    return _section(report, f"<p>{escape(report.summary())}</p>{legend}{figures}{table}")

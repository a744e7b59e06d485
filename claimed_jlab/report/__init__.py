"""Typed results of trusted AI: fairness, classification, explanation and blessing reports.

A report is a frozen value with a JSON form on disk, a Vega-Lite chart, an accessible table and an HTML page.
Standard library only, since notebooks import it in kernels of any environment.

    report = FairnessReport.measured(attribute="sex", label="before mitigation", …)
    report.save("fairness.json")
    load("fairness.json") == report
"""

from __future__ import annotations

from claimed_jlab.report.blessing import BlessingReason, BlessingReport
from claimed_jlab.report.classification import ClassificationReport
from claimed_jlab.report.comparison import Comparison, compare
from claimed_jlab.report.errors import NotAReport, ReportError
from claimed_jlab.report.explanation import ExplanationReport, FeatureWeight, Instance
from claimed_jlab.report.fairness import DEFINITIONS, FairnessMetric, FairnessReport, Group
from claimed_jlab.report.html import page
from claimed_jlab.report.loading import from_dict, load
from claimed_jlab.report.report import Report

__all__ = [
    "DEFINITIONS",
    "BlessingReason",
    "BlessingReport",
    "ClassificationReport",
    "Comparison",
    "ExplanationReport",
    "FairnessMetric",
    "FairnessReport",
    "FeatureWeight",
    "Group",
    "Instance",
    "NotAReport",
    "Report",
    "ReportError",
    "compare",
    "from_dict",
    "load",
    "page",
]

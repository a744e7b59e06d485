"""What a run found: its trusted-AI reports and its models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimed_jlab.run.record import GOOD, ArtifactValue, RunRecord

if TYPE_CHECKING:
    from claimed_jlab.report import Report
    from claimed_jlab.run.runs import Run

_REPORT_TYPES = ("Metrics", "ClassificationMetrics")


def reports_of(record: RunRecord) -> dict[str, Report]:
    """The reports among a run's outputs by `task.output`, in the order of the tasks. What is gone is left out."""
    found = {}
    for task, task_record in record.tasks.items():
        if task_record.state not in GOOD:
            continue
        for name, output in task_record.outputs.items():
            if isinstance(output, dict) and output.get("type") in _REPORT_TYPES and output.get("uri"):
                report = _loaded(ArtifactValue.model_validate(output))
                if report is not None:
                    found[f"{task}.{name}"] = report
    return found


def _loaded(artifact: ArtifactValue) -> Report | None:
    from claimed_jlab.report import NotAReport, ReportError, load  # most runs have none

    try:
        return None if artifact.is_elsewhere else load(artifact.path)
    except (NotAReport, ReportError, OSError):
        return None


def report_page(record: RunRecord) -> str | None:
    """One HTML page with all the reports of a run; None when it has none."""
    reports = list(reports_of(record).values())
    if not reports:
        return None
    from claimed_jlab.report import page

    return page(reports, title=record.pipeline, subtitle=f"Run {record.run_id}")


def write_report(run: Run) -> str | None:
    """Writes the page with all the reports of a run that has ended; returns its path, None when it has none."""
    text = report_page(run.record())
    if text is None:
        return None
    path = run.folder / "report.html"
    path.write_text(text, encoding="utf-8")
    return str(path)


def final_model(record: RunRecord) -> tuple[str, str] | None:
    """(task, output) of the last Model in the order of the tasks; None when the run made none."""
    models = [
        (task, name)
        for task, task_record in record.tasks.items()
        for name, output in task_record.outputs.items()
        if isinstance(output, dict) and output.get("type") == "Model"
    ]
    return models[-1] if models else None

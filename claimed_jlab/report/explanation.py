"""Local explanations: what moved a model's prediction for single rows.

As LIME gives them: the weights of a linear model that imitates the classifier around the row.
Ribeiro, Singh, Guestrin 2016, "Why Should I Trust You?", arXiv:1602.04938.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from claimed_jlab.report.fields import Fields, encode_number
from claimed_jlab.report.report import Report
from claimed_jlab.report.tables import Cell, Table
from claimed_jlab.report.wording import number_text, percent_text


@dataclass(frozen=True)
class FeatureWeight:
    """How far one feature, as it is in this row, moves the probability of the outcome up or down."""

    feature: str
    weight: float


@dataclass(frozen=True)
class Instance:
    """One explained row.

    name: which row.  prediction: the predicted class.  probability: of the report's outcome, 0 to 1.
    weights: strongest first.  fidelity: R² of the local linear model, 1 when it imitates perfectly.
    """

    name: str
    prediction: str
    probability: float
    weights: tuple[FeatureWeight, ...]
    fidelity: float | None = None

    @property
    def heading(self) -> str:
        return f"{self.name}: predicted {self.prediction}"


@dataclass(frozen=True)
class ExplanationReport(Report):
    """Why single rows were predicted as they were. outcome: the class that weights and probabilities speak of."""

    format: ClassVar[str] = "claimed-report/explanation/1"

    method: str
    outcome: str
    instances: tuple[Instance, ...]

    @property
    def metrics(self) -> dict[str, float]:
        """Number of explained rows, and the mean fidelity where it is known."""
        known = [instance.fidelity for instance in self.instances if instance.fidelity is not None]
        mean = {"explanation_fidelity": sum(known) / len(known)} if known else {}
        return {"explained_instances": float(len(self.instances)), **mean}

    def body(self) -> dict[str, Any]:
        return {
            "method": self.method,
            "outcome": self.outcome,
            "instances": [
                {
                    "name": instance.name,
                    "prediction": instance.prediction,
                    "probability": encode_number(instance.probability),
                    "fidelity": None if instance.fidelity is None else encode_number(instance.fidelity),
                    "weights": [
                        {"feature": weight.feature, "weight": encode_number(weight.weight)}
                        for weight in instance.weights
                    ],
                }
                for instance in self.instances
            ],
        }

    @classmethod
    def from_fields(cls, fields: Fields) -> ExplanationReport:
        return cls(
            title=fields.text("title"),
            label=fields.text("label"),
            method=fields.text("method"),
            outcome=fields.text("outcome"),
            instances=tuple(_instance(item) for item in fields.objects("instances")),
        )

    def summary(self) -> str:
        count = len(self.instances)
        return f"{self.title}, {self.label}: {count} {'row' if count == 1 else 'rows'} explained by {self.method}."

    def table(self) -> Table:
        rows = tuple(
            (
                Cell(instance.heading),
                Cell(percent_text(instance.probability)),
                Cell(weight.feature),
                Cell(number_text(weight.weight)),
            )
            for instance in self.instances
            for weight in instance.weights
        )
        headers = ("Row", f"Probability of {self.outcome}", "Feature", f"Weight towards {self.outcome}")
        return Table(f"{self.title}, {self.label} ({self.method})", headers, rows)

    def chart(self) -> dict[str, Any]:
        from claimed_jlab.report.vega import explanation_chart

        return explanation_chart(self)


def _instance(fields: Fields) -> Instance:
    return Instance(
        name=fields.text("name"),
        prediction=fields.text("prediction"),
        probability=fields.number("probability"),
        weights=tuple(FeatureWeight(item.text("feature"), item.number("weight")) for item in fields.objects("weights")),
        fidelity=fields.number_or_none("fidelity"),
    )

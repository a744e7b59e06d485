"""Writes the JSON Schemas in `claimed_jlab/schemas/` from the models: `python -m claimed_jlab.server.publish`.

The TypeScript types are generated from these files; a test holds them to the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from claimed_jlab.component.catalogs.entry import CatalogView
from claimed_jlab.component.inspection import Inspection
from claimed_jlab.component.spec import ListedComponent
from claimed_jlab.lineage.explore.model import GraphPart, NodeDetail, NodeVersions
from claimed_jlab.lineage.standards.export import Exported
from claimed_jlab.lineage.view import LineageAnswer, LineageImpact
from claimed_jlab.pipeline.describe import Description, Validation
from claimed_jlab.pipeline.document import Pipeline
from claimed_jlab.run.compare import Comparison
from claimed_jlab.run.compare_nodes import ComparedNodes
from claimed_jlab.run.outlook import Outlook
from claimed_jlab.run.preview import Preview
from claimed_jlab.run.record import ArtifactValue, RunRecord
from claimed_jlab.run.reproduce import Reproduction

FOLDER = Path(__file__).parents[1] / "schemas"
MODELS: dict[str, type[BaseModel]] = {
    "artifact": ArtifactValue,
    "catalog": CatalogView,
    "compared-nodes": ComparedNodes,
    "comparison": Comparison,
    "component": ListedComponent,
    "description": Description,
    "exported": Exported,
    "graph-part": GraphPart,
    "inspection": Inspection,
    "lineage": LineageAnswer,
    "lineage-impact": LineageImpact,
    "node-detail": NodeDetail,
    "node-versions": NodeVersions,
    "outlook": Outlook,
    "pipeline": Pipeline,
    "preview": Preview,
    "reproduction": Reproduction,
    "run": RunRecord,
    "validation": Validation,
}


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of each published format, by file name without its suffix."""
    found = {}
    for name, model in MODELS.items():
        # What a program writes is what the others read, except a document, which people write too.
        mode = "validation" if model is Pipeline else "serialization"
        schema = model.model_json_schema(mode=mode)  # type: ignore[arg-type]
        found[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return found


def text_of(schema: dict[str, Any]) -> str:
    """A schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Writes every schema."""
    for name, schema in schemas().items():
        (FOLDER / f"{name}.json").write_text(text_of(schema), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Trying a notebook as a component: a plan of one task, so that a try is run, recorded and shown as any run is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from claimed_jlab.component.catalog import Catalog, component_at
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Pipeline, Source, Task
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.plan import plan
from claimed_jlab.run.planned import Plan

TASK = "try"


class BadInput(ClaimedError):
    """An input of a try that can't be what it is; `where` is its name."""

    code = "bad-input"


def plan_try(notebook: Path, inputs: Mapping[str, Any]) -> Plan:
    """The plan that runs `notebook`, or what is read as one, with `inputs`: `{"value": …}` or `{"secret": name}` each.

    Files are named as seen from the notebook's folder. An artifact that is not given is the notebook's own default.
    Raises NotANotebook, NotAScript, NotKfp, BadInput, or ClaimedError for a notebook with an error; InvalidPipeline
    where libraries are missing.
    """
    spec = component_at(notebook)
    given = {name: _source(name, value) for name, value in inputs.items()}
    task = Task(component=f"./{notebook.name}", inputs={**_samples(spec), **given}, cache=False)
    document = Pipeline(name=f"Try {spec.title}", tasks={TASK: task})
    checked = check(document, notebook.parent, Catalog([]))
    wrong = next((item for item in checked.diagnostics if item.level == "error"), None)
    if wrong is not None:
        raise BadInput(wrong.message, where=wrong.field)
    return plan(checked, {}, path=str(notebook))


def _source(name: str, value: Any) -> Source:
    try:
        source = Source.model_validate(value)
    except ValidationError:
        source = None
    if source is None or source.kind not in ("value", "secret"):
        raise BadInput('must be {"value": …} or {"secret": name}', where=name)
    return source


def _samples(spec: ComponentSpec) -> dict[str, Source]:
    """The files that the notebook reads when it is run by hand."""
    return {port.name: Source(value=port.default) for port in spec.inputs if port.kind == "artifact" and port.default}

"""From a document's file and the given parameters to what an engine runs: the same for every door."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.document import Pipeline, read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.engines import Engine, Work
from claimed_jlab.run.plan import plan


def prepare(
    path: Path,
    arguments: Mapping[str, Any],
    catalog: Catalog,
    *,
    engine: Engine | None = None,
    document: Pipeline | None = None,
    jobs: int | None = None,
    cache: bool = True,
) -> Work:
    """Reads, checks and plans a document.

    engine: what it is for; none: this machine.  document: as it was read already.
    Raises BadPipeline, InvalidPipeline, ClaimedError when the file can't be read.
    """
    path = path.absolute()
    checked = check(document or read_pipeline(path), path.parent, catalog, path)
    planned = plan(checked, arguments, path=str(path), here=engine is None or not engine.remote)
    return Work(plan=planned, checked=checked, arguments=dict(arguments), jobs=jobs, cache=cache)

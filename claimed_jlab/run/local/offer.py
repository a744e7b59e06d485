"""The local engine, as one engine among others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from claimed_jlab.run.engines import Engine, Work
from claimed_jlab.run.features import FEATURES, Feature
from claimed_jlab.run.local.engine import submit
from claimed_jlab.run.runs import Run

if TYPE_CHECKING:
    from claimed_jlab.run.local.standby import StandBy


class LocalEngine(Engine):
    """Runs on this machine, in a worker process of each run's own. ready: a worker that stands by for the next run."""

    name: ClassVar[str] = "local"
    title: ClassVar[str] = "This machine"
    description: ClassVar[str] = "Runs at once, in parallel, beside Jupyter"
    features: ClassVar[frozenset[Feature]] = FEATURES - {"image", "kubernetes", "schedules", "retry_run"}

    def __init__(self, site: Mapping[str, Any] | None = None, *, ready: StandBy | None = None) -> None:
        super().__init__(site)
        self._ready = ready

    def submit(self, work: Work) -> Run:
        ready, self._ready = self._ready, None
        return submit(work.plan, jobs=work.jobs, cache=work.cache, ready=ready)

    def rerun(self, run: Run, *, jobs: int | None = None, cache: bool = False) -> Run:
        from claimed_jlab.paths import home
        from claimed_jlab.run.select import again
        from claimed_jlab.run.sources import Sources

        return submit(again(run, Sources(home() / "sources")), jobs=jobs, cache=cache)

"""Starting a run on this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from claimed_jlab.component.catalogs.trust import refuse_untrusted
from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage.location import store_location
from claimed_jlab.lineage.opening import require_usable
from claimed_jlab.paths import writable_home
from claimed_jlab.pipeline.containers import container_program, needs_container
from claimed_jlab.run.forecast import earlier_seconds
from claimed_jlab.run.local.standby import StandBy, worker
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.runs import Run, create_run
from claimed_jlab.run.sources import Sources


class NeedsContainer(ClaimedError):
    """A task whose component is a container, where there is no program to run one."""

    code = "needs-container"


def submit(plan: Plan, *, jobs: int | None = None, cache: bool = True, ready: StandBy | None = None) -> Run:
    """Starts a worker for the plan and returns at once; the worker outlives this process.

    jobs: tasks at once, by default one a core.  cache: whether unchanged tasks are skipped.  ready: a worker that
    stands by for it.
    Raises NeedsContainer, UntrustedComponents, ClaimedError when the CLAIMED home can't be written to, LineageError
    when its store is not to be used.
    """
    refuse_containers(plan)
    refuse_untrusted(task.component for task in plan.work())
    home = writable_home()
    require_usable(store_location())
    sources, expected = Sources(home / "sources"), earlier_seconds(plan.path)
    try:
        for task in plan.work():
            sources.keep(task.component)
        run = create_run(home, plan, engine="local", jobs=jobs, cache=cache, expected=expected)
        if ready is None or not ready.take(run.folder):
            _start_worker(run, home)
    except OSError as error:
        raise ClaimedError(f"the run can't be started: {error.strerror or error}", where=str(home)) from error
    return run


def refuse_containers(plan: Plan) -> None:
    """Raises NeedsContainer when a task of the plan can't run here, with the first that can't."""
    if container_program() is not None:
        return
    for task in plan.work():
        if task.component.container is not None:
            message = needs_container(task.component.reference)
            raise NeedsContainer(message, where=f"{plan.path}: tasks.{task.name}.component")


def _start_worker(run: Run, home: Path) -> None:
    with (run.folder / "worker.log").open("wb") as log:
        subprocess.Popen(
            worker(str(run.folder)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            cwd=home,
        )

"""The process that runs one run: `python -m claimed_jlab.run.local.worker RUN_FOLDER`.

With `-` it stands by: it imports what a run needs, and makes a fork server ready, while whoever started it still works
out what is to run; then the folder comes as a line of standard input. It ends when that ends without one.

It belongs to no terminal and no server, so that it outlives both. It holds the run's lock for as long as it lives:
who finds the lock free knows that it died.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lock import life_lock
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.runs import Run

if TYPE_CHECKING:
    from claimed_jlab.run.local.forking import ForkServer

# jsonschema, which nbformat imports, compiles a grammar for a check that nobody here asks for: 0.8 s; for another, it
# imports arrow.
for _module in ("rfc3987_syntax", "isoduration"):
    sys.modules.setdefault(_module, None)  # type: ignore[arg-type]


def main(folder: str, early: ForkServer | None = None) -> int:
    """Runs the run in that folder to its end; 0 when it completed. early: a fork server that is there already."""
    run = Run(Path(folder))
    with life_lock(run.lock) as free:
        if not free:
            return 0
        log = EventLog(run.events)
        home = run.folder.parents[1]
        log.append(kind="run", state="RUNNING", pid=os.getpid(), lineage=str(home / "lineage.db"))
        signal.signal(signal.SIGTERM, lambda *_: run.request_cancel())
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            state = asyncio.run(_run(run, home, early))
        except ClaimedError as error:
            return _end(run, "FAILED", str(error))
        except Exception as error:
            traceback.print_exc()
            return _end(run, "FAILED", f"{type(error).__name__}: {error}")
        return _end(run, state, None)


def stand_by() -> int:
    """Makes ready for a run that is not known yet, and runs it when it is."""
    from claimed_jlab.run.local import provisioner, recording, scheduler, task  # noqa: F401 - what a run needs
    from claimed_jlab.run.local.forking import ForkServer, forks_here

    early = None
    is_known = hasattr(select, "poll") and select.select([sys.stdin], [], [], 0)[0]
    if not is_known and forks_here():
        with suppress(OSError):
            early = ForkServer([])
    folder = sys.stdin.readline().strip()
    if not folder:
        return 0  # the fork server ends with this process
    with (Path(folder) / "worker.log").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.chdir(Path(folder).parents[1])
    return main(folder, early)


async def _run(run: Run, home: Path, early: ForkServer | None) -> str:
    from claimed_jlab.run.local.kernels import KernelPool
    from claimed_jlab.run.local.objects import ObjectStore
    from claimed_jlab.run.local.preload import libraries
    from claimed_jlab.run.local.skipping import Memory
    from claimed_jlab.run.sources import Sources

    order = run.order
    objects = ObjectStore(home / "objects")
    memory = Memory(home / "cache", objects, Sources(home / "sources"))
    pool = KernelPool(run.scratch, libraries(task.component.requirements for task in order.plan.tasks), early)
    first = order.plan.tasks[0].name if order.plan.tasks else ""
    if not order.cache or memory.changed(order.plan.path, first, {}) == "first run":
        pool.warm()  # a kernel will be wanted: it is made ready beside what follows
    from claimed_jlab.run.local.capacity import machine
    from claimed_jlab.run.local.recording import Lineage
    from claimed_jlab.run.local.scheduler import Scheduler
    from claimed_jlab.run.local.work import Shop

    capacity = machine(order.jobs)
    objects.sweep()
    # On the disk of the objects, so that an output is published by a rename and not by a copy.
    run.scratch.mkdir(exist_ok=True)
    lineage = Lineage(home / "lineage.db", order)
    await lineage.start()
    shop = Shop(run, order, objects, memory, pool, lineage, EventLog(run.events))
    try:
        state = await Scheduler(shop, capacity).run()
    finally:
        await pool.close()
        run.forget_scratch()
    await lineage.finish_run(state)
    return state


def _end(run: Run, state: str, error: str | None) -> int:
    record = run.record()
    failed = next((f"task {name}: {task.error}" for name, task in record.tasks.items() if task.state == "FAILED"), None)
    log = EventLog(run.events)
    for name, task in record.tasks.items():
        if task.state in ("NEW", "RUNNING") and name not in run.order.plan.groups:
            log.append(kind="task", task=name, state="CANCELED", reason="not run: the run failed")
    report = _write_report(run)
    log.append(kind="run", state=state, error=error or failed, report=report, worker_seconds=time.process_time())
    return 0 if state == "COMPLETE" else 1


def _write_report(run: Run) -> str | None:
    from claimed_jlab.run.results import report_page

    text = report_page(run.record())
    if text is None:
        return None
    path = run.folder / "report.html"
    path.write_text(text, encoding="utf-8")
    return str(path)


if __name__ == "__main__":
    sys.exit(stand_by() if sys.argv[1] == "-" else main(sys.argv[1]))

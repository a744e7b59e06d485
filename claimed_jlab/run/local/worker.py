"""The process that runs one run: `python -m claimed_jlab.run.local.worker RUN_FOLDER`.

It belongs to no terminal and no server, so that it outlives both. It holds the run's lock for as long as it lives:
who finds the lock free knows that it died.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lock import life_lock
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.runs import Run

# jsonschema, which nbformat imports, compiles a grammar for a check that nobody here asks for: 0.8 s; for another, it
# imports arrow.
for _module in ("rfc3987_syntax", "isoduration"):
    sys.modules.setdefault(_module, None)  # type: ignore[arg-type]


def main(folder: str) -> int:
    """Runs the run in that folder to its end; 0 when it completed."""
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
            state = asyncio.run(_run(run, home))
        except ClaimedError as error:
            return _end(run, "FAILED", str(error))
        except Exception as error:
            traceback.print_exc()
            return _end(run, "FAILED", f"{type(error).__name__}: {error}")
        return _end(run, state, None)


async def _run(run: Run, home: Path) -> str:
    from claimed_jlab.run.local.kernels import KernelPool
    from claimed_jlab.run.local.objects import ObjectStore
    from claimed_jlab.run.local.preload import libraries
    from claimed_jlab.run.local.skipping import Memory
    from claimed_jlab.run.sources import Sources

    order = run.order
    objects = ObjectStore(home / "objects")
    memory = Memory(home / "cache", objects, Sources(home / "sources"))
    pool = KernelPool(run.scratch, libraries(task.component.requirements for task in order.plan.tasks))
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
    sys.exit(main(sys.argv[1]))

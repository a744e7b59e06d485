"""What a worker does: one run, from its first event to its last (`ready.py` is its program).

It belongs to no terminal and no server, so that it outlives both. It holds the run's lock for as long as it lives:
who finds the lock free knows that it died.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage.location import reopened
from claimed_jlab.lock import life_lock
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.runs import Run

if TYPE_CHECKING:
    from claimed_jlab.run.local.capacity import Capacity
    from claimed_jlab.run.local.forking import ForkServer
    from claimed_jlab.run.local.kernels import KernelPool
    from claimed_jlab.run.local.objects import ObjectStore
    from claimed_jlab.run.local.skipping import Memory
    from claimed_jlab.run.runs import Order


def work(folder: str, early: ForkServer | None = None) -> int:
    """Runs the run in that folder to its end; 0 when it completed. early: a fork server that is there already."""
    run = Run(Path(folder))
    with life_lock(run.lock) as free:
        if not free:
            return 0
        log = EventLog(run.events)
        home = run.folder.parents[1]
        log.append(kind="run", state="RUNNING", pid=os.getpid(), lineage=run.lineage)
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


async def _run(run: Run, home: Path, early: ForkServer | None) -> str:
    from claimed_jlab.run.local.capacity import machine
    from claimed_jlab.run.local.kernels import KernelPool
    from claimed_jlab.run.local.objects import ObjectStore
    from claimed_jlab.run.local.preload import libraries
    from claimed_jlab.run.local.skipping import Memory
    from claimed_jlab.run.sources import Sources

    order = run.order
    capacity = machine(order.jobs)
    objects = ObjectStore(home / "objects")
    memory = Memory(home / "cache", objects, Sources(home / "sources"))
    # On the disk of the objects, so that an output is published by a rename and not by a copy.
    run.scratch.mkdir(exist_ok=True)
    pool = KernelPool(run.scratch, libraries(task.component.requirements for task in order.plan.work()), early)
    try:
        # They come up beside what follows.
        pool.expect(min(capacity.jobs, _sure_of_kernels(order, memory)))
        await asyncio.to_thread(_import_the_rest)
        return await _schedule(run, capacity, objects, memory, pool)
    finally:
        await pool.close()
        run.forget_scratch()


def _sure_of_kernels(order: Order, memory: Memory) -> int:
    """How many tasks will want a kernel as soon as the run begins, for all that is known before a look at files."""
    first = [
        task for task in order.plan.tasks if not task.needs and task.component.container is None and not task.reuse
    ]
    if order.cache and any(memory.changed(order.plan.path, task.name, {}) != "first run" for task in first):
        return 0
    return len(first)


def _import_the_rest() -> None:
    from claimed_jlab.run.local import notebook, recording, scheduler, task  # noqa: F401


async def _schedule(run: Run, capacity: Capacity, objects: ObjectStore, memory: Memory, pool: KernelPool) -> str:
    from claimed_jlab.run.local.recording import Lineage
    from claimed_jlab.run.local.scheduler import Scheduler
    from claimed_jlab.run.local.work import Shop

    objects.sweep()
    lineage = Lineage(reopened(run.lineage), run.order)
    recorded = asyncio.ensure_future(lineage.start())
    shop = Shop(run, run.order, objects, memory, pool, lineage, EventLog(run.events))
    state = await Scheduler(shop, capacity).run()
    await recorded
    await lineage.finish_run(state)
    for name, result in shop.results.items():
        if await lineage.name_late(name, result):
            shop.log.append(kind="task", task=name, outputs=result.outputs)
    return state


def _end(run: Run, state: str, error: str | None) -> int:
    from claimed_jlab.run.results import write_report

    record = run.record()
    failed = next((f"task {name}: {task.error}" for name, task in record.tasks.items() if task.state == "FAILED"), None)
    log = EventLog(run.events)
    for name, task in record.tasks.items():
        if task.state in ("NEW", "RUNNING") and name not in run.order.plan.groups:
            log.append(kind="task", task=name, state="CANCELED", reason="not run: the run failed")
    report = write_report(run)
    log.append(kind="run", state=state, error=error or failed, report=report, worker_seconds=time.process_time())
    return 0 if state == "COMPLETE" else 1

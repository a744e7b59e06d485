"""Runs a plan: starts each task when what it needs is there and this machine has room, the longest way first.

A task that runs for each item of a list becomes one task for each item; what they give is collected in its name.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.local.capacity import Capacity, Share
from claimed_jlab.run.local.each import Loop, collected, opened
from claimed_jlab.run.local.work import Shop, TaskWork
from claimed_jlab.run.planned import PlannedTask
from claimed_jlab.run.record import FINAL, GOOD, State

_LOOK_SECONDS = 0.2
_GRACE_SECONDS = 1.0


class Scheduler:
    """One run, from its first task to its last."""

    def __init__(self, shop: Shop, capacity: Capacity) -> None:
        self._shop = shop
        self._capacity = capacity
        self._work = TaskWork(shop, self._kernels_ahead)
        self._plan = shop.order.plan
        self._tasks = {task.name: task for task in self._plan.tasks}
        self._ranks = ranks(self._plan.tasks)
        self._loops: dict[str, Loop] = {}
        self._opened: list[PlannedTask] = []
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stopping = ""

    async def run(self) -> State:
        """Runs everything. Returns how the run ended. Raises TooMuch where a task can never have what it asks for."""
        shop = self._shop
        shop.states.update(dict.fromkeys(self._tasks, "NEW"))
        for task in self._plan.work():
            self._capacity.check(task.name, task.resources)
        deadline = time.monotonic() + self._plan.timeout if self._plan.timeout else None
        try:
            while not self._stopping:
                before = dict(shop.states)
                await self._turn(at_exit=False)
                if self._running:
                    await self._wait()
                    self._stopping = self._reason_to_stop(deadline)
                elif before == shop.states:
                    break
        finally:
            await self._stop_running()
        await self._cancel_rest(self._stopping or "not run")
        state = self._state()
        self._stopping = ""
        await self._run_exit(state)
        return self._state() if state == "COMPLETE" else state

    def _state(self) -> State:
        if self._stopping == "canceled":
            return "CANCELED"
        return "FAILED" if self._stopping or "FAILED" in self._shop.states.values() else "COMPLETE"

    def _reason_to_stop(self, deadline: float | None) -> str:
        if self._shop.run.cancel_request.exists():
            return "canceled"
        if deadline is not None and time.monotonic() > deadline:
            return f"the run took longer than its timeout of {self._plan.timeout:g} s"
        return ""

    async def _run_exit(self, state: State) -> None:
        """The task that always runs; it can see in its environment how the run went."""
        last = next((task for task in self._plan.tasks if task.at_exit), None)
        if last is None:
            return
        failed = [name for name, found in self._shop.states.items() if found == "FAILED"]
        self._shop.environment |= {
            "CLAIMED_RUN_ID": self._shop.run.run_id,
            "CLAIMED_RUN_STATE": state,
            "CLAIMED_RUN_FAILED": ",".join(failed),
        }
        await self._turn(at_exit=True)
        while self._running:
            await self._wait()

    async def _turn(self, *, at_exit: bool) -> None:
        """Starts what can be started now."""
        waiting: list[PlannedTask] = []
        for name, loop in list(self._loops.items()):
            if self._shop.states[name] == "RUNNING":
                await self._advance(loop)
        for tasks in (self._plan.tasks, self._opened):
            for task in tasks:  # a loop that opens here has its first items looked at in this turn
                if (
                    task.at_exit is not at_exit
                    or self._shop.states[task.name] != "NEW"
                    or not await self._is_ready(task)
                ):
                    continue
                if task.each is None or task.reuse:
                    waiting.append(task)
                else:
                    await self._open(task)
        for task in sorted(waiting, key=self._rank, reverse=True):
            share = self._capacity.take(task.name, task.resources)
            if share is not None:
                self._running[task.name] = asyncio.create_task(self._do(task, share))

    def _rank(self, task: PlannedTask) -> int:
        """How far it is to the end; an item of a list is as far from it as the list."""
        name = task.name
        while name not in self._ranks:
            name = name.rpartition(".")[0]
        return self._ranks[name]

    async def _is_ready(self, task: PlannedTask) -> bool:
        """Whether a task may begin; one that never will is canceled here."""
        states = self._shop.states
        if task.name in self._running:
            return False
        blocking = [name for name in task.needs if states[name] in ("FAILED", "CANCELED")]
        if blocking:
            said = ", ".join(f"{name} {states[name]}" for name in blocking)
            await self._shop.cancel(task.name, f"not run: {said}")
            return False
        if not all(states[name] in GOOD for name in task.needs):
            return False
        try:
            refusal = self._shop.refusal(task)
        except ClaimedError as error:
            await self._shop.fail(task.name, error)
            return False
        if refusal:
            await self._shop.cancel(task.name, f"not run: {refusal} is false")
        return not refusal

    async def _open(self, task: PlannedTask) -> None:
        """Opens a list: it is then running, and the tasks of its first items are looked at with all others."""
        try:
            loop = self._loops[task.name] = opened(self._shop, task)
        except ClaimedError as error:
            return await self._shop.fail(task.name, error)
        self._shop.states.update({one.name: "NEW" for item in loop.items for one in item})
        self._shop.change(task.name, "RUNNING", reason=f"for each of {len(loop.items)} items")
        return await self._advance(loop)

    async def _advance(self, loop: Loop) -> None:
        """Has as many items of a list under way as may be; when all have ended, the list ends."""
        states = self._shop.states
        failed = loop.failed(states)
        if failed:
            for one in loop.withheld():
                await self._shop.cancel(one.name, f"not run: {failed} {states[failed]}")
        else:
            self._opened += loop.next_tasks(states)
        if not loop.under_way(states):
            await self._close(loop, failed)

    async def _close(self, loop: Loop, failed: str | None) -> None:
        name = loop.task.name
        try:
            if failed:
                raise ClaimedError(f"{failed} {self._shop.states[failed]}")
            result = collected(self._shop, loop)
        except ClaimedError as error:
            return await self._shop.fail(name, error)
        self._shop.results[name] = result
        self._shop.change(name, "COMPLETE", outputs=result.outputs, seconds=result.seconds)

    async def _do(self, task: PlannedTask, share: Share) -> None:
        """One task to a final state. No exception leaves it but a cancellation, and a log that can't be written."""
        try:
            await self._work.do(task, share)
        except asyncio.CancelledError:
            with suppress(ClaimedError):
                await asyncio.shield(self._shop.cancel(task.name, self._stopping or "canceled"))
            raise
        except Exception as error:
            # An interrupted cell raises KeyboardInterrupt in the notebook: that is no failure of the task.
            if self._stopping:
                await self._shop.cancel(task.name, self._stopping)
            else:
                await self._shop.fail(task.name, error)
        finally:
            self._capacity.give_back(task.name)

    async def _wait(self) -> None:
        await asyncio.wait(self._running.values(), timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in [task for task in self._running.values() if task.done()]:
            task.result()  # nothing leaves a task but what stops the run, such as a log that can't be written
        self._running = {name: task for name, task in self._running.items() if not task.done()}

    async def _cancel_rest(self, reason: str) -> None:
        for name, state in list(self._shop.states.items()):
            last = self._tasks[name].at_exit if name in self._tasks else False
            if state not in FINAL and not last:
                await self._shop.cancel(name, reason)

    async def _stop_running(self) -> None:
        if not self._running:
            return
        for attempt in list(self._shop.attempts.values()):
            if attempt.kernel is not None:
                await attempt.kernel.interrupt()
        await asyncio.wait(self._running.values(), timeout=_GRACE_SECONDS)
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)
        self._running = {}

    def _kernels_ahead(self) -> int:
        """How many kernels will be wanted soon: for the task that asks, and for those beside it or next."""
        unstarted = sum(1 for name, state in self._shop.states.items() if state == "NEW" and name not in self._running)
        return min(max(2, self._capacity.jobs), unstarted + 1)


def ranks(tasks: list[PlannedTask]) -> dict[str, int]:
    """How many tasks there are, at most, from each task to the end. `tasks` are in an order that can be run."""
    found = {task.name: 1 for task in tasks}
    for task in reversed(tasks):
        for need in task.needs:
            found[need] = max(found[need], found[task.name] + 1)
    return found

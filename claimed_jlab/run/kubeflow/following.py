"""One look at a run on a cluster: what is new there becomes events of the run here.

A look asks for the run once. Where a task has ended it asks for what the task gave, and only then says so, so that an
end that is seen has its outputs. Any process may look; one at a time does, which holds the run's lock meanwhile.
"""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lock import life_lock
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.kubeflow import pods, state
from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.kubeflow.home import Brought, Courier
from claimed_jlab.run.kubeflow.lineage import RemoteLineage, inputs_of
from claimed_jlab.run.kubeflow.sending import find_sent
from claimed_jlab.run.kubeflow.spec import spec_of
from claimed_jlab.run.kubeflow.state import RemoteRun
from claimed_jlab.run.kubeflow.workflow import Leaf, Nodes, TaskState, leaves, run_state, workflow_of
from claimed_jlab.run.planned import Plan, PlannedTask
from claimed_jlab.run.record import FINAL, RunRecord, group_record
from claimed_jlab.run.remote import unmark
from claimed_jlab.run.results import write_report
from claimed_jlab.run.runs import Run

# How long what a task gave is looked for after its end: a log may come late, and some tasks have none.
_PATIENCE_SECONDS = 20.0
# How long the cluster may take to show a run that it was sent.
_SENT_SECONDS = 60.0
_LOG_FAULTS = (404, 500)
# Of how many running tasks a look asks whether their pods have started.
_ASKED_A_LOOK = 3


def refresh(run: Run, client: Client) -> bool:
    """Looks once; whether anything was new. A cluster that is away is a notice of the run, and raises nothing."""
    with life_lock(run.lock) as free:
        if not free:
            return False
        remote = state.load(run)
        if remote is None or run.record().ended:
            unmark(run)
            return False
        if client.away is not None:
            _tell(run, remote, client.away)
            return False
        before = run.events.stat().st_size if run.events.exists() else 0
        try:
            _Look(run, remote, client).look()
        except ClaimedError as error:
            remote.notice = f"the cluster can't be asked: {error}"
            if getattr(error, "passing", False):
                client.rest(remote.notice)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            remote.notice = f"the cluster answers what can't be understood: {type(error).__name__}: {error}"
        state.save(run, remote)
        return run.events.stat().st_size != before if run.events.exists() else False


def _tell(run: Run, remote: RemoteRun, notice: str) -> None:
    if remote.notice != notice:
        state.save(run, remote.model_copy(update={"notice": notice}))


class _Look:
    def __init__(self, run: Run, remote: RemoteRun, client: Client) -> None:
        self._run = run
        self._remote = remote
        self._client = client
        self._log = EventLog(run.events)
        self._record = run.record()
        self._asked = 0
        self._courier = Courier(run, remote, client)
        self._lineage = RemoteLineage(run, remote)

    def look(self) -> None:
        if self._remote.endpoint != self._client.settings.endpoint:
            here = self._client.settings.endpoint or "none"
            raise ClaimedError(f"it runs at {self._remote.endpoint}, and the settings name {here}")
        if self._remote.step == "sending" and not self._found():
            return
        if self._run.cancel_request.exists() and not self._remote.cancel_sent:
            self._terminate()
        answer = self._answer()
        if answer is not None:
            self._follow(answer)

    def _found(self) -> bool:
        """Whether the cluster has a run of which it was not known whether it came there."""
        sent = find_sent(self._client, self._remote)
        if sent is not None:
            self._remote.remote_id, self._remote.step = sent, "sent"
            return True
        if time.time() - self._remote.sent > _SENT_SECONDS:
            self._end("FAILED", "the cluster never got it: send it again")
        return False

    def _terminate(self) -> None:
        try:
            self._client.call("POST", f"/runs/{self._remote.remote_id}:terminate")
        except ClusterError as error:
            if error.status is None or error.status in (401, 403, 429):
                raise
            # It has ended meanwhile: the answer to the next question says how.
        self._remote.cancel_sent = True

    def _answer(self) -> dict[str, Any] | None:
        try:
            return self._client.get(f"/runs/{self._remote.remote_id}")
        except ClusterError as error:
            if error.is_gone:
                self._end("FAILED", "the run is no longer on the cluster: somebody deleted it there")
                return None
            raise

    def _follow(self, answer: dict[str, Any]) -> None:
        remote, now = self._remote, run_state(answer.get("state", ""))
        if self._record.state == "NEW":
            self._log.append(kind="run", state="RUNNING", lineage=self._run.lineage)
            self._record = self._run.record()
        details = answer.get("run_details", {}).get("task_details", [])
        remote.workflow = remote.workflow or workflow_of(details)
        nodes, plan = Nodes(details, remote.workflow), self._run.order.plan
        remote.ended = now if now in FINAL else ""
        remote.notice = None
        waiting, sent = False, spec_of(state.spec(self._run))
        work = {task.name: task for task in plan.work()}
        for leaf in leaves(sent["spec"], sent["platform"], plan):
            found = nodes.of(leaf) or TaskState("NEW")
            waiting |= not self._task(leaf, work[leaf.task], found)
        for loop in (task for task in plan.tasks if task.body):
            self._loop(loop)
        if remote.ended and not waiting:
            canceled = remote.cancel_sent and now != "COMPLETE"
            said = answer.get("error", {}).get("message") if isinstance(answer.get("error"), dict) else None
            self._end("CANCELED" if canceled else now, said)

    def _task(self, leaf: Leaf, task: PlannedTask, found: TaskState) -> bool:
        """Tells of a task; whether all that is to be known of it is."""
        seen = self._record.tasks[task.name].state if task.name in self._record.tasks else "NEW"
        if seen in FINAL and not (seen in ("FAILED", "CANCELED") and found.state in ("RUNNING", "COMPLETE", "CACHED")):
            return True
        if found.state == "NEW":
            if self._remote.ended:
                self._cancel(task.name)
            return bool(self._remote.ended)
        if found.state == "CANCELED":
            self._cancel(task.name, _why_not(task))
            return True
        if seen != "RUNNING":
            self._start(leaf, task, found)
        if found.state == "RUNNING":
            return self._running(task, found)
        return self._finish(leaf, task, found)

    def _loop(self, loop: PlannedTask) -> None:
        """A pipeline that runs for each item of a list, by the tasks in it."""
        names = [task.name for task in Plan(pipeline="", path="", parameters={}, tasks=loop.body).work()]
        members = [self._record.tasks[name] for name in names if name in self._record.tasks]
        if not members:
            return
        now = group_record(members, loop.component.reference, loop.component.title)
        if now.state == self._record.tasks[loop.name].state or (len(members) < len(names) and now.state in FINAL):
            return
        outputs = {
            name: self._record.tasks[task].outputs.get(output)
            for name, (task, output) in loop.gives.items()
            if task in self._record.tasks
        }
        self._log.append(kind="task", task=loop.name, state=now.state, outputs=outputs, error=now.error)
        self._record = self._run.record()

    def _running(self, task: PlannedTask, found: TaskState) -> bool:
        """A task that runs; says why where its pod does not start. A run that ended has none that runs."""
        if self._remote.ended:
            self._fail(task, found, "the cluster ended it")
            return True
        if found.pods and self._asked < _ASKED_A_LOOK:
            self._asked += 1
            trouble = pods.trouble_of(self._client, found.pods[-1], self._remote.namespace)
            if trouble:
                self._remote.notice = f"task {task.name}: {trouble}"
        return False

    def _start(self, leaf: Leaf, task: PlannedTask, found: TaskState) -> None:
        inputs = inputs_of(task, self._record)
        execution = self._lineage.start_task(task, inputs, leaf.image)
        log = str(self._run.log(task.name))
        event = {"started": found.started, "inputs": inputs, "log": log, "execution_id": execution}
        # One that is tried again has nothing of its last end.
        fresh = dict.fromkeys(("finished", "seconds", "error", "traceback", "cell"))
        self._log.append(kind="task", task=task.name, state="RUNNING", **event, **fresh)
        self._record = self._run.record()

    def _finish(self, leaf: Leaf, task: PlannedTask, found: TaskState) -> bool:
        brought, why = self._bring(leaf, task, found)
        if brought is None:
            return False
        if found.state == "FAILED" and self._remote.cancel_sent:
            self._cancel(task.name, "canceled while it ran")
            return True
        if found.state == "FAILED":
            trouble = brought.error or self._trouble(found) or self._last_words(task.name)
            self._fail(task, found, trouble, brought)
            return True
        outputs = self._lineage.finish_task(task, found.state, brought, found.pods)
        notebook = self._run.notebook(task.name)
        self._log.append(
            kind="task",
            task=task.name,
            state=found.state,
            cached=found.state == "CACHED",
            outputs=outputs,
            seconds=_seconds(found),
            finished=found.finished,
            notebook=str(notebook) if notebook.exists() else None,
            reason=why,
        )
        self._record = self._run.record()
        return True

    def _bring(self, leaf: Leaf, task: PlannedTask, found: TaskState) -> tuple[Brought | None, str]:
        """(what a task gave, why it is not all); None while it may still come."""
        why = "nothing on the cluster tells what it gave"
        try:
            brought = self._courier.bring(leaf, task, found)
            if brought.found or (task.component.container is not None and not task.component.outputs):
                return brought, brought.reason
        except ClusterError as error:
            if error.status not in _LOG_FAULTS:
                raise
            brought, why = Brought(), f"its log is not there: {error.message}"
        if found.state == "CACHED" or (found.state == "FAILED" and self._run.log(task.name).exists()):
            return brought, why
        since = self._remote.missing.setdefault(task.name, time.time())
        if time.time() - since < _PATIENCE_SECONDS:
            return None, why
        return brought, why

    def _last_words(self, task: str) -> str:
        log = self._run.log(task)
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        said = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"its pod failed: {said[:500]}" if said else "its pod failed, and no log of it tells why"

    def _trouble(self, found: TaskState) -> str | None:
        return pods.trouble_of(self._client, found.pods[-1], self._remote.namespace) if found.pods else None

    def _fail(self, task: PlannedTask, found: TaskState, why: str, brought: Brought | None = None) -> None:
        brought = brought or Brought()
        brought.error = brought.error or why
        self._lineage.finish_task(task, "FAILED", brought, found.pods)
        notebook = self._run.notebook(task.name)
        more = {"error": why, "cell": brought.cell, "traceback": brought.traceback, "seconds": _seconds(found)}
        seen = str(notebook) if notebook.exists() else None
        self._log.append(kind="task", task=task.name, state="FAILED", notebook=seen, **more)

    def _cancel(self, name: str, reason: str = "not run: the run ended before") -> None:
        self._lineage.cancel_task(name, reason)
        self._log.append(kind="task", task=name, state="CANCELED", reason=reason)

    def _end(self, now: str, error: str | None) -> None:
        record = self._run.record()
        for name, task in record.tasks.items():
            if task.state not in FINAL and name not in self._run.order.plan.groups:
                self._log.append(kind="task", task=name, state="CANCELED", reason="not run: the run ended before")
        with suppress(ClaimedError):  # its store is gone: the run has ended all the same
            self._lineage.finish_run(now)
        report = write_report(self._run)
        failed = _failure(self._run.record())
        told = (error or failed) if now == "FAILED" else None
        self._log.append(kind="run", state=now, error=told, report=report)
        unmark(self._run)


def _failure(record: RunRecord) -> str | None:
    return next((f"task {name}: {task.error}" for name, task in record.tasks.items() if task.state == "FAILED"), None)


def _why_not(task: PlannedTask) -> str:
    if len(task.conditions) == 1:
        return f"not run: {task.conditions[0].text} is false"
    return "not run: its condition is false, or what it needs was not made"


def _seconds(found: TaskState) -> float | None:
    if not found.started or not found.finished:
        return None
    begin, end = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (found.started, found.finished))
    return round(max(0.0, (end - begin).total_seconds()), 3)

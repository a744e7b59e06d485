"""The runs kept under `$CLAIMED_HOME/runs`: making, finding, reading them, and noticing that a worker has died.

A run is a folder: `plan.json` (what is to run), `events.jsonl` (what happened), `worker.lock` (held while its worker
lives), `notebooks/`, `logs/`. The record is derived from the first two at every reading.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from claimed_jlab.component.requirements import environment_versions
from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage.location import configured_location, reopened, shown
from claimed_jlab.lock import life_lock
from claimed_jlab.paths import home
from claimed_jlab.run.eventlog import EventLog, read_events
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.record import FINAL, RunRecord, TaskRecord, apply_events, group_record
from claimed_jlab.wholefile import write_whole

WORKER_DIED = "worker died"
# A worker that was just started has not taken its lock yet.
STARTING_SECONDS = 8.0


class UnknownRun(ClaimedError):
    """There is no run of that id."""

    code = "unknown-run"


class Order(BaseModel):
    """plan.json: the plan, and how it is to be run.

    packages: what each task required, as installed then, and its `python`.
    expected: seconds that tasks took in earlier runs.
    remote: no process of this machine runs it.  lineage: where it is recorded, without a password.
    """

    run_id: str
    engine: str
    user: str
    created: float
    jobs: int | None = None
    cache: bool = True
    remote: bool = False
    lineage: str | None = None
    packages: dict[str, dict[str, str]] = Field(default_factory=dict)
    expected: dict[str, float] = Field(default_factory=dict)
    plan: Plan


class Run:
    """One run's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run_id = folder.name
        self.events = folder / "events.jsonl"
        self.lock = folder / "worker.lock"
        self.cancel_request = folder / "cancel"
        self.scratch = folder / "work"
        self._archived = folder / "archived"

    @property
    def exists(self) -> bool:
        """Whether it is there: a run begins with its plan, and ends with it when it is removed."""
        return (self.folder / "plan.json").exists()

    @property
    def order(self) -> Order:
        return _read_order(self.folder / "plan.json")

    @property
    def lineage(self) -> str:
        """The location of the lineage store that the run is recorded in, without a password."""
        return self.order.lineage or str(self.folder.parents[1] / "lineage.db")

    def notebook(self, task: str) -> Path:
        """The task's executed notebook."""
        return self.folder / "notebooks" / f"{task}.ipynb"

    def log(self, task: str) -> Path:
        """What the task printed."""
        return self.folder / "logs" / f"{task}.log"

    def record(self) -> RunRecord:
        """The run as it stands. One whose worker is dead is marked FAILED first."""
        return self._with_groups(self._record())

    def _with_groups(self, record: RunRecord) -> RunRecord:
        for name, group in self.order.plan.groups.items():
            members = [record.tasks[task] for task in group.tasks if task in record.tasks]
            if members:
                record.tasks[name] = group_record(members, group.component, group.title)
                record.tasks[name].outputs = {
                    output: record.tasks[task].outputs[port]
                    for output, (task, port) in group.outputs.items()
                    if task in record.tasks and port in record.tasks[task].outputs
                }
        return record

    def _record(self) -> RunRecord:
        record = apply_events(self.blank_record(), read_events(self.events))
        if record.ended:
            return record
        bury(self)
        record = apply_events(self.blank_record(), read_events(self.events))
        if not record.ended and self.is_dead():
            # Its end could not be logged, as on a full disk: the answer is true all the same.
            _mark_failed(record, f"{WORKER_DIED}; can't write to {self.folder}: is the disk full?")
        return record

    def is_dead(self) -> bool:
        """Whether no worker runs it any more, though it has not ended."""
        if self.order.remote:
            return False
        if time.time() - self.order.created < STARTING_SECONDS and not self.events.exists():
            return False
        with life_lock(self.lock) as free:
            return free

    @property
    def archived(self) -> bool:
        """Whether it was put away: it is kept, and left out of lists."""
        return self._archived.exists()

    def archive(self, archived: bool) -> None:
        """Puts it away, or back."""
        if archived:
            self._archived.touch()
        else:
            self._archived.unlink(missing_ok=True)

    def request_cancel(self) -> None:
        """Asks the worker to stop. It looks several times a second."""
        self.cancel_request.touch()

    def forget_scratch(self) -> None:
        """Removes the folders that tasks worked in."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    def blank_record(self) -> RunRecord:
        """The record before anything happened: every task of the plan, NEW."""
        order = self.order
        tasks = {
            task.name: TaskRecord(
                component=task.component.reference,
                title=task.component.title,
                expected=order.expected.get(task.name),
            )
            for task in order.plan.tasks
        }
        return RunRecord(
            run_id=self.run_id,
            pipeline=order.plan.pipeline,
            path=order.plan.path,
            engine=order.engine,
            user=order.user,
            parameters=order.plan.parameters,
            tasks=tasks,
        )


def create_run(
    folder: Path,
    plan: Plan,
    *,
    engine: str,
    jobs: int | None = None,
    cache: bool = True,
    expected: Mapping[str, float] | None = None,
    remote: bool = False,
) -> Run:
    """Makes the folder of a new run of `plan` under the CLAIMED home `folder`.

    expected: seconds that tasks took.  remote: it will run elsewhere.  Raises BadConfiguration.
    """
    location = configured_location()
    run = Run(folder / "runs" / _new_id())
    for part in ("notebooks", "logs"):
        (run.folder / part).mkdir(parents=True)
    order = Order(
        run_id=run.run_id,
        engine=engine,
        user=user_name(),
        created=time.time(),
        jobs=jobs,
        cache=cache,
        remote=remote,
        lineage=None if location is None else shown(location),
        expected=dict(expected or {}),
        packages={} if remote else _packages(plan),
        plan=plan,
    )
    write_whole(run.folder / "plan.json", order.model_dump_json())
    return run


def _packages(plan: Plan) -> dict[str, dict[str, str]]:
    return {task.name: environment_versions(task.component.requirements, task.component.kernel) for task in plan.work()}


def _new_id() -> str:
    """The second, the microsecond and a chance part, so that ids sort as runs were made, within one second too."""
    now = datetime.now(timezone.utc)
    return f"{now:%Y%m%d-%H%M%S}-{now.microsecond:05x}{secrets.token_hex(2)}"


def find_run(run_id: str, folder: Path | None = None) -> Run:
    """The run of that id, of the only run that begins so, or the newest for `latest`. Raises UnknownRun."""
    runs = list(all_runs(folder))
    if run_id == "latest" and runs:
        return runs[0]
    named = [run for run in runs if run.run_id == run_id] or [run for run in runs if run.run_id.startswith(run_id)]
    if len(named) != 1 or not run_id:
        hint = "see `jupyter claimed runs list`" if not named else "several runs begin so"
        raise UnknownRun(f"there is no run {run_id!r}", hint=hint)
    return named[0]


def all_runs(folder: Path | None = None) -> Iterator[Run]:
    """Every run, the newest first."""
    root = (folder or home()) / "runs"
    if root.is_dir():
        for path in sorted(root.iterdir(), key=lambda path: path.name, reverse=True):
            run = Run(path)
            if run.exists:
                yield run


def is_gone(run_id: str) -> bool:
    """Whether a run of this machine has ended, or its worker died. One that is not here may run elsewhere."""
    try:
        return find_run(run_id).record().ended
    except UnknownRun:
        return False


def bury(run: Run) -> bool:
    """Writes the end of a run whose worker died; whether it had to. Only one process does it."""
    if not run.is_dead():
        return False
    with life_lock(run.lock) as free:
        if not free:
            return False
        record = apply_events(run.blank_record(), read_events(run.events))
        if record.ended:
            return False
        died = WORKER_DIED if run.events.exists() else _cause(run)
        try:
            log = EventLog(run.events)
            for name, task in record.tasks.items():
                if task.state == "RUNNING":
                    log.append(kind="task", task=name, state="FAILED", error=WORKER_DIED)
                elif task.state not in FINAL:
                    log.append(kind="task", task=name, state="CANCELED", error=f"not run: {WORKER_DIED}")
            log.append(kind="run", state="FAILED", error=died)
        except OSError:
            return False
    _close_lineage(record)
    run.forget_scratch()
    return True


def user_name() -> str:
    """Who runs this, by the hub's word or the system's."""
    if os.environ.get("JUPYTERHUB_USER"):
        return os.environ["JUPYTERHUB_USER"]
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _cause(run: Run) -> str:
    """Why a worker never began, by the last line that it printed."""
    try:
        lines = (run.folder / "worker.log").read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return WORKER_DIED
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f"{WORKER_DIED}: {last}" if last else WORKER_DIED


def _mark_failed(record: RunRecord, why: str) -> None:
    record.state, record.error = "FAILED", why
    for task in record.tasks.values():
        if task.state not in FINAL:
            task.state, task.error = "FAILED" if task.state == "RUNNING" else "CANCELED", why


def _close_lineage(record: RunRecord) -> None:
    if record.lineage is None:
        return
    from claimed_jlab.lineage import Recorder, open_store
    from claimed_jlab.lineage.journal import open_journal

    with suppress(ClaimedError):  # a store that is gone, or never heard of the run, has nothing to close
        store = open_store(reopened(record.lineage))
        # What it wrote last comes before its end.
        open_journal(store).drain()
        Recorder(store).fail_unfinished(record.run_id, WORKER_DIED)


@lru_cache(maxsize=256)
def _read_order(path: Path) -> Order:
    """plan.json never changes once a run exists. Raises UnknownRun when it can't be read."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
        return Order.model_validate(data)
    except (OSError, ValueError) as error:
        raise UnknownRun("its plan can't be read", where=str(path)) from error

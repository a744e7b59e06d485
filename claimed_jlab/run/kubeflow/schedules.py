"""Recurring runs of KFP as schedules; the runs that they start come into the list of runs here.

`$CLAIMED_HOME/schedules/<id>/` keeps what a schedule runs, so that its runs can be followed as any other.
"""

from __future__ import annotations

import shutil
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

from claimed_jlab.errors import ClaimedError
from claimed_jlab.paths import home, writable_home
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.kubeflow import state
from claimed_jlab.run.kubeflow.client import Client, moment
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.remote import mark
from claimed_jlab.run.runs import Run, create_run
from claimed_jlab.run.schedules import Schedule, Timing

_LOOKED_AT = 50
_LAST = 5


class UnknownSchedule(ClaimedError):
    """The cluster has no schedule of that id."""

    code = "unknown-schedule"


def make(client: Client, sent: state.RemoteRun, timing: Timing, service_account: str = "") -> dict[str, Any]:
    """Makes a recurring run of a version that was sent; returns it as KFP answers. Raises ClusterError."""
    when: dict[str, Any] = {}
    if timing.start:
        when["start_time"] = _iso(timing.start)
    if timing.end:
        when["end_time"] = _iso(timing.end)
    if timing.cron is not None:
        trigger = {"cron_schedule": {"cron": timing.cron, **when}}
    else:
        trigger = {"periodic_schedule": {"interval_second": str(timing.interval_seconds), **when}}
    body: dict[str, Any] = {
        "display_name": timing.name,
        "experiment_id": sent.experiment_id,
        "pipeline_version_reference": {"pipeline_id": sent.pipeline_id, "pipeline_version_id": sent.version_id},
        "runtime_config": {"parameters": sent.parameters},
        "max_concurrency": str(timing.max_concurrency),
        "mode": "ENABLE",
        "no_catchup": not timing.catch_up,
        "trigger": trigger,
    }
    if sent.namespace:
        body["namespace"] = sent.namespace
    if service_account:
        body["service_account"] = service_account
    return client.call("POST", "/recurringruns", body=body)


def keep(schedule_id: str, plan: Plan, compiled: str, sent: state.RemoteRun) -> None:
    """Keeps what a schedule runs. compiled: as `spec.json` of a run.  Raises OSError."""
    folder = writable_home() / "schedules" / schedule_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spec.json").write_text(compiled, encoding="utf-8")
    (folder / "remote.json").write_text(sent.model_dump_json(), encoding="utf-8")
    (folder / "plan.json").write_text(plan.model_dump_json(), encoding="utf-8")


def listed(client: Client, browser: str) -> list[Schedule]:
    """All recurring runs of the experiment's namespace, the newest first. Raises ClusterError."""
    query = {"sort_by": "created_at desc", **client.settings.place}
    return [_schedule(item, browser) for item in client.pages("/recurringruns", "recurringRuns", query)]


def one(client: Client, schedule: str, browser: str) -> Schedule:
    """One of them. Raises UnknownSchedule, ClusterError."""
    return _schedule(_known(client, "GET", schedule), browser)


def enable(client: Client, schedule: str, enabled: bool) -> None:
    """Lets one go on, or rest. Raises UnknownSchedule, ClusterError."""
    _known(client, "POST", schedule, ":enable" if enabled else ":disable")


def delete(client: Client, schedule: str) -> None:
    """Ends one for good. Raises UnknownSchedule, ClusterError."""
    _known(client, "DELETE", schedule)
    shutil.rmtree(home() / "schedules" / Path(schedule).name, ignore_errors=True)


def adopt(client: Client, engine: str) -> list[Run]:
    """Makes runs here of those that the schedules kept here have started since. Raises ClusterError."""
    root = home() / "schedules"
    kept = {path.name: path for path in root.iterdir()} if root.is_dir() else {}
    if not kept:
        return []
    found = []
    for experiment in {_remote(path).experiment_id for path in kept.values()}:
        query = {"experiment_id": experiment, "sort_by": "created_at desc", "page_size": _LOOKED_AT}
        for item in client.get("/runs", query).get("runs", []):
            folder = kept.get(item.get("recurring_run_id", ""))
            if folder is not None and not (folder / "runs" / item["run_id"]).exists():
                found.append(_adopted(folder, item, engine))
    return found


def _adopted(folder: Path, item: dict[str, Any], engine: str) -> Run:
    plan = Plan.model_validate_json((folder / "plan.json").read_bytes())
    run = create_run(home(), plan, engine=engine, remote=True)
    shutil.copyfile(folder / "spec.json", state.spec(run))
    update = {"remote_id": item["run_id"], "step": "sent", "name": item.get("display_name", ""), "sent": time.time()}
    (folder / "runs").mkdir(exist_ok=True)
    (folder / "runs" / item["run_id"]).write_text(run.run_id, encoding="utf-8")
    state.save(run, _remote(folder).model_copy(update=update))
    EventLog(run.events).append(kind="run", state="RUNNING", started=item.get("created_at"))
    mark(run)
    return run


def _remote(folder: Path) -> state.RemoteRun:
    return state.RemoteRun.model_validate_json((folder / "remote.json").read_bytes())


def _known(client: Client, method: str, schedule: str, verb: str = "") -> dict[str, Any]:
    try:
        return client.call(method, f"/recurringruns/{quote(schedule, safe='')}{verb}")
    except ClusterError as error:
        if error.status == 404:
            raise UnknownSchedule(f"there is no schedule {schedule!r}") from None
        raise


def _schedule(item: dict[str, Any], browser: str) -> Schedule:
    trigger = item.get("trigger", {})
    cron, periodic = trigger.get("cron_schedule", {}), trigger.get("periodic_schedule", {})
    when = cron or periodic
    folder = home() / "schedules" / Path(item["recurring_run_id"]).name
    plan = Plan.model_validate_json((folder / "plan.json").read_bytes()) if folder.is_dir() else None
    seconds = periodic.get("interval_second")
    return Schedule(
        id=item["recurring_run_id"],
        name=item.get("display_name", ""),
        pipeline=plan.pipeline if plan else "",
        path=plan.path if plan else None,
        enabled=item.get("status") == "ENABLED",
        cron=cron.get("cron"),
        interval_seconds=int(seconds) if seconds else None,
        catch_up=not item.get("no_catchup", False),
        max_concurrency=int(item.get("max_concurrency", 1)),
        start=moment(when.get("start_time")),
        end=moment(when.get("end_time")),
        parameters=item.get("runtime_config", {}).get("parameters", {}),
        created=moment(item.get("created_at")),
        last_runs=_last_runs(item["recurring_run_id"]) if plan else [],
        link=f"{browser}/#/recurringrun/details/{item['recurring_run_id']}" if browser else None,
    )


def _last_runs(schedule: str) -> list[str]:
    root = home() / "schedules" / schedule / "runs"
    names = (path.read_text(encoding="utf-8") for path in root.iterdir()) if root.is_dir() else ()
    return sorted(names, reverse=True)[:_LAST]


def _iso(given: datetime) -> str:
    aware = given if given.tzinfo else given.replace(tzinfo=timezone.utc)
    return aware.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

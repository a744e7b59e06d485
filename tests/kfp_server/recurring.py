"""Recurring runs, which really fire: by cron or by interval, in the cluster's own time."""

from __future__ import annotations

import threading
import time
from typing import Any

from tests.kfp_server import experiments, runs
from tests.kfp_server.cluster import FINAL, Cluster
from tests.kfp_server.cron import Cron
from tests.kfp_server.listing import page_of
from tests.kfp_server.refusals import internal, invalid, not_found
from tests.kfp_server.request import Request, snake
from tests.kfp_server.specs import spec_of
from tests.kfp_server.state import new_id
from tests.kfp_server.wire import now, present, seconds_of, stamp

Json = dict[str, Any]
FIELDS = frozenset(
    [
        "recurring_run_id",
        "display_name",
        "description",
        "pipeline_version_id",
        "pipeline_spec",
        "pipeline_version_reference",
        "runtime_config",
        "service_account",
        "max_concurrency",
        "trigger",
        "mode",
        "created_at",
        "updated_at",
        "status",
        "error",
        "no_catchup",
        "namespace",
        "experiment_id",
        "plugins_input",
    ]
)
KEYS = {
    "id": "id",
    "recurring_run_id": "id",
    "name": "display_name",
    "display_name": "display_name",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "pipeline_id": "pipeline_id",
    "pipeline_version_id": "pipeline_version_id",
    "experiment_id": "experiment_id",
    "namespace": "namespace",
}


def shown(one: Json) -> Json:
    cron, interval = one.get("cron"), one.get("interval")
    times = {name: stamp(one[name]) for name in ("start_time", "end_time") if one.get(name) is not None}
    kind = "cron_schedule" if cron else "periodic_schedule"
    said = {"cron": cron} if cron else {"interval_second": str(interval)}
    return present(
        {
            "recurring_run_id": one["id"],
            "display_name": one["display_name"],
            "description": one.get("description"),
            **runs.source_shown(one),
            "runtime_config": present({"parameters": one["parameters"], "pipeline_root": one.get("pipeline_root")}),
            "service_account": one.get("service_account") or "pipeline-runner",
            "max_concurrency": str(one["max_concurrency"]),
            "trigger": {kind: {**times, **said}},
            "mode": "ENABLE" if one["enabled"] else "DISABLE",
            "created_at": stamp(one["created_at"]),
            "updated_at": stamp(one["updated_at"]),
            "status": "ENABLED" if one["enabled"] else "DISABLED",
            "no_catchup": one["no_catchup"],
            "namespace": one.get("namespace"),
            "experiment_id": one["experiment_id"],
        }
    )


def create(cluster: Cluster, request: Request) -> Json:
    fields = request.json(FIELDS)
    if not fields.get("display_name"):
        raise internal("Recurring run's name cannot be empty", "Failed to create a recurring run")
    spec, reference = runs.source_of(cluster, request, fields)
    parameters, root = runs.config_of(fields, spec)
    experiment = runs.experiment_of(cluster, request, fields)
    limit = int(fields.get("max_concurrency") or 0)
    if not 1 <= limit <= 10:
        raise invalid(f"Max concurrency of a recurring run must be at leas 1 and at most 10. Received {limit}").wrapped(
            "Failed to create a recurring run"
        )
    moment = cluster_time(cluster)
    with cluster.state.lock:
        held = cluster.state["recurring"]
        one = {
            "id": new_id(),
            "display_name": fields["display_name"],
            "description": fields.get("description", ""),
            "experiment_id": experiment["id"],
            "namespace": experiment.get("namespace", ""),
            "spec": spec.struct(),
            **reference,
            "parameters": parameters,
            "pipeline_root": root,
            "service_account": fields.get("service_account", ""),
            "max_concurrency": limit,
            "enabled": fields.get("mode") in ("ENABLE", 1),
            "no_catchup": bool(fields.get("no_catchup")),
            **_trigger(fields.get("trigger") or {}),
            "created_at": now(),
            "updated_at": now(),
            "since": moment,
            "fired": 0,
            "order": len(held),
        }
        held[one["id"]] = one
        cluster.state.touch()
    return shown(one)


def _trigger(given: Json) -> Json:
    trigger = {snake(name): value for name, value in given.items() if value}
    unknown = sorted(set(trigger) - {"cron_schedule", "periodic_schedule"})
    if unknown:
        raise invalid(f'proto: (line 1:2): unknown field "{unknown[0]}"')
    if not trigger:
        raise invalid("recurring run's trigger cannot be empty")
    schedule = {snake(name): value for name, value in next(iter(trigger.values())).items() if value is not None}
    found: Json = {name: seconds_of(schedule.get(name)) for name in ("start_time", "end_time")}
    if "cron_schedule" in trigger:
        try:
            Cron(schedule.get("cron", ""))
        except ValueError as error:
            raise invalid(
                f"Schedule cron is not a supported format(https://godoc.org/github.com/robfig/cron). Error: {error}"
            ) from error
        return {**found, "cron": schedule["cron"]}
    interval = int(schedule.get("interval_second") or 0)
    if interval < 1:
        raise invalid(f"Found invalid period schedule interval {interval}. Set at interval to least 1 second")
    return {**found, "interval": interval}


def known(cluster: Cluster, request: Request) -> Json:
    one = cluster.state["recurring"].get(request.parts["id"])
    if one is None:
        raise not_found("Job", request.parts["id"]).wrapped("Failed to get a recurring run")
    if cluster.options.multi_user:
        request.check_namespace(one["namespace"])
    return one  # type: ignore[no-any-return]


def get(cluster: Cluster, request: Request) -> Json:
    return shown(known(cluster, request))


def list_(cluster: Cluster, request: Request) -> Json:
    held = list(cluster.state["recurring"].values())
    experiment = request.query.get("experiment_id")
    if experiment:
        held = [one for one in held if one["experiment_id"] == experiment]
    elif cluster.options.multi_user:
        namespace = experiments.namespace_of(
            cluster, request, request.query.get("namespace"), "Failed to list recurring runs"
        )
        held = [one for one in held if one["namespace"] == namespace]
    with cluster.state.lock:
        page, rest = page_of(held, request.query, KEYS, "recurring")
        return present({"recurringRuns": [shown(one) for one in page], **rest})


def enable(cluster: Cluster, request: Request) -> Json:
    return _switch(cluster, request, True)


def disable(cluster: Cluster, request: Request) -> Json:
    return _switch(cluster, request, False)


def _switch(cluster: Cluster, request: Request, enabled: bool) -> Json:
    one = known(cluster, request)
    with cluster.state.lock:
        one["enabled"], one["updated_at"] = enabled, now()
        cluster.state.touch()
    return {}


def delete(cluster: Cluster, request: Request) -> Json:
    one = known(cluster, request)
    with cluster.state.lock:
        del cluster.state["recurring"][one["id"]]
        cluster.state.touch()
    return {}


_EPOCH = time.time()


def cluster_time(cluster: Cluster) -> float:
    """The cluster's own time, which may go by faster than ours."""
    return _EPOCH + (time.time() - _EPOCH) * cluster.options.clock


class Scheduler(threading.Thread):
    """Fires what is due. What was missed is made up for, unless a schedule says not to (`no_catchup`)."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(daemon=True)
        self._cluster = cluster
        self._stop_asked = threading.Event()

    def stop(self) -> None:
        self._stop_asked.set()

    def run(self) -> None:
        while not self._stop_asked.wait(0.1):
            with self._cluster.state.lock:
                due = [one for one in self._cluster.state["recurring"].values() if one["enabled"]]
            for one in due:
                self._fire(one)

    def _fire(self, one: Json) -> None:
        moment = cluster_time(self._cluster)
        due = self._next(one, one["since"])
        if due is None or due > moment:
            return
        if one["no_catchup"]:
            later = self._next(one, due)
            while later is not None and later <= moment:
                due, later = later, self._next(one, later)
        active = [
            run
            for run in self._cluster.state["runs"].values()
            if run.get("recurring_run_id") == one["id"] and run["state"] not in FINAL
        ]
        if len(active) >= one["max_concurrency"]:
            return
        with self._cluster.state.lock:
            one["since"] = due
            one["fired"] += 1
            experiment = self._cluster.state["experiments"].get(one["experiment_id"]) or {"id": one["experiment_id"]}
        reference: Json = {name: one[name] for name in ("pipeline_id", "pipeline_version_id") if name in one}
        name = f"{one['display_name']}-{one['fired']}-{int(due)}"
        root = one["pipeline_root"]
        more = {"recurring_run_id": one["id"], "scheduled_at": due}
        made = runs.begin(
            self._cluster, name, spec_of([one["spec"]]), reference, experiment, one["parameters"], root, more
        )
        self._cluster.launch(made)

    def _next(self, one: Json, since: float) -> float | None:
        start, end = one.get("start_time"), one.get("end_time")
        if one.get("cron"):
            found = Cron(one["cron"]).after(max(since, (start or 0) - 1))
        else:
            found = since + one["interval"]
            if start is not None and found < start:
                found = start
        return None if end is not None and found > end else found

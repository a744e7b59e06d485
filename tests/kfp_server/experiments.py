"""Experiments."""

from __future__ import annotations

from typing import Any

from tests.kfp_server.cluster import Cluster
from tests.kfp_server.listing import page_of
from tests.kfp_server.refusals import exists, internal, invalid, not_found
from tests.kfp_server.request import Request
from tests.kfp_server.state import new_id
from tests.kfp_server.wire import now, present, stamp

Json = dict[str, Any]
FIELDS = frozenset(
    {"experiment_id", "display_name", "description", "namespace", "created_at", "storage_state", "last_run_created_at"}
)
KEYS = {
    "id": "id",
    "experiment_id": "id",
    "name": "display_name",
    "display_name": "display_name",
    "created_at": "created_at",
    "namespace": "namespace",
    "storage_state": "storage_state",
    "last_run_created_at": "last_run_at",
}


def shown(one: Json) -> Json:
    """As the API gives it."""
    return present(
        {
            "experiment_id": one["id"],
            "display_name": one["display_name"],
            "description": one.get("description"),
            "created_at": stamp(one["created_at"]),
            "namespace": one.get("namespace"),
            "storage_state": one["storage_state"],
            "last_run_created_at": stamp(one.get("last_run_at")),
        }
    )


def namespace_of(cluster: Cluster, request: Request, given: str | None, doing: str) -> str:
    """The namespace that counts: none in single-user mode, one's own in multi-user mode."""
    if not cluster.options.multi_user:
        return ""
    if not given:
        raise invalid("Namespace cannot be empty in multi-user mode").wrapped(doing)
    request.check_namespace(given)
    return given


def create(cluster: Cluster, request: Request) -> Json:
    fields = request.json(FIELDS)
    name = fields.get("display_name", "")
    if not name:
        raise internal(
            "Failed to convert API experiment to model experiment: Invalid input error: Experiment must have a non-empty"
            " name",
            "Failed to create a experiment",
        )
    namespace = namespace_of(cluster, request, fields.get("namespace"), "Failed to create a new experiment")
    with cluster.state.lock:
        if find(cluster, name, namespace):
            raise exists(
                f"Failed to create a new experiment. The name {name} already exists. Please specify a new name"
            ).wrapped("Failed to create a new experiment")
        return shown(_add(cluster, name, namespace, fields.get("description", "")))


def _add(cluster: Cluster, name: str, namespace: str, description: str) -> Json:
    held = cluster.state["experiments"]
    one: Json = {
        "id": new_id(),
        "display_name": name,
        "namespace": namespace,
        "description": description,
        "created_at": now(),
        "storage_state": "AVAILABLE",
        "order": len(held),
    }
    held[one["id"]] = one
    cluster.state.touch()
    return one


def find(cluster: Cluster, name: str, namespace: str) -> Json | None:
    held = cluster.state["experiments"].values()
    return next((one for one in held if one["display_name"] == name and one.get("namespace", "") == namespace), None)


def default(cluster: Cluster) -> Json:
    """The experiment of runs that name none."""
    with cluster.state.lock:
        words = "All runs created without specifying an experiment will be grouped here."
        return find(cluster, "Default", "") or _add(cluster, "Default", "", words)


def known(cluster: Cluster, request: Request, id_: str) -> Json:
    """An experiment by its id. Raises Refused."""
    one = cluster.state["experiments"].get(id_)
    if one is None:
        raise not_found("Experiment", id_).wrapped("Failed to get an experiment")
    if cluster.options.multi_user:
        request.check_namespace(one["namespace"])
    return one  # type: ignore[no-any-return]


def get(cluster: Cluster, request: Request) -> Json:
    return shown(known(cluster, request, request.parts["id"]))


def list_(cluster: Cluster, request: Request) -> Json:
    default(cluster) if not cluster.options.multi_user else None
    namespace = namespace_of(cluster, request, request.query.get("namespace"), "Failed to list experiments")
    with cluster.state.lock:
        held = [one for one in cluster.state["experiments"].values() if one.get("namespace", "") == namespace]
        page, rest = page_of(held, request.query, KEYS, "experiment")
        return present({"experiments": [shown(one) for one in page], **rest})


def archive(cluster: Cluster, request: Request) -> Json:
    """Archives it and its runs, and stops its schedules."""
    one = known(cluster, request, request.parts["id"])
    with cluster.state.lock:
        one["storage_state"] = "ARCHIVED"
        for run in cluster.state["runs"].values():
            if run["experiment_id"] == one["id"]:
                run["storage_state"] = "ARCHIVED"
        for recurring in cluster.state["recurring"].values():
            if recurring["experiment_id"] == one["id"]:
                recurring["enabled"] = False
        cluster.state.touch()
    return {}


def unarchive(cluster: Cluster, request: Request) -> Json:
    known(cluster, request, request.parts["id"])["storage_state"] = "AVAILABLE"
    cluster.state.touch()
    return {}


def delete(cluster: Cluster, request: Request) -> Json:
    one = known(cluster, request, request.parts["id"])
    with cluster.state.lock:
        del cluster.state["experiments"][one["id"]]
        cluster.state.touch()
    return {}

"""The control endpoint: faults for a stand-in in another process. KFP has nothing of the kind."""

from __future__ import annotations

from typing import Any

from tests.kfp_server.cluster import Cluster
from tests.kfp_server.faults import Fault, PodFault
from tests.kfp_server.refusals import invalid
from tests.kfp_server.request import Request

Json = dict[str, Any]
_NAMES = frozenset(
    ["kind", "path", "method", "count", "after", "status", "seconds", "retry_after", "message", "task", "log", "pod"]
)


def faults(cluster: Cluster, request: Request) -> Json:
    """The rules that hold."""
    return {"faults": cluster.faults.dump()}


def add_fault(cluster: Cluster, request: Request) -> Json:
    """Adds a rule: the fields of Fault, or with `pod: true` those of PodFault."""
    fields = request.json(_NAMES)
    try:
        cluster.faults.add((PodFault if fields.pop("pod", False) else Fault)(**fields))
    except (TypeError, ValueError) as error:
        raise invalid(str(error)) from error
    return faults(cluster, request)


def clear(cluster: Cluster, request: Request) -> Json:
    cluster.faults.clear()
    return {}


def expire(cluster: Cluster, request: Request) -> Json:
    """Ends every token and session."""
    cluster.expire()
    return {}

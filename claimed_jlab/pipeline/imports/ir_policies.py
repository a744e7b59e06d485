"""How a task of KFP's representation is run, as a document's fields: retries, what it takes of a machine, caching."""

from __future__ import annotations

import re
from typing import Any

from claimed_jlab.component.catalogs.loose import line, mapping
from claimed_jlab.pipeline.resources import GPU


def policies_of(task: dict[str, Any], executor: dict[str, Any]) -> dict[str, Any]:
    """The fields of a task. executor: what runs it."""
    found: dict[str, Any] = {}
    retry = mapping(task.get("retryPolicy"))
    if retry:
        wait = re.match(r"(\d+)", line(retry.get("backoffDuration")))
        found["retry"] = {
            "attempts": int(retry.get("maxRetryCount") or 0),
            **({"backoff": int(wait[1])} if wait else {}),
        }
    resources = _resources(mapping(mapping(executor.get("container")).get("resources")))
    if resources:
        found["resources"] = resources
    if not mapping(task.get("cachingOptions")).get("enableCache"):
        found["cache"] = False
    return found


def is_last(task: dict[str, Any]) -> bool:
    """Whether a task runs when all others have ended."""
    return bool(mapping(task.get("triggerPolicy")).get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED")


def _resources(given: dict[str, Any]) -> dict[str, Any]:
    resources: dict[str, Any] = {}
    for ours, theirs, old in (
        ("cpu", "resourceCpuLimit", "cpuLimit"),
        ("memory", "resourceMemoryLimit", "memoryLimit"),
    ):
        amount = given.get(theirs) or given.get(old)
        if amount:
            resources[ours] = amount
    gpu = mapping(given.get("accelerator"))
    count = gpu.get("resourceCount") or gpu.get("count")
    if count:
        resources["gpu"] = int(count)
        kind = gpu.get("resourceType") or gpu.get("type")
        resources |= {"accelerator": kind} if kind and kind != GPU else {}
    return resources

"""What of a run itself a task may take as a value: its name, its id, its time. KFP's placeholders, by KFP's names.

Source: kfp.dsl (PIPELINE_JOB_NAME_PLACEHOLDER and those beside it).
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

from claimed_jlab.run.runs import Order

_PLACEHOLDER = re.compile(
    r"\{\{\$\.(pipeline_job_name|pipeline_job_resource_name|pipeline_job_uuid|pipeline_task_name|pipeline_task_uuid"
    r"|pipeline_job_create_time_utc|pipeline_job_schedule_time_utc)\}\}"
)


def takes_moment(value: Any) -> bool:
    """Whether a value has something in it that differs from run to run: a name, an id, a time."""
    return isinstance(value, str) and any(found != "pipeline_task_name" for found in _PLACEHOLDER.findall(value))


def with_moment(value: Any, order: Order, task: str) -> Any:
    """The value with what it takes of the run. Times are those of the run's start, in UTC, ISO 8601."""
    if not isinstance(value, str):
        return value
    started = datetime.fromtimestamp(order.created, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    known = {
        "pipeline_job_name": order.run_id,
        "pipeline_job_resource_name": order.run_id,
        "pipeline_job_uuid": order.run_id,
        "pipeline_task_name": task,
        "pipeline_task_uuid": f"{order.run_id}/{task}",
        "pipeline_job_create_time_utc": started,
        "pipeline_job_schedule_time_utc": started,
    }
    return _PLACEHOLDER.sub(lambda match: known[match[1]], value)

"""A schedule: a pipeline that an engine runs by itself, again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field, ValidationError, model_validator

from claimed_jlab.errors import ClaimedError

_CRON_FIELDS = 6


class BadSchedule(ClaimedError):
    """When a schedule is to run can't be."""

    code = "bad-schedule"


class Timing(BaseModel):
    """When a pipeline runs: by a cron expression of six fields, seconds first, or every so many seconds.

    catch_up: whether runs that were missed, as while it was disabled, are made up for.
    start, end: with their time zone; without one, UTC.
    """

    name: str = Field(min_length=1, max_length=100)
    cron: str | None = None
    interval_seconds: int | None = Field(None, ge=1)
    catch_up: bool = False
    max_concurrency: int = Field(1, ge=1, le=10)
    start: datetime | None = None
    end: datetime | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Timing:
        if (self.cron is None) == (self.interval_seconds is None):
            raise ValueError("give either cron or interval_seconds")
        if self.cron is not None and len(self.cron.split()) != _CRON_FIELDS:
            raise ValueError(f"cron: {self.cron!r} must have six fields, seconds first: 0 0 6 * * * is daily at 6")
        if self.start and self.end and self.start >= self.end:
            raise ValueError("end: must be after the start")
        return self


class Schedule(BaseModel):
    """A schedule as its engine has it. path: of the document; None where it was not made here."""

    id: str
    name: str
    pipeline: str
    path: str | None = None
    enabled: bool = True
    cron: str | None = None
    interval_seconds: int | None = None
    catch_up: bool = False
    max_concurrency: int = 1
    start: str | None = None
    end: str | None = None
    parameters: dict[str, Any] = Field(default_factory=dict)
    created: str | None = None
    last_runs: list[str] = Field(default_factory=list, description="Ids of runs known here, the newest first")
    link: str | None = None


def timing_of(given: Mapping[str, Any]) -> Timing:
    """The timing that a request asks for. Raises BadSchedule with the field that is wrong."""
    try:
        return Timing.model_validate({name: given[name] for name in Timing.model_fields if name in given})
    except ValidationError as error:
        first = error.errors()[0]
        message = str(first["msg"]).removeprefix("Value error, ")
        field = ".".join(map(str, first["loc"])) or None
        named, colon, rest = message.partition(": ")
        if field is None and colon and named in Timing.model_fields:
            field, message = named, rest
        raise BadSchedule(message, where=field or "cron") from None

"""Asking a Jupyter server as a browser does."""

from __future__ import annotations

import asyncio
import json

import pytest
from tornado.httpclient import HTTPClientError


async def answer(response):
    """What it says; None where that is nothing."""
    return json.loads((await response).body or b"null")


async def refused(response):
    """(status, error) of a request that is refused."""
    with pytest.raises(HTTPClientError) as caught:
        await response
    return caught.value.code, json.loads(caught.value.response.body)["error"]


async def start_run(jp_fetch, path="p.pipeline", **body):
    """Starts a run; gives its record."""
    body = json.dumps({"path": path, **body})
    return await answer(jp_fetch("claimed", "runs", method="POST", body=body, request_timeout=60))


async def run_to_end(jp_fetch, path="p.pipeline", **body):
    """Runs a pipeline; gives the record of the end."""
    started = await start_run(jp_fetch, path, **body)
    for _ in range(600):
        record = await answer(jp_fetch("claimed", "runs", started["run_id"]))
        if record["state"] not in ("NEW", "RUNNING"):
            return record
        await asyncio.sleep(0.1)
    raise AssertionError("the run did not end")

"""What the lineage of a run tells of its course."""

from __future__ import annotations

import asyncio
import time

import claimed_jlab.lineage
from claimed_jlab.lineage import open_store
from claimed_jlab.lineage.read import executions
from claimed_jlab.run.local.recording import Lineage
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.runs import Order


def test_a_run_began_when_it_did_though_the_store_took_its_time_to_open(tmp_path, monkeypatch):
    location = str(tmp_path / "lineage.db")

    def slow(target):
        time.sleep(1)
        return open_store(target)

    monkeypatch.setattr(claimed_jlab.lineage, "open_store", slow)
    plan = Plan(pipeline="p", path=str(tmp_path / "p.pipeline"), parameters={}, tasks=[])
    order = Order(run_id="r", engine="local", user="ada", created=time.time(), plan=plan)

    async def main() -> None:
        lineage = Lineage(location, order)
        await lineage.start()
        await lineage.finish_run("COMPLETE")

    began = time.time() * 1000
    asyncio.run(main())
    with open_store(location).read() as connection:
        (run,) = executions(connection)
    assert run.created - began < 900
    assert run.updated - began >= 900

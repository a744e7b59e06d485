"""A server whose site says where lineage is kept: runs are recorded there, and questions answered from there."""

from __future__ import annotations

import os

import pytest
from asking import answer, run_to_end
from lineage_databases import KINDS, start

from claimed_jlab.lineage import open_store, shared_store
from claimed_jlab.lineage.location import VARIABLE


@pytest.fixture(params=KINDS)
def place(request, tmp_path, monkeypatch):
    # The application tells its children by it; monkeypatch takes that away again.
    monkeypatch.setenv(VARIABLE, "")
    if request.param == "sqlite":
        yield str(tmp_path / "team.db")
        return
    server = start(request.param)
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def jp_server_config(jp_server_config, place):
    return {**jp_server_config, "ClaimedApp": {"lineage_store": place}}


async def test_a_run_is_recorded_where_the_site_says(jp_fetch, document, place, tmp_path):
    assert os.environ[VARIABLE] == place

    record = await run_to_end(jp_fetch)

    assert (record["state"], record["lineage"]) == ("COMPLETE", place)
    found = await answer(jp_fetch("claimed", "lineage", "find", params={"q": "type:ContainerExecution"}))
    assert len(found["nodes"]) == 2
    with open_store(place) as store, store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM Execution").scalar() == 3
    assert not list(tmp_path.glob("**/lineage.db"))
    shared_store(place).close()

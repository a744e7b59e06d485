"""The server's view of engines: chosen, set up, tested and scheduled from a browser, and never telling a credential."""

from __future__ import annotations

import asyncio
import json

import keyring
import pytest
from asking import answer, refused, start_run
from authoring import write_notebook
from keyring.backend import KeyringBackend

from claimed_jlab.server.watch import RemoteWatch
from tests.kfp_server import KfpServer

TOKEN = "t0ken-that-nobody-sees"


class Keys(KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


@pytest.fixture
def keys():
    before = keyring.get_keyring()
    keyring.set_keyring(kept := Keys())
    yield kept
    keyring.set_keyring(before)


@pytest.fixture
def cluster(tmp_path):
    with KfpServer(tmp_path / "kfp", clock=60) as server:
        yield server


@pytest.fixture
def watch(jp_serverapp):
    """What a server that is started does all the time; the one of the tests is not."""
    app = jp_serverapp.web_app.settings["claimed"]
    return RemoteWatch(app.engine, app.engine_names)


async def look_until(watch, done, seconds=60.0):
    """Looks at the cluster until what `done` gives is true; gives that."""
    for _ in range(int(seconds * 5)):
        await watch.look()
        found = await done()
        if found:
            return found
        await asyncio.sleep(0.2)
    raise AssertionError("it did not come to that")


async def run_in(jp_fetch, run, state):
    """The run's record, once it is in a state."""
    seen = await answer(jp_fetch("claimed", "runs", run["run_id"]))
    return seen if seen["state"] == state else None


def put(jp_fetch, **body):
    return jp_fetch("claimed", "engines", "kubeflow", "settings", method="PUT", body=json.dumps(body))


def post(jp_fetch, *path, **body):
    return jp_fetch("claimed", *path, method="POST", body=json.dumps(body), request_timeout=60)


async def test_the_engines_are_listed_with_what_each_can_and_why_it_is_not_ready(jp_fetch):
    local, kubeflow = (await answer(jp_fetch("claimed", "engines")))["engines"][:2]
    assert local["name"] == "local" and local["ready"] and {"parts", "jobs"} <= set(local["features"])
    assert not kubeflow["ready"] and kubeflow["problem"] == "set the address of a cluster first"
    assert kubeflow["configurable"] and "schedules" in kubeflow["features"] and "parts" not in kubeflow["features"]


async def test_settings_are_changed_checked_and_never_tell_the_credential(jp_fetch, keys, claimed_home):
    before = await answer(jp_fetch("claimed", "engines", "kubeflow", "settings"))
    assert (
        before["values"]["sign_in"] == "none" and before["schema"]["properties"]["endpoint"]["x-group"] == "Connection"
    )
    values = {"endpoint": "https://kf.example.org/pipeline/", "sign_in": "token"}
    after = await answer(put(jp_fetch, values=values, credential=TOKEN))
    assert after["values"]["endpoint"] == "https://kf.example.org/pipeline"
    assert after["credential"]["is_set"] and after["credential"]["from"] == "keyring"
    assert TOKEN not in json.dumps(after) and TOKEN in keys.kept.values()
    assert all(TOKEN not in path.read_text() for path in claimed_home.rglob("*") if path.is_file())
    status, error = await refused(put(jp_fetch, values={"endpoint": "ftp://x"}))
    assert status == 400 and error["where"] == "endpoint" and "no address" in error["message"]
    status, error = await refused(put(jp_fetch, values={"endpoint": "https://me:pw@kf.example.org"}))
    assert status == 400 and "holds no password" in error["message"]
    forgotten = await answer(put(jp_fetch, values={}, credential=None))
    assert not forgotten["credential"]["is_set"] and not keys.kept


async def test_a_connection_is_tried_with_settings_that_are_not_kept(jp_fetch, cluster):
    good = await answer(post(jp_fetch, "engines", "kubeflow", "test", values={"endpoint": cluster.url}))
    assert good["ok"] and {step["state"] for step in good["steps"]} == {"ok"}
    bad = await answer(post(jp_fetch, "engines", "kubeflow", "test", values={"endpoint": "http://127.0.0.1:9"}))
    failed = [step for step in bad["steps"] if step["state"] == "failed"]
    assert not bad["ok"] and [step["name"] for step in failed] == ["Connection"] and failed[0]["hint"]
    assert (await answer(jp_fetch("claimed", "engines", "kubeflow", "settings")))["values"]["endpoint"] == ""


async def test_the_editor_s_findings_follow_the_engine(jp_fetch, document):
    text = document.read_text().replace('"first": {', '"first": {"retry": {"attempts": 1, "on": ["OSError"]}, ')
    here = await answer(post(jp_fetch, "pipelines", "describe", path="p.pipeline", source=text, engine="local"))
    there = await answer(post(jp_fetch, "pipelines", "validate", path="p.pipeline", source=text, engine="kubeflow"))
    assert here["valid"] and not there["valid"]
    [found] = [item for item in there["diagnostics"] if item["code"] == "engine-cant"]
    assert (found["task"], found["field"]) == ("first", "retry.on")
    status, error = await refused(post(jp_fetch, "pipelines", "validate", path="p.pipeline", engine="slurm"))
    assert status == 404 and error["code"] == "unknown-engine"


@pytest.mark.slow
async def test_a_run_on_the_cluster_is_followed_by_the_server_itself(jp_fetch, cluster, document, watch):
    await answer(put(jp_fetch, values={"endpoint": cluster.url}))
    started = await start_run(jp_fetch, parameters={"n": 5}, engine="kubeflow")
    record = await look_until(watch, lambda: run_in(jp_fetch, started, "COMPLETE"))
    assert record["state"] == "COMPLETE" and record["engine_title"] == "Kubeflow Pipelines"
    assert record["link"].startswith(cluster.url) and record["actions"] == ["rerun", "archive", "delete"]
    assert record["tasks"]["second"]["outputs"] == {"total": record["tasks"]["first"]["outputs"]["total"] + 2}
    notebook = await answer(jp_fetch("claimed", "runs", record["run_id"], "tasks", "second", "notebook"))
    assert notebook["cells"]
    archived = await answer(post(jp_fetch, "runs", record["run_id"], "archive"))
    assert archived["archived"] and "unarchive" in archived["actions"]
    assert (await answer(jp_fetch("claimed", "runs")))["runs"] == []
    [put_away] = (await answer(jp_fetch("claimed", "runs", params={"archived": "true"})))["runs"]
    assert put_away["run_id"] == record["run_id"]


@pytest.mark.slow
async def test_a_cluster_that_is_away_is_a_notice_and_the_run_goes_on(jp_fetch, cluster, document, watch):
    await answer(put(jp_fetch, values={"endpoint": cluster.url}))
    record = await start_run(jp_fetch, engine="kubeflow")
    cluster.fail("reset", "/runs/", count=4)

    async def noticed():
        return (await answer(jp_fetch("claimed", "runs", record["run_id"])))["notice"]

    assert "the cluster can't be asked" in await look_until(watch, noticed)
    seen = await look_until(watch, lambda: run_in(jp_fetch, record, "COMPLETE"))
    assert seen["state"] == "COMPLETE" and seen["notice"] is None


async def test_what_can_t_be_sent_is_one_clear_answer(jp_fetch, document, jp_root_dir):
    status, error = await refused(post(jp_fetch, "runs", path="p.pipeline", engine="kubeflow"))
    assert status == 400 and "there is no cluster yet" in error["message"]
    await answer(put(jp_fetch, values={"endpoint": "http://127.0.0.1:9"}))
    status, error = await refused(post(jp_fetch, "runs", path="p.pipeline", engine="kubeflow"))
    assert status == 504 and error["code"] == "cluster-unreachable" and "refused" in error["message"]
    status, error = await refused(post(jp_fetch, "runs", path="p.pipeline", engine="kubeflow", only="first"))
    assert status == 400 and "can't run a part" in error["message"]
    assert (await answer(jp_fetch("claimed", "runs")))["runs"] == []


@pytest.mark.slow
async def test_a_schedule_is_made_rests_goes_on_and_its_runs_are_listed(
    jp_fetch, cluster, document, jp_root_dir, watch
):
    write_notebook(jp_root_dir / "add.ipynb", "print('quick')")
    text = json.loads(document.read_text())
    text["tasks"] = {"first": {"component": "add.ipynb", "inputs": {}}}
    document.write_text(json.dumps(text))
    await answer(put(jp_fetch, values={"endpoint": cluster.url}))
    path = ("engines", "kubeflow", "schedules")
    asked = {"path": "p.pipeline", "name": "often", "interval_seconds": 120, "parameters": {"n": 3}}
    for wrong, field in (({"cron": "0 6 * * *"}, "cron"), ({}, "cron"), ({"interval_seconds": 0}, "interval_seconds")):
        body = {**asked, "interval_seconds": None, **wrong}
        status, error = await refused(post(jp_fetch, *path, **body))
        assert status == 400 and error["where"] == field, error
    made = await answer(post(jp_fetch, *path, **asked))
    assert made["enabled"] and made["path"] == "p.pipeline" and made["parameters"] == {"n": 3}

    async def listed():
        runs = (await answer(jp_fetch("claimed", "runs")))["runs"]
        return runs if runs and runs[-1]["state"] == "COMPLETE" else None

    runs = await look_until(watch, listed, 90)
    assert runs[0]["engine"] == "kubeflow" and runs[0]["contents_path"] == "p.pipeline"
    rests = await answer(post(jp_fetch, *path, made["id"], "disable"))
    assert not rests["enabled"] and runs[0]["run_id"] in rests["last_runs"]
    assert (await answer(post(jp_fetch, *path, made["id"], "enable")))["enabled"]
    await jp_fetch("claimed", *path, made["id"], method="DELETE")
    assert (await answer(jp_fetch("claimed", *path)))["schedules"] == []
    status, error = await refused(jp_fetch("claimed", *path, made["id"]))
    assert status == 404 and error["code"] == "unknown-schedule"
    status, error = await refused(jp_fetch("claimed", "engines", "local", "schedules"))
    assert status == 400 and error["code"] == "engine-cant"

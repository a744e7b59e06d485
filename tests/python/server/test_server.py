"""The REST doors, through a real Jupyter server: shapes, errors, and who may call."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from asking import answer, refused, run_to_end
from authoring import adder, write_pipeline
from tornado.httpclient import HTTPClientError

from claimed_jlab.server.routes import ROUTES
from claimed_jlab.server.watch import SCHEMA

URLS = [
    pattern.replace(r"([\w-]+)", "x")
    .replace(r"([\w./-]+)", "x")
    .replace(r"([\w.-]+)", "x")
    .replace(r"([\w -]+)", "x")
    .replace(r"([\w:./%-]+)", "1")
    for pattern, _ in ROUTES
]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("url", URLS)
async def test_every_endpoint_demands_to_know_who_asks(jp_fetch, url, method):
    body = "{}" if method in ("POST", "PUT", "PATCH") else None
    headers = {"Authorization": "token wrong"}
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch(*url.strip("/").split("/"), method=method, body=body, headers=headers)
    assert caught.value.code in (403, 405)


@pytest.mark.parametrize(("pattern", "handler"), ROUTES)
def test_every_handler_is_authorized_by_our_resource(pattern, handler):
    assert handler.auth_resource == "claimed"
    for method in ("get", "post", "put", "patch", "delete"):
        call = handler.__dict__.get(method)
        # Both decorators wrap: authenticated around authorized around the method.
        assert call is None or hasattr(call.__wrapped__, "__wrapped__"), f"{handler.__name__}.{method}"


async def test_the_palette_is_one_request_that_answers_304_when_nothing_changed(jp_fetch):
    response = await jp_fetch("claimed", "components")
    found = {item["reference"]: item for item in json.loads(response.body)["components"]}
    classifier = found["train/sklearn-classifier@1.0.0"]
    assert {"inputs", "outputs", "title", "category", "group", "missing", "install"} <= set(classifier)
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("claimed", "components", headers={"If-None-Match": response.headers["Etag"]})
    assert caught.value.code == 304


async def test_one_component_is_shown_and_an_unknown_one_is_404(jp_fetch):
    spec = await answer(jp_fetch("claimed", "components", "train", "sklearn-classifier", params={"version": "1.0.0"}))
    assert spec["name"] == "sklearn-classifier"
    code, error = await refused(jp_fetch("claimed", "components", "train", "nothing"))
    assert code == 404 and error["code"] == "unknown-component"


async def test_the_code_of_a_component_is_read_wherever_its_catalog_is(jp_fetch):
    where = ("claimed", "components", "train", "sklearn-classifier")
    spec = await answer(jp_fetch(*where))
    code = await answer(jp_fetch(*where, "code", params={"version": "1.0.0"}))
    assert code["notebook"] == json.loads(Path(spec["path"]).read_text()) and code["files"] == []
    status, error = await refused(jp_fetch("claimed", "components", "train", "nothing", "code"))
    assert status == 404 and error["code"] == "unknown-component"


async def test_the_code_of_a_component_is_all_that_it_could_load(jp_fetch, jp_root_dir):
    adder(jp_root_dir)
    body = json.dumps({"path": "add.ipynb"})
    folder = Path((await answer(jp_fetch("claimed", "components", method="POST", body=body)))["path"]).parent
    (folder / "lib").mkdir()
    (folder / "lib" / "inner.py").write_text("print('loaded')\n")
    (folder / "blob.so").write_bytes(b"\xff\x00")
    (folder / "away.py").symlink_to("/etc/hostname")
    (folder / "table.csv").write_text("a\n1\n")
    files = (await answer(jp_fetch("claimed", "components", "add", "code")))["files"]
    assert {file["name"]: file["text"] for file in files} == {
        "away.py": None,
        "blob.so": None,
        "lib/inner.py": "print('loaded')\n",
    }


async def test_a_notebook_is_inspected_as_it_is_edited_and_becomes_a_component(jp_fetch, jp_root_dir):
    notebook = adder(jp_root_dir)
    send = {"method": "POST", "body": json.dumps({"path": "add.ipynb"})}
    seen = await answer(jp_fetch("claimed", "components", "inspect", **send))
    assert [port["name"] for port in seen["component"]["inputs"]] == ["left", "right"] and seen["existing"] is None
    made = await jp_fetch("claimed", "components", **send)
    assert made.code == 201 and json.loads(made.body)["reference"] == "add@0.1.0"
    code, error = await refused(jp_fetch("claimed", "components", **send))
    assert code == 409 and error["code"] == "component-exists"
    source = notebook.read_text().replace("left: int = 1", "left: str = '1'")
    body = json.dumps({"path": "add.ipynb", "source": source})
    edited = await answer(jp_fetch("claimed", "components", "inspect", method="POST", body=body))
    assert edited["existing"]["reference"] == "add@0.1.0" and edited["next_version"] == "1.0.0"
    assert {"level": "major", "words": "input 'left': int became str"} in edited["differences"]
    body = json.dumps({"path": "add.ipynb", "source": "no notebook"})
    code, error = await refused(jp_fetch("claimed", "components", "inspect", method="POST", body=body))
    assert code == 400 and error["code"] == "not-a-notebook"


async def test_a_document_is_described_saved_or_not(jp_fetch, document):
    saved = await answer(
        jp_fetch("claimed", "pipelines", "describe", method="POST", body=json.dumps({"path": "p.pipeline"}))
    )
    assert [task["name"] for task in saved["tasks"]] == ["first", "second"] and saved["valid"]
    body = json.dumps({"path": "p.pipeline", "source": "{"})
    unsaved = await answer(jp_fetch("claimed", "pipelines", "validate", method="POST", body=body))
    assert not unsaved["valid"] and unsaved["diagnostics"][0]["code"] == "bad-json"


@pytest.mark.parametrize("path", ["../outside.pipeline", "/../../etc/passwd", "absent.pipeline", ".hidden/p.pipeline"])
async def test_a_path_outside_the_root_hidden_or_absent_is_404(jp_fetch, jp_root_dir, path):
    (jp_root_dir.parent / "outside.pipeline").write_text("{}")
    (jp_root_dir / ".hidden").mkdir()
    (jp_root_dir / ".hidden" / "p.pipeline").write_text("{}")
    for where in (("pipelines", "describe"), ("runs",)):
        code, error = await refused(jp_fetch("claimed", *where, method="POST", body=json.dumps({"path": path})))
        assert code == 404 and error["code"] == "no-such-file"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "not JSON"),
        ("[]", "object"),
        ("{}", "path"),
        ('{"path": "p.pipeline", "parameters": [1]}', "parameters"),
        ('{"path": "p.pipeline", "jobs": 0}', "above 0"),
        ('{"path": "p.pipeline", "parameters": {"n": "x"}}', "is not int"),
        ('{"path": "p.pipeline", "parameters": {"m": 1}}', "no parameter"),
    ],
)
async def test_a_wrong_request_is_400_with_one_line(jp_fetch, document, body, said):
    code, error = await refused(jp_fetch("claimed", "runs", method="POST", body=body))
    assert code == 400 and said in f"{error['where']} {error['message']}" and "\n" not in error["message"]


@pytest.mark.slow
async def test_a_run_is_started_followed_and_looked_into(jp_fetch, document):
    record = await run_to_end(jp_fetch, "p.pipeline", parameters={"n": 5})
    assert record["state"] == "COMPLETE" and record["contents_path"] == "p.pipeline"
    assert record["tasks"]["second"]["outputs"] == {"total": 9}
    task = ("claimed", "runs", record["run_id"], "tasks", "second")
    assert "the total is 9" in (await answer(jp_fetch(*task, "log")))["log"]
    assert (await answer(jp_fetch(*task, "notebook")))["nbformat"] == 4
    assert (await answer(jp_fetch(*task, "outputs", "total")))["mimebundle"] == {"text/plain": "9"}
    listed = await answer(jp_fetch("claimed", "runs", params={"path": "p.pipeline"}))
    assert [item["run_id"] for item in listed["runs"]] == [record["run_id"]]
    for missing in (("tasks", "nobody", "log"), ("tasks", "second", "outputs", "nothing"), ("report",)):
        code, _ = await refused(jp_fetch("claimed", "runs", record["run_id"], *missing))
        assert code == 404
    assert (await refused(jp_fetch("claimed", "runs", "nobody")))[0] == 404
    assert (await refused(jp_fetch("claimed", "lineage", "999")))[0] == 404


@pytest.mark.slow
async def test_every_state_is_an_event_that_browsers_can_follow(jp_serverapp, jp_fetch, jp_ws_fetch, document):
    await jp_serverapp.extension_manager.start_all_extensions()  # as a server does once it listens
    socket = await jp_ws_fetch("api", "events", "subscribe")
    await jp_fetch("claimed", "runs", method="POST", body=json.dumps({"path": "p.pipeline"}))
    seen = []
    while ("run", None, "COMPLETE") not in seen:
        event = json.loads(await asyncio.wait_for(socket.read_message(), 60))
        if event["schema_id"] == SCHEMA:
            assert event["path"] == "p.pipeline"
            seen.append((event["kind"], event["task"], event["state"]))
    assert seen[0] == ("run", None, "RUNNING")
    for name in ("first", "second"):
        assert seen.index(("task", name, "RUNNING")) < seen.index(("task", name, "COMPLETE"))


@pytest.mark.slow
async def test_a_run_is_canceled(jp_fetch, jp_root_dir):
    adder(jp_root_dir, body="import time\ntime.sleep(60)\ntotal = 1")
    write_pipeline(jp_root_dir / "p.pipeline", {"a": {"component": "add.ipynb"}})
    started = await answer(jp_fetch("claimed", "runs", method="POST", body='{"path": "p.pipeline"}'))
    await jp_fetch("claimed", "runs", started["run_id"], "cancel", method="POST", body="{}")
    for _ in range(100):
        record = await answer(jp_fetch("claimed", "runs", started["run_id"]))
        if record["state"] == "CANCELED":
            return
        await asyncio.sleep(0.1)
    raise AssertionError(record["state"])


async def test_a_run_is_foreseen_run_in_part_and_again(jp_fetch, document):
    async def send(*where, **body):
        return await jp_fetch("claimed", "runs", *where, method="POST", body=json.dumps(body), request_timeout=60)

    foreseen = json.loads((await send(path="p.pipeline", dry_run=True)).body)["tasks"]
    assert foreseen["first"] == {"state": "NEW", "reason": "first run"}
    record = await run_to_end(jp_fetch, "p.pipeline", to="first")
    assert {name: task["state"] for name, task in record["tasks"].items()} == {"first": "COMPLETE"}
    only = await run_to_end(jp_fetch, "p.pipeline", only="second")
    assert {name: task["state"] for name, task in only["tasks"].items()} == {"first": "CACHED", "second": "COMPLETE"}
    again = json.loads((await send(only["run_id"], "rerun")).body)
    assert list(again["tasks"]) == ["first", "second"]
    for wrong, where in (({"only": 3}, "only"), ({"only": "second", "failed": True}, None)):
        code, error = await refused(send(path="p.pipeline", **wrong))
        assert (code, error["where"]) == (400, where)
    code, error = await refused(send(path="p.pipeline", failed=True))
    assert (code, error["code"]) == (400, "nothing-failed")

"""Catalogs over REST, through a real Jupyter server: what a browser can do with them, and what it is asked first."""

from __future__ import annotations

import json

import pytest
from asking import answer, refused, run_to_end
from authoring import write_pipeline
from outside_places import KFP, commit, git, greeter
from tornado.httpclient import HTTPClientError


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "strangers"
    greeter(folder)
    commit(folder)
    return folder


def send(jp_fetch, *parts, method="POST", **body):
    content = None if method == "DELETE" else json.dumps(body)
    return jp_fetch("claimed", *parts, method=method, body=content, request_timeout=60)


async def catalogs(jp_fetch):
    listed = (await answer(jp_fetch("claimed", "catalogs")))["catalogs"]
    return {item["name"]: item for item in listed}


async def palette(jp_fetch):
    return {item["reference"]: item for item in (await answer(jp_fetch("claimed", "components")))["components"]}


async def test_what_is_there_is_listed_in_the_promised_shape(jp_fetch):
    there = await catalogs(jp_fetch)
    assert list(there) == ["mine", "claimed_jlab"]
    keys = {"name", "kind", "location", "ref", "enabled", "removable", "outside", "digest", "fetched", "components"}
    assert keys | {"problem"} <= set(there["mine"])
    bundled = there["claimed_jlab"]
    assert (bundled["kind"], bundled["removable"], bundled["outside"]) == ("package", False, False)
    assert bundled["components"] >= 8
    shown = (await palette(jp_fetch))["input/load-table@1.0.0"]
    assert shown["origin"].startswith("package claimed_jlab ") and shown["trusted"] and not shown["outside"]


async def test_a_catalog_is_added_switched_refreshed_and_removed(jp_fetch, repository):
    response = await send(jp_fetch, "catalogs", location=repository.as_uri(), name="theirs", ref="main")
    made = json.loads(response.body)
    assert response.code == 201 and (made["name"], made["kind"], made["ref"]) == ("theirs", "git", "main")
    assert made["components"] == 1 and made["digest"].startswith("git:") and made["fetched"]
    assert "test/greet@1.0.0" in await palette(jp_fetch)
    off = await answer(send(jp_fetch, "catalogs", "theirs", "disable"))
    assert not off["enabled"] and off["components"] == 1 and "test/greet@1.0.0" not in await palette(jp_fetch)
    assert (await answer(send(jp_fetch, "catalogs", "theirs", "enable")))["enabled"]
    greeter(repository, version="2.0.0")
    head = commit(repository)
    assert (await answer(send(jp_fetch, "catalogs", "theirs", "refresh")))["digest"] == f"git:{head}"
    assert "test/greet@2.0.0" in await palette(jp_fetch)
    git(repository, "branch", "-m", "main", "other")
    failed = await answer(send(jp_fetch, "catalogs", "theirs", "refresh"))
    assert "could not be refreshed" in failed["problem"] and failed["components"] == 1
    gone = await send(jp_fetch, "catalogs", "theirs", method="DELETE")
    assert gone.code == 204 and "theirs" not in await catalogs(jp_fetch)


async def test_what_another_program_adds_is_in_the_palette_at_once(jp_fetch, repository):
    from claimed_jlab.component.catalogs.operations import add

    first = await jp_fetch("claimed", "components")
    add(repository.as_uri())
    second = await jp_fetch("claimed", "components", headers={"If-None-Match": first.headers["Etag"]})
    assert "test/greet@1.0.0" in {item["reference"] for item in json.loads(second.body)["components"]}
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("claimed", "components", headers={"If-None-Match": second.headers["Etag"]})
    assert caught.value.code == 304


async def test_a_relative_path_begins_at_the_contents_root(jp_fetch, jp_root_dir):
    greeter(jp_root_dir / "kit")
    made = await answer(send(jp_fetch, "catalogs", location="kit"))
    assert (made["name"], made["location"], made["outside"]) == ("kit", str(jp_root_dir / "kit"), False)


@pytest.mark.parametrize(
    ("body", "status", "code", "where"),
    [
        ({}, 400, "bad-location", "location"),
        ({"location": 3}, 400, "bad-request", "location"),
        ({"location": "/nowhere"}, 400, "bad-location", "/nowhere"),
        ({"location": ".", "name": "a b"}, 400, "bad-location", "name"),
        ({"location": ".", "name": "mine"}, 409, "catalog-exists", None),
        ({"location": ".", "kind": "disk"}, 400, "bad-location", None),
        ({"location": ".", "ref": "main"}, 400, "bad-location", "ref"),
        ({"location": "https://me:pw@host.example/x"}, 400, "bad-location", "https://…@host.example/x"),
        ({"location": "http://127.0.0.1:9/x.zip"}, 400, "fetch-failed", "http://127.0.0.1:9/x.zip"),
    ],
)
async def test_what_can_not_be_added_is_one_line_with_its_field(jp_fetch, body, status, code, where):
    found, error = await refused(send(jp_fetch, "catalogs", **body))
    assert (found, error["code"]) == (status, code) and "\n" not in error["message"]
    assert where is None or error["where"] == where


@pytest.mark.parametrize(
    ("name", "status", "code"), [("nobody", 404, "unknown-catalog"), ("mine", 409, "not-removable")]
)
async def test_what_can_not_be_removed_says_why(jp_fetch, name, status, code):
    found, error = await refused(send(jp_fetch, "catalogs", name, method="DELETE"))
    assert (found, error["code"]) == (status, code)
    for action in ("enable", "disable", "refresh"):
        assert (await refused(send(jp_fetch, "catalogs", "nobody", action)))[0] == 404


@pytest.mark.slow
async def test_a_run_asks_once_and_again_after_a_change(jp_fetch, jp_root_dir, repository):
    await send(jp_fetch, "catalogs", location=repository.as_uri())
    write_pipeline(jp_root_dir / "p.pipeline", {"a": {"component": "test/greet@1.0.0"}})
    status, error = await refused(send(jp_fetch, "runs", path="p.pipeline"))
    assert status == 409 and error["code"] == "untrusted-component"
    (asked,) = error["components"]
    assert set(asked) == {"reference", "title", "author", "origin", "key"} and asked["author"] == "A. Stranger"
    older = {asked["reference"]: "the key of what it was when the question was asked"}
    assert await answer(send(jp_fetch, "components", "trust", references=list(older), keys=older)) == {"trusted": []}
    assert not (await palette(jp_fetch))["test/greet@1.0.0"]["trusted"]
    assert (await answer(jp_fetch("claimed", "runs")))["runs"] == []
    keys = {asked["reference"]: asked["key"]}
    said = await answer(send(jp_fetch, "components", "trust", references=list(keys), keys=keys))
    assert said == {"trusted": ["test/greet@1.0.0"]}
    assert (await palette(jp_fetch))["test/greet@1.0.0"]["trusted"]
    record = await run_to_end(jp_fetch, "p.pipeline")
    assert record["tasks"]["a"]["outputs"] == {"greeting": "Hello, you"}
    greeter(repository, says="Goodbye")
    commit(repository)
    await send(jp_fetch, "catalogs", "strangers", "refresh")
    assert (await refused(send(jp_fetch, "runs", path="p.pipeline")))[0] == 409


@pytest.mark.parametrize("references", [None, "greet", [1], {}])
async def test_trust_takes_a_list_of_references(jp_fetch, references):
    status, error = await refused(send(jp_fetch, "components", "trust", references=references))
    assert (status, error["where"]) == (400, "references")
    assert (await refused(send(jp_fetch, "components", "trust", references=["no/such"])))[0] == 404


async def test_a_container_is_shown_and_refused_where_no_program_runs_one(jp_fetch, jp_root_dir, monkeypatch):
    monkeypatch.setenv("PATH", str(jp_root_dir))
    (jp_root_dir / "filter.yaml").write_text(KFP)
    (jp_root_dir / "text.txt").write_text("a\n")
    await send(jp_fetch, "catalogs", location="filter.yaml")
    shown = (await palette(jp_fetch))["kubeflow/filter-text@0.1.0"]
    assert shown["container"]["image"] == "alpine:3.19" and not shown["outside"]
    tasks = {"a": {"component": "kubeflow/filter-text@0.1.0", "inputs": {"Text": {"value": "text.txt"}}}}
    write_pipeline(jp_root_dir / "p.pipeline", tasks)
    described = await answer(send(jp_fetch, "pipelines", "describe", path="p.pipeline"))
    assert described["valid"] and [item["code"] for item in described["diagnostics"]] == ["needs-container"]
    status, error = await refused(send(jp_fetch, "runs", path="p.pipeline"))
    assert (status, error["code"]) == (400, "needs-container")

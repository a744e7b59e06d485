"""OpenLineage: what the official client says of our events, what a server gets, and what comes back."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import FormatChecker
from openlineage_rules import breaches
from standards_scenarios import everything, kubeflow, story_of

from claimed_jlab.lineage import Store, open_store
from claimed_jlab.lineage.standards.fields import NotReadable
from claimed_jlab.lineage.standards.keep import keep
from claimed_jlab.lineage.standards.openlineage.datasets import dataset_of, proper_uri
from claimed_jlab.lineage.standards.openlineage.events import events, lines
from claimed_jlab.lineage.standards.openlineage.facets import dataset_facets, job_facets
from claimed_jlab.lineage.standards.openlineage.reading import read_events
from claimed_jlab.lineage.standards.openlineage.transport import NotSent, send
from claimed_jlab.lineage.standards.story import StoryArtifact, StoryRun

if TYPE_CHECKING:
    from standards_judges import Ask

pytest_plugins = ["standards_judges"]


@pytest.mark.parametrize("fill", [everything, kubeflow])
def test_the_official_client_takes_every_event_and_facet(
    store: Store, fill: Any, tmp_path: Path, standards_judge: Ask
) -> None:
    fill(store)
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(lines(story_of(store))), encoding="utf-8")
    said = standards_judge("openlineage", file)
    assert said["events"] > 5
    if fill is everything:
        assert set(said["facets"]) >= {
            "ParentRunFacet", "JobTypeJobFacet", "SourceCodeLocationJobFacet", "ErrorMessageRunFacet", "OwnershipJobFacet",
            "ProcessingEngineRunFacet", "DatasetVersionDatasetFacet", "StorageDatasetFacet", "DatasourceDatasetFacet",
            "TagsRunFacet", "TagsDatasetFacet", "DocumentationDatasetFacet", "OutputStatisticsOutputDatasetFacet",
        }  # fmt: skip


@pytest.mark.parametrize("fill", [everything, kubeflow])
def test_events_are_as_the_specification_requires(store: Store, fill: Any) -> None:
    fill(store)
    told = list(events(story_of(store)))
    assert told and [line for event in told for line in breaches(event)] == []


@pytest.mark.parametrize(
    ("path", "broken", "words"),
    [
        (("run", "runId"), "r1", "'r1' is no uuid"),
        (("eventTime",), "2026-01-01 10:00", "is no date-time"),
        (("job", "facets", "sourceCodeLocation", "url"), "/home/a b", "'/home/a b' is no uri"),
        (("job", "facets", "jobType", "_schemaURL"), "https://openlineage.io/spec/facets/9-0-0/JobTypeJobFacet.json", "not https"),
        (("job", "facets", "sql"), {}, "no such facet"),
        (("run", "facets", "processing_engine", "release"), "1", "is no field of it"),
    ],
)  # fmt: skip
def test_the_rules_find_what_is_not_as_required(store: Store, path: tuple[str, ...], broken: Any, words: str) -> None:
    everything(store)
    event = next(events(story_of(store)))
    place = event
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = broken
    (line,) = breaches(event)
    assert words in line


@pytest.mark.parametrize("fill", [everything, kubeflow])
def test_events_are_valid_against_the_specifications_schemas(
    store: Store, fill: Any, tmp_path: Path, standards_judge: Ask
) -> None:
    folder = os.environ.get("CLAIMED_OPENLINEAGE_SPEC")
    if not folder:
        pytest.skip("CLAIMED_OPENLINEAGE_SPEC names no folder with OpenLineage's JSON Schemas")
    fill(store)
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(lines(story_of(store))), encoding="utf-8")
    said = standards_judge("openlineage", file, folder)
    assert said["schemas"] > 3 * said["events"]


@pytest.mark.parametrize("fill", [everything, kubeflow])
def test_events_bring_the_same_story_into_another_store_and_twice_is_once(
    store: Store, fill: Any, tmp_path: Path
) -> None:
    fill(store)
    story = story_of(store)
    told, left = read_events("\n".join(lines(story)), "events.jsonl")
    assert told == story and not left
    with open_store(tmp_path / "other.db") as other:
        keep(other, told)
        assert story_of(other) == story
        again = keep(other, told)
        assert not again.new and not again.changed and not again.left
        assert story_of(other) == story
    back = keep(store, told)
    assert not back.new and not back.changed and story_of(store) == story


def test_a_run_that_was_going_on_is_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    everything(store)
    all_events = list(events(story_of(store)))
    early = [event for event in all_events if event["eventType"] == "START"]
    with open_store(tmp_path / "other.db") as other:
        for some in (early, all_events):
            keep(other, read_events("\n".join(map(json.dumps, some)), "e")[0])
        assert story_of(other).runs[0].state == "FAILED"
        fit = next(task for task in story_of(other).runs[0].tasks if task.name == "fit")
        assert fit.state == "COMPLETE" and [name for name, _ in fit.writes] == ["metrics", "model"]


@pytest.mark.parametrize(
    ("uri", "dataset"),
    [
        ("file:///data/a%20b.csv", ("file", "/data/a b.csv")),
        ("file://host/data/a.csv", ("file://host", "/data/a.csv")),
        ("s3://bucket/dir/key.csv", ("s3://bucket", "dir/key.csv")),
        ("gs://bucket/key", ("gs://bucket", "key")),
        ("hdfs://node:8020/a/b", ("hdfs://node:8020", "/a/b")),
        ("https://host/a?b=1", ("https://host", "a?b=1")),
        ("/data/x", ("file", "/data/x")),
        (r"C:\data\x", ("file", r"C:\data\x")),
        ("", ("claimed", "key")),
    ],
)
def test_datasets_are_named_as_the_naming_specification_says(uri: str, dataset: tuple[str, str]) -> None:
    assert dataset_of(uri, "key") == dataset


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        ("file:///a b.csv", "file://"),
        ("s3://Größe x/a.csv", "s3://Gr%C3%B6%C3%9Fe%20x"),
        ("s3://50%?a#b#c", "s3://50%25"),
        ("s3://a:b:9000/x", "s3://a%3Ab:9000"),
        ("s3://::/x", "s3://%3A:"),
        ("s3://[::1]:9000/x", "s3://[::1]:9000"),
        ("s3://a@b@c/x", "s3://a%40b@c"),
        ("abfss://box@account.dfs.core.windows.net/a", "abfss://box@account.dfs.core.windows.net"),
        (r"C:\data\x", None),
    ],
)
def test_the_source_of_a_dataset_is_a_uri_whatever_its_host_is_called(uri: str, source: str | None) -> None:
    facet = dataset_facets(StoryArtifact("key", "system.Dataset", uri)).get("dataSource")
    assert (facet and facet["uri"]) == source


@settings(max_examples=300, deadline=None)
@given(scheme=st.sampled_from(["s3://", "file:", "urn:"]), rest=st.text("a1:/@[]%?# ü\\\n'", max_size=12))
def test_whatever_is_used_as_a_uri_becomes_one(scheme: str, rest: str) -> None:
    made = proper_uri(scheme + rest)
    assert FormatChecker(["uri"]).conforms(made, "uri") and proper_uri(made) == made


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/home/ada/Credit risk.pipeline", "file:///home/ada/Credit%20risk.pipeline"),
        ("Größe.pipeline", "file:Gr%C3%B6%C3%9Fe.pipeline"),
        ("https://host/a b.pipeline", "https://host/a%20b.pipeline"),
        ("", None),
    ],
)
def test_where_the_pipeline_is_is_a_uri(path: str, url: str | None) -> None:
    run = StoryRun("key", "r1", "P", properties={"claimed.git_commit": "867a499", "claimed.pipeline_path": path})
    facet = job_facets(run, run).get("sourceCodeLocation")
    assert (facet and facet["url"]) == url
    # A path in it would be one in the repository, which nothing tells.
    assert not facet or "path" not in facet


def test_events_of_another_producer_become_runs_tasks_and_artifacts(store: Store) -> None:
    parent, child = "0195e5c0-0000-7000-8000-000000000001", "0195e5c0-0000-7000-8000-000000000002"
    reader = "0195e5c0-0000-7000-8000-000000000003"
    base = {
        "producer": "https://airflow",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    }
    up = {"run": {"runId": parent}, "job": {"namespace": "air", "name": "daily"}}
    table = {
        "namespace": "postgres://db:5432",
        "name": "shop.public.orders",
        "facets": {"schema": {"fields": [{"name": "id", "type": "INT"}]}},
    }
    told = [
        {**base, "eventType": "START", "eventTime": "2026-01-01T10:00:00.123456789Z", "run": {"runId": child, "facets": {"parent": up}}, "job": {"namespace": "air", "name": "daily.load"}},
        {**base, "eventType": "COMPLETE", "eventTime": "2026-01-01T10:05:00+00:00", "run": {"runId": child}, "job": {"namespace": "air", "name": "daily.load"}, "outputs": [table]},
        {**base, "eventType": "FAIL", "eventTime": "2026-01-01T11:00:00Z", "run": {"runId": reader, "facets": {"errorMessage": {"message": "boom", "programmingLanguage": "JAVA"}}}, "job": {"namespace": "spark", "name": "report"}, "inputs": [table]},
        {**base, "eventTime": "2026-01-01T11:00:00Z", "dataset": table},
    ]  # fmt: skip
    story, left = read_events("\n".join(map(json.dumps, told)), "events.jsonl")
    assert left == {"event without a run": 1}
    keep(store, story)
    daily, report = story_of(store).runs
    assert (daily.pipeline, [task.name for task in daily.tasks], daily.tasks[0].state) == (
        "daily",
        ["load"],
        "COMPLETE",
    )
    assert (report.pipeline, report.state, report.properties["claimed.error"]) == ("report", "FAILED", "boom")
    assert report.tasks[0].reads == daily.tasks[0].writes
    orders = story_of(store).artifacts[daily.tasks[0].writes[0][1]]
    assert orders.uri == "postgres://db:5432/shop.public.orders" and "openlineage.schema" in orders.metadata
    assert not keep(store, story).new


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"job": {}}\n{', "e.jsonl: line 2: that is no JSON"),
        ('{"eventTime": "soon", "run": {}}', "e.jsonl: event 1 eventTime: 'soon' is no time"),
        ('{"eventTime": "2026-01-01T00:00:00Z", "run": {"runId": "x"}, "job": {}}', "run runId: 'x' is no UUID"),
        ('{"eventTime": "2026-01-01T00:00:00Z", "run": 3, "job": {}}', "run: that is no object"),
        ("[3]", "event 1: that is no object"),
    ],
)
def test_bad_input_is_one_clear_line(content: str, words: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read_events(content, "e.jsonl")
    assert words in str(caught.value) and "\n" not in str(caught.value)


class _Marquez(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = server.answers.pop(0) if server.answers else 201
        typed = self.headers.get_content_type() == "application/json"
        # Marquez takes one event at a time.
        valid = self.path == "/api/v1/lineage" and typed and isinstance(body, dict) and not breaches(body)
        if answer == 201 and valid:
            server.got.append((self.headers.get("Authorization"), body))
        self.send_response(answer if valid else 400)
        if answer in (301, 302, 303, 307, 308):
            self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        server: Any = self.server
        server.got.append((self.headers.get("Authorization"), None))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def marquez() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Marquez)
    server.answers, server.got = [], []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_server_gets_every_event_though_it_stumbles(
    store: Store, marquez: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything(store)
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "secret")
    wanted = list(events(story_of(store)))
    marquez.answers = [503, 429, 201, 500]
    assert send(f"http://127.0.0.1:{marquez.server_port}", wanted, first_wait=0.01) == len(wanted)
    assert [body for _, body in marquez.got] == wanted
    assert {key for key, _ in marquez.got} == {"Bearer secret"}


def test_a_password_of_the_address_goes_as_a_header_and_a_key_before_it(
    store: Store, marquez: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything(store)
    one = next(events(story_of(store)))
    address = f"http://ada:p%40ss@127.0.0.1:{marquez.server_port}/"
    assert send(address, [one]) == 1
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "secret")
    assert send(address, [one]) == 1
    assert [key for key, _ in marquez.got] == ["Basic YWRhOnBAc3M=", "Bearer secret"]


def test_a_server_that_refuses_ends_it_with_how_many_went(store: Store, marquez: Any) -> None:
    everything(store)
    marquez.answers = [201, 201, 422]
    with pytest.raises(NotSent, match=r"422.*2 events went"):
        send(f"http://127.0.0.1:{marquez.server_port}/", events(story_of(store)), first_wait=0.01)
    with pytest.raises(NotSent, match=r"can't be reached.*no event went"):
        send("http://127.0.0.1:1", events(story_of(store)), first_wait=0.001)
    with pytest.raises(NotSent, match="begins with http"):
        send("marquez:5000", events(story_of(store)))


@pytest.mark.parametrize("answer", [301, 302, 303, 307, 308])
def test_a_server_that_has_moved_is_not_followed_and_nothing_counts_as_sent(
    store: Store, marquez: Any, answer: int
) -> None:
    everything(store)
    marquez.answers = [201, answer]
    with pytest.raises(NotSent, match=rf"{answer} .*give the address .*/elsewhere; 1 event went"):
        send(f"http://127.0.0.1:{marquez.server_port}", events(story_of(store)), first_wait=0.01)
    assert len(marquez.got) == 1

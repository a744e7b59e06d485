"""Any story, through each standard and through a store, is the same story."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lineage_dump import dump
from openlineage_rules import breaches
from standards_scenarios import everything, kubeflow, story_of

from claimed_jlab.lineage import Store, open_store
from claimed_jlab.lineage.errors import LineageError, UnknownRun
from claimed_jlab.lineage.standards import choose
from claimed_jlab.lineage.standards.crate.reading import read_crate
from claimed_jlab.lineage.standards.crate.writing import write_crate
from claimed_jlab.lineage.standards.files import read_standard
from claimed_jlab.lineage.standards.gather import gather
from claimed_jlab.lineage.standards.keep import keep
from claimed_jlab.lineage.standards.openlineage.events import events, lines
from claimed_jlab.lineage.standards.openlineage.reading import read_events
from claimed_jlab.lineage.standards.prov.reading import read_document
from claimed_jlab.lineage.standards.prov.writing import document
from claimed_jlab.lineage.standards.story import FINAL, Story, StoryArtifact, StoryRun, StoryTask

EVERY_DATABASE = True
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10)
NAMES = TEXTS.filter(lambda text: bool(text) and not text.startswith(("claimed.", "mlmd")))
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
# A Struct's whole numbers read back as integers.
FRACTIONS = FLOATS.filter(lambda number: not number.is_integer())
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FRACTIONS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
# What a property holds by itself keeps its kind; it can't hold nothing.
PROPERTY = st.booleans() | st.integers(-(2**62), 2**62) | FLOATS | TEXTS | JSONS.filter(lambda value: value is not None)
PROPERTIES = st.dictionaries(NAMES.map(lambda name: f"x.{name}"), PROPERTY, max_size=3)
TAGS = st.dictionaries(NAMES, TEXTS, max_size=2)
MOMENTS = st.integers(1, 4_000_000_000_000)
URIS = TEXTS | st.sampled_from(["s3://b/k y", "file:///a%20b", "file:", "http://[", "gs://b", "x:y"])


@st.composite
def stories(draw: st.DrawFn) -> Story:
    artifacts = {}
    for number in range(draw(st.integers(0, 3))):
        began = draw(MOMENTS)
        artifacts[f"claimed:a{number}{draw(TEXTS)}"] = {
            "type": draw(NAMES), "uri": draw(URIS), "name": draw(NAMES), "digest": draw(st.none() | NAMES),
            "created": began, "updated": began + draw(st.integers(0, 9)), "metadata": draw(PROPERTIES), "tags": draw(TAGS),
        }  # fmt: skip
    runs = [draw(_run(number, sorted(artifacts))) for number in range(draw(st.integers(1, 2)))]
    used = {key for run in runs for task in run.tasks for _, key in (*task.reads, *task.writes)}
    runs.sort(key=lambda run: (run.began, run.key))
    return Story(tuple(runs), {key: StoryArtifact(key, **given) for key, given in artifacts.items() if key in used})


@st.composite
def _run(draw: st.DrawFn, number: int, artifacts: list[str]) -> StoryRun:
    id_ = f"run {number}{draw(TEXTS)}"
    count = draw(st.integers(0, 3))
    tasks = [draw(_task(f"claimed:{id_}/{place}", artifacts)) for place in range(count)]
    tasks.sort(key=lambda task: (task.began, task.key))
    about = draw(PROPERTIES)
    return StoryRun(
        key=f"claimed:{id_}", id=id_, pipeline=draw(NAMES), about=about, tasks=tuple(tasks), **draw(_shared())
    )


@st.composite
def _task(draw: st.DrawFn, key: str, artifacts: list[str]) -> StoryTask:
    ports = st.lists(st.sampled_from(artifacts), max_size=3) if artifacts else st.just([])
    reads = [(f"in {place}", one) for place, one in enumerate(draw(ports))]
    writes = [(f"out {place}", one) for place, one in enumerate(dict.fromkeys(draw(ports)))]
    kind = draw(st.sampled_from(["system.ContainerExecution", "system.ImporterExecution", "their.Own"]))
    named = {"name": draw(NAMES), "title": draw(NAMES), "type": kind, "reads": tuple(reads), "writes": tuple(writes)}
    return StoryTask(key=key, **named, **draw(_shared()))


@st.composite
def _shared(draw: st.DrawFn) -> dict[str, object]:
    began = draw(MOMENTS)
    return {
        "state": draw(st.sampled_from([*FINAL, "RUNNING"])), "began": began, "updated": began + draw(st.integers(0, 9)),
        "parameters": draw(st.dictionaries(TEXTS, JSONS, max_size=2)), "outputs": draw(st.dictionaries(TEXTS, JSONS, max_size=2)),
        "properties": draw(PROPERTIES), "tags": draw(TAGS),
    }  # fmt: skip


def through_openlineage(story: Story) -> Story:
    return read_events("\n".join(lines(story)) + "\n", "events.jsonl")[0]


def through_prov(story: Story) -> Story:
    return read_document(json.dumps(document(story)), "prov.json")[0]


def through_crate(story: Story) -> Story:
    with tempfile.TemporaryDirectory() as folder:
        write_crate(story, Path(folder) / "crate")
        return read_crate(str(Path(folder) / "crate"))[0]


@pytest.mark.parametrize("through", [through_openlineage, through_prov, through_crate])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(story=stories())
def test_any_story_goes_through_a_standard(through: Callable[[Story], Story], story: Story) -> None:
    assert through(story) == story


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    story=stories(),
    uri=URIS | TEXTS.map("s3://{}/x.csv".format),
    path=URIS | TEXTS.map("https://{}".format),
    word=TEXTS,
)
def test_any_storys_events_are_as_openlineage_requires(story: Story, uri: str, path: str, word: str) -> None:
    told = [f"claimed.{name}" for name in ("user", "engine", "version", "git_commit", "git_branch", "error")]
    properties = {**dict.fromkeys(told, word), "claimed.pipeline_path": path}
    runs = tuple(replace(run, properties={**run.properties, **properties}) for run in story.runs)
    artifacts = {key: replace(one, uri=uri) for key, one in story.artifacts.items()}
    for event in events(Story(runs, artifacts)):
        assert breaches(json.loads(json.dumps(event, allow_nan=False))) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(story=stories())
def test_any_story_goes_through_a_store(story: Story) -> None:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "lineage.db") as store:
        assert not keep(store, story).left
        assert story_of(store) == story
        again = keep(store, story)
        assert not again.new and not again.changed and story_of(store) == story


def _nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in items:
        yield (*path, key)
        yield from _nodes(held, (*path, key))


def _broken(document: Any, draw: Callable[[Any], Any]) -> Any:
    path = draw(st.sampled_from(sorted(_nodes(document), key=str)))
    above = document
    for key in path[:-1]:
        above = above[key]
    if draw(st.booleans()):
        del above[path[-1]]
    else:
        above[path[-1]] = draw(
            st.sampled_from([None, 3, -0.5, True, "", "x", [], [3], {}, {"x": [1]}, "2026-01-01T00:00:00Z"])
        )
    return document


@pytest.mark.parametrize("standard", ["openlineage", "prov", "ro-crate"])
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused_in_one_line(standard: str, data: st.DataObject) -> None:
    documents = _documents()
    broken = _broken(json.loads(documents[standard]), data.draw)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ("ro-crate-metadata.json" if standard == "ro-crate" else "x.json")
        file.write_text(json.dumps(broken), encoding="utf-8")
        try:
            story, _ = read_standard(str(file), standard)
            with open_store(Path(folder) / "lineage.db") as store:
                keep(store, story)
        except LineageError as error:
            assert "\n" not in str(error)


@cache
def _documents() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "lineage.db") as store:
        everything(store)
        story = story_of(store)
        write_crate(story, Path(folder) / "crate")
        crate = (Path(folder) / "crate" / "ro-crate-metadata.json").read_text(encoding="utf-8")
        return {"openlineage": json.dumps(list(events(story))), "prov": json.dumps(document(story)), "ro-crate": crate}


@pytest.mark.parametrize("fill", [everything, kubeflow])
def test_a_story_is_the_same_in_every_database(store: Store, fill: Callable[[Store], Any], tmp_path: Path) -> None:
    with open_store(tmp_path / "source.db") as source:
        fill(source)
        story = story_of(source)
    keep(store, story)
    assert story_of(store) == story
    assert not keep(store, story).new and story_of(store) == story


def test_the_official_library_reads_what_an_import_wrote(store: Store, judge: Any, tmp_path: Path) -> None:
    with open_store(tmp_path / "source.db") as source:
        everything(source)
        kubeflow(source)
        told = read_events("\n".join(lines(story_of(source))), "events.jsonl")[0]
    keep(store, told)
    assert judge("dump", store.location) == dump(store)


def test_parts_of_a_store_are_chosen(store: Store) -> None:
    ids = everything(store)
    kubeflow(store)
    whole = story_of(store)
    assert [run.id for run in whole.runs] == ["r1", "6f9a", "r2"] or len(whole.runs) == 3
    assert [run.id for run in gather(store, choose.of_run(store, "r2"))[0].runs] == ["r2"]
    assert {run.id for run in gather(store, choose.of_query(store, "state:FAILED"))[0].runs} == {"r1"}
    assert {run.id for run in gather(store, choose.of_query(store, "type:HTML"))[0].runs} == {"r1"}
    assert {run.id for run in gather(store, choose.of_query(store, "pipeline:loops"))[0].runs} == {"6f9a"}
    (run,) = gather(store, choose.of_artifact(store, ids["train"]))[0].runs
    assert {task.name for task in run.tasks} == {"split/credit.csv", "split"}
    with pytest.raises(UnknownRun):
        choose.of_run(store, "none")
    with pytest.raises(LineageError, match="no run has anything"):
        choose.of_query(store, "type:Nothing")


def test_another_run_of_the_same_id_is_left_as_it_is(store: Store, tmp_path: Path) -> None:
    kubeflow(store)
    with open_store(tmp_path / "other.db") as other:
        keep(other, Story((StoryRun("theirs", "6f9a", "p", "COMPLETE", 1, 2),)))
        assert keep(other, story_of(store)).left == {"run whose id the store has for another run": 1}

"""Workflow Run RO-Crate: what rocrate and runcrate say of our crates, and what comes back."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from standards_scenarios import everything, kubeflow, story_of

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, open_store
from claimed_jlab.lineage.errors import LineageError
from claimed_jlab.lineage.standards.crate.reading import read_crate
from claimed_jlab.lineage.standards.crate.writing import write_crate
from claimed_jlab.lineage.standards.fields import NotReadable
from claimed_jlab.lineage.standards.files import standard_of
from claimed_jlab.lineage.standards.keep import keep

if TYPE_CHECKING:
    from standards_judges import Ask

pytest_plugins = ["standards_judges"]
RUN = "https://w3id.org/ro/wfrun"


@pytest.mark.parametrize("fill", [everything, kubeflow])
@pytest.mark.parametrize("name", ["crate", "crate.zip"])
def test_the_libraries_open_a_crate_and_report_on_its_actions(
    store: Store, fill: Any, name: str, tmp_path: Path, standards_judge: Ask
) -> None:
    fill(store)
    story = story_of(store)
    out = tmp_path / name
    assert not write_crate(story, out)
    said = standards_judge("crate", out)
    assert set(said["profiles"]) >= {f"{RUN}/{profile}/0.5" for profile in ("process", "workflow", "provenance")}
    assert said["main"] and set(said["types"]) >= {
        "ComputationalWorkflow", "FormalParameter", "CreateAction", "OrganizeAction", "ControlAction", "HowToStep",
        "SoftwareApplication", "PropertyValue", "File",
    }  # fmt: skip
    tasks = [task for run in story.runs for task in run.tasks]
    assert said["report"].count("action: ") == len(story.runs) + len(tasks)
    assert said["report"].count("  step: ") == len(tasks)
    if fill is everything:
        assert "minio://bucket/model.joblib <- " in said["report"] and "Person" in said["types"]
    assert standard_of(str(out)) == "ro-crate"
    assert read_crate(str(out)) == (story, {})


def test_a_crate_brings_the_same_story_into_another_store_and_twice_is_once(store: Store, tmp_path: Path) -> None:
    everything(store)
    story = story_of(store)
    write_crate(story, tmp_path / "crate.zip")
    with open_store(tmp_path / "other.db") as other:
        keep(other, read_crate(str(tmp_path / "crate.zip"))[0])
        assert story_of(other) == story
        assert not keep(other, read_crate(str(tmp_path / "crate.zip"))[0]).new and story_of(other) == story


def test_files_come_along_when_asked_and_what_is_gone_is_said(
    store: Store, tmp_path: Path, standards_judge: Ask
) -> None:
    here, document = tmp_path / "a b.csv", tmp_path / "Credit risk.pipeline"
    here.write_text("x\n1\n")
    document.write_text("{}")
    recorder = Recorder(store)
    recorder.start_run(
        "r",
        "Credit",
        parameters={},
        properties={"claimed.pipeline_path": str(document), "claimed.git_commit": "c0ffee"},
    )
    recorder.start_task("r", "t", display_name="T", inputs={}, artifacts={}, properties={})
    made = {
        "table": ArtifactRecord("Dataset", here.as_uri(), "a b.csv"),
        "gone": ArtifactRecord("Dataset", "file:///gone.csv"),
    }
    recorder.finish_task("r", "t", state="COMPLETE", outputs={}, artifacts=made, properties={})
    out = tmp_path / "crate.zip"
    left = write_crate(story_of(store), out, with_files=True)
    assert left == {"file that is elsewhere or gone: the crate has its URI only": 1}
    with zipfile.ZipFile(out) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    (copy,) = [name for name in held if name.startswith("files/")]
    graph = {one["@id"]: one for one in json.loads(held["ro-crate-metadata.json"])["@graph"]}
    entity = graph[copy.replace(" ", "%20")]
    assert entity["sha256"] == hashlib.sha256(held[copy]).hexdigest() and entity["contentSize"] == "4"
    assert held["Credit risk.pipeline"] == b"{}" and graph["./"]["mainEntity"] == {"@id": "Credit%20risk.pipeline"}
    assert graph["Credit%20risk.pipeline"]["version"] == "c0ffee"
    assert standards_judge("crate", out)["main"] == "Credit%20risk.pipeline"
    assert read_crate(str(out))[0] == story_of(store)
    with pytest.raises(LineageError, match="there already"):
        write_crate(story_of(store), out)


def test_the_standard_parts_alone_tell_the_runs_tasks_ports_and_files(store: Store, tmp_path: Path) -> None:
    everything(store)
    story = story_of(store)
    write_crate(story, tmp_path / "crate")
    file = tmp_path / "crate" / "ro-crate-metadata.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    for entity in document["@graph"]:
        entity.pop("claimed:record", None)
    file.write_text(json.dumps(document), encoding="utf-8")
    told, left = read_crate(str(tmp_path / "crate"))
    assert not left
    with open_store(tmp_path / "other.db") as other:
        keep(other, told)
        assert not keep(other, told).new

    def shape(one: Any) -> Any:
        ports = {
            side: {
                (port, one.artifacts[key].uri)
                for port, key in getattr(task, side)
                if one.artifacts[key].uri.partition("#")[0]
            }
            for run in one.runs
            for task in run.tasks
            for side in ("reads", "writes")
        }
        return [
            (run.pipeline, run.began, run.ended, [(task.title, task.began, task.ended) for task in run.tasks])
            for run in one.runs
        ], ports

    assert [run[:3] for run in shape(told)[0]] == [run[:3] for run in shape(story)[0]]
    assert [sorted(map(str, run[3])) for run in shape(told)[0]] == [sorted(map(str, run[3])) for run in shape(story)[0]]
    fit = next(task for task in told.runs[0].tasks if task.title == "Fit")
    assert {port for port, _ in fit.reads} == {"data", "again", "holdout"}
    assert {port for port, _ in fit.writes} == {"model", "metrics"}
    assert (
        told.runs[0].properties["claimed.user"] == "ada"
        and fit.properties["claimed.component"] == "train/sklearn@1.0.0"
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "that is no JSON"),
        ("{}", "there is no list @graph"),
        ('{"@graph": [{}]}', "entity 1 @id: there is none"),
        ('{"@graph": [{"@id": "#a", "@type": "CreateAction", "claimed:record": "{"}]}', "#a claimed:record: that is no JSON"),
        ('{"@graph": [{"@id": "#a", "@type": "CreateAction", "claimed:record": "{\\"key\\": \\"k\\", \\"id\\": 3}"}]}', "that is no text"),
        ('{"@graph": [{"@id": "#a", "@type": "CreateAction", "startTime": "x"}]}', "#a startTime: 'x' is no time"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(content: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "ro-crate-metadata.json"
    file.write_text(content)
    with pytest.raises(NotReadable) as caught:
        read_crate(str(file))
    assert words in str(caught.value) and "\n" not in str(caught.value)

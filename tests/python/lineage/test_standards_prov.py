"""PROV-JSON: what the prov library says of our documents, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from standards_scenarios import everything, kubeflow, story_of

from claimed_jlab.lineage import Store, open_store
from claimed_jlab.lineage.standards.fields import NotReadable
from claimed_jlab.lineage.standards.keep import keep
from claimed_jlab.lineage.standards.prov.reading import read_document
from claimed_jlab.lineage.standards.prov.writing import document

if TYPE_CHECKING:
    from standards_judges import Ask

pytest_plugins = ["standards_judges"]


@pytest.mark.parametrize("fill", [everything, kubeflow])
def test_the_prov_library_reads_the_document_and_writes_the_same_story(
    store: Store, fill: Any, tmp_path: Path, standards_judge: Ask
) -> None:
    fill(store)
    story = story_of(store)
    ours, theirs = tmp_path / "ours.json", tmp_path / "theirs.json"
    ours.write_text(json.dumps(document(story), ensure_ascii=False), encoding="utf-8")
    said = standards_judge("prov", ours, theirs)
    assert said["equal"]
    if fill is everything:
        assert said["records"].keys() >= {
            "ProvEntity", "ProvActivity", "ProvAgent", "ProvUsage", "ProvGeneration", "ProvAssociation", "ProvStart",
            "ProvCommunication", "ProvInfluence", "ProvDelegation", "ProvMembership",
        }  # fmt: skip
    for file in (ours, theirs):
        told, left = read_document(file.read_text(encoding="utf-8"), file.name)
        assert told == story and not left


def test_a_document_brings_the_same_story_into_another_store_and_twice_is_once(store: Store, tmp_path: Path) -> None:
    everything(store)
    story = story_of(store)
    told, _ = read_document(json.dumps(document(story)), "x")
    with open_store(tmp_path / "other.db") as other:
        keep(other, told)
        assert story_of(other) == story
        assert not keep(other, told).new and story_of(other) == story


def test_another_producers_document_becomes_runs_and_artifacts(store: Store) -> None:
    given = {
        "prefix": {"ex": "https://example.org/", "default": "https://d/"},
        "entity": {"ex:in": {"prov:label": "In", "ex:size": {"$": "3", "type": "xsd:int"}}, "out": {}, "ex:alone": {}},
        "activity": {"ex:sort": {"prov:startTime": "2026-01-01T00:00:00", "prov:endTime": "2026-01-01T00:01:00Z"}, "ex:timeless": {}},
        "used": {"_:1": {"prov:activity": "ex:sort", "prov:entity": "ex:in", "prov:role": "source"}},
        "wasGeneratedBy": {"_:1": {"prov:activity": "ex:sort", "prov:entity": "out"}},
        "wasDerivedFrom": {"_:1": {"prov:generatedEntity": "out", "prov:usedEntity": "ex:in"}},
    }  # fmt: skip
    story, left = read_document(json.dumps(given), "x.json")
    keep(store, story)
    assert left == {
        "wasDerivedFrom of a PROV document": 1,
        "activity without a time": 1,
        "entity that no activity used or generated": 1,
    }
    (run,) = story_of(store).runs
    assert run.tasks[0].reads == (("source", "prov:https://example.org/in"),)
    assert run.tasks[0].writes == (("out", "prov:https://d/out"),)
    assert story_of(store).artifacts["prov:https://example.org/in"].metadata["prov.ex:size"] == 3
    assert not keep(store, story).new


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "p.json: that is no JSON"),
        ('{"entity": 3}', "p.json: entity: that is no object"),
        ('{"used": {"u": {"prov:activity": "a", "prov:entity": "e"}}}', "p.json: used u: there is no entity e"),
        ('{"activity": {"run:x": {}}}', "activity run:x prov:startTime: there is none"),
        ('{"entity": {"e": {"x": {"$": "y", "type": "xsd:int"}}}, "activity": {"a": {"prov:startTime": "2026-01-01T00:00:00Z"}}, "used": {"u": {"prov:activity": "a", "prov:entity": "e"}}}', "none of its type"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(content: str, words: str) -> None:
    with pytest.raises(NotReadable) as caught:
        read_document(content, "p.json")
    assert words in str(caught.value) and "\n" not in str(caught.value)

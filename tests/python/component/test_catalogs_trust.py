"""A component from outside asks before it first runs, and again when what would run has changed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from authoring import write_pipeline
from outside_places import KFP, Web, commit, greeter

from claimed_jlab.component.catalog import default_catalog
from claimed_jlab.component.catalogs import trust as trust_room
from claimed_jlab.component.catalogs.operations import add, refresh
from claimed_jlab.component.catalogs.trust import UntrustedComponents, is_trusted, refuse_untrusted, trust
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.local.engine import NeedsContainer, submit
from claimed_jlab.run.plan import plan


@pytest.fixture
def strangers(tmp_path):
    folder = tmp_path / "strangers"
    greeter(folder)
    (folder / "greet" / "words.py").write_text("hello = 'Hello'\n")
    (folder / "greet" / "lib").mkdir()
    (folder / "greet" / "lib" / "deep.py").write_text("x = 1\n")
    (folder / "greet" / "README.md").write_text("Greets.\n")
    commit(folder)
    add(folder.as_uri())
    return folder


def greet():
    return default_catalog().resolve("greet")


def refreshed(folder):
    commit(folder)
    assert refresh(default_catalog().catalog("strangers")) is None


def test_it_is_not_trusted_until_somebody_says_so_and_then_is(strangers, claimed_home):
    assert not is_trusted(greet())
    assert trust([greet()]) == ["test/greet@1.0.0"]
    assert is_trusted(greet())
    (kept,) = json.loads((claimed_home / "trusted.json").read_text())["components"].values()
    assert kept["reference"] == "test/greet@1.0.0" and kept["origin"].startswith("git file://") and kept["when"]


@pytest.mark.parametrize("change", ["notebook", "module", "deep module", "another file that code could load"])
def test_changed_code_is_asked_about_again(strangers, change):
    trust([greet()])
    folder = strangers / "greet"
    if change == "notebook":
        greeter(strangers, says="Goodbye")
    elif change == "module":
        (folder / "words.py").write_text("hello = 'Goodbye'\n")
    elif change == "deep module":
        (folder / "lib" / "deep.py").write_text("x = 2\n")
    else:
        (folder / "lib" / "weights.pkl").write_bytes(b"x")
    refreshed(strangers)
    assert not is_trusted(greet())


@pytest.mark.parametrize("change", ["readme", "prose", "another component", "a sample"])
def test_an_unrelated_change_asks_nothing(strangers, change):
    trust([greet()])
    if change == "readme":
        (strangers / "greet" / "README.md").write_text("Greets everybody.\n")
    elif change == "prose":
        notebook = json.loads((strangers / "greet" / "greet.ipynb").read_text())
        notebook["cells"][0]["source"] = "# Greet anybody"
        (strangers / "greet" / "greet.ipynb").write_text(json.dumps(notebook))
    elif change == "another component":
        greeter(strangers, "other")
    else:
        (strangers / "greet" / "sample").mkdir()
        (strangers / "greet" / "sample" / "people.csv").write_text("name\n")
    refreshed(strangers)
    assert is_trusted(greet())


def test_what_python_compiles_beside_it_asks_nothing(strangers):
    trust([greet()])
    cache = Path(greet().path).parent / "__pycache__"
    cache.mkdir()
    (cache / "words.cpython-311.pyc").write_bytes(b"x")
    trust_room._notebook_key.cache_clear()  # as in another process
    assert is_trusted(greet())


def test_a_container_is_trusted_by_what_it_runs(tmp_path):
    web = Web()
    url = web.put("/filter.yaml", KFP)
    add(url)
    catalog = default_catalog()
    trust([catalog.resolve("filter-text")])
    web.put("/filter.yaml", KFP.replace("Keeps the lines", "Keeps every line"))
    refresh(catalog.catalog("filter"))
    assert is_trusted(catalog.resolve("filter-text"))
    web.put("/filter.yaml", KFP.replace("alpine:3.19", "evil:latest"))
    refresh(catalog.catalog("filter"))
    web.stop()
    assert not is_trusted(catalog.resolve("filter-text"))


def test_ones_own_folders_and_packages_never_ask(tmp_path):
    greeter(tmp_path / "ours")
    catalog = default_catalog([tmp_path / "ours"])
    refuse_untrusted(catalog.components())
    assert all(shown.trusted and not shown.outside for shown in catalog.listing())


def test_the_refusal_names_each_component_who_made_it_and_the_command(strangers):
    with pytest.raises(UntrustedComponents) as caught:
        refuse_untrusted([greet(), greet()])
    assert "jupyter claimed component trust test/greet@1.0.0" in str(caught.value)
    (item,) = caught.value.components
    assert (item["reference"], item["title"], item["author"]) == ("test/greet@1.0.0", "Greet somebody", "A. Stranger")
    assert item["origin"].startswith(f"git {strangers.as_uri()}@")


def test_a_file_of_trust_that_is_damaged_lets_nothing_run(strangers, claimed_home):
    trust([greet()])
    (claimed_home / "trusted.json").write_text("{")
    assert not is_trusted(greet())
    with pytest.raises(ClaimedError, match="move it away"):
        trust([greet()])


def planned(tmp_path, component, **inputs):
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": component, "inputs": inputs}})
    checked = check(read_pipeline(path), tmp_path, default_catalog())
    return checked, lambda: plan(checked, {}, path=str(path))


def test_a_run_of_what_is_not_trusted_starts_nothing(strangers, tmp_path, claimed_home):
    checked, make = planned(tmp_path, "test/greet@1.0.0")
    assert checked.valid
    with pytest.raises(UntrustedComponents):
        submit(make())
    assert not (claimed_home / "runs").exists()


def test_a_path_into_what_was_fetched_is_no_way_around(strangers, tmp_path, claimed_home):
    _, make = planned(tmp_path, os.path.relpath(greet().path, tmp_path))
    with pytest.raises(UntrustedComponents):
        submit(make())


def test_a_container_is_a_warning_in_the_editor_and_a_refusal_of_the_local_engine(tmp_path, claimed_home, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "filter.yaml").write_text(KFP)
    (tmp_path / "text.txt").write_text("a\n")
    add(str(tmp_path / "filter.yaml"))
    checked, make = planned(tmp_path, "kubeflow/filter-text", Text={"value": "text.txt"})
    assert checked.valid and [item.code for item in checked.diagnostics] == ["needs-container"]
    with pytest.raises(
        NeedsContainer, match="install docker or podman to run it here, or run it on Kubeflow"
    ) as caught:
        submit(make())
    assert caught.value.code == "needs-container" and "tasks.a" in caught.value.where
    assert not (claimed_home / "runs").exists()

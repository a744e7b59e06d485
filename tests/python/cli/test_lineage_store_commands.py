"""`jupyter claimed lineage import` and `upgrade`, as a user calls them."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claimed_jlab.cli.lineage_store import import_, upgrade
from claimed_jlab.lineage import ArtifactRecord, Recorder, find, open_store


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("CLAIMED_HOME", str(folder))
    monkeypatch.delenv("CLAIMED_LINEAGE", raising=False)
    monkeypatch.delenv("CLAIMED_MLMD_PYTHON", raising=False)
    return folder


@pytest.fixture
def laptop(tmp_path: Path) -> Path:
    path = tmp_path / "laptop.db"
    with open_store(path) as store:
        recorder = Recorder(store)
        recorder.start_run("r1", "Credit", parameters={}, properties={})
        recorder.import_artifact("r1", "fit", ArtifactRecord("Dataset", "file:///data.csv", "data.csv", "d0"))
    return path


def call(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, list(map(str, arguments)))  # type: ignore[arg-type]


def test_an_import_says_what_it_brought(laptop: Path, home: Path) -> None:
    trial = call(import_, laptop, "--dry-run")
    assert trial.output == "would bring 1 artifacts; 2 executions; 2 contexts; 1 events\n"

    done = call(import_, laptop, "--json")
    answer = json.loads(done.stdout)

    assert (done.exit_code, answer["source"], answer["dry_run"]) == (0, str(laptop), False)
    assert answer["new"]["events"] == 1 and answer["left_out"] == []
    with open_store(home / "lineage.db") as store:
        assert [node.name for node in find(store, "type:Dataset").nodes] == ["data.csv"]
    again = call(import_, laptop)
    assert again.output == "brought 0 artifacts; 0 executions; 0 contexts; 0 events\n"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("/nowhere/at/all.db", "not a file"),
        ("ftp://host/x", "can't be opened by ftp://"),
        ("grpc://127.0.0.1:1", "has no ml-metadata"),
    ],
)
def test_a_source_that_is_none_is_one_line(source: str, words: str) -> None:
    done = call(import_, source, "--mlmd-python", sys.executable)

    assert done.exit_code == 1
    assert words in done.stderr and done.stderr.count("\n") == 1


def test_an_upgrade_that_is_not_needed_says_so(laptop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMED_LINEAGE", str(laptop))

    done = call(upgrade, "--json")

    assert json.loads(done.stdout) == {"store": str(laptop), "upgraded": False, "backup": None}
    assert [path.name for path in laptop.parent.glob("laptop.db.backup*")] == []


def test_an_upgrade_without_the_library_changes_nothing(laptop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMED_LINEAGE", str(laptop))
    with sqlite3.connect(laptop) as connection:
        connection.execute("UPDATE MLMDEnv SET schema_version = 9")
    connection.close()

    done = call(upgrade, "--mlmd-python", sys.executable)

    assert done.exit_code == 1 and "has no ml-metadata" in done.stderr
    assert [path.name for path in laptop.parent.glob("laptop.db.backup*")] == []


def test_a_copy_of_somebody_elses_store_is_upgraded_by_its_path(laptop: Path, home: Path) -> None:
    done = call(upgrade, laptop, "--json")

    assert json.loads(done.stdout) == {"store": str(laptop), "upgraded": False, "backup": None}
    assert not home.exists()
    missing = call(upgrade, laptop.with_name("nothing.db"))
    assert missing.exit_code == 1 and missing.stderr == f"error: {laptop.with_name('nothing.db')}: " + (
        "not a file (give the path of a database file)\n"
    )

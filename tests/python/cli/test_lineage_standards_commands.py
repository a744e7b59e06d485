"""`jupyter claimed lineage export`, and `import` of what it wrote, as a user calls them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claimed_jlab.cli.lineage import lineage
from claimed_jlab.lineage import Store, open_store

sys.path.insert(0, str(Path(__file__).parents[1] / "lineage"))
from standards_scenarios import everything, story_of


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("CLAIMED_HOME", str(folder))
    for name in ("CLAIMED_LINEAGE", "OPENLINEAGE_API_KEY", "OPENLINEAGE_NAMESPACE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def store(home: Path) -> Store:
    store = open_store(home / "lineage.db")
    everything(store)
    return store


def call(*arguments: object) -> Result:
    return CliRunner().invoke(lineage, list(map(str, arguments)))


@pytest.mark.parametrize(
    ("standard", "name"), [("openlineage", "e.jsonl"), ("prov", "p.json"), ("ro-crate", "c.zip"), ("ro-crate", "c")]
)
def test_what_was_exported_is_known_by_its_content_and_imported(
    store: Store, standard: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / name
    done = call("export", "--to", standard, "--out", out, "--json")
    answer = json.loads(done.stdout)
    assert (done.exit_code, answer["runs"], answer["tasks"], answer["left_out"]) == (0, 2, 7, [])
    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path / "elsewhere"))
    trial = call("import", out, "--dry-run")
    assert trial.output == "it tells of 2 runs; 7 tasks; 7 artifacts\n"
    assert call("import", out).output == "brought 2 runs; 7 tasks; 7 artifacts\n"
    assert call("import", out).output == "brought 0 runs; 0 tasks; 0 artifacts\n"
    with open_store(tmp_path / "elsewhere" / "lineage.db") as other:
        assert story_of(other) == story_of(store)


def test_a_part_goes_to_standard_output_and_what_was_left_out_to_standard_error(store: Store) -> None:
    done = call("export", "--run", "r2", "--to", "openlineage")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert {event["run"]["facets"].get("claimed_run", {}).get("id") for event in events} == {"r2", None}
    assert "1 runs; 2 tasks" in done.stderr
    assert "prefix" in json.loads(call("export", "type:Model", "--to", "prov").stdout)


def test_a_store_that_lost_something_says_so(store: Store) -> None:
    store.write(lambda connection: connection.exec_driver_sql("DELETE FROM Artifact WHERE id = 1"))
    done = call("export", "--to", "prov")
    assert "left out: event of an artifact that the store has lost, " in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "ro-crate"), "a crate is a folder or a .zip"),
        (("--to", "prov", "--url", "http://x"), "only OpenLineage is sent"),
        (("--to", "prov", "--with-files"), "only an RO-Crate has room"),
        (("--to", "prov", "--json"), "add --out or --url"),
        (("--to", "prov", "--run", "x", "type:Model"), "give one of"),
        (("--to", "prov", "--run", "nobody"), "no run is called 'nobody'"),
        (("--to", "openlineage", "--url", "ftp://x"), "begins with http"),
        (("--to", "prov", "--out", "."), "that is a folder"),
    ],
)
def test_a_mistake_is_one_line(store: Store, arguments: tuple[str, ...], words: str) -> None:
    done = call("export", *arguments)
    assert done.exit_code == 1 and words in done.stderr and done.stderr.count("\n") == 1


def test_a_broken_file_is_one_line_with_its_place(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "e.jsonl"
    call("export", "--to", "openlineage", "--out", file)
    file.write_text(file.read_text() + "{\n")
    done = call("import", file)
    assert done.exit_code == 1 and "e.jsonl: line 17: that is no JSON" in done.stderr

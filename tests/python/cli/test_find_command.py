"""`jupyter claimed lineage find`: a table for people, JSON for programs, one line for a mistake."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from claimed_jlab.cli.commands import claimed
from claimed_jlab.lineage import ArtifactRecord, Recorder, open_store
from claimed_jlab.paths import writable_home


@pytest.fixture
def ask(tmp_path, monkeypatch):
    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path))
    recorder = Recorder(open_store(writable_home() / "lineage.db"))
    recorder.start_run("r1", "Credit", parameters={}, properties={"claimed.user": "ada"})
    for name in ("a.csv", "b\x1b[2J.csv"):
        recorder.import_artifact("r1", "fit", ArtifactRecord("Dataset", f"file:///{name}", name))
    return lambda *words: CliRunner().invoke(claimed, ["lineage", "find", *words])


def test_a_search_prints_a_table_without_what_would_move_the_cursor(ask):
    lines = ask("type:Dataset").stdout.splitlines()

    assert lines[0].split() == ["KIND", "ID", "NAME", "TYPE", "STATE", "WHEN"]
    assert lines[1].split()[:5] == ["artifact", "artifact/2", "b?[2J.csv", "system.Dataset", "LIVE"]
    assert len(lines) == 3


def test_a_search_prints_json_with_the_cursor_of_the_next_page(ask):
    first = json.loads(ask("type:Dataset", "--limit", "1", "--json").stdout)
    rest = json.loads(ask("type:Dataset", "--json", "--cursor", first["next"]).stdout)

    assert [node["id"] for node in first["nodes"] + rest["nodes"]] == ["artifact/2", "artifact/1"]
    assert rest["next"] is None


def test_a_wrong_search_is_one_line_with_the_column(ask):
    done = ask("stat:LIVE")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "error: column 1: there is no field 'stat' (did you mean state?)\n"


def test_a_search_that_finds_nothing_says_so(ask):
    assert ask("nothing-like-it").stdout == "nothing is found\n"


def test_words_of_a_search_need_no_quotes_of_the_shells(ask):
    assert ask("type:Dataset", "name:a.csv").stdout == ask("type:Dataset name:a.csv").stdout
    assert ask("-type:Dataset").stderr == "error: column 1: a minus takes nothing away (write not type:Dataset)\n"
    done = ask("type:Dataset", "--jsno")
    assert done.exit_code == 2 and "No such option" in done.stderr


def test_a_search_that_finds_nothing_says_what_may_have_been_meant(ask):
    done = ask("owner=ada")

    assert done.stdout == "nothing is found\n"
    assert done.stderr == "did you mean user:ada? owner is a property\n"
    assert ask("owner=ada", "--json").stderr == ""

"""`jupyter claimed lineage` for one node, and what it says to who asks for the wrong thing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from claimed_jlab.cli.commands import claimed
from claimed_jlab.lineage import ArtifactRecord, Recorder, open_store
from claimed_jlab.lineage.query.fields import FIELDS

Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path))
    monkeypatch.delenv("CLAIMED_LINEAGE", raising=False)
    with open_store(tmp_path / "lineage.db") as store:
        recorder = Recorder(store)
        recorder.start_run("r1", "Credit", parameters={}, properties={})
        for task, outputs in (("fit", ["model"]), ("split", ["train", "test"])):
            recorder.start_task("r1", task, display_name=task, inputs={}, artifacts={}, properties={})
            made = {name: ArtifactRecord("Dataset", f"file:///{name}", name) for name in outputs}
            recorder.finish_task("r1", task, state="COMPLETE", outputs={}, artifacts=made, properties={})
    return lambda *words: CliRunner().invoke(claimed, ["lineage", *words])


def test_a_tag_is_taken_away_by_a_minus(call: Call) -> None:
    assert call("tag", "artifact/1", "best", "draft").stdout == "best\ndraft\n"
    assert call("tag", "artifact/1", "-draft").stdout == "best\n"
    assert call("tag", "artifact/1", "--", "-best").stderr == "artifact/1 has no tags\n"
    done = call("tag", "artifact/1", "-never")
    assert (done.exit_code, done.stderr) == (1, "error: artifact/1: it has no tag 'never'\n")


def test_a_tag_is_found_by_its_text(call: Call) -> None:
    call("tag", "artifact/1", "approved-by=Ada Lovelace", "best")
    call("tag", "artifact/2", "approved-by=bob")

    for query, found in {
        "tag:approved-by": {"artifact/1", "artifact/2"},
        "tag:approved-by=bob": {"artifact/2"},
        "tag:approved-*=ada*": {"artifact/1"},
        'tag:"approved-by=ada lovelace"': {"artifact/1"},
        "tag:best=": {"artifact/1"},
        "tag:best=x": set(),
    }.items():
        words = call("find", query).stdout.split()
        assert {word for word in words if word.startswith("artifact/")} == found, query


def test_a_run_is_tagged_and_noted_by_its_id(call: Call) -> None:
    assert call("tag", "r1", "best").stdout == "best\n"
    assert call("tag", "run:r1").stdout == "best\n"
    assert call("note", "r1").stderr.endswith(" has no note\n")
    assert call("note", "r1", "Keep it.").stdout == call("note", "run:r1").stdout == "Keep it.\n"
    assert "r1" in call("find", "tag:best kind:context").stdout


def test_what_can_be_no_tag_is_refused_in_a_short_line(call: Call) -> None:
    done = call("tag", "artifact/1", "x" * 300)

    assert done.exit_code == 1 and len(done.stderr) < 250 and "letters, digits, blanks and" in done.stderr


def test_who_asks_for_the_lineage_of_another_thing_is_told_what_to_give(call: Call, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("x")
    for given, said in {
        "r1": "it is a run: give one of its artifacts, which `jupyter claimed lineage find run:r1` lists",
        "run:r1": "find run:r1` lists",
        "execution/3": "execution/3 made several artifacts (choose one: artifact/2 (train), artifact/3 (test))",
        "context/1": "`jupyter claimed lineage find` lists them",
        str(tmp_path / "other.csv"): "no run that the store knows read or wrote this file",
    }.items():
        done = call("show", given)
        assert done.exit_code == 1 and said in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert call("show", "execution/2").stdout.startswith("model (Dataset) [artifact/1]")


def test_who_asks_for_a_list_is_told_of_its_items(call: Call, tmp_path: Path) -> None:
    with open_store(tmp_path / "lineage.db") as store:
        recorder = Recorder(store)
        for task in ("each.0", "each.1", "eachother"):
            recorder.start_task("r1", task, display_name=task, inputs={}, artifacts={}, properties={})
            made = {"model": ArtifactRecord("Model", f"file:///{task}", task)}
            recorder.finish_task("r1", task, state="COMPLETE", outputs={}, artifacts=made, properties={})

    assert "give one of its parts: r1/each.0/model, r1/each.1/model)" in call("show", "r1/each/model").stderr
    assert "give one of its parts: r1/each.0, r1/each.1)" in call("show", "r1/each").stderr
    assert call("find", "task:each").stderr == (
        "the items of a list, and the parts of a pipeline, are found by task:each.*\n"
    )
    assert len(call("find", "task:each.* kind:execution").stdout.splitlines()) == 3


def test_runs_are_compared_elsewhere(call: Call) -> None:
    done = call("compare", "context/1", "context/2")

    assert done.exit_code == 1 and "runs are compared by `jupyter claimed runs compare`" in done.stderr


def test_a_state_that_is_none_is_answered_by_those_there_are(call: Call) -> None:
    done = call("prune", "--older-than", "0d", "--state", "FAILD")
    assert "'FAILD' is no state of a run (did you mean FAILED?)" in done.stderr
    assert "one of COMPLETE, FAILED, CANCELED" in call("prune", "--older-than", "0d", "--state", "x").stderr


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("search", "find"),
        ("list", "find"),
        ("diff", "compare"),
        ("shw", "show"),
        ("Search", "find"),
        ("serach", "find"),
    ],
)
def test_a_command_that_others_call_otherwise_is_named(call: Call, word: str, ours: str) -> None:
    done = call(word)

    assert done.exit_code == 2 and f"No such command {word!r}; did you mean {ours!r}?" in done.stderr


def test_help_names_all_fields_of_a_query(call: Call) -> None:
    words = call("find", "--help").stdout.split()

    assert set(FIELDS) <= set(words)
    assert call("xyzzy").exit_code == 2


def test_an_answer_that_is_cut_says_so_once(call: Call) -> None:
    done = call("show", "artifact/1", "--limit", "1")

    assert (done.stdout + done.stderr).count("more") == 1


def test_a_file_that_is_no_store_is_said_with_what_can_be_imported(call: Call, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": 1}' * 100)
    done = call("import", str(tmp_path / "x.json"))

    assert done.exit_code == 1 and "a standard's file is OpenLineage events, PROV-JSON or an RO-Crate" in done.stderr


def test_a_store_that_was_not_there_is_said(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAIMED_LINEAGE", str(tmp_path / "typo.db"))

    done = call("find", "--json")
    assert done.stderr == f"{tmp_path / 'typo.db'}: there was no lineage store yet, an empty one was made\n"
    assert call("find").stderr == ""


def test_a_command_leaves_the_store_in_one_file(call: Call, tmp_path: Path) -> None:
    call("tag", "artifact/1", "best")
    assert sorted(path.name for path in tmp_path.glob("lineage.db*")) == ["lineage.db"]


def test_a_standards_file_takes_no_name(call: Call, tmp_path: Path) -> None:
    out = str(tmp_path / "x.json")
    call("export", "--to", "prov", "--out", out)
    done = call("import", out, "--name", "x")

    assert done.exit_code == 1 and done.stderr.startswith(f"error: {out}: --name is for stores")

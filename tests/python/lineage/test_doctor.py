"""The doctor finds what is wrong, says what it can mend, and mends without losing what is true."""

from __future__ import annotations

import json
from pathlib import Path

from blake3 import blake3
from click.testing import CliRunner
from sqlalchemy import delete, insert

from claimed_jlab.cli.commands import claimed
from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, open_journal, read, schema
from claimed_jlab.lineage.doctor import examine_store

EVERY_DATABASE = True


def a_run(recorder: Recorder, path: Path) -> int:
    path.write_text("data")
    digest = f"blake3:{blake3(b'data').hexdigest()}"
    recorder.start_run("r1", "P", parameters={}, properties={})
    recorder.start_task("r1", "make", display_name="Make", inputs={}, artifacts={}, properties={})
    made = {"table": ArtifactRecord("Dataset", path.as_uri(), digest=digest), "far": ArtifactRecord("Model", "s3://m")}
    return recorder.finish_task("r1", "make", state="COMPLETE", outputs={}, artifacts=made, properties={})["table"]


def codes(findings: list) -> list[tuple[str, int, bool]]:
    return [(one.code, one.count, one.mended) for one in findings]


def test_a_healthy_store_has_nothing(store: Store, recorder: Recorder, tmp_path: Path) -> None:
    a_run(recorder, tmp_path / "table.csv")

    assert examine_store(store, deep=True) == []


def test_rows_that_hang_in_the_air_are_found_and_removed(store: Store, recorder: Recorder, tmp_path: Path) -> None:
    table = a_run(recorder, tmp_path / "table.csv")
    store.write(lambda connection: connection.execute(delete(schema.artifact).where(schema.artifact.c.id == table)))
    store.write(
        lambda connection: connection.execute(insert(schema.event).values(artifact_id=2, execution_id=77, type=4))
    )

    found = codes(examine_store(store))
    assert ("dangling", 1, False) in found
    assert codes(examine_store(store, mend=True)).count(("dangling", 1, True)) >= 3
    assert examine_store(store) == []
    with store.read() as connection:
        assert [one.uri for one in read.artifacts(connection)] == ["s3://m"]
        assert len(read.events(connection)) == 1


def test_files_that_are_gone_or_changed_are_found(store: Store, recorder: Recorder, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    table = a_run(recorder, path)
    path.write_text("other")

    assert examine_store(store) == []
    (changed,) = examine_store(store, deep=True, mend=True)
    assert (changed.code, changed.some, changed.mend, changed.mended) == (
        "changed-file",
        [f"artifact/{table}"],
        None,
        False,
    )

    path.unlink()
    (missing,) = examine_store(store)
    assert (missing.code, missing.mend) == ("missing-file", "mark them DELETED")
    assert codes(examine_store(store, mend=True)) == [("missing-file", 1, True)]
    assert examine_store(store) == []
    with store.read() as connection:
        states = {one.uri: one.state.name for one in read.artifacts(connection) if one.state}
    assert states == {path.as_uri(): "DELETED", "s3://m": "LIVE"}


def test_a_run_that_nobody_runs_is_marked_failed(store: Store, recorder: Recorder, tmp_path: Path) -> None:
    a_run(recorder, tmp_path / "t")

    assert examine_store(store, is_dead=lambda run: False) == []
    assert codes(examine_store(store, mend=True, is_dead=lambda run: run == "r1")) == [("unfinished", 1, True)]
    with store.read() as connection:
        (root,) = read.executions(connection, type="system.DAGExecution")
    assert root.state is not None and root.state.name == "FAILED"


def test_lines_that_were_refused_are_told(store: Store) -> None:
    open_journal(store).append({"at": 1, "op": "finish_run", "run_id": "never", "state": "COMPLETE"})

    (finding,) = examine_store(store)
    assert (finding.code, finding.some) == ("refused", ["run 'never' was never started in this store"])


def test_the_command_answers_in_words_in_json_and_by_its_exit_code(claimed_home, tmp_path: Path) -> None:
    from claimed_jlab.lineage import open_store

    a_run(Recorder(open_store(claimed_home / "lineage.db")), tmp_path / "table.csv")
    (tmp_path / "table.csv").unlink()

    def ask(*words: str):
        done = CliRunner().invoke(claimed, ["lineage", "doctor", *words])
        return done.exit_code, done.stdout

    # A run that this machine does not know may run elsewhere.
    assert ask() == (1, "1 artifacts whose file is gone (artifact/1); --mend would mark them DELETED\n")
    code, text = ask("--mend", "--json")
    assert (code, json.loads(text)["healthy"]) == (0, True)
    assert ask() == (0, "nothing is wrong; --deep reads the files, too\n")

"""Old runs go; what something that stays was made from, and what somebody marked, stays."""

from __future__ import annotations

import time

import pytest
from click.testing import CliRunner
from lineage_dump import dump

from claimed_jlab.cli.commands import claimed
from claimed_jlab.lineage import ArtifactRecord, LineageError, Recorder, Store, find, read, upstream
from claimed_jlab.lineage.doctor import examine_store
from claimed_jlab.lineage.explore.marks import set_note, set_tags
from claimed_jlab.lineage.retention import Retention, prune_lineage
from claimed_jlab.lineage.write import at_moment

DAY = 86_400
EVERY_DATABASE = True


def a_run(recorder: Recorder, name: str, days: int, *, reads: int | None = None, state: str = "COMPLETE", pipeline="P"):
    """A run that was made days ago: shared data, or what another run made -> table. Returns the table's id."""
    with at_moment(int((time.time() - days * DAY) * 1000)):
        recorder.start_run(name, pipeline, parameters={"a": 1}, properties={})
        data = reads or recorder.import_artifact(name, "make", ArtifactRecord("Dataset", "file:///shared", digest="s"))
        recorder.start_task(name, "make", display_name="Make", inputs={}, artifacts={"data": data}, properties={})
        made = {"table": ArtifactRecord("Dataset", f"file:///{name}", digest=name)}
        ids = recorder.finish_task(name, "make", state="COMPLETE", outputs={}, artifacts=made, properties={})
        if state != "RUNNING":
            recorder.finish_run(name, state)
    return ids["table"]


def runs_in(store: Store) -> list[str]:
    with store.read() as connection:
        return sorted(one.name or "" for one in read.contexts(connection, type="system.PipelineRun"))


def test_old_runs_go_with_all_that_is_theirs_and_leave_the_rest_as_it_was(store: Store, recorder: Recorder) -> None:
    for name, days in (("old", 100), ("older", 200), ("new", 1)):
        a_run(recorder, name, days)

    would = prune_lineage(store, Retention(90 * DAY), dry=True)
    assert runs_in(store) == ["new", "old", "older"]
    given = prune_lineage(store, Retention(90 * DAY))

    assert (given.runs, given.needed, given.marked) == (["old", "older"], [], [])
    assert would == given
    # Each: its root and its task; the first also the importer.
    assert (given.executions, given.artifacts) == (5, 2)
    assert runs_in(store) == ["new"]
    with store.read() as connection:
        assert {one.uri for one in read.artifacts(connection)} == {"file:///shared", "file:///new"}
    assert [node.name for node in upstream(store, newest(store)).nodes] == ["shared", "Make", "table"]
    # The files of this test never were.
    assert {one.code for one in examine_store(store)} == {"missing-file"}


def newest(store: Store) -> int:
    return int(find(store, "type:Dataset").nodes[0].id.partition("/")[2])


def test_what_something_that_stays_was_made_from_stays(store: Store, recorder: Recorder) -> None:
    table = a_run(recorder, "origin", 300)
    between = a_run(recorder, "between", 200, reads=table)
    a_run(recorder, "loose", 200)
    a_run(recorder, "new", 1, reads=between)
    before = upstream(store, newest(store))

    given = prune_lineage(store, Retention(90 * DAY))

    assert (given.runs, given.needed) == (["loose"], ["between", "origin"])
    assert upstream(store, newest(store)) == before


def test_what_somebody_marked_stays(store: Store, recorder: Recorder) -> None:
    table = a_run(recorder, "tagged", 300)
    a_run(recorder, "noted", 300)
    a_run(recorder, "plain", 300)
    a_run(recorder, "new", 1)
    set_tags(store, f"artifact/{table}", {"deployed": ""})
    noted = find(store, "run:noted task:make kind:execution").nodes[0]
    set_note(store, noted.id, "keep", "ada")

    given = prune_lineage(store, Retention(90 * DAY))

    assert (given.runs, sorted(given.marked)) == (["plain"], ["noted", "tagged"])


def test_rules_choose_by_pipeline_by_state_and_keep_the_newest(store: Store, recorder: Recorder) -> None:
    a_run(recorder, "f1", 300, state="FAILED")
    a_run(recorder, "c1", 200)
    a_run(recorder, "c2", 150)
    a_run(recorder, "other", 300, pipeline="Q")
    a_run(recorder, "live", 300, state="RUNNING", pipeline="R")

    def would(**rules: object) -> list[str]:
        return sorted(prune_lineage(store, Retention(90 * DAY, **rules), dry=True).runs)  # type: ignore[arg-type]

    assert would(keep=0) == ["c1", "c2", "f1", "other"]
    assert would() == ["c1", "f1"]
    assert would(keep=2) == ["f1"]
    assert would(keep=0, pipelines=["Q"]) == ["other"]
    assert would(keep=0, states=["FAILED"]) == ["f1"]
    with pytest.raises(LineageError, match="'HAPPY' is no state of a run"):
        would(states=["HAPPY"])


def test_an_empty_store_has_nothing_to_give(store: Store) -> None:
    before = dump(store)
    assert prune_lineage(store, Retention(0, keep=0)).runs == []
    assert dump(store) == before


def test_the_command_says_what_and_how_much(claimed_home) -> None:
    from claimed_jlab.lineage import open_store

    recorder = Recorder(open_store(claimed_home / "lineage.db"))
    for number in range(3):
        a_run(recorder, f"r{number}", 100 + number)

    def ask(*words: str) -> str:
        return CliRunner().invoke(claimed, ["lineage", "prune", "--older-than", *words]).output

    assert ask("90d", "--dry-run").startswith("2 runs would go, with 4 executions, 2 artifacts, 4 events")
    assert ask("90d").startswith("2 runs went")
    assert ask("90d").startswith("0 runs went")
    assert "'soon' is no age" in ask("soon")
    assert "no run is of a pipeline called 'Kredit'" in ask("90d", "--pipeline", "Kredit")

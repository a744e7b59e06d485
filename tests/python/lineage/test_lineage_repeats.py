"""What is said twice is recorded once, what ended stays as it ended, and a cache hit takes over the very artifacts."""

from __future__ import annotations

from typing import Any

import pytest
from lineage_scenarios import TABLE, artifacts, begin, contexts, events, executions, finish, start

from claimed_jlab.lineage import (
    ArtifactRecord,
    LineageError,
    Recorder,
    Store,
    UnknownArtifact,
    UnknownRun,
)
from claimed_jlab.lineage.model import ExecutionState

EVERY_DATABASE = True


def test_calls_that_are_repeated_change_nothing(recorder: Recorder, store: Store) -> None:
    def everything() -> tuple[Any, ...]:
        root = begin(recorder)
        data = recorder.import_artifact("r1", "fit", TABLE)
        task = start(recorder, "r1", "fit", data=data)
        ids = finish(recorder, "r1", "fit")
        canceled = recorder.cancel_task("r1", "later")
        return root, data, task, ids, canceled, recorder.finish_run("r1", "COMPLETE")

    first = everything()
    before = executions(store), artifacts(store), contexts(store), events(store)

    assert everything() == first
    assert (executions(store), artifacts(store), contexts(store), events(store)) == before


def test_what_ended_stays_as_it_ended(recorder: Recorder, store: Store) -> None:
    begin(recorder)
    start(recorder, "r1", "fit")
    ids = finish(recorder, "r1", "fit")

    assert finish(recorder, "r1", "fit", state="FAILED") == ids
    recorder.cancel_task("r1", "fit")
    recorder.fail_unfinished("r1", "the worker died")

    assert [execution.state for execution in executions(store)] == [ExecutionState.FAILED, ExecutionState.COMPLETE]


def cached(recorder: Recorder, run: str, source: int, **records: ArtifactRecord) -> dict[str, int]:
    begin(recorder, run)
    recorder.start_task(run, "fit", display_name="Fit", inputs={}, artifacts={}, properties={"cache_fingerprint": "f"})
    return recorder.finish_task(
        run, "fit", state="CACHED", outputs={}, artifacts=records, properties={}, cached_execution_id=source
    )


def test_a_cached_task_has_the_very_artifacts_of_the_one_it_took_over(recorder: Recorder, store: Store) -> None:
    begin(recorder, "r1")
    source = start(recorder, "r1", "fit")
    made = finish(recorder, "r1", "fit")

    again = cached(
        recorder, "r2", source, model=ArtifactRecord("Model", "file:///o/r1/fit", "model.joblib", "digest-fit")
    )

    assert again == made
    taken = executions(store)[-1]
    assert taken.state is ExecutionState.CACHED
    assert taken.custom_properties["cached_execution_id"] == str(source)
    assert taken.custom_properties["cache_fingerprint"] == "f"
    # A third run may take over from the second.
    record = ArtifactRecord("Model", "file:///o/r1/fit", "model.joblib", "digest-fit")
    assert cached(recorder, "r3", taken.id, model=record) == made


def test_a_cached_task_whose_files_differ_has_artifacts_of_its_own(recorder: Recorder) -> None:
    begin(recorder, "r1")
    source = start(recorder, "r1", "fit")
    made = finish(recorder, "r1", "fit")

    moved = cached(recorder, "r2", source, model=ArtifactRecord("Model", "file:///elsewhere", "m", "digest-fit"))
    changed = cached(recorder, "r3", source, model=ArtifactRecord("Model", "file:///o/r1/fit", "m", "other"))
    unknown = cached(recorder, "r4", 10**6, model=ArtifactRecord("Model", "file:///o/r1/fit", "m", "digest-fit"))

    assert len({made["model"], moved["model"], changed["model"], unknown["model"]}) == 4


def test_a_dead_workers_run_is_failed_with_its_message(recorder: Recorder, store: Store) -> None:
    root = begin(recorder)
    start(recorder, "r1", "done")
    finish(recorder, "r1", "done")
    running = start(recorder, "r1", "fit")
    other_root = begin(recorder, "r2")

    assert recorder.fail_unfinished("r1", "the worker died") == [root, running]

    by_id = {execution.id: execution for execution in executions(store)}
    assert by_id[running].custom_properties["claimed.error"] == "the worker died"
    assert by_id[root].state is by_id[running].state is ExecutionState.FAILED
    assert by_id[other_root].state is ExecutionState.RUNNING
    assert recorder.fail_unfinished("r1", "again") == []


def test_a_task_that_never_ran_can_be_canceled(recorder: Recorder, store: Store) -> None:
    begin(recorder)

    id_ = recorder.cancel_task("r1", "later", properties={"claimed.reason": "its condition was false"})

    found = executions(store)[-1]
    assert (found.id, found.state, found.text("task_name")) == (id_, ExecutionState.CANCELED, "later")


def test_a_task_that_fails_before_it_starts_is_recorded(recorder: Recorder, store: Store) -> None:
    begin(recorder)

    failed = {"outputs": {}, "artifacts": {}, "properties": {"claimed.error": "no such file"}}
    assert finish(recorder, "r1", "fit", state="FAILED", **failed) == {}

    found = executions(store)[-1]
    assert (found.state, found.text("task_name"), found.text("claimed.error")) == (
        ExecutionState.FAILED, "fit", "no such file",
    )  # fmt: skip


def test_mistakes_are_said_in_one_line_and_leave_nothing_behind(recorder: Recorder, store: Store) -> None:
    with pytest.raises(UnknownRun, match="run 'r9' was never started"):
        start(recorder, "r9", "fit")
    begin(recorder)
    with pytest.raises(UnknownRun, match="task 'fit' of run 'r1' was never started"):
        finish(recorder, "r1", "fit")
    with pytest.raises(UnknownArtifact, match="no artifact has the id 77"):
        start(recorder, "r1", "fit", data=77)
    start(recorder, "r1", "fit")
    for state, words in (("DONE", "no state"), ("RUNNING", "not how an execution ends")):
        with pytest.raises(LineageError, match=words):
            finish(recorder, "r1", "fit", state=state)

    assert len(executions(store)) == 2 and artifacts(store) == []

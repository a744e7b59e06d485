"""Many processes and threads write to one store: nothing is lost, nothing is written twice."""

from __future__ import annotations

import multiprocessing
import os
import threading
from pathlib import Path

from claimed_jlab.lineage import ArtifactRecord, Recorder, Store, open_store, read

WRITERS = 6
RUNS = 8


def record_runs(path: Path, writer: int, start: multiprocessing.synchronize.Barrier | threading.Barrier) -> None:
    start.wait(30)
    recorder = Recorder(open_store(path))
    for number in range(RUNS):
        record_one(recorder, f"w{writer}-{number}")


def record_one(recorder: Recorder, run: str) -> None:
    recorder.start_run(run, "Shared", parameters={}, properties={})
    data = recorder.import_artifact(run, "fit", ArtifactRecord("Dataset", "file:///shared.csv", digest="d"))
    recorder.start_task(run, "fit", display_name="Fit", inputs={}, artifacts={"data": data}, properties={})
    made = {"model": ArtifactRecord("Model", f"file:///{run}", digest=run)}
    recorder.finish_task(run, "fit", state="COMPLETE", outputs={}, artifacts=made, properties={})
    recorder.finish_run(run, "COMPLETE")


def check(path: Path, runs: int) -> None:
    with open_store(path).read() as connection:
        executions = read.executions(connection)
        artifacts = read.artifacts(connection)
        contexts = read.contexts(connection)
        types = [(one.kind, one.name) for one in read.types(connection)]
        assert len(executions) == 2 * runs + 1, "the shared file has one importer"
        assert all(execution.state is not None and execution.state.name == "COMPLETE" for execution in executions)
        assert len(artifacts) == runs + 1, "the shared file is one artifact"
        assert len(contexts) == runs + 1, "the pipeline is one context"
        assert len(read.events(connection)) == 2 * runs + 1
        assert len(read.associations(connection)) == 2 * len(executions)
        assert len(read.attributions(connection)) == 2 * runs + (1 + runs)
        # The database itself would let a type be made twice.
        assert len(set(types)) == len(types)
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_processes_that_all_begin_with_an_absent_store_lose_nothing(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(WRITERS)
    workers = [context.Process(target=record_runs, args=(path, writer, barrier)) for writer in range(WRITERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)

    assert [worker.exitcode for worker in workers] == [0] * WRITERS
    check(path, WRITERS * RUNS)
    assert {file.name for file in path.parent.iterdir()} <= {path.name, f"{path.name}-wal", f"{path.name}-shm"}


def test_threads_may_share_one_recorder(path: Path) -> None:
    recorder = Recorder(open_store(path))
    workers = [
        threading.Thread(
            target=lambda writer=writer: [record_one(recorder, f"w{writer}-{number}") for number in range(RUNS)]
        )
        for writer in range(WRITERS)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)

    check(path, WRITERS * RUNS)


def test_two_workers_with_the_same_run_record_it_once(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(4)
    workers = [context.Process(target=record_runs, args=(path, 0, barrier)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)

    assert [worker.exitcode for worker in workers] == [0] * 4
    check(path, RUNS)


def test_a_store_opened_before_a_fork_works_on_both_sides(store: Store, path: Path) -> None:
    recorder = Recorder(store)
    record_one(recorder, "before")

    child = os.fork()
    if child == 0:
        try:
            record_one(recorder, "child")
        finally:
            os._exit(0)
    record_one(recorder, "parent")
    os.waitpid(child, 0)

    check(path, 3)


def test_a_writer_killed_in_the_middle_leaves_whole_transactions_only(path: Path) -> None:
    recorder = Recorder(open_store(path))
    record_one(recorder, "before")
    context = multiprocessing.get_context("spawn")
    worker = context.Process(target=record_for_ever, args=(path,))
    worker.start()
    while not started(path):
        assert worker.is_alive()
    worker.kill()
    worker.join(30)

    with open_store(path).read() as connection:
        tasks = read.executions(connection, type="system.ContainerExecution")
        associated = {execution for _, execution in read.associations(connection)}
        assert {task.id for task in tasks} <= associated
        assert all("inputs" in task.custom_properties for task in tasks)
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def record_for_ever(path: Path) -> None:
    recorder = Recorder(open_store(path))
    number = 0
    while True:
        record_one(recorder, f"endless-{number}")
        number += 1


def started(path: Path) -> bool:
    with open_store(path).read() as connection:
        return len(read.contexts(connection, type="system.PipelineRun")) > 8


def test_a_reader_does_not_wait_for_a_writer_and_sees_one_moment(store: Store) -> None:
    recorder = Recorder(store)
    record_one(recorder, "one")
    with store.read() as connection:
        before = len(read.executions(connection))
        record_one(recorder, "two")
        assert len(read.executions(connection)) == before
    with store.read() as connection:
        assert len(read.executions(connection)) == before + 2

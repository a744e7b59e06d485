"""A store in a folder that others only look into is asked as any other, and nothing is made beside it."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apart import as_nobody
from click.testing import CliRunner
from lineage_scenarios import credit

from claimed_jlab.cli.commands import claimed
from claimed_jlab.lineage import Recorder, Store, find, open_store, upstream
from claimed_jlab.lineage.index import close_index, index_of, open_index
from claimed_jlab.lineage.index_file import place
from claimed_jlab.lineage.journal import RecordedRun, open_journal
from claimed_jlab.lineage.opening import require_usable
from claimed_jlab.lineage.transfer.source import DatabaseSource

needs_another = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another user"
)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture
def path(public_folder: Path) -> Iterator[Path]:
    """A store with a run, closed, that only its owner may write."""
    (public_folder / "home").mkdir()
    (public_folder / "home").chmod(0o777)
    folder = public_folder / "team"
    folder.mkdir()
    path = folder / "lineage.db"
    with open_store(path) as store:
        credit(Recorder(store))
    path.chmod(0o444)
    folder.chmod(0o555)
    yield path
    folder.chmod(0o755)


def beside_a_writer(path: Path, ask: Callable[[], Any], write: Callable[[], None]) -> Any:
    """What another user is answered while the owner writes."""
    thread = threading.Thread(target=write, daemon=True)
    path.parent.chmod(0o755)
    path.chmod(0o644)
    thread.start()
    answer = as_nobody(ask)
    thread.join(10)
    return answer


def runs(store: Store) -> list[str]:
    return sorted(node.name for node in find(store, "type:PipelineRun").nodes)


def record(path: Path, run: str) -> None:
    with open_store(path) as store:
        Recorder(store).start_run(run, "Credit", parameters={}, properties={})


def beside(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


@pytest.mark.parametrize("folder", [0o555, 0o1777])
def test_a_store_that_may_not_be_written_is_asked_and_nothing_is_made_beside_it(path: Path, folder: int) -> None:
    path.parent.chmod(folder)

    def ask() -> Any:
        store = open_store(path)
        return store.is_read_only, runs(store), len(upstream(store, 1).nodes)

    assert as_nobody(ask) == (True, ["r1"], 2)
    assert beside(path) == ["lineage.db"]


def test_an_older_kind_of_file_is_asked_too(path: Path) -> None:
    path.parent.chmod(0o755)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    path.parent.chmod(0o555)

    assert as_nobody(lambda: runs(open_store(path))) == ["r1"]


def test_writing_is_refused_in_one_line(path: Path) -> None:
    for action in (
        lambda: Recorder(open_store(path)).start_run("r2", "p", parameters={}, properties={}),
        lambda: open_journal(open_store(path)).record_run(RecordedRun("r2", "p")),
        lambda: require_usable(str(path)),
    ):
        line = as_nobody(action)
        assert line.startswith(f"{path}: the lineage store can't be written, only read: ") and "\n" not in line
    assert beside(path) == ["lineage.db"]


def command(path: Path, *arguments: str) -> Any:
    def call() -> Any:
        os.environ |= {"CLAIMED_LINEAGE": str(path), "CLAIMED_HOME": str(path.parents[1] / "home")}
        done = CliRunner().invoke(claimed, ["lineage", *arguments])
        return done.exit_code, done.stdout, done.stderr

    return as_nobody(call)


def test_commands_that_ask_answer_and_those_that_write_say_that_they_may_not(path: Path) -> None:
    code, out, err = command(path, "find", "type:Model")
    assert (code, err) == (0, "") and "system.Model" in out
    for asking in (["show", "artifact/1"], ["impact", "artifact/1"], ["card", "artifact/1"], ["doctor"]):
        code, out, err = command(path, *asking)
        assert out and "Traceback" not in err and (code == 0 or asking == ["doctor"]), err
    for writing in (
        ["tag", "artifact/1", "best"],
        ["note", "artifact/1", "x"],
        ["prune", "--older-than", "0d", "--keep", "0"],
    ):
        code, out, err = command(path, *writing)
        assert code == 1 and err.startswith(f"error: {path}: the lineage store can't be written, only read"), writing
        assert err.count("\n") == 1
    assert beside(path) == ["lineage.db"]


@needs_another
def test_what_is_written_meanwhile_is_seen(path: Path) -> None:
    seen = []
    reader, writer = multiprocessing.Pipe()

    def ask() -> list[list[str]]:
        store = open_store(path)
        for _ in range(4):
            seen.append(runs(store))
            writer.send("next")
            writer.recv()
        return seen

    def write() -> None:
        reader.recv()
        record(path, "r2")  # opened, written and closed
        reader.send("go")
        reader.recv()
        with open_store(path) as store:
            Recorder(store).start_run("r3", "Credit", parameters={}, properties={})
            reader.send("go")
            reader.recv()
            Recorder(store).start_run("r4", "Credit", parameters={}, properties={})
            reader.send("go")
            reader.recv()
        reader.send("go")

    assert beside_a_writer(path, ask, write) == [["r1"], ["r1", "r2"], ["r1", "r2", "r3"], ["r1", "r2", "r3", "r4"]]


@needs_another
def test_an_answer_from_a_file_that_changed_meanwhile_is_thrown_away(path: Path) -> None:
    reader, writer = multiprocessing.Pipe()

    def ask() -> Any:
        store = open_store(path)
        with store.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM Execution").scalar()
            writer.send("read")
            writer.recv()
        return "an answer"

    def write() -> None:
        reader.recv()
        record(path, "r2")  # closing moves it into the file
        reader.send("go")

    assert (
        beside_a_writer(path, ask, write) == f"{path}: the lineage store was written to while it was read (ask again)"
    )


@needs_another
def test_what_a_program_that_died_left_is_read_or_said(path: Path, public_folder: Path) -> None:
    path.parent.chmod(0o755)
    path.chmod(0o644)
    with open_store(path) as store:
        Recorder(store).start_run("r2", "Credit", parameters={}, properties={})
        left = public_folder / "left"
        shutil.copytree(path.parent, left)
    left.chmod(0o555)
    assert as_nobody(lambda: runs(open_store(left / "lineage.db"))) == ["r1", "r2"]

    left.chmod(0o755)
    (left / "lineage.db-shm").unlink()
    for mode in (0o555, 0o1777):
        left.chmod(mode)
        line = as_nobody(lambda: runs(open_store(left / "lineage.db")))
        assert line.startswith(f"{left}/lineage.db: a program that died left writes beside the lineage store")
    left.chmod(0o755)
    assert beside(left / "x") == ["lineage.db", "lineage.db-wal"]


@needs_another
def test_lines_that_wait_in_the_journal_are_said(path: Path) -> None:
    path.parent.chmod(0o755)
    path.chmod(0o644)
    with open_store(path) as store:
        open_journal(store).record_run(RecordedRun("r2", "Credit"))
        code, out, err = command(path, "find", "type:PipelineRun")
        assert code == 0 and "r1" in out and "r2" not in out
        assert err == "what was recorded last is not in the answer: who may write to the store brings it in\n"
        open_journal(store).drain()
    code, out, err = command(path, "find", "type:PipelineRun")
    assert "r2" in out and err == ""


def test_its_index_is_kept_in_ones_own_home_and_not_believed_of_another_file(
    path: Path, public_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAIMED_HOME", str(public_folder / "home"))
    monkeypatch.setattr("claimed_jlab.lineage.index._AT_ONCE", 1)
    kept = place(str(path), beside=False)

    def ask() -> int:
        store = open_store(path)
        open_index(store)
        assert index_of(store) is not None
        answer = len(upstream(store, 5).nodes)
        close_index(store)
        return answer

    before = as_nobody(ask)
    assert kept.is_relative_to(public_folder / "home") and kept.exists() and beside(path) == ["lineage.db"]
    assert as_nobody(ask) == before
    path.parent.chmod(0o755)
    path.unlink()
    with open_store(path) as store:
        credit(Recorder(store), "a")
        credit(Recorder(store), "b")
        expected = len(upstream(store, 5).nodes)
    path.chmod(0o444)
    assert as_nobody(ask) == expected


def test_it_is_imported_from(path: Path) -> None:
    assert as_nobody(lambda: len(DatabaseSource(str(path)).types())) > 9

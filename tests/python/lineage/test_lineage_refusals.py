"""What is not our store is refused in one clear line, and left exactly as it was."""

from __future__ import annotations

import os
import resource
import sqlite3
from pathlib import Path

import pytest
from apart import apart, as_nobody

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage import (
    LineageError,
    NewerStore,
    NotAStore,
    OlderStore,
    Recorder,
    StoreUnavailable,
    open_store,
)


def refused(path: Path, kind: type[LineageError], *words: str) -> None:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(kind) as caught:
        open_store(path)
    assert isinstance(caught.value, ClaimedError)
    line = str(caught.value)
    assert "\n" not in line and "Traceback" not in line and str(path) in line
    for word in words:
        assert word in line
    if before is not None:
        assert path.read_bytes() == before
        assert sorted(path.parent.iterdir()) == [path], "nothing was left beside it"


def test_a_zero_length_file_is_not_adopted(path: Path) -> None:
    path.touch()
    refused(path, NotAStore, "empty")


def test_another_programs_database_is_not_adopted(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    refused(path, NotAStore, "another program")


def test_a_database_without_tables_is_not_adopted(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 7")
    connection.close()
    refused(path, NotAStore, "another program")


def test_another_programs_database_with_a_table_of_our_name_is_not_adopted(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE MLMDEnv (colour TEXT)")
    connection.close()
    refused(path, NotAStore, "another program")


@pytest.mark.parametrize("content", [b"not a database, " * 1000, b"x", bytes(range(256)) * 64])
def test_a_file_that_is_no_database_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    refused(path, NotAStore, "not a SQLite database")


def test_a_folder_is_refused(path: Path) -> None:
    path.mkdir()
    refused(path, NotAStore, "not a file")


def with_version(path: Path, version: int) -> None:
    open_store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE MLMDEnv SET schema_version = ?", (version,))
    connection.close()


def test_a_newer_schema_is_refused(path: Path) -> None:
    with_version(path, 11)
    refused(path, NewerStore, "11", "update claimed-jlab")


def test_an_older_schema_is_refused_and_not_upgraded(path: Path) -> None:
    with_version(path, 8)
    refused(path, OlderStore, "8")


def test_a_store_that_lost_a_table_is_refused(path: Path) -> None:
    open_store(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE EventPath")
    connection.close()
    refused(path, NotAStore, "EventPath")


def test_a_truncated_store_is_refused(path: Path) -> None:
    open_store(path).close()
    os.truncate(path, 5000)
    with pytest.raises(LineageError) as caught:
        open_store(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgres://host/db", "ftp://host/file", "sqlite://"])
def test_a_url_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="can't be opened by"):
        open_store(url)


def test_a_path_through_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreUnavailable, match="can't use the lineage store"):
        open_store(tmp_path / "file" / "lineage.db")


def test_a_read_only_folder_is_refused(public_folder: Path) -> None:
    public_folder.chmod(0o555)

    line = as_nobody(lambda: repr(open_store(public_folder / "lineage.db")))

    assert line.startswith(f"{public_folder}/lineage.db: can't use the lineage store: Permission denied (")


def test_a_store_in_a_read_only_folder_is_refused(public_folder: Path) -> None:
    path = public_folder / "lineage.db"
    open_store(path).close()
    path.chmod(0o444)
    public_folder.chmod(0o555)

    line = as_nobody(lambda: Recorder(open_store(path)).start_run("r", "p", parameters={}, properties={}))

    assert line.startswith(f"{path}: the lineage store can't be ")


def test_a_full_disk_is_one_clear_line_when_recording(path: Path) -> None:
    store = open_store(path)
    recorder = Recorder(store)
    recorder.start_run("r", "p", parameters={}, properties={})
    pages = sqlite3.connect(path).execute("PRAGMA page_count").fetchone()[0]

    def fill_the_disk(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    store.write(fill_the_disk)

    with pytest.raises(StoreUnavailable, match="no space left for the lineage store"):
        for number in range(500):
            recorder.start_task(
                "r", f"t{number}", display_name="", inputs={"x": "y" * 2000}, artifacts={}, properties={}
            )
    # Nothing half-written stays behind.
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_full_disk_is_one_clear_line_when_the_store_is_made(tmp_path: Path) -> None:
    def open_without_room() -> object:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))
        return repr(open_store(tmp_path / "lineage.db"))

    line = apart(open_without_room)

    assert "lineage store" in line and "\n" not in line and line.startswith(str(tmp_path))
    assert list(tmp_path.iterdir()) == [], "no half of a store stays behind"


def test_a_store_locked_by_another_process_for_long_is_said_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claimed_jlab.lineage.sqlite_file.BUSY_SECONDS", 0.05)
    monkeypatch.setattr("claimed_jlab.lineage.store._PATIENCE_SECONDS", 0.2)
    store = open_store(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreUnavailable, match="another process keeps the lineage store locked"):
        Recorder(store).start_run("r", "p", parameters={}, properties={})
    other.execute("ROLLBACK")

    assert Recorder(store).start_run("r", "p", parameters={}, properties={}) == 1


@pytest.mark.parametrize("folder", ["with space", "ünï 🧬", "a?b=c#d%41&e", "it's", "file:x"])
def test_any_folder_name_will_do(tmp_path: Path, folder: str) -> None:
    path = tmp_path / folder / "more" / "lineage.db"

    with open_store(path) as store:
        Recorder(store).start_run("r", "p", parameters={}, properties={})

    assert path.stat().st_size > 4096
    with open_store(path) as store, store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM Execution").scalar() == 1


@pytest.mark.parametrize("after", ["removed", "replaced"])
def test_nothing_is_written_into_a_file_that_is_not_there_any_more(path: Path, tmp_path: Path, after: str) -> None:
    store = open_store(path)
    Recorder(store).start_run("r", "p", parameters={}, properties={})
    for file in tmp_path.iterdir():
        file.rename(file.with_name(f"moved-{file.name}"))
    if after == "replaced":
        open_store(path).close()

    with pytest.raises(StoreUnavailable, match="removed or replaced while it was open"):
        Recorder(store).start_run("s", "p", parameters={}, properties={})
    with pytest.raises(StoreUnavailable, match="removed or replaced"), store.read():
        pass
    store.close()
    assert path.exists() is (after == "replaced"), "no empty file is left, which would be refused ever after"

    with open_store(path) as again:
        assert Recorder(again).start_run("s", "p", parameters={}, properties={}) == 1

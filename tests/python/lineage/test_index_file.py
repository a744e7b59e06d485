"""The index on disk is a cache: whatever is wrong with it, answers stay right."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lineage_scenarios import credit

from claimed_jlab.lineage import (
    Recorder,
    Store,
    close_index,
    downstream,
    downstream_ids,
    open_index,
    open_store,
    shared_store,
    upstream,
    upstream_ids,
)
from claimed_jlab.lineage.index import Index, index_of


@pytest.fixture(autouse=True)
def kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every index is worth keeping."""
    monkeypatch.setattr("claimed_jlab.lineage.index._AT_ONCE", 5)
    yield
    close_index(store)


@pytest.fixture
def file(path: Path) -> Path:
    return Path(f"{path}.index")


def opened_again(store: Store) -> Index:
    close_index(store)
    return open_index(store)


def test_an_index_is_kept_beside_the_store_and_opened_again(recorder: Recorder, store: Store, file: Path) -> None:
    ids = credit(recorder)
    contents = open_index(store).contents
    made = file.stat().st_mtime_ns

    assert opened_again(store).contents == contents
    assert (file.stat().st_mtime_ns, contents.count) == (made, 7)
    assert len(upstream(store, ids["model"]).nodes) == 7


def test_what_came_since_the_file_was_written_is_read(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    open_index(store)
    for run in ("r2", "r3"):
        credit(recorder, run)

    assert opened_again(store).contents.count == 19
    assert len(downstream_ids(store, ids["data"])) == 16


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty", "other version", "a folder"])
def test_a_damaged_file_is_as_if_it_were_not_there(recorder: Recorder, store: Store, file: Path, spoil: str) -> None:
    ids = credit(recorder)
    open_index(store)
    whole = bytearray(file.read_bytes())
    if spoil == "cut":
        file.write_bytes(whole[:-4])
    elif spoil == "flip":
        whole[-1] ^= 1
        file.write_bytes(whole)
    elif spoil == "empty":
        file.write_bytes(b"")
    elif spoil == "other version":
        whole[40] += 1
        file.write_bytes(whole)
    else:
        file.unlink()
        file.mkdir()

    assert opened_again(store).contents.count == 7
    assert len(upstream_ids(store, ids["model"])) == 7


def test_a_file_that_another_store_left_is_not_believed(
    recorder: Recorder, store: Store, file: Path, tmp_path: Path
) -> None:
    ids = credit(recorder)
    open_index(store)
    with open_store(tmp_path / "other.db") as other:
        Recorder(other).start_run("x", "X", parameters={}, properties={})
        file.rename(tmp_path / "other.db.index")

        assert open_index(other).contents.count == 0
        close_index(other)
    assert len(upstream_ids(store, ids["model"])) == 7


def test_an_index_that_was_wrong_is_not_loaded_again(recorder: Recorder, store: Store, path: Path, file: Path) -> None:
    ids = credit(recorder)
    open_index(store)
    close_index(store)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("UPDATE Event SET execution_id = 3 WHERE artifact_id = 4 AND type = 4")

    index = open_index(store)
    with store.read() as connection:
        assert not index.check(connection)
    assert not file.exists()
    assert [node.name for node in upstream(store, ids["model"]).nodes][-2:] == ["Split", "model.joblib"]
    opened_again(store)
    assert upstream_ids(store, ids["model"])[-2:] == ["execution/3", "artifact/4"]


def test_many_more_events_than_a_question_reads_are_left_to_opening(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    index = open_index(store)
    for run in ("r2", "r3"):
        credit(recorder, run)

    assert len(downstream(store, ids["data"]).nodes) == 16
    assert index.contents.count == 7
    open_index(store)
    assert index.contents.count == 19


@pytest.mark.skipif(os.name == "nt" or os.getuid() == 0, reason="needs a folder that can't be written")
def test_a_folder_that_cannot_be_written_costs_only_the_file(recorder: Recorder, store: Store, file: Path) -> None:
    ids = credit(recorder)
    file.parent.chmod(0o500)
    try:
        open_index(store)
        assert len(upstream_ids(store, ids["model"])) == 7
    finally:
        file.parent.chmod(0o700)


def test_a_long_lived_process_asks_one_store_and_has_its_index_opened(recorder: Recorder, path: Path) -> None:
    ids = credit(recorder)

    store = shared_store(path)
    until = time.monotonic() + 10
    while (index_of(store) is None or index_of(store).contents.count < 7) and time.monotonic() < until:  # type: ignore[union-attr]
        assert len(upstream(store, ids["model"]).nodes) == 7
        time.sleep(0.01)

    assert shared_store(path) is store
    assert index_of(store) is not None and len(upstream_ids(store, ids["model"])) == 7


def test_a_store_put_in_the_place_of_another_is_another(recorder: Recorder, path: Path, tmp_path: Path) -> None:
    credit(recorder)
    first = shared_store(path)
    with open_store(tmp_path / "new.db") as new:
        credit(Recorder(new))
        credit(Recorder(new), "r2")
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    (tmp_path / "new.db").replace(path)

    second = shared_store(path)
    assert second is not first
    assert len(downstream_ids(second, 1)) == 11


def test_threads_may_ask_while_others_write(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    open_index(store)
    counts: list[list[int]] = [[] for _ in range(4)]

    def ask(mine: list[int]) -> None:
        for _ in range(25):
            mine.append(len(downstream(store, ids["data"]).nodes))

    threads = [threading.Thread(target=ask, args=(mine,)) for mine in counts]
    for thread in threads:
        thread.start()
    for number in range(8):
        credit(recorder, f"more-{number}")
    for thread in threads:
        thread.join()

    assert all(mine == sorted(mine) and len(mine) == 25 for mine in counts)
    assert len(downstream(store, ids["data"]).nodes) == 46

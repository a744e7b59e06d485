"""The content store: whole or not at all, named by what is in it, read no more than it must be."""

from __future__ import annotations

import json
import os
import threading
import time

import pytest

from claimed_jlab.run.local import hashing
from claimed_jlab.run.local.hashing import digest_of
from claimed_jlab.run.local.objects import ObjectStore


@pytest.fixture
def store(tmp_path):
    return ObjectStore(tmp_path / "home" / "objects")


@pytest.fixture
def reads(monkeypatch):
    """The files whose content was hashed."""
    found = []
    plain = hashing.hash_file

    def counting(path):
        found.append(path.name)
        return plain(path)

    monkeypatch.setattr(hashing, "hash_file", counting)
    return found


def settled(path):
    old = time.time() - 60
    os.utime(path, (old, old))
    return path


def test_a_file_is_kept_under_its_hash_and_name_and_can_not_be_written(store, tmp_path):
    (tmp_path / "a.csv").write_text("n\n1\n")
    stored = store.put(tmp_path / "a.csv")
    assert stored.path.read_text() == "n\n1\n" and stored.path.name == "a.csv"
    assert stored.digest == digest_of(tmp_path / "a.csv") and stored.size == 4
    assert stored.path.stat().st_mode & 0o222 == 0
    assert (tmp_path / "a.csv").exists() and store.holds(stored.digest, "a.csv")


def test_what_was_stored_and_did_not_change_is_not_read_again_by_another_process(store, tmp_path, reads):
    source = settled(tmp_path / "a.csv") if (tmp_path / "a.csv").write_text("x" * 1000) else None
    first = store.put(source)
    assert reads == ["a.csv"]
    later = ObjectStore(store.folder)
    assert later.put(source) == first and later.holds(first.digest, "a.csv")
    assert reads == ["a.csv"]
    settled(source)
    source.write_text("y" * 1000)
    assert later.put(source).digest != first.digest


def test_a_file_written_only_just_now_is_read_again(store, tmp_path, reads):
    (tmp_path / "a.csv").write_text("x")
    store.put(tmp_path / "a.csv")
    store.put(tmp_path / "a.csv")
    assert reads == ["a.csv", "a.csv"]


@pytest.mark.parametrize("keeps_time", [True, False])
def test_a_changed_object_is_noticed_and_stored_anew(store, tmp_path, keeps_time):
    (tmp_path / "a.csv").write_text("right")
    stored = store.put(tmp_path / "a.csv")
    before = stored.path.stat()
    stored.path.chmod(0o644)
    stored.path.write_text("wrong!" if keeps_time else "wrong")
    if keeps_time:
        os.utime(stored.path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not store.holds(stored.digest, "a.csv")
    assert store.put(tmp_path / "a.csv").path.read_text() == "right"
    assert store.holds(stored.digest, "a.csv")


def test_a_folder_is_a_list_of_files_that_are_stored_once(store, tmp_path):
    folder = tmp_path / "images"
    (folder / "deep" / "empty").mkdir(parents=True)
    (folder / "one.txt").write_text("same")
    (folder / "deep" / "two.txt").write_text("same")
    (folder / "deep" / "one.txt").write_text("other")
    stored = store.put(folder)
    assert stored.digest == digest_of(folder) == digest_of(stored.path)
    assert (stored.path / "deep" / "two.txt").read_text() == "same" and (stored.path / "deep" / "empty").is_dir()
    listed = json.loads(stored.path.with_name("images.files.json").read_text())
    assert [item["path"] for item in listed] == ["deep/one.txt", "deep/two.txt", "one.txt"]
    assert (stored.path / "one.txt").stat().st_nlink == 2
    (folder / "more.txt").write_text("more")
    more = store.put(folder)
    assert os.path.samefile(more.path / "one.txt", stored.path / "one.txt")
    assert store.holds(more.digest, "images") and store.holds(stored.digest, "images")
    (stored.path / "deep" / "two.txt").unlink()
    assert not store.holds(stored.digest, "images")
    assert store.put(folder).digest == more.digest


def test_a_moved_output_is_renamed_and_not_copied(store, tmp_path):
    (tmp_path / "out.bin").write_bytes(b"1" * 100)
    inode = (tmp_path / "out.bin").stat().st_ino
    stored = store.put(tmp_path / "out.bin", move=True)
    assert stored.path.stat().st_ino == inode and not (tmp_path / "out.bin").exists()


def test_a_source_that_changes_while_it_is_stored_never_gives_a_wrong_name(store, tmp_path):
    source = tmp_path / "busy.bin"
    source.write_bytes(b"0" * (1 << 20))
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            with source.open("r+b") as file:
                file.write(bytes([number % 256]) * (1 << 20))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(20):
            stored = store.put(source)
            assert digest_of(stored.path) == stored.digest
    finally:
        stop.set()
        writer.join()


def test_many_processes_may_store_the_same_at_once(store, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number}.txt").write_text(str(number % 3))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(ObjectStore(store.folder).put(folder).digest)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [digest_of(folder)] * 8
    assert list(store.folder.glob(".building-*")) == []


def test_what_a_dead_process_was_building_is_swept_away(store, tmp_path):
    store.folder.mkdir(parents=True)
    (store.folder / ".building-999999999-x").mkdir()
    (store.folder / f".building-{os.getpid()}-x").mkdir()
    store.sweep()
    assert [path.name for path in store.folder.iterdir()] == [f".building-{os.getpid()}-x"]

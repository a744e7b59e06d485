"""The journal of a store that several people share: whoever may use the store may use its journal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_journal import a_run, runs_in

from claimed_jlab.lineage import Store, StoreUnavailable, open_store
from claimed_jlab.lineage.doctor import examine_store
from claimed_jlab.lineage.journal import open_journal
from claimed_jlab.lineage.journal.segment import segments

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def modes(folder: Path) -> set[str]:
    return {f"{path.stat().st_mode & 0o777:o}" for path in folder.iterdir()}


@pytest.mark.parametrize(("mode", "of_folder"), [(0o664, "775"), (0o600, "700"), (0o644, "755")])
@pytest.mark.usefixtures("umask")
def test_the_journals_files_may_be_used_by_who_may_use_the_store(path: Path, mode: int, of_folder: str) -> None:
    open_store(path).close()
    path.chmod(mode)
    store = open_store(path)
    journal = open_journal(store)

    journal.record_run(a_run("r1"))
    journal.drain()
    journal.append({"at": 1, "op": "nonsense"})
    journal.drain()

    assert {"applied.json", "turn.lock", "refused.jsonl"} < {one.name for one in journal.folder.iterdir()}
    assert modes(journal.folder) == {f"{mode:o}"}
    assert f"{journal.folder.stat().st_mode & 0o777:o}" == of_folder


def test_a_segment_that_may_not_be_read_keeps_nobody_waiting_and_is_found(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = open_journal(store)
    journal.record_run(a_run("theirs"))
    (theirs,) = segments(journal.folder)
    whole, may = Path.open, os.access
    unreadable = {theirs.name}

    def refuse(path: Path, *given: object, **more: object) -> object:
        if path.name in unreadable:
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path, *given, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(os, "access", lambda path, how: Path(path).name not in unreadable and may(path, how))
    journal._writer = None
    journal.record_run(a_run("mine"))
    assert journal.drain()

    assert runs_in(store) == ["mine"]
    assert [one.some for one in examine_store(store) if one.code == "unreadable"] == [[theirs.name]]
    unreadable.clear()
    assert journal.drain() and runs_in(store) == ["mine", "theirs"]


def test_a_turn_that_may_not_be_taken_is_one_line(store: Store) -> None:
    journal = open_journal(store)
    journal.record_run(a_run("r1"))
    (journal.folder / "turn.lock").mkdir()

    with pytest.raises(StoreUnavailable, match="can't write the journal of the lineage store"):
        journal.drain()

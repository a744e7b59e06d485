"""An older store is upgraded when somebody asks, after a back-up, by the official library."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lineage_databases import Server
from lineage_dump import dump

from claimed_jlab.lineage import NotAStore, OlderStore, StoreUnavailable, open_store
from claimed_jlab.lineage.transfer.official import official_python
from claimed_jlab.lineage.transfer.upgrading import NoBackup, back_up, needs_upgrade, upgrade

Judge = Callable[..., Any]
ROOT = Path(__file__).parents[3]
PYTHON = os.environ.get("CLAIMED_MLMD_PYTHON") or str(ROOT / ".venv-mlmd" / "bin" / "python")


@pytest.mark.parametrize("version", [9, 7])
def test_an_older_file_is_copied_and_upgraded(path: Path, judge: Judge, version: int) -> None:
    judge("add", path, "5ae1", 3)
    with open_store(path) as store:
        whole = dump(store)
    judge("downgrade", path, version)
    with pytest.raises(OlderStore, match="jupyter claimed lineage upgrade"):
        open_store(path)

    copy = upgrade(str(path), PYTHON)

    assert copy is not None and copy.name.startswith("lineage.db.backup-")
    assert sqlite3.connect(copy).execute("SELECT * FROM MLMDEnv").fetchall() == [(version,)]
    with open_store(path) as store:
        found = dump(store)
    assert found == whole == judge("dump", path)
    assert needs_upgrade(str(path)) is None


@pytest.mark.parametrize(("kind", "program"), [("postgresql", "pg_dump"), ("mysql", "mysqldump")])
def test_an_older_database_of_a_server_wants_a_backup_of_somebodys(
    kind: str, program: str, request: pytest.FixtureRequest, judge: Judge
) -> None:
    server: Server = request.getfixturevalue(kind)
    name = server.create()
    place = server.url(name)
    judge("add", place, "5ae1", 2)
    judge("downgrade", place, 9)
    assert "older than 10" in (needs_upgrade(place) or "")

    with pytest.raises(NoBackup, match=f"{program} {name} > FILE"):
        upgrade(place, PYTHON)
    upgrade(place, PYTHON, backed_up=True)

    with open_store(place) as store:
        assert dump(store) == judge("dump", place)
    server.drop(name)


def test_a_backup_is_whole_while_others_write(path: Path) -> None:
    from lineage_scenarios import credit

    from claimed_jlab.lineage import Recorder

    with open_store(path) as store:
        credit(Recorder(store))
        # What lies in the WAL only, too.
        copy = back_up(path)
        with open_store(copy) as copied:
            assert dump(copied) == dump(store)


def test_what_is_no_store_is_not_upgraded(path: Path) -> None:
    path.write_bytes(b"")
    with pytest.raises(NotAStore):
        needs_upgrade(str(path))


def test_a_python_without_the_library_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CLAIMED_MLMD_PYTHON", raising=False)
    with pytest.raises(StoreUnavailable, match=r"has no ml-metadata.*--mlmd-python"):
        official_python(sys.executable)
    with pytest.raises(StoreUnavailable, match="can't be run"):
        official_python(str(tmp_path / "nothing"))

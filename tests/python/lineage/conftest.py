"""What lineage tests share: a fresh store, its recorder, and the judge in its own environment.

A module that says `EVERY_DATABASE = True` has its tests that use `store` run on SQLite, PostgreSQL and MariaDB; those
that use `path`, too, are about the file.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lineage_databases import KINDS, Server, start

from claimed_jlab.lineage import Recorder, Store, open_store

ROOT = Path(__file__).parents[3]
Judge = Callable[..., Any]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = set(metafunc.fixturenames)
    if getattr(metafunc.module, "EVERY_DATABASE", False) and "place" in names and "path" not in names:
        metafunc.parametrize("place", KINDS, indirect=True)


@pytest.fixture(autouse=True)
def _no_store_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAIMED_LINEAGE", raising=False)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="claimed-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lineage.db"


@pytest.fixture(scope="session")
def postgresql() -> Server:
    return start("postgresql")


@pytest.fixture(scope="session")
def mysql() -> Server:
    return start("mysql")


@pytest.fixture(params=["postgresql", "mysql"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def database(server: Server) -> Iterator[str]:
    name = server.create()
    yield name
    server.drop(name)


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store can be made: a path, or the URL of an empty database."""
    kind = getattr(request, "param", "sqlite")
    if kind == "sqlite":
        yield str(tmp_path / "lineage.db")
        return
    server: Server = request.getfixturevalue(kind)
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with open_store(place) as store:
        yield store


@pytest.fixture
def recorder(store: Store) -> Recorder:
    return Recorder(store)


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Runs tests/mlmd/judge.py with the official library; see tests/mlmd/make_env.sh."""
    given = os.environ.get("CLAIMED_MLMD_PYTHON")
    python = Path(given) if given else ROOT / ".venv-mlmd" / "bin" / "python"
    if not python.exists():
        message = f"no environment with ml-metadata at {python}: run tests/mlmd/make_env.sh"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)

    def ask(*arguments: object, input: str | None = None) -> Any:
        command = [str(python), str(ROOT / "tests" / "mlmd" / "judge.py"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, input=input)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask

"""What lineage tests share: a fresh store, its recorder, and the judge in its own environment."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claimed_jlab.lineage import Recorder, Store, open_store

ROOT = Path(__file__).parents[3]
Judge = Callable[..., Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lineage.db"


@pytest.fixture
def store(path: Path) -> Store:
    return open_store(path)


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

    def ask(*arguments: object) -> Any:
        command = [str(python), str(ROOT / "tests" / "mlmd" / "judge.py"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask

"""The standards' own libraries, in their environment (tests/standards/make_env.sh)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def standards_judge() -> Ask:
    """Runs tests/standards/judge.py, and gives what it says."""
    given = os.environ.get("CLAIMED_STANDARDS_PYTHON")
    python = Path(given) if given else ROOT / ".venv-standards" / "bin" / "python"
    if not python.exists():
        message = f"no environment with the standards' libraries at {python}: run tests/standards/make_env.sh"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)

    def ask(*arguments: object) -> Any:
        command = [str(python), str(ROOT / "tests" / "standards" / "judge.py"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return ask

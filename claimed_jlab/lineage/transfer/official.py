"""The official library, in a process and an environment of its own: it wants an older protobuf than we do, and ends
its process where others raise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from claimed_jlab.configuration import site_configuration
from claimed_jlab.lineage.errors import StoreUnavailable

VARIABLE = "CLAIMED_MLMD_PYTHON"
_HINT = (
    "make an environment of its own (python -m venv DIR; DIR/bin/pip install 'ml-metadata>=1.17' grpcio), and name its"
    f" python: --mlmd-python, {VARIABLE}, or c.ClaimedApp.mlmd_python"
)


def official_python(given: str | None = None) -> str:
    """The python that has ml-metadata: the one given, the environment's, the configuration's, else our own.

    Raises StoreUnavailable when it has not.
    """
    named = given or os.environ.get(VARIABLE) or str(site_configuration().get("mlmd_python", ""))
    python = named or sys.executable
    probe = "import importlib.util as i, sys; sys.exit(any(i.find_spec(x) is None for x in ('ml_metadata', 'grpc')))"
    try:
        # Not resolved: a virtual environment's python is a link.
        found = subprocess.run([str(Path(python)), "-I", "-c", probe], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StoreUnavailable(f"{python} can't be run: {error}", hint=_HINT) from None
    if found.returncode:
        raise StoreUnavailable(f"{python} has no ml-metadata with grpcio", hint=_HINT)
    return python

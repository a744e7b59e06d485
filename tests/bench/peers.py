"""Peers in environments of their own, because they pin much: `.venv-<name>` in the repository's root."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench.figures import BIN

_ROOT = Path(__file__).parents[2]
_INSTALL_SECONDS = 900


def peer(name: str, *requirements: str) -> Path | None:
    """The python of a peer, installed when it is not yet; None, with a word on standard error, where that can't be."""
    folder = _ROOT / f".venv-{name}"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    uv = str(BIN / "uv")
    for command in (
        [uv, "venv", "--quiet", "--python", "3.11", str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), *requirements],
    ):
        try:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", None) or str(error)
            print(f"{name} is not measured, it could not be installed: {said.strip()[-300:]}", file=sys.stderr)
            shutil.rmtree(folder, ignore_errors=True)
            return None
    return python

"""Where CLAIMED keeps its state."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from claimed_jlab.errors import ClaimedError


def home() -> Path:
    """The folder of lineage, objects and runs: `$CLAIMED_HOME`, else `<jupyter data dir>/claimed`."""
    given = os.environ.get("CLAIMED_HOME")
    if given:
        return Path(given).expanduser().absolute()
    from jupyter_core.paths import jupyter_data_dir

    return Path(jupyter_data_dir()) / "claimed"


def writable_home() -> Path:
    """`home()`, made if it is absent and proved to take a file.

    Raises ClaimedError when it is no folder, can't be written or its disk is full.
    """
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"claimed" * 1024)
            probe.flush()
    except OSError as error:
        raise ClaimedError(
            f"can't write there: {error.strerror or error}",
            where=str(folder),
            hint="free some space or set CLAIMED_HOME to a folder you may write to",
            code="home-unwritable",
        ) from error
    return folder

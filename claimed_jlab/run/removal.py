"""Removing one run for good. What it made stays until `runs prune` finds that no other run needs it."""

from __future__ import annotations

import shutil

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.runs import Run

# Who looks at a run in this moment may put its lock back beside what is being removed.
_TRIES = 3


def delete(run: Run) -> None:
    """Removes a run that has ended. Raises ClaimedError for one that has not, OSError where the disk refuses."""
    if not run.record().ended:
        raise ClaimedError(
            f"the run {run.run_id} has not ended", hint="cancel it first, or wait for its end", code="still-running"
        )
    remove_folder(run)
    if run.folder.exists():
        raise ClaimedError(f"not all of it could be removed: {run.folder}", code="not-removable")


def remove_folder(run: Run) -> None:
    """Removes a run's folder. One that is half removed is no run: its plan goes first."""
    (run.folder / "plan.json").unlink(missing_ok=True)
    for _ in range(_TRIES):
        shutil.rmtree(run.folder, ignore_errors=True)
        if not run.folder.exists():
            return

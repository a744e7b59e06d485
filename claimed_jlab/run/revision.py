"""Where a document stood in its Git repository when it was run."""

from __future__ import annotations

import subprocess
from pathlib import Path

from claimed_jlab.lineage import names

_PATIENCE_SECONDS = 5.0


def revision(path: str) -> dict[str, str | bool]:
    """Commit, branch and whether tracked files had changes, as custom properties of a run.

    {} for a document outside a repository, without Git, or where Git takes longer than five seconds.
    """
    folder = Path(path).parent
    if not path or not folder.is_dir():
        return {}
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    if not commit:
        return {}
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    # A document that Git does not know is a change too.
    unknown = _git(folder, "ls-files", "--others", "--", Path(path).name)
    found: dict[str, str | bool] = {names.GIT_COMMIT: commit, names.GIT_DIRTY: bool(changed or unknown)}
    branch = _git(folder, "symbolic-ref", "--short", "--quiet", "HEAD")
    return {**found, names.GIT_BRANCH: branch} if branch else found


def _git(folder: Path, *arguments: str) -> str | None:
    """What Git says; None when it says nothing in time."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "--no-optional-locks", *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None

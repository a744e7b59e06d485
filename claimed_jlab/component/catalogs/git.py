"""Fetches one commit of a git repository through the user's own `git`, which knows their credential helpers and keys.

No working copy is made: `git archive` gives the tree, which is unpacked as any archive is. So no hook runs, no filter
of the repository, no submodule is fetched and no link leads out.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from claimed_jlab.component.catalogs.archive import unpack
from claimed_jlab.component.catalogs.errors import FetchFailed

SECONDS = 180.0
# A repository's own, which would lead git elsewhere when it is called from one of its hooks.
_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
)
_OPTIONS = (
    "core.hooksPath=/dev/null",
    "protocol.ext.allow=never",
    "protocol.file.allow=always",
    "core.fsmonitor=false",
    "filter.lfs.smudge=",
    "filter.lfs.process=",
    "filter.lfs.required=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
)


def fetch(location: str, ref: str | None, building: Path) -> tuple[Path, str]:
    """Fetches a branch, tag or commit (by default what HEAD names) below `building`.

    Returns (folder of its files, commit).  Raises FetchFailed, BadArchive.
    """
    repository, packed, content = building / "repository", building / "tree.tar", building / "content"
    content.mkdir()
    _git(["init", "--quiet", "--bare", "--template=", str(repository)], location)
    inside = [f"--git-dir={repository}"]
    wanted = ref or "HEAD"
    words = ["fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", location, wanted]
    _git([*inside, *words], location, ref)
    commit = _git([*inside, "rev-parse", "--verify", "FETCH_HEAD^{commit}"], location, ref).strip()
    _git([*inside, "archive", "--format=tar", f"--output={packed}", commit], location)
    unpack(packed, content, location)
    return content, commit


def _git(words: list[str], location: str, ref: str | None = None) -> str:
    command = ["git", *(word for option in _OPTIONS for word in ("-c", option)), *words]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=_environment(),
            start_new_session=True,
        )
    except OSError as error:
        raise FetchFailed(f"git can't be started: {error.strerror or error}", hint="install git") from None
    try:
        out, err = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        _end(process)
        raise FetchFailed(
            f"git took more than {SECONDS:.0f} s", where=location, hint="check the network, then try again"
        ) from None
    if process.returncode:
        raise FetchFailed(f"git can't fetch it: {_reason(err)}", where=location, hint=_hint(err, ref))
    return out


def _environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    environment |= {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
        "LC_ALL": "C",
    }
    environment |= {"GIT_LFS_SKIP_SMUDGE": "1", "SSH_ASKPASS": ""}
    environment.setdefault("GIT_ASKPASS", "")
    environment.setdefault("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o ConnectTimeout=30")
    return environment


def _end(process: subprocess.Popen[str]) -> None:
    """Ends git and the helpers that it started, which would hold the pipes open."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _reason(err: str) -> str:
    lines = [" ".join(line.split()) for line in err.splitlines() if line.strip()]
    marked = [line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))]
    if lines and marked and "Could not read from remote repository" in marked[0]:
        marked = []  # the line before it, of ssh or the server, says why
    chosen = (marked or lines or ["it says nothing"])[0]
    return chosen.partition(" ")[2][:300] if marked else chosen[:300]


def _hint(err: str, ref: str | None) -> str:
    lower = err.lower()
    if ref and ("remote ref" in lower or "not our ref" in lower or "unadvertised" in lower):
        return f"is there a branch, tag or whole commit {ref!r}?"
    if "terminal prompts disabled" in lower or "authentication" in lower or "permission denied" in lower:
        return "it asks who you are: set up a credential helper or an SSH key for git"
    return "check the address; for another kind of catalog give its --kind"

"""Runs the container of a component on this machine, under the contract of KFP's launcher.

Placeholders are replaced, optional words left out where nothing is given, and paths encode where things go:
`…/minio/bucket/key` is `minio://bucket/key`. Source: backend/src/v2/component/launcher_v2.go.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbclient

REPOSITORY = Path(__file__).parents[3]
_PLACE = re.compile(r"\{\{\$\.(inputs|outputs)\.(parameters|artifacts)\['(.*?)'\](?:\.(path|output_file))?\}\}")
_LINE = "claimed-outcome: "


@dataclass
class Pod:
    """What is left of a pod: its status, what it printed, its termination message, and the files of its outputs."""

    status: int
    out: str
    err: str
    message: str
    files: dict[str, Path] = field(default_factory=dict)

    @property
    def outcome(self):
        """What the step says at its end: one line, and the last."""
        lines = [line for line in self.out.splitlines() if line.startswith(_LINE)]
        assert len(lines) == 1 and self.out.splitlines()[-1] == lines[0], self.out + self.err
        return json.loads(lines[0].removeprefix(_LINE))

    def text(self, name):
        return self.files[name].read_text()

    def everything(self):
        """All that the pod leaves behind, as one text."""
        written = [path.read_text(errors="replace") for path in self.files.values() if path.is_file()]
        return "\n".join([self.out, self.err, self.message, *written])


def run_pod(container, folder, values=(), *, python=sys.executable, environment=None, user=None, cwd=None):
    """Runs it. values: of the inputs by KFP's keys; of an artifact its path.  user: another than this one."""
    values, files, home = dict(values), {}, folder / "minio" / "bucket" / "v2" / "artifacts" / "run"
    message = folder / "termination-log"
    for path in (folder, home, folder / "parameters"):
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(0o777)
    message.write_text("")
    message.chmod(0o666)
    words = list(_expanded([*container["command"], *container["args"]], values, files, folder, home))
    words[0] = str(python)
    settings = {**os.environ, "CLAIMED_TERMINATION_LOG": str(message), **(environment or {})}
    settings = {name: value for name, value in settings.items() if value is not None}
    if user is not None:
        words = [*as_user(user), *words]
    done = subprocess.run(words, cwd=cwd or folder, env=settings, capture_output=True, text=True, timeout=300)
    return Pod(done.returncode, done.stdout, done.stderr, message.read_text(), files)


def as_user(user):
    """The words before a command of another user of group 0, as OpenShift chooses them."""
    return ["setpriv", f"--reuid={user}", "--regid=0", "--clear-groups"]


def python_for(user):
    """(interpreter, environment) that runs notebooks as another user; None where none does."""
    library = str(Path(nbclient.__file__).parents[1])
    system = shutil.which(f"python3.{sys.version_info[1]}", path=os.defpath)
    asked = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import nbclient, ipykernel'], check=True)"
    for python, settings in ((sys.executable, {}), (system, {"PYTHONPATH": library})):
        command = [*as_user(user), str(python), "-c", asked]
        works = python and subprocess.run(command, env={**os.environ, **settings}, capture_output=True).returncode == 0
        if works:
            return python, settings
    return None


def _expanded(words, values, files, folder, home):
    def place(found):
        side, kind, name, _ = found.groups()
        if side == "inputs":
            value = values[name]
            return value if isinstance(value, str) else str(value) if isinstance(value, Path) else json.dumps(value)
        files[name] = (home if kind == "artifacts" else folder / "parameters") / name
        return str(files[name])

    for word in words:
        if word.startswith('{"IfPresent"'):
            about = json.loads(word)["IfPresent"]
            if about["InputName"] in values:
                yield from _expanded(about["Then"], values, files, folder, home)
        else:
            yield _PLACE.sub(place, word)


def pythons():
    """By version, the interpreters of this machine from 3.9 to 3.13; those that can run a notebook come first."""
    found = {}
    for version in ("3.9", "3.10", "3.11", "3.12", "3.13"):
        given = [*REPOSITORY.glob(f".venv-{version}/bin/python"), *_of_pyenv(version), *_on_path(version)]
        if sys.version_info[:2] == tuple(map(int, version.split("."))):
            given.insert(0, Path(sys.executable))
        found[version] = given
    return found


def runs_notebooks(python):
    """Whether an interpreter has what the step needs."""
    asked = [python, "-c", "import nbclient, ipykernel"]
    return subprocess.run(asked, capture_output=True).returncode == 0


def _of_pyenv(version):
    program = shutil.which("pyenv")
    if program is None:
        return []
    root = subprocess.run([program, "root"], capture_output=True, text=True).stdout.strip()
    return sorted(Path(root).glob(f"versions/{version}.*/bin/python"))


def _on_path(version):
    named = shutil.which(f"python{version}")
    works = named and subprocess.run([named, "--version"], capture_output=True).returncode == 0
    return [Path(named)] if works else []

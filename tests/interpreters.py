"""Runs the core's tests on every interpreter from 3.10 to 3.13 that is found, each in an environment of its own.

    python tests/interpreters.py

The environments are `.venv-3.12` and so on, made once. The interpreter that runs this is left out: its tests are
those of `make test-python`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
# What a component, a pipeline, a run and its lineage are; the server and the browser have one interpreter.
TESTS = ["component", "pipeline", "run", "lineage", "report", "test_expression.py"]
# Of the slow ones, a pipeline in real kernels and a step as a pod runs it.
SLOW = ["values_artifacts_and_lineage", "skipped_and_a_changed_parameter", "step_that_a_pod_runs"]
NEEDED = [
    "pytest>=8",
    "pytest-jupyter[server]>=0.10",
    "pytest-rerunfailures>=14",
    "pytest-xdist>=3.5",
    "hypothesis>=6.100",
    "kfp>=2.13",
    "nbdime>=4",
]
# As in `make test-python`.
_SECOND_TRY = ["--reruns", "1", "-rfER"] if os.environ.get("CI") else []


def find(version: str) -> str | None:
    """An interpreter of that version: on PATH, or among pyenv's; a shim that refuses to run is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(f"python{version}"), *sorted(map(str, pyenv.glob(f"{version}*/bin/python{version}")))]
    for candidate in filter(None, candidates):
        code = "import sys, venv; print(sys.executable)"
        done = subprocess.run([candidate, "-c", code], capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.strip()
    return None


def prepare(interpreter: str, version: str) -> Path:
    """The environment's python, with the project installed."""
    venv = ROOT / f".venv-{version}"
    python = venv / "bin" / "python"
    environment = {**os.environ, "SKIP_JUPYTER_BUILDER": "1"}
    if "PIP_FIND_LINKS" in environment:
        environment.setdefault("UV_FIND_LINKS", environment["PIP_FIND_LINKS"])
    uv = shutil.which("uv")
    if not python.exists():
        make = [uv, "venv", "--quiet", "--python", interpreter] if uv else [interpreter, "-m", "venv"]
        subprocess.run([*make, str(venv)], check=True)
    if not uv:  # an environment that uv made, before uv went away, has no pip
        subprocess.run([str(python), "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    install = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
    command = [*install, "--quiet", "-c", "constraints.txt", "-e", ".", *NEEDED]
    subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return python


def test(python: Path, version: str) -> bool:
    """Runs the core's tests; whether they passed."""
    print(f"Python {version}: the core's tests", flush=True)
    paths = [f"tests/python/{name}" for name in TESTS]
    environment = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
    # Stores on servers are tested once, with the interpreter that has their drivers.
    environment["CLAIMED_TEST_SERVERS"] = "none"
    command = [str(python), "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", *_SECOND_TRY, *paths]
    for which in (["-m", "not slow"], ["-m", "slow", "-k", " or ".join(SLOW)]):
        if subprocess.run([*command, *which], cwd=ROOT, env=environment).returncode != 0:
            return False
    return True


def main() -> int:
    """0 when the core passes on every interpreter that was found."""
    failed = []
    for version in VERSIONS:
        if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
            continue
        interpreter = find(version)
        if interpreter is None:
            print(f"Python {version}: not found, left out", flush=True)
        elif not test(prepare(interpreter, version), version):
            failed.append(version)
    if failed:
        print(f"The core's tests failed on Python {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""What is installed where a notebook runs: in this interpreter, or in that of the kernel that it names.

A kernel's interpreter is asked for its `sys.path` and its version, once; what is installed is then read from the names
of folders. No package is imported, and nothing of the notebook is run.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

_NATIVE = ("", "python3")
_ASK_SECONDS = 20
_QUESTION = "import json, platform, sys; print(json.dumps([platform.python_version(), sys.path[1:]]))"


def canonical(name: str) -> str:
    """A distribution's name as the index compares it (PEP 503, without runs of separators)."""
    return name.lower().replace("_", "-").replace(".", "-")


def public(version: str) -> str:
    """Without the local part (`2.6.0+cpu`), which no public index has; pip takes any build of the public version."""
    return version.split("+", 1)[0]


@dataclass(frozen=True)
class Environment:
    """The distributions of one interpreter. python: its version.  paths: where it looks, in order."""

    python: str
    paths: tuple[str, ...]

    @property
    def versions(self) -> dict[str, str]:
        """The version of each distribution by its canonical name; the first on the path counts."""
        return _versions(self.paths, self.stamp)

    @property
    def stamp(self) -> tuple[int, ...]:
        """Moves when a distribution is installed or removed: the times of the folders."""
        times = []
        for folder in self.paths:
            with suppress(OSError):
                times.append(Path(folder or ".").stat().st_mtime_ns)
        return tuple(times)

    def distribution(self, name: str) -> metadata.Distribution | None:
        """A distribution with its metadata; None where it is not installed."""
        if not name:
            return None
        found = metadata.Distribution.discover(name=name, path=list(self.paths))
        return next(iter(found), None)

    def distributions_of(self, module: str) -> list[str]:
        """The distributions that bring a module. Asks all of them, which takes long: the last resort."""
        return _modules(self.paths, self.stamp).get(module, [])


def here() -> Environment:
    """The environment of this interpreter."""
    return Environment(platform.python_version(), tuple(sys.path))


def of_kernel(name: str) -> Environment | None:
    """The environment of a Python kernel; None where no such kernel is installed or its interpreter is gone."""
    if name in _NATIVE:
        return here()
    spec = _kernel_spec(name)
    words = spec.get("argv") or [""]
    program = shutil.which(str(words[0])) if words[0] else None
    if program is None or str(spec.get("language", "python")).lower() != "python":
        return None
    if (
        os.path.realpath(program) == os.path.realpath(sys.executable)
        and Path(program).parent == Path(sys.executable).parent
    ):
        return here()
    given = spec.get("env") or {}
    variables = tuple(sorted((str(key), str(value)) for key, value in given.items()))
    return _asked(program, Path(program).stat().st_mtime_ns, variables)


def _kernel_spec(name: str) -> dict[str, Any]:
    from jupyter_core.paths import jupyter_path

    for folder in jupyter_path("kernels"):
        try:
            found = json.loads((Path(folder) / name / "kernel.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, dict):
            return found
    return {}


@lru_cache(maxsize=32)
def _asked(program: str, stamp: int, variables: tuple[tuple[str, str], ...]) -> Environment | None:
    try:
        answer = subprocess.run(
            [program, "-c", _QUESTION],
            env={**os.environ, **dict(variables)},
            capture_output=True,
            timeout=_ASK_SECONDS,
            check=True,
        )
        version, paths = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Environment(str(version), tuple(map(str, paths)))


@lru_cache(maxsize=8)
def _versions(paths: tuple[str, ...], stamp: tuple[int, ...]) -> dict[str, str]:
    """Read from the names of folders.

    A wheel's folder is called `name-version.dist-info` (the binary distribution format), so that its metadata, which
    takes a quarter of a second to read for all, is read only where the name says too little.
    """
    found: dict[str, str] = {}
    for distribution in metadata.Distribution.discover(path=list(paths)):
        folder = Path(str(getattr(distribution, "_path", ""))).name
        name, dash, version = folder.removesuffix(".dist-info").partition("-")
        if not folder.endswith(".dist-info") or not dash:
            name, version = distribution.metadata["Name"], distribution.version
        if name:
            found.setdefault(canonical(name), version)
    return found


@lru_cache(maxsize=4)
def _modules(paths: tuple[str, ...], stamp: tuple[int, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for distribution in metadata.Distribution.discover(path=list(paths)):
        name = distribution.metadata["Name"]
        for module in _top_level(distribution):
            if name and name not in found.setdefault(module, []):
                found[module].append(name)
    return found


def _top_level(distribution: metadata.Distribution) -> set[str]:
    said = distribution.read_text("top_level.txt")
    if said:
        return set(said.split())
    files = distribution.files or []
    heads = {file.parts[0] if len(file.parts) > 1 else file.stem for file in files if file.suffix == ".py"}
    return {head for head in heads if head.isidentifier()}

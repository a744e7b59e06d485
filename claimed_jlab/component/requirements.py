"""What a notebook needs installed: its `pip install` lines, then its imports, pinned to what is here."""

from __future__ import annotations

import ast
import shlex
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from claimed_jlab.component.source import CodeCell, NotebookSource, at
from claimed_jlab.component.spec import Diagnostic

# Modules whose distribution has another name, for where it is not installed.
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "yaml": "PyYAML",
    "bs4": "beautifulsoup4",
    "art": "adversarial-robustness-toolbox",
    "claimed_jlab": "claimed_jlab",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "pydicom": "pydicom",
    "attr": "attrs",
    "googleapiclient": "google-api-python-client",
}


def read_requirements(
    source: NotebookSource, diagnostics: list[Diagnostic], named: Iterable[str] = ()
) -> tuple[str, ...]:
    """The distributions a notebook needs, sorted: explicit installs as written, imports pinned (`pandas==2.3.3`).

    named: those that comments name (`# @dependency pandas`).
    """
    found: dict[str, str] = {distribution_of(text): text for text in named}
    for cell in source.cells:
        for line, requirement in _installs(cell):
            found[distribution_of(requirement)] = _pinned(requirement, cell, line, diagnostics)
    for cell in source.cells:
        for line, module in _imports(cell):
            name = _distribution(module, source)
            if name is None or _canonical(name) in found:
                continue
            found[_canonical(name)] = _pinned(name, cell, line, diagnostics)
    return tuple(sorted(found.values(), key=str.lower))


def distribution_of(requirement: str) -> str:
    """The canonical distribution name in a requirement (`Pandas[all]>=2` -> `pandas`)."""
    if requirement.startswith("git+"):
        return _canonical(requirement.rsplit("/", 1)[-1].split("@")[0].removesuffix(".git"))
    head = requirement
    for mark in "[=<>!~; @":
        head = head.split(mark, 1)[0]
    return _canonical(head.strip())


def missing_distributions(requirements: tuple[str, ...]) -> tuple[str, ...]:
    """Those of `requirements` that this interpreter has not installed, in any version."""
    present = _installed(environment_stamp())
    return tuple(item for item in requirements if distribution_of(item) not in present)


def installed_versions(requirements: tuple[str, ...]) -> dict[str, str]:
    """The version here of each required distribution; `missing` where there is none."""
    present = _installed(environment_stamp())
    return {name: present.get(name, "missing") for name in map(distribution_of, requirements)}


def environment_stamp() -> tuple[int, ...]:
    """Moves when a distribution is installed or removed here: the times of the folders on `sys.path`."""
    times = []
    for folder in sys.path:
        with suppress(OSError):
            times.append(Path(folder or ".").stat().st_mtime_ns)
    return tuple(times)


@lru_cache(maxsize=1)
def _installed(stamp: tuple[int, ...]) -> dict[str, str]:
    """The version of each distribution here, by its canonical name; the first on `sys.path` counts.

    A wheel's folder is called `name-version.dist-info` (the binary distribution format), so that its metadata, which
    takes a quarter of a second to read for all, is read only where the name says too little.
    """
    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        folder = Path(str(getattr(distribution, "_path", ""))).name
        name, dash, version = folder.removesuffix(".dist-info").partition("-")
        if not folder.endswith(".dist-info") or not dash:
            name, version = distribution.metadata["Name"], distribution.version
        if name:
            found.setdefault(_canonical(name), version)
    return found


@lru_cache(maxsize=1)
def _modules() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def _pinned(requirement: str, cell: CodeCell, line: int, diagnostics: list[Diagnostic]) -> str:
    name = distribution_of(requirement)
    if requirement.startswith("git+") or name != _canonical(requirement):
        return requirement
    version = _installed(environment_stamp()).get(name)
    if version is not None:
        return f"{requirement}=={version}"
    message = f"{requirement!r} is not installed here, so its version could not be pinned"
    diagnostics.append(
        Diagnostic(level="warning", code="unpinned", message=message, field=requirement, **at(cell, line))
    )
    return requirement


def _distribution(module: str, source: NotebookSource) -> str | None:
    if module in sys.stdlib_module_names or module in ("IPython", "ipykernel"):
        return None
    folder = source.path.parent
    if (folder / f"{module}.py").exists() or (folder / module / "__init__.py").exists():
        return None
    if module in _DISTRIBUTIONS:
        return _DISTRIBUTIONS[module]
    if _canonical(module) in _installed(environment_stamp()):
        return module  # most are called as they are imported, and asking all of them takes long
    candidates = _modules().get(module, [module])
    return min(candidates, key=lambda name: (_canonical(name) != _canonical(module), len(name)))


def _imports(cell: CodeCell) -> Iterator[tuple[int, str]]:
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def _installs(cell: CodeCell) -> Iterator[tuple[int, str]]:
    """Requirements of `!pip install`, `%pip install` and `%%bash` lines, as IPython's transform shows them."""
    for node in ast.walk(cell.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if node.func.attr in ("system", "getoutput") and texts:
            commands = texts[0].splitlines()
        elif node.func.attr == "run_line_magic" and texts[:1] == ["pip"]:
            commands = [" ".join(["pip", *texts[1:]])]
        elif node.func.attr == "run_cell_magic" and texts[:1] in (["bash"], ["sh"]):
            commands = texts[-1].splitlines()
        else:
            continue
        for command in commands:
            for requirement in _of_command(command):
                yield node.lineno, requirement


def _of_command(command: str) -> Iterator[str]:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return
    if "install" not in words or not any(word in ("pip", "pip3") for word in words[: words.index("install")]):
        return
    skip_next = False
    for word in words[words.index("install") + 1 :]:
        if word in ("&&", ";", "||", "|"):
            return
        if skip_next or word in (
            "-r",
            "-c",
            "-i",
            "-f",
            "--index-url",
            "--extra-index-url",
            "--find-links",
            "-t",
        ):
            skip_next = not skip_next
        elif not word.startswith(("-", ".", "/")):
            yield word


def _canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")

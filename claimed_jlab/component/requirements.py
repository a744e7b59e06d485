"""What a notebook needs installed: its `pip` and `conda` lines, then its imports, pinned to what it ran with.

That is the environment of the kernel that the notebook names; where it is not installed here, this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

from claimed_jlab.component.fixes import pinned
from claimed_jlab.component.installed import Environment, canonical, here, of_kernel, public
from claimed_jlab.component.installs import Install, installs
from claimed_jlab.component.modules import bringer, conda_names, imports, local_module, module_imports
from claimed_jlab.component.source import CodeCell, NotebookSource, at
from claimed_jlab.component.spec import Diagnostic


def read_requirements(
    source: NotebookSource, diagnostics: list[Diagnostic], named: Iterable[str] = ()
) -> tuple[str, ...]:
    """The distributions a notebook needs, sorted, each pinned (`pandas==2.3.3`) where its version is known.

    named: those that comments name (`# @dependency pandas`).
    """
    return _Reading(source, diagnostics).requirements(named)


def distribution_of(requirement: str) -> str:
    """The canonical distribution name in a requirement (`Pandas[all]>=2` -> `pandas`)."""
    if requirement.startswith("git+"):
        return canonical(requirement.rsplit("/", 1)[-1].split("@")[0].split("#")[0].removesuffix(".git"))
    head = requirement
    for mark in "[=<>!~; @":
        head = head.split(mark, 1)[0]
    return canonical(head.strip())


def missing_distributions(requirements: tuple[str, ...], kernel: str = "") -> tuple[str, ...]:
    """Those of `requirements` that the environment of `kernel` has not installed, in any version."""
    present = _environment(kernel).versions
    return tuple(item for item in requirements if distribution_of(item) not in present)


def installed_versions(requirements: tuple[str, ...], kernel: str = "") -> dict[str, str]:
    """The version of each required distribution where `kernel` runs; `missing` where there is none."""
    present = _environment(kernel).versions
    return {name: present.get(name, "missing") for name in map(distribution_of, requirements)}


def environment_versions(requirements: tuple[str, ...], kernel: str = "") -> dict[str, str]:
    """As `installed_versions`, with the `python` that runs them, where it is Python that does."""
    found = of_kernel(kernel)
    return {**({"python": found.python} if found else {}), **installed_versions(requirements, kernel)}


def environment_stamp() -> tuple[int, ...]:
    """Moves when a distribution is installed or removed here."""
    return here().stamp


def _environment(kernel: str) -> Environment:
    """Where a kernel runs; the engine takes its own where a kernel is not installed."""
    return of_kernel(kernel) or here()


class _Reading:
    """The requirements of one notebook, while they are found."""

    def __init__(self, source: NotebookSource, diagnostics: list[Diagnostic]) -> None:
        self._source = source
        self._diagnostics = diagnostics
        self._found: dict[str, str] = {}
        self._followed: set[Path] = set()
        kernel = source.kernel
        environment = of_kernel(kernel)
        if environment is None:
            message = f"the kernel {kernel!r} is not installed here: versions are those of this environment"
            self._say("info", "kernel-elsewhere", message)
        self._environment = environment or here()

    def requirements(self, named: Iterable[str]) -> tuple[str, ...]:
        self._other_python()
        for text in named:
            self._found[distribution_of(text)] = text
        for asked in self._asked().values():
            self._install(asked)
        for cell in self._source.cells:
            for line, modules in imports(cell):
                self._import(cell, line, modules)
        return tuple(sorted(self._found.values(), key=str.lower))

    def _other_python(self) -> None:
        about = self._source.metadata.get("language_info")
        ran = str(about.get("version") or "") if isinstance(about, dict) else ""
        if ran and ran.split(".")[:2] != self._environment.python.split(".")[:2]:
            message = f"it ran with Python {ran}, the versions are those for Python {self._environment.python}"
            self._say("info", "other-python", message)

    def _asked(self) -> dict[str, list[tuple[Install, str]]]:
        """What lines ask for, by distribution: more than one where branches differ."""
        asked: dict[str, list[tuple[Install, str]]] = {}
        for cell in self._source.cells:
            for item in installs(cell):
                for text in self._packages(item):
                    asked.setdefault(distribution_of(text), []).append((item, text))
        return asked

    def _packages(self, item: Install) -> list[str]:
        if item.kind == "package":
            return [item.text]
        if item.kind == "conda":
            return self._conda(item)
        if item.kind == "file":
            return self._file(item)
        if item.kind == "index":
            self._say("info", "other-index", "another package index is named: it is not kept", _place(item))
        else:
            message = f"{item.text!r} is a project on this machine: publish it, or put its modules beside the notebook"
            self._say("warning", "local-requirement", message, _place(item), item.text)
        return []

    def _conda(self, item: Install) -> list[str]:
        """A conda specification (`numpy=1.26.4`, `pytorch>=2`) as pip's, by PyPI's name."""
        text = item.text
        ends = [text.index(mark) for mark in "=<>!~ " if mark in text]
        name = text[: min(ends, default=len(text))]
        if name in ("python", "pip"):
            return []
        version = text[len(name) :].strip()
        if version.startswith("=") and not version.startswith("=="):
            exact = version.lstrip("=").split("=")[0]
            version = f"=={exact}" + (".*" if exact.count(".") < 2 and "*" not in exact else "")
        known = conda_names().get(name.lower(), name)
        self._say("info", "conda", f"{text!r} of conda is taken as {known + version!r} of PyPI", _place(item), known)
        return [known + version]

    def _file(self, item: Install) -> list[str]:
        path = self._source.path.parent / item.text
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            self._say(
                "warning", "requirements-file", f"there is no {item.text!r} to read requirements from", _place(item)
            )
            return []
        bare = (line.split(" #")[0].strip() for line in lines)
        return [line for line in bare if line and not line.startswith(("#", "-"))]

    def _install(self, asked: list[tuple[Install, str]]) -> None:
        fitting = next((pair for pair in asked if self._fits(pair[1])), asked[-1])
        item, text = fitting
        if len({other for _, other in asked}) > 1:
            several = ", ".join(dict.fromkeys(other for _, other in asked))
            self._say("info", "several-versions", f"asked for as {several}: {text} is taken", _place(item), text)
        self._found[distribution_of(text)] = self._pinned(text, item)

    def _fits(self, text: str) -> bool:
        version = self._environment.versions.get(distribution_of(text))
        try:
            return version is not None and Requirement(text).specifier.contains(version, prereleases=True)
        except InvalidRequirement:
            return False

    def _pinned(self, text: str, item: Install) -> str:
        """A requirement of a line with the version that is installed, unless it names one or is an address."""
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            if not text.startswith("git+"):
                self._say(
                    "warning", "bad-requirement", f"{text!r} is no requirement that pip knows", _place(item), text
                )
            elif "@" not in text.split("//", 1)[-1].split("/", 1)[-1]:
                message = f"{text!r} names no commit, so it may be other code tomorrow: write @ and a commit behind it"
                self._say("warning", "unpinned", message, _place(item), text)
            return text
        version = self._environment.versions.get(distribution_of(text))
        exact = any(part.operator in ("==", "===") and "*" not in part.version for part in wanted.specifier)
        if wanted.url:
            return text
        if version is None:
            if not exact:
                self._unpinned(text, _place(item))
            return text
        if not self._fits(text):
            message = f"{text!r} is asked for, and {version} is installed: the component will run with another version"
            self._say("warning", "other-version", message, _place(item, version), text)
            return text
        if not exact:
            self._say("info", "loose-version", f"{text!r} may be another version tomorrow", _place(item, version), text)
        return text if exact else _pin(wanted, version)

    def _import(self, cell: CodeCell, line: int, modules: list[str]) -> None:
        beside = local_module(modules, self._source.path.parent)
        if beside is not None and beside not in self._followed:
            self._followed.add(beside)
            for names in module_imports(beside):
                self._import(cell, line, names)
        found = bringer(modules, self._environment, self._source.path.parent)
        if found is None or canonical(found.name) in self._found:
            return
        version = self._environment.versions.get(canonical(found.name))
        if found.guessed:
            message = f"no distribution is known to bring the module {found.name!r}: one of that name is taken"
            self._say("warning", "unknown-module", message, at(cell, line), found.name)
        elif version is None:
            self._unpinned(found.name, at(cell, line))
        self._found[canonical(found.name)] = f"{found.name}=={public(version)}" if version else found.name

    def _unpinned(self, text: str, place: Mapping[str, Any]) -> None:
        message = f"{text!r} is not installed here, so its version could not be pinned"
        self._say("warning", "unpinned", message, place, text)

    def _say(
        self, level: str, code: str, message: str, place: Mapping[str, Any] | None = None, field: str | None = None
    ) -> None:
        finding = {"level": level, "code": code, "message": message, "field": field, **(place or {})}
        self._diagnostics.append(Diagnostic.model_validate(finding))


def _place(item: Install, version: str = "") -> dict[str, Any]:
    """Where a line is that installs something; with a fix that writes `version` into it, if one is given."""
    fix = pinned(item.cell, item.line, item.text, public(version)) if version else None
    return {**at(item.cell.number, item.line), "fix": fix}


def _pin(wanted: Requirement, version: str) -> str:
    extras = f"[{','.join(sorted(wanted.extras))}]" if wanted.extras else ""
    return f"{wanted.name}{extras}=={public(version)}"

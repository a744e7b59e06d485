"""Where components come from: folders, and installed packages with an entry point `claimed.components`.

A component is a folder with a `component.yaml`, or a folder `<name>/<name>.ipynb`. The notebook is the source: where
`component.yaml` is older than its notebook, the notebook is read anew and the spec says so.
"""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from claimed_jlab.component.kfp_yaml import FILE_NAME, BadComponentFile, read_component_yaml
from claimed_jlab.component.reader import read_component, source_digest
from claimed_jlab.component.requirements import environment_stamp, missing_distributions
from claimed_jlab.component.scan import Stamp, component_folders
from claimed_jlab.component.source import NotANotebook
from claimed_jlab.component.spec import ComponentSpec, Diagnostic, ListedComponent
from claimed_jlab.errors import ClaimedError
from claimed_jlab.paths import home

ENTRY_POINT = "claimed.components"


class UnknownComponent(ClaimedError):
    """No catalog has a component of that name, or not in that version."""

    code = "unknown-component"


@dataclass(frozen=True)
class Source:
    """One place of a catalog. name: who made it."""

    name: str
    folder: Path


class Catalog:
    """All components that a person here can use. Folders are read when first asked, and again when they change."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = tuple(sources)
        self.diagnostics: list[Diagnostic] = []
        self._read: dict[str, tuple[Stamp, ComponentSpec]] = {}
        self._answer: tuple[tuple[Any, ...], str] | None = None

    def components(self) -> list[ComponentSpec]:
        """Every component, by category and name. What can't be read is in `diagnostics`."""
        diagnostics: list[Diagnostic] = []
        found: dict[str, ComponentSpec] = {}
        for source in self.sources:
            for folder, stamp in component_folders(source.folder):
                try:
                    spec = self._component(folder, stamp, source.name)
                except ClaimedError as error:
                    diagnostics.append(
                        Diagnostic(level="warning", code=error.code, message=error.message, where=error.where)
                    )
                    continue
                found.setdefault(spec.reference, spec)
        self.diagnostics = diagnostics
        return sorted(found.values(), key=lambda spec: (spec.category, spec.group, spec.title, spec.version))

    def listing(self) -> list[ListedComponent]:
        """The components with what each lacks here, as the palette shows them."""
        return [listed(spec) for spec in self.components()]

    def resolve(self, reference: str) -> ComponentSpec:
        """The component a pipeline names: `category/name@version`; category and version may be left out.

        Without a version the newest is meant. Raises UnknownComponent with what is near.
        """
        name, _, version = reference.partition("@")
        components = self.components()
        named = [spec for spec in components if name in (spec.name, f"{spec.category}/{spec.name}")]
        if not named:
            known = {f"{spec.category}/{spec.name}" for spec in components}
            near = difflib.get_close_matches(name, sorted(known), n=2, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "see `jupyter claimed component list`"
            raise UnknownComponent(f"there is no component {name!r} in the catalogs", hint=hint)
        if len({spec.category for spec in named}) > 1:
            choices = ", ".join(sorted({f"{spec.category}/{spec.name}" for spec in named}))
            raise UnknownComponent(f"{name!r} means several components", hint=f"say which: {choices}")
        if version:
            named = [spec for spec in named if spec.version == version] or _no_version(name, version, named)
        return max(named, key=lambda spec: version_key(spec.version))

    def listing_json(self) -> str:
        """`listing()` as a JSON list; made anew only when a component or what is installed here changed."""
        specs = self.components()
        key = (environment_stamp(), *map(id, specs))
        if self._answer is None or self._answer[0] != key:
            text = json.dumps([listed(spec).model_dump(mode="json") for spec in specs])
            self._answer = (key, text)
        return self._answer[1]

    def _component(self, folder: str, stamp: Stamp, catalog: str) -> ComponentSpec:
        known = self._read.get(folder)
        if known is None or known[0] != stamp:
            known = (stamp, _read_folder(Path(folder)).model_copy(update={"catalog": catalog}))
            self._read[folder] = known
        return known[1]


def default_catalog(folders: Iterable[Path] = ()) -> Catalog:
    """The user's catalog: `folders`, `$CLAIMED_COMPONENTS`, their own components, then installed packages."""
    given = [Path(text) for text in os.environ.get("CLAIMED_COMPONENTS", "").split(os.pathsep) if text]
    own = [Source(folder.name, folder) for folder in [*folders, *given]]
    return Catalog([*own, Source("mine", home() / "components"), *_packages()])


def listed(spec: ComponentSpec) -> ListedComponent:
    """A component with what this interpreter lacks to run it, and the pip line that adds it."""
    missing = missing_distributions(spec.requirements)
    install = f"pip install {' '.join(missing)}" if missing else ""
    return ListedComponent(**spec.model_dump(exclude={"reference"}), missing=missing, install=install)


def component_at(path: Path) -> ComponentSpec:
    """The component of a notebook, or of a component's folder. Raises NotANotebook, UnknownComponent."""
    if path.is_dir():
        return _read_folder(path)
    return read_component(path)


def existing_component(folder: Path) -> ComponentSpec | None:
    """The component that stands in a folder; None when there is none, or none that can be read."""
    try:
        return component_at(folder) if folder.is_dir() else None
    except ClaimedError:
        return None


def version_key(version: str) -> tuple[tuple[int, int | str], ...]:
    """Orders versions by their numbers: 1.10.0 comes after 1.9.0."""
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in version.split("."))


def _read_folder(folder: Path) -> ComponentSpec:
    described = folder / FILE_NAME
    if not described.exists():
        notebook = _only_notebook(folder)
        return read_component(notebook)
    spec = read_component_yaml(described)
    notebook = Path(spec.path)
    if not notebook.resolve().is_relative_to(folder.resolve()):
        raise BadComponentFile("names a notebook outside its folder", where=str(described))
    if source_digest(notebook) == spec.digest:
        return spec
    fresh = read_component(notebook)
    note = Diagnostic(
        level="info",
        code="stale-component-file",
        message="component.yaml is older than its notebook: the notebook was read",
        where=str(described),
    )
    return fresh.model_copy(update={"diagnostics": (*fresh.diagnostics, note)})


def _only_notebook(folder: Path) -> Path:
    preferred = folder / f"{folder.name}.ipynb"
    if preferred.exists():
        return preferred
    notebooks = sorted(folder.glob("*.ipynb"))
    if len(notebooks) != 1:
        raise NotANotebook(f"holds {len(notebooks)} notebooks, not one", where=str(folder))
    return notebooks[0]


def _packages() -> list[Source]:
    sources = []
    for entry in metadata.entry_points(group=ENTRY_POINT):
        try:
            sources.append(Source(entry.name, Path(entry.load()())))
        except Exception as error:  # another package's mistake must not hide everybody's components
            raise ClaimedError(f"its catalog can't be loaded: {error}", where=f"package {entry.name}") from error
    return sources


def _no_version(name: str, version: str, named: list[ComponentSpec]) -> list[ComponentSpec]:
    there = ", ".join(sorted((spec.version for spec in named), key=version_key))
    raise UnknownComponent(f"component {name!r} has no version {version!r}", hint=f"there is {there}")

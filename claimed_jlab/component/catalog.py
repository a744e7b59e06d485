"""Where components come from: folders, installed packages, and catalogs that were added (see `catalogs`).

A component is a folder with a `component.yaml`, or a folder `<name>/<name>.ipynb`. The notebook is the source: where
`component.yaml` is older than its notebook, the notebook is read anew and the spec says so. A `component.yaml` that
Kubeflow Pipelines wrote is a container component.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blake3 import blake3

from claimed_jlab.component.catalogs.entry import CatalogView
from claimed_jlab.component.catalogs.errors import UnknownCatalog
from claimed_jlab.component.catalogs.kfp import read_kfp
from claimed_jlab.component.catalogs.outside import tamed
from claimed_jlab.component.catalogs.sources import Found, Source, SourceFinder
from claimed_jlab.component.catalogs.trust import is_trusted, trust_stamp
from claimed_jlab.component.kfp_yaml import FILE_NAME, BadComponentFile, NotOurs, read_component_yaml
from claimed_jlab.component.reader import read_component, source_digest
from claimed_jlab.component.requirements import environment_stamp, missing_distributions
from claimed_jlab.component.scan import Scan, Stamp
from claimed_jlab.component.source import NotANotebook
from claimed_jlab.component.spec import ComponentSpec, Diagnostic, ListedComponent
from claimed_jlab.errors import ClaimedError

__all__ = ["Catalog", "Source", "UnknownComponent", "component_at", "default_catalog", "existing_component", "listed"]


class UnknownComponent(ClaimedError):
    """No catalog has a component of that name, or not in that version."""

    code = "unknown-component"


@dataclass(frozen=True)
class Listing:
    """The palette's answer as JSON, and its mark: another mark says that it changed."""

    components: str
    diagnostics: str
    mark: str


class Catalog:
    """All components that a person here can use. Folders are read when first asked, and again when they change."""

    def __init__(self, sources: Iterable[Source] | Callable[[], Found]) -> None:
        """sources: the places in the order in which they count, or what finds them anew each time."""
        fixed = None if callable(sources) else Found(tuple(sources))
        self._find = sources if callable(sources) else lambda: fixed or Found(())
        self.diagnostics: list[Diagnostic] = []
        self._scan = Scan()
        self._read: dict[tuple[str, str], tuple[Stamp, ComponentSpec, str]] = {}
        self._sorted: tuple[list[ComponentSpec], list[ComponentSpec]] = ([], [])
        self._counts: dict[str, int] = {}
        self._answer: tuple[Any, list[ComponentSpec], Listing] | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The catalogs, those that are switched off too."""
        return self._find().sources

    def components(self) -> list[ComponentSpec]:
        """Every component, by category and name. What can't be read or used is in `diagnostics`."""
        there = self._find()
        diagnostics = list(there.diagnostics)
        found: dict[str, ComponentSpec] = {}
        read: dict[tuple[str, str], tuple[Stamp, ComponentSpec, str]] = {}
        counts: dict[str, int] = {}
        for source in there.sources:
            if not source.enabled:
                continue
            problem = source.view().problem
            if problem:
                diagnostics.append(_troubled(source.name, problem))
            for path, stamp in source.found(self._scan):
                known = self._read.get((source.name, path))
                if known is None or known[0] != stamp:
                    try:
                        spec = _read(Path(path), source)
                    except (ClaimedError, OSError) as error:
                        diagnostics.append(_unreadable(error, path))
                        continue
                    known = (stamp, spec, spec.reference)
                read[source.name, path] = known
                counts[source.name] = counts.get(source.name, 0) + 1
                first = found.setdefault(known[2], known[1])
                if first is not known[1]:
                    diagnostics.append(_hidden(known[1], first))
        self.diagnostics, self._read, self._counts = diagnostics, read, counts
        specs = list(found.values())
        if not _same(self._sorted[0], specs):
            self._sorted = (specs, sorted(specs, key=_place))
        return list(self._sorted[1])

    def listing(self) -> list[ListedComponent]:
        """The components with what each lacks here and where it is from, as the palette shows them."""
        specs = self.components()
        return [self.listed(spec) for spec in specs]

    def listed(self, spec: ComponentSpec) -> ListedComponent:
        """A component of this catalog as the palette shows it."""
        source = next((source for source in self.sources if source.name == spec.catalog), None)
        return listed(spec, source)

    def catalogs(self) -> list[CatalogView]:
        """The catalogs, with how many components each has."""
        self.components()
        views = []
        for source in self.sources:
            there = source.enabled or not source.folder.exists()
            count = self._counts.get(source.name, 0) if there else len(source.found(self._scan))
            views.append(source.view().model_copy(update={"components": count}))
        return views

    def catalog(self, name: str) -> CatalogView:
        """The catalog of that name. Raises UnknownCatalog with what is near."""
        views = self.catalogs()
        for view in views:
            if view.name == name:
                return view
        near = difflib.get_close_matches(name, [view.name for view in views], n=2, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "see `jupyter claimed catalog list`"
        raise UnknownCatalog(f"there is no catalog {name!r}", hint=hint)

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
        return self.answer().components

    def answer(self) -> Listing:
        """`listing()` and `diagnostics` as JSON; made anew only when something in them changed."""
        specs = self.components()
        key = (environment_stamp(), trust_stamp(), self._find(), self.diagnostics)
        if self._answer is None or self._answer[0] != key or not _same(self._answer[1], specs):
            by_name = {source.name: source for source in self.sources}
            shown = [listed(spec, by_name.get(spec.catalog)).model_dump(mode="json") for spec in specs]
            components = json.dumps(shown)
            diagnostics = json.dumps([item.model_dump(mode="json") for item in self.diagnostics])
            mark = blake3(f"{components}{diagnostics}".encode()).hexdigest()[:32]
            self._answer = (key, specs, Listing(components, diagnostics, mark))
        return self._answer[2]


def default_catalog(folders: Iterable[Path] = ()) -> Catalog:
    """A person's catalog: `folders`, `$CLAIMED_COMPONENTS`, their own, installed packages, and what was added."""
    return Catalog(SourceFinder(folders))


def listed(spec: ComponentSpec, source: Source | None = None) -> ListedComponent:
    """A component with what this interpreter lacks to run it, and the pip line that adds it.

    source: the catalog that it is from; without one it counts as the user's own.
    """
    missing = missing_distributions(spec.requirements, spec.kernel)
    install = f"pip install {' '.join(missing)}" if missing else ""
    path = Path(spec.path)
    return ListedComponent(
        **{name: getattr(spec, name) for name in ComponentSpec.model_fields},
        missing=missing,
        install=install,
        origin=source.origin(path) if source is not None else f"folder {path.parent}",
        outside=source is not None and source.outside,
        trusted=is_trusted(spec),
    )


def component_at(path: Path) -> ComponentSpec:
    """The component of a notebook, of a component's folder, or of a YAML file of Kubeflow Pipelines.

    Raises NotANotebook, NotKfp, BadComponentFile.
    """
    if path.is_dir():
        return _read_folder(path)
    return read_kfp(path) if path.suffix in (".yaml", ".yml") else read_component(path)


def existing_component(folder: Path) -> ComponentSpec | None:
    """The component that stands in a folder; None when there is none, or none that can be read."""
    try:
        return component_at(folder) if folder.is_dir() else None
    except ClaimedError:
        return None


def version_key(version: str) -> tuple[tuple[int, int | str], ...]:
    """Orders versions by their numbers: 1.10.0 comes after 1.9.0."""
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in version.split("."))


def _read(place: Path, source: Source) -> ComponentSpec:
    """The component at a place of a catalog. Raises ClaimedError, OSError."""
    spec = read_kfp(place) if source.files is not None else _read_folder(place)
    update = {"catalog": source.name}
    if source.category and spec.container is not None:
        update["category"] = source.category
    if source.fetched and place.parent == source.folder and spec.category == source.folder.name:
        update["category"] = source.name  # the store's name for the folder is nobody's category
    spec = spec.model_copy(update=update)
    return tamed(spec) if source.outside else spec


def _place(spec: ComponentSpec) -> tuple[str, ...]:
    return spec.category, spec.group, spec.title, spec.version


def _read_folder(folder: Path) -> ComponentSpec:
    described = folder / FILE_NAME
    if not described.exists():
        notebook = _only_notebook(folder)
        return read_component(notebook)
    try:
        spec = read_component_yaml(described)
    except NotOurs:
        return read_kfp(described)
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


def _same(some: list[ComponentSpec], others: list[ComponentSpec]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def _troubled(catalog: str, problem: str) -> Diagnostic:
    return Diagnostic(level="warning", code="catalog-problem", message=problem, where=f"catalog {catalog}")


def _unreadable(error: ClaimedError | OSError, path: str) -> Diagnostic:
    if isinstance(error, ClaimedError):
        return Diagnostic(level="warning", code=error.code, message=error.message, where=error.where)
    message = f"can't be read: {error.strerror or error}"
    return Diagnostic(level="warning", code="unreadable", message=message, where=path)


def _hidden(spec: ComponentSpec, first: ComponentSpec) -> Diagnostic:
    other = "the same" if spec.catalog == first.catalog else f"the catalog {first.catalog!r}"
    message = f"{spec.reference} of the catalog {spec.catalog!r} is hidden by that of {other}, which comes first"
    return Diagnostic(level="info", code="hidden-component", message=message, where=spec.path)


def _no_version(name: str, version: str, named: list[ComponentSpec]) -> list[ComponentSpec]:
    there = ", ".join(sorted((spec.version for spec in named), key=version_key))
    raise UnknownComponent(f"component {name!r} has no version {version!r}", hint=f"there is {there}")

"""The places that components are read from, in the order in which they count: your own first, outside last."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from claimed_jlab.component.catalogs.elyra import connector_files, connectors_stamp, read_connector
from claimed_jlab.component.catalogs.entry import CatalogView, Entry
from claimed_jlab.component.catalogs.locations import slug
from claimed_jlab.component.catalogs.origins import origin_of_entry, origin_of_file
from claimed_jlab.component.catalogs.registry import FILE, Registry, registry
from claimed_jlab.component.catalogs.store import tree
from claimed_jlab.component.requirements import environment_stamp
from claimed_jlab.component.scan import Located, Scan, component_files
from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.errors import ClaimedError
from claimed_jlab.paths import home

ENTRY_POINT = "claimed.components"
MINE = "mine"
NOT_FETCHED = "is not fetched yet: refresh it"


@dataclass(frozen=True)
class Source:
    """One catalog, as it is read. name: what its components say they are from.

    files: KFP YAML files, or folders of them, in place of component folders below `folder`.
    category: what its components are filed under, where they don't say.  needs: what must be there to be read.
    """

    name: str
    folder: Path
    about: CatalogView | None = None
    files: tuple[Path, ...] | None = None
    recursive: bool = False
    category: str = ""
    needs: tuple[Path, ...] = ()

    @property
    def enabled(self) -> bool:
        return self.about is None or self.about.enabled

    @property
    def outside(self) -> bool:
        return self.about is not None and self.about.outside

    @property
    def fetched(self) -> bool:
        return self.about is not None and self.about.digest is not None

    def view(self) -> CatalogView:
        """As a person sees it, without the count of its components."""
        if self.about is None:
            place = str(self.folder)
            return CatalogView(name=self.name, kind="folder", location=place, origin=f"folder {place}")
        absent = next((path for path in self.needs if not path.exists()), None)
        if absent is None:
            return self.about
        gone = "what was fetched of it is gone: refresh it" if self.fetched else f"there is no {absent}"
        return self.about.model_copy(update={"problem": gone})

    def origin(self, path: Path) -> str:
        """Who made the component of this file, and where it is from."""
        if self.about is None:
            return f"folder {self.folder}"
        return origin_of_file(path, self.about.origin) if self.about.kind == "elyra" else self.about.origin

    def found(self, scan: Scan) -> Located:
        """(component's folder or YAML file, stamp) of all its components."""
        if self.files is None:
            return scan.component_folders(self.folder)
        return component_files(self.files, recursive=self.recursive)


@dataclass(frozen=True)
class Found:
    """All catalogs, and what is wrong with any of them."""

    sources: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...] = ()


class SourceFinder:
    """Finds all the catalogs of a person; looks again only when something of theirs changed."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self._folders = tuple(folders)
        self._known: tuple[Any, Found] | None = None
        self._packages: tuple[Any, list[Source]] | None = None

    def __call__(self) -> Found:
        given = os.environ.get("CLAIMED_COMPONENTS", "")
        stamp = (given, home(), FILE.stamp(), environment_stamp(), connectors_stamp())
        if self._known is None or self._known[0] != stamp:
            self._known = (stamp, self._find(given))
        return self._known[1]

    def _find(self, given: str) -> Found:
        diagnostics: list[Diagnostic] = []
        try:
            there = registry()
        except ClaimedError as error:
            there = Registry()
            diagnostics.append(_finding(error))
        folders = [*self._folders, *(Path(text) for text in given.split(os.pathsep) if text)]
        taken = {MINE, *(entry.name for entry in there.catalogs)}
        own = [*_named_apart(map(_folder, folders), taken), _mine(), *_named_apart(self._installed(), taken)]
        others = [*_added(there), *_named_apart(_discovered(there), taken)]
        sources = [_switched(source, there) for source in [*own, *others]]
        return Found(tuple(sources), tuple(diagnostics))

    def _installed(self) -> list[Source]:
        stamp = environment_stamp()
        if self._packages is None or self._packages[0] != stamp:
            self._packages = (stamp, [_package(entry) for entry in metadata.entry_points(group=ENTRY_POINT)])
        return self._packages[1]


def added(entry: Entry) -> Source:
    """The source of a catalog that was added."""
    about = {"name": entry.name, "kind": entry.kind, "location": entry.location, "ref": entry.ref, "removable": True}
    about |= {"digest": entry.digest, "fetched": entry.fetched, "problem": entry.problem}
    about |= {"origin": origin_of_entry(entry), "outside": entry.digest is not None}
    place = tree(entry.digest) if entry.digest is not None else Path(entry.location)
    view = CatalogView(**about)
    if entry.kind == "elyra":
        return _connector(Path(entry.location), view)
    if entry.kind == "kfp":
        return Source(entry.name, place, view, files=(place,), recursive=True, needs=(place,))
    return Source(entry.name, place, view, needs=(place,))


def _added(there: Registry) -> Iterator[Source]:
    # Elyra's own are Elyra's to remove; once they are, what was fetched of them may go too.
    elyra = {str(path) for path in connector_files()}
    for entry in there.catalogs:
        source = added(entry)
        view = source.view()
        yield replace(source, about=view.model_copy(update={"removable": entry.location not in elyra}))


def _folder(folder: Path) -> Source:
    place = str(folder.absolute())
    name = slug(folder.absolute().name)
    about = CatalogView(name=name, kind="folder", location=place, origin=f"folder {place}")
    return Source(name, folder, about, needs=(folder,))


def _mine() -> Source:
    folder = home() / "components"
    about = CatalogView(name=MINE, kind="folder", location=str(folder), origin=f"yours, in {folder}")
    return Source(MINE, folder, about)


def _package(entry: metadata.EntryPoint) -> Source:
    dist = entry.dist
    about: dict[str, Any] = {"name": slug(entry.name), "kind": "package"}
    about["location"] = dist.name if dist is not None else entry.name
    about["origin"] = f"package {dist.name} {dist.version}" if dist is not None else f"package {entry.name}"
    try:
        folder = Path(entry.load()())
    except Exception as error:  # another package's mistake must not hide everybody's components
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        problem = f"its catalog can't be loaded: {reason}"
        return Source(slug(entry.name), Path(os.devnull), CatalogView(**about, problem=problem))
    return Source(slug(entry.name), folder, CatalogView(**about))


def _discovered(there: Registry) -> Iterator[Source]:
    """Elyra's own catalogs; one that was fetched is among the added."""
    known = {entry.location for entry in there.catalogs}
    for path in connector_files():
        if str(path) not in known:
            name = slug(path.stem)
            yield _connector(path, CatalogView(name=name, kind="elyra", location=str(path), origin=f"elyra {name}"))


def _connector(path: Path, view: CatalogView) -> Source:
    try:
        connector = read_connector(path)
    except ClaimedError as error:
        return Source(view.name, path.parent, view.model_copy(update={"problem": str(error)}), files=())
    if connector.by_url:
        place = tree(view.digest) if view.digest else path
        problem = view.problem if view.digest else NOT_FETCHED
        view = view.model_copy(update={"outside": True, "problem": problem})
        files: tuple[Path, ...] = (place,) if view.digest else ()
    else:
        place, files = path.parent, tuple(map(Path, connector.paths))
    return Source(view.name, place, view, files, connector.recursive, connector.category, needs=files)


def _named_apart(sources: Iterable[Source], taken: set[str]) -> Iterator[Source]:
    """The sources with names that nobody has yet (`components`, `components-2`); `taken` then has them."""
    for source in sources:
        name, number = source.name, 2
        while name in taken:
            name, number = f"{source.name}-{number}", number + 1
        taken.add(name)
        yield replace(source, name=name, about=source.view().model_copy(update={"name": name}))


def _switched(source: Source, there: Registry) -> Source:
    return replace(source, about=source.view().model_copy(update={"enabled": source.name not in there.disabled}))


def _finding(error: ClaimedError) -> Diagnostic:
    return Diagnostic(level="warning", code=error.code, message=error.message, where=error.where)

"""What a person does with catalogs: add, refresh, enable, disable, remove. Only here is anything fetched."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path

from claimed_jlab.component.catalogs import registry
from claimed_jlab.component.catalogs.elyra import read_connector
from claimed_jlab.component.catalogs.entry import CatalogView, Entry
from claimed_jlab.component.catalogs.errors import BadLocation, CatalogError, CatalogExists
from claimed_jlab.component.catalogs.fetching import Fetched, fetch
from claimed_jlab.component.catalogs.kfp import read_kfp
from claimed_jlab.component.catalogs.locations import Location, check_name, check_ref, default_name, read_location
from claimed_jlab.component.catalogs.store import forget, prune, retire
from claimed_jlab.errors import ClaimedError


class NotRemovable(CatalogError):
    """A catalog that nobody added here: a package, a configured folder, one's own."""

    code = "not-removable"


def add(
    location: str,
    *,
    name: str | None = None,
    kind: str | None = None,
    ref: str | None = None,
    base: Path | None = None,
    taken: Iterable[str] = (),
) -> Entry:
    """Adds a catalog, and fetches it at once where it is from outside.

    base: the folder that a relative path begins at.  taken: the names of catalogs that are there.
    Raises BadLocation, CatalogExists, FetchFailed, BadArchive, NotKfp, BadConnector, or ClaimedError when the home
    can't be written to. Then nothing was added.
    """
    place = read_location(location, kind, base=base)
    if ref is not None and place.kind != "git":
        raise BadLocation("only a git repository has a ref", where="ref")
    ref = check_ref(ref) if ref else None
    _refuse_twice(place, ref)
    entry = Entry(name=_name(name, place, set(taken)), kind=place.kind, location=place.text, ref=ref)
    if _is_fetched(entry):
        entry = _with(entry, fetch(entry, place.sha256))
    elif place.sha256 is not None:
        raise BadLocation("only what is fetched has a digest", where=place.text)
    else:
        _try_reading(entry)
    registry.keep(entry)
    return entry


def refresh(view: CatalogView) -> str | None:
    """Fetches a catalog anew. Where that fails, what is there stays, and its `problem` says why; it is returned.

    A catalog that is read in place needs none. Raises UnknownCatalog, or ClaimedError for an unwritable home.
    """
    known = registry.registry().entry(view.name)
    entry = known or Entry(name=view.name, kind=view.kind, location=view.location, ref=view.ref)
    if entry.kind in ("folder", "package") or not _is_fetched(entry):
        return view.problem
    try:
        fetched = fetch(entry)
        if fetched.problem is not None and entry.digest is not None:
            raise CatalogError(fetched.problem)
        if entry.digest is not None and entry.digest != fetched.digest:
            retire(entry.digest)
        entry = _with(entry, fetched)
    except ClaimedError as error:
        if error.code == "home-unwritable":
            raise
        kept = ", what was fetched before is still used" if entry.digest else ""
        entry = entry.model_copy(update={"problem": f"could not be refreshed{kept}: {error}"})
    if known is None:
        registry.keep(entry)
    else:
        registry.replace(entry)
    prune(item.digest for item in registry.registry().catalogs if item.digest)
    return entry.problem


def remove(view: CatalogView) -> None:
    """Removes a catalog that was added, with what was fetched of it. A folder of yours is left as it is.

    Raises NotRemovable, UnknownCatalog.
    """
    if not view.removable:
        hint = "it can be disabled"
        raise NotRemovable(f"the catalog {view.name!r} was not added here, so it can't be removed", hint=hint)
    registry.drop(view.name)
    if view.digest and not any(entry.digest == view.digest for entry in registry.registry().catalogs):
        forget([view.digest])


def _with(entry: Entry, fetched: Fetched) -> Entry:
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return entry.model_copy(update={"digest": fetched.digest, "fetched": now, "problem": fetched.problem})


def _is_fetched(entry: Entry) -> bool:
    if entry.kind in ("git", "archive"):
        return True
    if entry.kind == "kfp":
        return "://" in entry.location
    return entry.kind == "elyra" and read_connector(Path(entry.location)).by_url


def _try_reading(entry: Entry) -> None:
    """What is one file must be a component, which is said at once."""
    if entry.kind == "kfp" and Path(entry.location).is_file():
        read_kfp(Path(entry.location))


def _name(given: str | None, place: Location, taken: set[str]) -> str:
    if given is not None:
        if check_name(given) in taken:
            raise registry.exists_already(given)
        return given
    name, number = default_name(place), 2
    while name in taken:
        name, number = f"{default_name(place)[:60]}-{number}", number + 1
    return name


def _refuse_twice(place: Location, ref: str | None) -> None:
    for entry in registry.registry().catalogs:
        if (entry.kind, entry.location, entry.ref) == (place.kind, place.text, ref):
            hint = "refresh it to see what is new"
            message = f"it is there already, as {entry.name!r}"
            raise CatalogExists(message, where=place.text, hint=hint, code="already-added")

"""`$CLAIMED_HOME/catalogs.json`: the catalogs that were added, and which of all are switched off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict

from claimed_jlab.component.catalogs.entry import Entry
from claimed_jlab.component.catalogs.errors import CatalogExists, UnknownCatalog
from claimed_jlab.component.catalogs.state import StateFile


class Registry(BaseModel):
    """The content of the file. disabled: names of catalogs of any kind."""

    model_config = ConfigDict(frozen=True)

    format: Literal["claimed-catalogs/1"] = "claimed-catalogs/1"
    catalogs: tuple[Entry, ...] = ()
    disabled: tuple[str, ...] = ()

    def entry(self, name: str) -> Entry | None:
        """The added catalog of that name."""
        return next((entry for entry in self.catalogs if entry.name == name), None)


FILE = StateFile("catalogs.json", Registry)


def registry() -> Registry:
    """What is there now. Raises CatalogError."""
    return FILE.read()


def keep(entry: Entry) -> None:
    """Adds a catalog. Raises CatalogExists."""

    def changing(there: Registry) -> Registry:
        if there.entry(entry.name) is not None:
            raise exists_already(entry.name)
        return there.model_copy(update={"catalogs": (*there.catalogs, entry)})

    FILE.change(changing)


def replace(entry: Entry) -> None:
    """Writes a catalog anew, in its place. Raises UnknownCatalog when it was removed meanwhile."""

    def changing(there: Registry) -> Registry:
        if there.entry(entry.name) is None:
            raise UnknownCatalog(f"the catalog {entry.name!r} was removed meanwhile")
        kept = tuple(entry if old.name == entry.name else old for old in there.catalogs)
        return there.model_copy(update={"catalogs": kept})

    FILE.change(changing)


def drop(name: str) -> None:
    """Removes an added catalog. Raises UnknownCatalog."""

    def changing(there: Registry) -> Registry:
        if there.entry(name) is None:
            raise UnknownCatalog(f"there is no added catalog {name!r}")
        kept = tuple(entry for entry in there.catalogs if entry.name != name)
        switched = tuple(item for item in there.disabled if item != name)
        return there.model_copy(update={"catalogs": kept, "disabled": switched})

    FILE.change(changing)


def enable(name: str) -> None:
    """Switches a catalog on."""
    _switch(lambda off: off - {name})


def disable(name: str) -> None:
    """Switches a catalog off; it stays, with what was fetched of it."""
    _switch(lambda off: off | {name})


def exists_already(name: str) -> CatalogExists:
    """The error for a name that is taken."""
    return CatalogExists(f"there is a catalog {name!r} already", hint="give another --name, or remove that one")


def _switch(change: Callable[[frozenset[str]], frozenset[str]]) -> None:
    FILE.change(lambda there: there.model_copy(update={"disabled": tuple(sorted(change(frozenset(there.disabled))))}))

"""`jupyter claimed catalog`: where components come from; add, refresh, switch and remove catalogs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json

if TYPE_CHECKING:
    from claimed_jlab.component.catalogs.entry import CatalogView

_KINDS = ("folder", "git", "archive", "kfp", "elyra")


@click.group()
def catalog() -> None:
    """List, add, refresh, switch and remove catalogs of components."""


@catalog.command("list")
@json_option
@one_line
def list_catalogs(as_json: bool) -> None:
    """List the catalogs, in the order in which they count."""
    from claimed_jlab.component.catalog import default_catalog

    views = default_catalog().catalogs()
    if as_json:
        return print_json({"catalogs": [view.model_dump(mode="json") for view in views]})
    width = max((len(view.name) for view in views), default=0)
    for view in views:
        off = "" if view.enabled else "  (off)"
        click.echo(f"{view.name:{width}}  {_count(view):>15}  {view.origin}{off}")
        if view.problem:
            note(f"warning: {view.name}: {view.problem}")
    return None


@catalog.command()
@click.argument("location")
@click.option("--name", help="What to call it; by default the last part of its place.")
@click.option("--ref", help="Branch, tag or commit of a git repository.")
@click.option("--kind", type=click.Choice(_KINDS), help="What it is, where its place does not say.")
@json_option
@one_line
def add(location: str, name: str | None, ref: str | None, kind: str | None, as_json: bool) -> None:
    """Add a catalog of components.

    A folder, a git repository, an archive or a component YAML by URL or path, a catalog of Elyra's. What is from
    elsewhere is fetched now, and again only by `refresh`. Its components ask before they first run.
    """
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.component.catalogs import operations

    there = default_catalog()
    taken = [source.name for source in there.sources]
    entry = operations.add(location, name=name, kind=kind, ref=ref, taken=taken)
    _print(there.catalog(entry.name), as_json)


@catalog.command()
@click.argument("name")
@json_option
@one_line
def refresh(name: str, as_json: bool) -> None:
    """Fetch a catalog anew. Where that fails, what was fetched before stays."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.component.catalogs import operations

    there = default_catalog()
    problem = operations.refresh(there.catalog(name))
    _print(there.catalog(name), as_json)
    sys.exit(1 if problem else 0)


@catalog.command()
@click.argument("name")
@json_option
@one_line
def enable(name: str, as_json: bool) -> None:
    """Switch a catalog on."""
    from claimed_jlab.component.catalogs import registry

    _switch(name, registry.enable, as_json)


@catalog.command()
@click.argument("name")
@json_option
@one_line
def disable(name: str, as_json: bool) -> None:
    """Switch a catalog off, and delete nothing of it.

    Its components are not listed or found.
    """
    from claimed_jlab.component.catalogs import registry

    _switch(name, registry.disable, as_json)


@catalog.command()
@click.argument("name")
@one_line
def remove(name: str) -> None:
    """Remove a catalog that was added, with what was fetched of it. A folder is left as it is."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.component.catalogs import operations

    operations.remove(default_catalog().catalog(name))
    note(f"removed {name}")


def _switch(name: str, switch: Callable[[str], None], as_json: bool) -> None:
    from claimed_jlab.component.catalog import default_catalog

    there = default_catalog()
    switch(there.catalog(name).name)
    _print(there.catalog(name), as_json)


def _print(view: CatalogView, as_json: bool) -> None:
    if as_json:
        print_json(view.model_dump(mode="json"))
    else:
        off = "" if view.enabled else ", off"
        asks = "; they ask before they first run" if view.outside and view.components else ""
        click.echo(f"{view.name}  {view.origin}{off}: {_count(view)}{asks}")
    if view.problem:
        note(f"warning: {view.name}: {view.problem}")


def _count(view: CatalogView) -> str:
    return f"{view.components} component{'' if view.components == 1 else 's'}"

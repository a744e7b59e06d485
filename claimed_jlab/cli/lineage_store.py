"""`jupyter claimed lineage import|upgrade`: what is done to a lineage store as a whole."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from claimed_jlab.lineage.transfer.source import Source
    from claimed_jlab.lineage.transfer.summary import Summary

_PROGRESS_SECONDS = 2.0
# Of a long path the end says more.
_LONGEST_NAME = 120
_mlmd_python = click.option(
    "--mlmd-python", metavar="PYTHON", help="The python of the environment that has ml-metadata."
)


def add_to(group: click.Group) -> None:
    """Adds the commands to `lineage`."""
    group.add_command(import_)
    group.add_command(upgrade)


@click.command("import")
@click.argument("source")
@click.option("--name", help="What the source is called here; by default its address. The same at every import of it.")
@click.option("--dry-run", is_flag=True, help="Only say what would be brought.")
@click.option("--batch", default=500, show_default=True, type=click.IntRange(1, 5000), help="Rows of a transaction.")
@_mlmd_python
@json_option
@one_line
def import_(source: str, name: str | None, dry_run: bool, batch: int, mlmd_python: str | None, as_json: bool) -> None:
    """Bring another store, or a standard's file, into ours.

    What is new in it, and what changed. SOURCE is an ML Metadata store: a SQLite file, postgresql://…, mysql://…, or
    grpc://host:port (grpcs:// with TLS) of Kubeflow's metadata-grpc-service. Nothing is written there. Stopped
    half-way, the next import goes on. A file of OpenLineage events, of W3C PROV-JSON, or a Workflow Run RO-Crate
    (folder or .zip) is known by what is in it.
    """
    from claimed_jlab.cli.lineage_standards import import_standard
    from claimed_jlab.lineage.standards.files import standard_of

    if (standard := standard_of(source)) is not None:
        if name is not None:
            raise ClaimedError(
                "--name is for stores: what a standard's file tells of has names of its own", where=source
            )
        return import_standard(source, standard, dry_run, as_json)
    from claimed_jlab.lineage import open_store
    from claimed_jlab.lineage.location import store_location
    from claimed_jlab.lineage.transfer.importing import import_store

    opened = _open(source, mlmd_python)
    told = time.monotonic()

    def progress(summary: Summary) -> None:
        nonlocal told
        if time.monotonic() - told > _PROGRESS_SECONDS:
            told = time.monotonic()
            note("… " + _counts(summary))

    try:
        with open_store(store_location()) as store:
            called = name or opened.where[-_LONGEST_NAME:]
            summary = import_store(store, opened, called, dry_run=dry_run, batch=batch, progress=progress)
    finally:
        opened.close()
    if as_json:
        return print_json({**summary.as_json(), "dry_run": dry_run})
    click.echo(("would bring " if dry_run else "brought ") + _counts(summary))
    for (what, why), count in sorted(summary.left_out.items()):
        click.echo(f"left out: {count} {what}: {why}")
    return None


def _open(source: str, python: str | None) -> Source:
    if source.startswith(("grpc://", "grpcs://")):
        from claimed_jlab.lineage.transfer.grpc_source import ServiceSource
        from claimed_jlab.lineage.transfer.official import official_python

        return ServiceSource(source, official_python(python))
    from claimed_jlab.lineage.errors import NotAStore
    from claimed_jlab.lineage.location import reopened
    from claimed_jlab.lineage.transfer.source import DatabaseSource

    try:
        return DatabaseSource(reopened(source))
    except NotAStore as error:
        hint = "a store is a file or a URL; a standard's file is OpenLineage events, PROV-JSON or an RO-Crate"
        raise NotAStore(error.message, where=error.where, hint=hint) from None


def _counts(summary: Summary) -> str:
    parts = []
    for kind in ("artifacts", "executions", "contexts", "events"):
        changed = f", {summary.changed[kind]} changed" if summary.changed[kind] else ""
        parts.append(f"{summary.new[kind]} {kind}{changed}")
    return "; ".join(parts)


@click.command()
@click.argument("store", required=False)
@click.option("--i-have-a-backup", "backed_up", is_flag=True, help="Of a server's database, which is not copied here.")
@_mlmd_python
@json_option
@one_line
def upgrade(store: str | None, backed_up: bool, mlmd_python: str | None, as_json: bool) -> None:
    """Upgrade the lineage store of an older ML Metadata.

    STORE is a file or a URL, such as the copy of somebody else's; by default our own. With the official library,
    after a back-up: a SQLite file is copied beside itself first. Nobody should use the store meanwhile.
    """
    from claimed_jlab.lineage.location import reopened, shown, store_location
    from claimed_jlab.lineage.transfer.official import official_python
    from claimed_jlab.lineage.transfer.upgrading import needs_upgrade, require_backup, upgrade

    location = store_location() if store is None else reopened(store)
    older = needs_upgrade(location)
    copy = None
    if older is not None:
        require_backup(location, backed_up)
        copy = upgrade(location, official_python(mlmd_python), backed_up=backed_up)
    if as_json:
        return print_json(
            {"store": shown(location), "upgraded": older is not None, "backup": None if copy is None else str(copy)}
        )
    if older is None:
        click.echo(f"{shown(location)}: the schema is the newest already")
    else:
        click.echo(f"{shown(location)}: upgraded" + (f"; as it was: {copy}" if copy is not None else ""))
    return None

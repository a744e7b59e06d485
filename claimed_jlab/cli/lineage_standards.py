"""`jupyter claimed lineage export`, and `import` of what it writes: OpenLineage, PROV-JSON, RO-Crate."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimed_jlab.cli.lineage_node import opened
from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from claimed_jlab.lineage.standards.story import Story

STANDARDS = ("openlineage", "prov", "ro-crate")


def add_to(group: click.Group) -> None:
    """Put the commands into the group."""
    group.add_command(export)


@click.command()
@click.argument("query", default="")
@click.option("--run", "run_id", help="Only this run.")
@click.option("--artifact", help="Only what this artifact came from.")
@click.option("--to", "standard", required=True, type=click.Choice(STANDARDS), help="The standard.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The file, by default standard output; of a crate the folder or .zip.",
)
@click.option("--url", help="Send OpenLineage events to this server, such as http://marquez:5000.")
@click.option("--with-files", is_flag=True, help="Copy local files into the crate.")
@json_option
@one_line
def export(
    query: str,
    run_id: str | None,
    artifact: str | None,
    standard: str,
    out: Path | None,
    url: str | None,
    with_files: bool,
    as_json: bool,
) -> None:
    """Write lineage as a standard says it.

    Of all runs, or of those that QUERY finds something in, or of one run or artifact. A key for the server is read
    from OPENLINEAGE_API_KEY, the namespace of jobs from OPENLINEAGE_NAMESPACE.
    """
    _require_place(standard, out, url, with_files, as_json)
    from claimed_jlab.lineage.standards.choose import chosen
    from claimed_jlab.lineage.standards.outward import gather_outward

    store = opened()
    story, left = gather_outward(store, chosen(store, query=query, run_id=run_id, artifact=artifact))
    tasks = sum(len(run.tasks) for run in story.runs)
    counts = {"runs": len(story.runs), "tasks": tasks, "artifacts": len(story.artifacts)}
    done = _write(story, standard, out, with_files, left) if out is not None else {}
    done |= _send(story, url) if url else {}
    if out is None and url is None:
        _print(story, standard)
    if as_json:
        return print_json({"to": standard, **counts, **done, "left_out": _rows(left)})
    told = "; ".join(f"{count} {what}" for what, count in counts.items())
    note(told + (f"; wrote {out}" if out else "") + (f"; sent {done['sent']} events" if url else ""))
    _tell_left_out(left)
    return None


def _require_place(standard: str, out: Path | None, url: str | None, with_files: bool, as_json: bool) -> None:
    if url and standard != "openlineage":
        raise ClaimedError("only OpenLineage is sent to a server", where="--url")
    if with_files and standard != "ro-crate":
        raise ClaimedError("only an RO-Crate has room for files", where="--with-files")
    if standard == "ro-crate" and out is None:
        raise ClaimedError("a crate is a folder or a .zip", hint="add --out")
    if out is not None and not out.absolute().parent.is_dir():
        raise ClaimedError("there is no such folder", where=str(out.absolute().parent), hint="make it first")
    if as_json and out is None and url is None:
        raise ClaimedError("with --json the standard needs a place of its own", hint="add --out or --url")


def _write(story: Story, standard: str, out: Path, with_files: bool, left: Counter[str]) -> dict[str, Any]:
    from claimed_jlab.lineage.standards.files import write_standard

    written = write_standard(story, standard, out, with_files=with_files)
    left += written.left
    counted = {} if written.events is None else {"events": written.events}
    return {"out": str(out), **counted}


def _print(story: Story, standard: str) -> None:
    from claimed_jlab.lineage.standards.openlineage.events import lines
    from claimed_jlab.lineage.standards.prov.writing import text

    for line in [text(story)] if standard == "prov" else lines(story):
        click.echo(line)


def _send(story: Story, url: str) -> dict[str, Any]:
    from claimed_jlab.lineage.standards.openlineage.events import events
    from claimed_jlab.lineage.standards.openlineage.transport import send

    return {"sent": send(url, events(story))}


def import_standard(source: str, standard: str, dry_run: bool, as_json: bool) -> None:
    """Bring what a file of a standard tells into our store."""
    from claimed_jlab.lineage import open_store
    from claimed_jlab.lineage.location import store_location
    from claimed_jlab.lineage.standards.files import read_standard
    from claimed_jlab.lineage.standards.keep import Kept, keep

    story, left = read_standard(source, standard)
    if dry_run:
        kept = Kept()
        kept.new.update(
            runs=len(story.runs), tasks=sum(len(run.tasks) for run in story.runs), artifacts=len(story.artifacts)
        )
    else:
        with open_store(store_location()) as store:
            kept = keep(store, story)
    left += kept.left
    if as_json:
        counts = {"new": dict(kept.new), "changed": dict(kept.changed), "known": dict(kept.known)}
        return print_json(
            {"source": source, "standard": standard, **counts, "left_out": _rows(left), "dry_run": dry_run}
        )
    parts = [f"{kept.new[what]} {what}" for what in ("runs", "tasks", "artifacts")]
    click.echo(("it tells of " if dry_run else "brought ") + "; ".join(parts))
    _tell_left_out(left)
    return None


def _rows(left: Counter[str]) -> list[dict[str, Any]]:
    return [{"what": what, "count": count} for what, count in sorted(left.items())]


def _tell_left_out(left: Counter[str]) -> None:
    for what, count in sorted(left.items()):
        note(f"left out: {what}, {'once' if count == 1 else f'{count} times'}")

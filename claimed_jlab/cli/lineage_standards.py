"""`jupyter claimed lineage export`, and `import` of what it writes: OpenLineage, PROV-JSON, RO-Crate."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimed_jlab.cli.lineage_node import opened
from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from claimed_jlab.lineage import Store
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
    """Write the lineage of all runs, or of those that QUERY finds something in, in a standard.

    A key for the server is read from OPENLINEAGE_API_KEY, the namespace of jobs from OPENLINEAGE_NAMESPACE.
    """
    if sum(map(bool, (query, run_id, artifact))) > 1:
        raise ClaimedError("give one of QUERY, --run and --artifact")
    _require_place(standard, out, url, with_files, as_json)
    from claimed_jlab.lineage.standards.gather import gather

    store = opened()
    story, left = gather(store, _chosen(store, query, run_id, artifact))
    tasks = sum(len(run.tasks) for run in story.runs)
    counts = {"runs": len(story.runs), "tasks": tasks, "artifacts": len(story.artifacts)}
    if standard == "ro-crate" and out is not None:
        done = _crate(story, out, with_files, left)
    else:
        done = _prov(story, out) if standard == "prov" else _openlineage(story, out, url)
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


def _chosen(store: Store, query: str, run_id: str | None, artifact: str | None) -> set[int] | None:
    from claimed_jlab.lineage import find_artifact
    from claimed_jlab.lineage.standards import choose

    if run_id:
        return choose.of_run(store, run_id)
    if artifact:
        return choose.of_artifact(store, find_artifact(store, artifact))
    return choose.of_query(store, query) if query else None


def _openlineage(story: Story, out: Path | None, url: str | None) -> dict[str, Any]:
    from claimed_jlab.lineage.standards.files import write_lines
    from claimed_jlab.lineage.standards.openlineage.events import events, lines
    from claimed_jlab.lineage.standards.openlineage.transport import send

    answer: dict[str, Any] = {}
    if out is not None:
        answer.update(out=str(out), events=write_lines(out, lines(story)))
    if url is not None:
        answer["sent"] = send(url, events(story))
    if out is None and url is None:
        for line in lines(story):
            click.echo(line)
    return answer


def _prov(story: Story, out: Path | None) -> dict[str, Any]:
    from claimed_jlab.lineage.standards.files import write_lines
    from claimed_jlab.lineage.standards.prov.writing import document

    text = json.dumps(document(story), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
        return {}
    write_lines(out, [text])
    return {"out": str(out)}


def _crate(story: Story, out: Path, with_files: bool, left: Counter[str]) -> dict[str, Any]:
    from claimed_jlab.lineage.standards.crate.writing import write_crate

    left += write_crate(story, out, with_files=with_files)
    return {"out": str(out)}


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

"""`jupyter claimed lineage prune` and `doctor`: looking after the store."""

from __future__ import annotations

import sys

import click

from claimed_jlab.cli.lineage_node import opened
from claimed_jlab.cli.printing import json_option, note, one_line, print_json


def add_to(group: click.Group) -> None:
    """Put the commands into the group."""
    for command in (prune, doctor):
        group.add_command(command)


@click.command()
@click.option("--older-than", required=True, metavar="AGE", help="Runs that began longer ago: 90d, 12h, 8w.")
@click.option("--pipeline", "pipelines", multiple=True, help="Only runs of this pipeline; may be given again.")
@click.option("--state", "states", multiple=True, help="Only runs that ended so: FAILED, CANCELED, COMPLETE.")
@click.option(
    "--keep", default=1, show_default=True, type=click.IntRange(min=0), help="Newest of each pipeline to keep."
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and how much; change nothing.")
@json_option
@one_line
def prune(
    older_than: str, pipelines: tuple[str, ...], states: tuple[str, ...], keep: int, dry_run: bool, as_json: bool
) -> None:
    """Take old runs out of the lineage store.

    What has a tag or a note stays, and what was needed for what stays.
    """
    from claimed_jlab.lineage.retention import Retention, prune_lineage
    from claimed_jlab.run.prune import seconds_of

    rules = Retention(seconds_of(older_than), pipelines, tuple(state.upper() for state in states), keep)
    given = prune_lineage(opened(), rules, dry=dry_run)
    if as_json:
        return print_json({**given.as_json(), "dry_run": dry_run})
    would = "would go" if dry_run else "went"
    click.echo(
        f"{len(given.runs)} runs {would}, with {given.executions} executions, {given.artifacts} artifacts,"
        f" {given.events} events and {given.properties} properties"
    )
    for why, runs in (
        ("something was made from them that stays", given.needed),
        ("they have a tag or a note", given.marked),
    ):
        if runs:
            note(f"{len(runs)} more stay: {why}")
    for pipeline in given.unknown:
        note(f"no run is of a pipeline called {pipeline!r}")
    if not dry_run and given.runs:
        note("files go with `jupyter claimed runs prune`")
    return None


@click.command()
@click.option("--deep", is_flag=True, help="Read the files of all artifacts, and compare their hashes.")
@click.option("--mend", is_flag=True, help="Mend what can be mended.")
@json_option
@one_line
def doctor(deep: bool, mend: bool, as_json: bool) -> None:
    """Find, and mend, what is wrong in the lineage store.

    Exit code 1: something is left.
    """
    from claimed_jlab.lineage.doctor import examine_store
    from claimed_jlab.run.runs import is_gone

    findings = examine_store(opened(), deep=deep, mend=mend, is_dead=is_gone)
    left = [one for one in findings if not one.mended]
    if as_json:
        print_json({"healthy": not left, "findings": [one.as_json() for one in findings]})
    else:
        for one in findings:
            done = "mended: " if one.mended else ""
            some = f" ({', '.join(one.some)}{', …' if one.count > len(one.some) else ''})" if one.some else ""
            offer = f"; --mend would {one.mend}" if one.mend and not one.mended else ""
            click.echo(f"{done}{one.count} {one.message}{some}{offer}")
        if not findings:
            click.echo("nothing is wrong" + ("" if deep else "; --deep reads the files, too"))
    sys.exit(1 if left else 0)

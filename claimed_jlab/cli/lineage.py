"""`jupyter claimed lineage`: where a result came from, and what was made of it."""

from __future__ import annotations

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json


@click.group()
def lineage() -> None:
    """Ask where a result came from."""


@lineage.command()
@click.argument("artifact")
@click.option("--downstream", "forward", is_flag=True, help="What was made from it, instead of what it was made from.")
@click.option("--depth", type=click.IntRange(min=1), help="Executions to cross; by default all.")
@click.option("--limit", type=click.IntRange(min=1), help="Nodes to give at most.")
@json_option
@one_line
def show(artifact: str, forward: bool, depth: int | None, limit: int | None, as_json: bool) -> None:
    """Show the lineage of ARTIFACT: an id, a URI, a file, a content hash, or RUN/TASK/OUTPUT."""
    from claimed_jlab.lineage import downstream, find_artifact, open_store, tree, upstream
    from claimed_jlab.lineage.view import LineageAnswer
    from claimed_jlab.paths import writable_home

    store = open_store(writable_home() / "lineage.db")
    found = find_artifact(store, artifact)
    answer = (downstream if forward else upstream)(store, found, depth=depth, limit=limit)
    if as_json:
        return print_json(LineageAnswer.of(answer).model_dump(mode="json"))
    for line in tree(answer, f"artifact/{found}"):
        click.echo(line)
    if answer.truncated:
        note(f"cut: at least {answer.missing} more")
    return None

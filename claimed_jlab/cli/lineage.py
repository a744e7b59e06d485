"""`jupyter claimed lineage`: where a result came from, and what was made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from claimed_jlab.cli import lineage_care, lineage_node, lineage_standards, lineage_store
from claimed_jlab.cli.lineage_node import opened
from claimed_jlab.cli.printing import json_option, note, one_line, print_json

if TYPE_CHECKING:
    from claimed_jlab.lineage import Answer

_limit = click.option("--limit", type=click.IntRange(min=1), help="Nodes to give at most.")
_depth = click.option("--depth", type=click.IntRange(min=1), help="Executions to cross; by default all.")


# Words under which others have a command.
_OTHERS = {
    "search": "find",
    "query": "find",
    "list": "find",
    "ls": "find",
    "graph": "show",
    "tree": "show",
    "upstream": "show",
    "downstream": "show --downstream",
    "path": "between",
    "diff": "compare",
    "rerun": "reproduce",
    "label": "tag",
    "comment": "note",
    "check": "doctor",
    "repair": "doctor --mend",
    "clean": "prune",
    "migrate": "upgrade",
}


class _Lineage(click.Group):
    """Says what a command is called here."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0].lower()
        if self.get_command(ctx, args[0]) is None and not word.startswith("-"):
            import difflib

            near = difflib.get_close_matches(word, [*self.commands, *_OTHERS], n=1)
            hint = _OTHERS.get(near[0], near[0]) if near else None
            if hint is not None:
                ctx.fail(f"No such command {args[0]!r}; did you mean {hint!r}?")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lineage)
def lineage() -> None:
    """Ask where a result came from.

    The store is `lineage.db` in the CLAIMED home, or the file or database that CLAIMED_LINEAGE names.
    """


@lineage.command()
@click.argument("artifact")
@click.option(
    "--direction",
    type=click.Choice(["upstream", "downstream", "both"]),
    default="upstream",
    help="What it was made from (the default), what was made from it, or both.",
)
@click.option("--downstream", "forward", is_flag=True, help="The same as --direction downstream.")
@_depth
@_limit
@json_option
@one_line
def show(artifact: str, direction: str, forward: bool, depth: int | None, limit: int | None, as_json: bool) -> None:
    """Show what ARTIFACT was made from, or what was made from it.

    ARTIFACT is an id, a URI, a file, a content hash, or RUN/TASK/OUTPUT.
    """
    from claimed_jlab.lineage import around, downstream, find_artifact, upstream

    store = opened()
    found = find_artifact(store, artifact)
    direction = "downstream" if forward else direction
    if as_json:
        ask = {"upstream": upstream, "downstream": downstream, "both": around}[direction]
        return _print(ask(store, found, depth=depth, limit=limit))
    # A terminal shows both as two trees, with the artifact at the root of each.
    sides: dict[str, list[Callable[..., Answer]]] = {
        "upstream": [upstream],
        "downstream": [downstream],
        "both": [upstream, downstream],
    }
    for ask in sides[direction]:
        _draw(ask(store, found, depth=depth, limit=limit), f"artifact/{found}")
    return None


@lineage.command()
@click.argument("first")
@click.argument("second")
@_limit
@json_option
@one_line
def between(first: str, second: str, limit: int | None, as_json: bool) -> None:
    """Show all ways from one artifact to the other.

    Whichever of them was made from the other.
    """
    from claimed_jlab.lineage import between, find_artifact

    store = opened()
    one, other = find_artifact(store, first), find_artifact(store, second)
    answer = between(store, one, other, limit=limit)
    if as_json:
        return _print(answer)
    if not answer.nodes:
        click.echo(f"neither of artifact/{one} and artifact/{other} was made from the other")
    else:
        _draw(answer, answer.nodes[-1].id)
    return None


@lineage.command()
@click.argument("artifact")
@_depth
@_limit
@json_option
@one_line
def impact(artifact: str, depth: int | None, limit: int | None, as_json: bool) -> None:
    """Show what depends on ARTIFACT, and what of it is stale.

    Everything that was made from it; what of that is deployed, or stale and why; and where else its content is.
    """
    from claimed_jlab.lineage import find_artifact, impact, same_content
    from claimed_jlab.lineage.view import LineageImpact

    store = opened()
    found = find_artifact(store, artifact)
    answer, same = impact(store, found, depth=depth, limit=limit), same_content(store, found)
    if as_json:
        return print_json(LineageImpact.of_impact(answer, same).model_dump(mode="json"))
    _draw(answer.answer, f"artifact/{found}")
    called = {node.id: node.name for node in answer.answer.nodes}
    for stale in answer.stale:
        newer = f" (newer: {stale.newer})" if stale.newer else ""
        click.echo(f"stale: {called[stale.id]} [{stale.id}]{newer}: {'; '.join(map(str, stale.reasons))}")
    for one in answer.deployed:
        by = f" by {', '.join(called[id_] for id_ in one.by)}" if one.by else ""
        click.echo(f"deployed: {called[one.id]} [{one.id}]{by}")
    for node in same:
        click.echo(f"same content: {node.name} [{node.id}] {node.uri or ''}".rstrip())
    return None


def _print(answer: Any) -> None:
    from claimed_jlab.lineage.view import LineageAnswer

    print_json(LineageAnswer.of(answer).model_dump(mode="json"))


def _draw(answer: Answer, root: str) -> None:
    from claimed_jlab.lineage import tree

    lines = tree(answer, root)
    for line in lines:
        click.echo(line)
    if answer.truncated and not lines:
        note(f"cut: at least {answer.missing} more")


# So that a query may have a minus, about which its own error is clearer.
@lineage.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="[QUERY]")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="Nodes to give at most.")
@click.option("--cursor", help="Go on after a page: what --json gives as `next`.")
@json_option
@one_line
def find(words: tuple[str, ...], limit: int, cursor: str | None, as_json: bool) -> None:
    """Find artifacts, executions and contexts, the newest first.

    QUERY is words and conditions, as `type:Model accuracy>0.75 user:me`; without one everything is found.

    \b
    Fields:      name type kind state pipeline run task component user engine
                 tag after before changed uri digest
    Properties:  accuracy>0.75  rows>=1000  classifier=random*
    Closures:    +x  what x was made from; x+  what was made from x; x+2
    Together:    and, or, not, ( )
    """
    from dataclasses import asdict

    from claimed_jlab.cli.nodes import print_nodes
    from claimed_jlab.lineage import find
    from claimed_jlab.lineage.query.other_words import for_nothing
    from claimed_jlab.lineage.query.parser import parse

    for word in words:
        if word.startswith("--"):
            raise click.NoSuchOption(word)
    query = " ".join(words)
    found = find(opened(), query, limit=limit, cursor=cursor)
    if as_json:
        return print_json(asdict(found))
    print_nodes(found.nodes)
    if not found.nodes:
        for advice in for_nothing(parse(query)):
            note(advice)
    if found.next is not None:
        note(f"there are more: --limit, or --cursor {found.next}")
    return None


lineage_store.add_to(lineage)
lineage_node.add_to(lineage)
lineage_care.add_to(lineage)
lineage_standards.add_to(lineage)

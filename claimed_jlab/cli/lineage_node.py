"""`jupyter claimed lineage` for one artifact or a few: compare, reproduce, card, tag, note."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from claimed_jlab.lineage import Store


def add_to(group: click.Group) -> None:
    """Put the commands into the group."""
    for command in (compare, reproduce, card, tag, annotate):
        group.add_command(command)


def opened() -> Store:
    """The store of this installation, with all that was written for it."""
    from claimed_jlab.lineage import open_store
    from claimed_jlab.lineage.journal import open_journal
    from claimed_jlab.lineage.location import file_of, store_location

    location = store_location()
    path = file_of(location)
    is_new = path is not None and not path.exists()
    # One question is answered sooner by SQL than by an index that has to be opened first.
    store = open_store(location)
    if is_new:
        # A typing error in its path would look like an empty store.
        note(f"{path}: there was no lineage store yet, an empty one was made")
    context = click.get_current_context(silent=True)
    if context is not None:
        # Closed, all of it is in the one file: who copies it then misses nothing.
        context.find_root().call_on_close(store.close)
    if not open_journal(store).drain() and store.is_read_only:
        note("what was recorded last is not in the answer: who may write to the store brings it in")
    return store


@click.command()
@click.argument("node", nargs=-1, required=True)
@click.option("--all", "everything", is_flag=True, help="Print what is the same, too.")
@json_option
@one_line
def compare(node: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Put artifacts, or executions, side by side.

    What they are, their metrics, contents and code. NODES are artifacts as `show` takes them, or execution/5.
    """
    from claimed_jlab.paths import home
    from claimed_jlab.run.compare_nodes import compare_nodes

    store = opened()
    found = compare_nodes(store, [_node(store, one) for one in node], home())
    if as_json:
        return print_json(found.model_dump(mode="json"))
    from claimed_jlab.cli.side_by_side import print_nodes_side_by_side

    print_nodes_side_by_side(found, everything=everything)
    return None


@click.command()
@click.argument("artifact")
@json_option
@one_line
def reproduce(artifact: str, as_json: bool) -> None:
    """Make ARTIFACT again, and compare.

    With the code and the inputs that it was made with. Exit code 1: it differs.
    """
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.cli.progress import watch
    from claimed_jlab.paths import home
    from claimed_jlab.run.local.engine import submit
    from claimed_jlab.run.reproduce import plan_again, reproduction

    store = opened()
    node = _node(store, artifact)
    run = submit(plan_again(store, node, home()), cache=False)
    watch(run, engine_of("local"))
    found = reproduction(store, node, run)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        for row in found.rows:
            why = f"  ({row.why})" if row.why else ""
            click.echo(f"{'=' if row.same else '≠'} {row.task}.{row.output}: {row.expected}" + (
                "" if row.same else f" became {row.got}") + why)  # fmt: skip
        click.echo(found.text)
    sys.exit(0 if found.verdict == "reproduced" else 1)


@click.command()
@click.argument("artifact")
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
@one_line
def card(artifact: str, out: Path | None) -> None:
    """Print the model card of ARTIFACT, in Markdown.

    Made from its lineage, metrics, reports and note.
    """
    from claimed_jlab.run.card import card as write_card

    store = opened()
    text = write_card(store, _node(store, artifact))
    if out is None:
        return click.echo(text, nl=False)
    out.write_text(text, encoding="utf-8")
    note(f"wrote {out}")
    return None


# So that `-draft` is a tag to take away and no option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("node")
@click.argument("tags", nargs=-1, metavar="[TAG | TAG=TEXT | -TAG]...")
@json_option
@one_line
def tag(node: str, tags: tuple[str, ...], as_json: bool) -> None:
    """Tag NODE, untag it, or list its tags.

    As in `tag artifact/12 candidate approved-by=ada -draft`. NODE is an artifact as `show` takes it, execution/5, or a
    run by its id.
    """
    from claimed_jlab.lineage.explore.detail import node_detail
    from claimed_jlab.lineage.explore.marks import set_tags

    store = opened()
    found = _marked(store, node)
    now = dict(node_detail(store, found).tags)
    for one in tags:
        name, _, text = one.partition("=")
        if one.startswith("-"):
            if now.pop(one[1:], None) is None:
                raise ClaimedError(f"it has no tag {one[1:]!r}", where=found)
        else:
            now[name] = text
    kept = set_tags(store, found, now) if tags else now
    if as_json:
        return print_json({"tags": kept})
    for name, text in kept.items():
        click.echo(f"{name}={text}" if text else name)
    if not kept:
        note(f"{found} has no tags")
    return None


@click.command("note")
@click.argument("node")
@click.argument("text", required=False)
@json_option
@one_line
def annotate(node: str, text: str | None, as_json: bool) -> None:
    """Write, remove or show the note of NODE.

    TEXT is Markdown; an empty one removes the note, none shows it. NODE is an artifact as `show` takes it, execution/5,
    or a run by its id.
    """
    from claimed_jlab.lineage.explore.detail import node_detail
    from claimed_jlab.lineage.explore.marks import set_note
    from claimed_jlab.run.runs import user_name

    store = opened()
    found = _marked(store, node)
    kept = node_detail(store, found).note if text is None else set_note(store, found, text, user_name())
    if as_json:
        return print_json({"note": None if kept is None else kept.model_dump(mode="json")})
    if kept is not None:
        click.echo(kept.text)
    else:
        note(f"{found} has no note")
    return None


def _marked(store: Store, text: str) -> str:
    """What can be tagged and noted: a run, too."""
    from claimed_jlab.lineage.identify import find_run_context

    run = find_run_context(store, text)
    return _node(store, text) if run is None else f"context/{run}"


def _node(store: Store, text: str) -> str:
    """`execution/5` and `context/3` as they are; anything else names an artifact."""
    from claimed_jlab.lineage import find_artifact

    return text if text.startswith(("execution/", "context/")) else f"artifact/{find_artifact(store, text)}"

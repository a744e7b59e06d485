"""`jupyter claimed engines`: what runs pipelines, and how it is set up."""

from __future__ import annotations

import sys
from typing import Any

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError


@click.group()
def engines() -> None:
    """List, show, set up and test what runs pipelines."""


@engines.command("list")
@json_option
@one_line
def list_engines(as_json: bool) -> None:
    """List the engines, and whether each is ready."""
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.run.engine_list import listed
    from claimed_jlab.run.engines import engine_names

    found = listed(engine_names(), engine_of)
    if as_json:
        return print_json({"engines": found})
    for item in found:
        click.echo(f"{item['name']:<12} {item['title']:<22} {item['problem'] or 'ready'}")
    return None


@engines.command()
@click.argument("name")
@json_option
@one_line
def show(name: str, as_json: bool) -> None:
    """Show what an engine can, and its settings.

    Without the credential.
    """
    from claimed_jlab.cli.engine import engine_of

    engine = engine_of(name)
    settings, fixed = engine.settings(), engine.fixed()
    credential = engine.credential()
    if as_json:
        about = {"name": engine.name, "title": engine.title, "features": sorted(engine.features)}
        return print_json(
            {**about, "settings": settings, "fixed": fixed, "credential": credential.model_dump(mode="json")}
        )
    click.echo(f"{engine.title}: {engine.problem() or 'ready'}")
    click.echo(f"can: {', '.join(sorted(engine.features))}")
    for field, value in settings.items():
        click.echo(f"  {field:<20} {value!r}{'  (fixed by the site)' if field in fixed else ''}")
    if credential.kind != "none":
        click.echo(f"  credential           {credential.kept_in or credential.why_not or 'not set'}")
    return None


@engines.command()
@click.argument("name")
@click.argument("settings", nargs=-1, metavar="[FIELD=VALUE]…")
@json_option
@one_line
def configure(name: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Change an engine's settings. `FIELD=` empties one; a list is separated by commas."""
    from claimed_jlab.cli.engine import engine_of

    engine = engine_of(name)
    engine.configure(dict(_setting(engine, text) for text in settings))
    if as_json:
        return print_json({"settings": engine.settings()})
    note(f"{engine.title}: {engine.problem() or 'ready'}")
    return None


@engines.command("sign-in")
@click.argument("name")
@click.option("--forget", is_flag=True, help="Remove it from the keyring.")
@one_line
def sign_in(name: str, forget: bool) -> None:
    """Keep the credential in this system's keyring. It is asked for, or read from standard input."""
    from claimed_jlab.cli.engine import engine_of

    engine = engine_of(name)
    if forget:
        engine.configure({}, credential=None)
        return note("forgotten")
    asked = sys.stdin.isatty()
    given = click.prompt("Token, password or cookie", hide_input=True, err=True) if asked else sys.stdin.read().strip()
    if not given:
        raise ClaimedError("nothing was given", hint="type it, or send it to standard input")
    engine.configure({}, credential=given)
    return note("kept in the keyring")


@engines.command()
@click.argument("name")
@json_option
@one_line
def test(name: str, as_json: bool) -> None:
    """Try the connection, step by step."""
    from claimed_jlab.cli.engine import engine_of

    found = engine_of(name).test()
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        for step in found.steps:
            hint = f" ({step.hint})" if step.hint else ""
            click.echo(f"{step.state:<8} {step.name:<12} {step.message}{hint}".rstrip())
    sys.exit(0 if found.ok else 1)


def _setting(engine: Any, text: str) -> tuple[str, Any]:
    """A setting as its type wants it. Raises click.UsageError, ClaimedError."""
    field, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"{text!r} is not FIELD=VALUE")
    kind = (engine.Settings.model_json_schema()["properties"] if engine.Settings else {}).get(field, {})
    if kind.get("type") == "array":
        return field, [part.strip() for part in value.split(",") if part.strip()]
    return field, value

"""`jupyter claimed schedules`: pipelines that an engine runs by itself, again and again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json

_engine = click.option("--engine", default="kubeflow", show_default=True)


@click.group()
def schedules() -> None:
    """List, make, enable, disable and delete schedules."""


@schedules.command("list")
@_engine
@json_option
@one_line
def list_schedules(engine: str, as_json: bool) -> None:
    """List an engine's schedules."""
    from claimed_jlab.cli.engine import engine_of

    found = engine_of(engine).schedules()
    if as_json:
        return print_json({"schedules": [item.model_dump(mode="json") for item in found]})
    for item in found:
        click.echo(_line(item))
    if not found:
        note("no schedules yet: make one with `jupyter claimed schedules create FILE`")
    return None


@schedules.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What it is called.")
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option("--cron", help="Six fields, seconds first: '0 0 6 * * *' is daily at 6, in UTC.")
@click.option("--every", metavar="AGE", help="Instead of cron: 30m, 12h, 1d.")
@click.option("--catch-up", is_flag=True, help="Make up for runs that were missed.")
@click.option("--max-concurrency", default=1, show_default=True, type=click.IntRange(1, 10))
@click.option("--start", help="Not before: 2026-01-31T06:00:00+01:00; without a zone, UTC.")
@click.option("--end", help="Not after.")
@click.option("--no-cache", is_flag=True, help="Run every task, also those that nothing changed for.")
@_engine
@json_option
@one_line
def create(
    file: Path,
    given: tuple[str, ...],
    every: str | None,
    no_cache: bool,
    engine: str,
    as_json: bool,
    **timing: Any,
) -> None:
    """Run a pipeline by a schedule."""
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.cli.run import arguments_of
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.run.preparing import prepare
    from claimed_jlab.run.prune import seconds_of
    from claimed_jlab.run.schedules import timing_of

    runner = engine_of(engine)
    wanted = {name: value for name, value in timing.items() if value is not None}
    if every is not None:
        wanted["interval_seconds"] = int(seconds_of(every))
    when = timing_of(wanted)
    document = read_pipeline(file)
    arguments = arguments_of(document, given)
    work = prepare(file, arguments, default_catalog(), engine=runner, document=document, cache=not no_cache)
    made = runner.schedule(work, when)
    if as_json:
        return print_json(made.model_dump(mode="json"))
    click.echo(_line(made))
    return None


@schedules.command()
@click.argument("schedule")
@_engine
@one_line
def enable(schedule: str, engine: str) -> None:
    """Let a schedule go on."""
    from claimed_jlab.cli.engine import engine_of

    click.echo(_line(engine_of(engine).enable_schedule(schedule, True)))


@schedules.command()
@click.argument("schedule")
@_engine
@one_line
def disable(schedule: str, engine: str) -> None:
    """Let a schedule rest."""
    from claimed_jlab.cli.engine import engine_of

    click.echo(_line(engine_of(engine).enable_schedule(schedule, False)))


@schedules.command()
@click.argument("schedule")
@_engine
@one_line
def delete(schedule: str, engine: str) -> None:
    """End a schedule for good; its runs stay."""
    from claimed_jlab.cli.engine import engine_of

    engine_of(engine).delete_schedule(schedule)
    click.echo(f"{schedule}  deleted")


def _line(item: Any) -> str:
    when = item.cron or f"every {item.interval_seconds} s"
    return f"{item.id}  {'enabled' if item.enabled else 'disabled':<8}  {when:<18}  {item.name}"

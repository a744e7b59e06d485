"""`jupyter claimed run`: run a pipeline and watch it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from claimed_jlab.pipeline.document import Pipeline
    from claimed_jlab.run.engines import Engine
    from claimed_jlab.run.planned import Plan
    from claimed_jlab.run.runs import Run
    from claimed_jlab.run.select import Way


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option("--engine", default="local", show_default=True, help="Where it runs: see `jupyter claimed engines`.")
@click.option("--no-wait", is_flag=True, help="Start it and go; see `jupyter claimed runs`.")
@click.option("--jobs", type=click.IntRange(min=1), help="Tasks at once; by default one a core.")
@click.option("--no-cache", is_flag=True, help="Run every task, also those that nothing changed for.")
@click.option("--only", metavar="TASK", help="Run this task alone, on what an earlier run gave.")
@click.option("--to", metavar="TASK", help="Run this task, and what leads to it.")
@click.option("--from", "start", metavar="TASK", help="Run this task, and what follows from it.")
@click.option("--failed", is_flag=True, help="Run what did not end well the last time.")
@click.option("--explain", is_flag=True, help="Say of each task why it ran, or did not.")
@click.option("--dry-run", is_flag=True, help="Say what would run and why, and run nothing.")
@json_option
@one_line
def run(
    file: Path,
    given: tuple[str, ...],
    engine: str,
    jobs: int | None,
    no_cache: bool,
    explain: bool,
    dry_run: bool,
    no_wait: bool,
    as_json: bool,
    **part: Any,
) -> None:
    """Run a pipeline, with live progress. Ctrl-C cancels it."""
    from claimed_jlab.run.local.standby import StandBy

    ready = None if dry_run or engine != "local" else StandBy()  # first: it makes ready beside all that follows
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.run.preparing import prepare

    runner = engine_of(engine, ready=ready)
    document = read_pipeline(file)
    arguments = arguments_of(document, given)
    work = prepare(file, arguments, default_catalog(), engine=runner, document=document, jobs=jobs, cache=not no_cache)
    work = runner.part(work, lambda planned: _part(planned, **part))
    if dry_run:
        return _print_foreseen(work.plan, cache=work.cache, as_json=as_json)
    run_and_show(lambda: runner.submit(work), runner, explain=explain, wait=not no_wait, as_json=as_json)


def run_and_show(
    submit: Callable[[], Run], engine: Engine, *, explain: bool = False, wait: bool = True, as_json: bool
) -> None:
    """Starts a run, follows it to its end and prints what came of it; ends the program when it did not complete."""
    started = _start(submit)  # what shows it is imported while it runs
    if not wait:
        return _print_started(started, engine, as_json)
    from claimed_jlab.cli.engine import answer
    from claimed_jlab.cli.progress import watch
    from claimed_jlab.cli.summary import print_reasons, print_summary

    record = watch(started, engine)
    if as_json:
        print_json(answer(started, engine))
    else:
        if explain:
            print_reasons({name: (task.state, task.error or task.reason) for name, task in record.tasks.items()})
        print_summary(record)
    if record.state != "COMPLETE":
        note(f"error: {record.error or 'the run was canceled'}")
        sys.exit(1)
    return None


def _print_started(run: Run, engine: Engine, as_json: bool) -> None:
    from claimed_jlab.cli.engine import answer

    if as_json:
        return print_json(answer(run, engine))
    link = engine.standing(run, run.record()).get("link")
    click.echo(run.run_id)
    note(f"see: {link or f'jupyter claimed runs show {run.run_id}'}")
    return None


def _part(planned: Plan, *, only: str | None, to: str | None, start: str | None, failed: bool) -> Plan:
    """The part of a plan that was asked for."""
    from claimed_jlab.run.select import part

    ways: dict[Way, str | None] = {"only": only, "to": to, "from": start}
    if sum(map(bool, ways.values())) + failed > 1:
        raise click.UsageError("--only, --to, --from and --failed exclude each other")
    return part(planned, ways, failed=failed)


def _print_foreseen(planned: Plan, *, cache: bool, as_json: bool) -> None:
    from claimed_jlab.cli.summary import print_reasons
    from claimed_jlab.run.local.foresee import foresee

    found = foresee(planned, cache=cache)
    if as_json:
        return print_json({"tasks": {name: task.model_dump(mode="json") for name, task in found.items()}})
    print_reasons(
        {name: ("would run" if task.state == "NEW" else task.state, task.reason) for name, task in found.items()}
    )
    return None


def _start(submit: Callable[[], Run]) -> Run:
    """Starts the run; asks first, on a terminal, where components from outside have not been trusted yet."""
    from claimed_jlab.component.catalogs.trust import UntrustedComponents, trust

    try:
        return submit()
    except UntrustedComponents as error:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        note("From outside, and not trusted yet:")
        for item in error.components:
            by = f" by {item['author']}" if item["author"] else ""
            note(f"  {item['reference']}  {item['title']}{by}, {item['origin']}")
        if not click.confirm("Trust and run?", default=False, err=True):
            raise ClaimedError("nothing was run: its components are not trusted", code=error.code) from None
        trust(error.specs)
    return submit()


def arguments_of(document: Pipeline, given: tuple[str, ...]) -> dict[str, Any]:
    """The parameters that `NAME=VALUE` texts set. Raises InvalidPipeline, click.UsageError."""
    from claimed_jlab.component.types import parse_type
    from claimed_jlab.run.plan import InvalidPipeline, argument_from_text

    found: dict[str, Any] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"-p {text!r} is not NAME=VALUE")
        parameter = document.parameters.get(name)
        try:
            found[name] = value if parameter is None else argument_from_text(parse_type(parameter.type), value)
        except ValueError as error:
            raise InvalidPipeline(f"the parameter {name!r}: {error}", code="bad-parameter") from None
    return found

"""`jupyter claimed run`: run a pipeline and watch it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from claimed_jlab.pipeline.document import Pipeline
    from claimed_jlab.run.local.standby import StandBy
    from claimed_jlab.run.planned import Plan
    from claimed_jlab.run.runs import Run
    from claimed_jlab.run.select import Way


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="Set a parameter.")
@click.option("--engine", type=click.Choice(["local", "kubeflow"]), default="local", show_default=True)
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
    as_json: bool,
    **part: Any,
) -> None:
    """Run a pipeline, with live progress. Ctrl-C cancels it."""
    from claimed_jlab.run.local.standby import StandBy

    ready = None if dry_run or engine != "local" else StandBy()  # first: it makes ready beside all that follows
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.pipeline.validate import check
    from claimed_jlab.run.plan import plan

    if engine != "local":
        raise ClaimedError("this version runs pipelines on the local engine only", hint="leave --engine out")
    document = read_pipeline(file)
    arguments = _arguments(document, given)
    checked = check(document, file.absolute().parent, default_catalog(), file.absolute())
    planned = _part(plan(checked, arguments, path=str(file.absolute())), **part)
    if dry_run:
        return _print_foreseen(planned, cache=not no_cache, as_json=as_json)
    run_and_show(planned, jobs=jobs, cache=not no_cache, explain=explain, as_json=as_json, ready=ready)


def run_and_show(
    planned: Plan, *, jobs: int | None, cache: bool, explain: bool, as_json: bool, ready: StandBy | None = None
) -> None:
    """Runs a plan, follows it to its end and prints what came of it; ends the program when it did not complete."""
    started = _start(planned, jobs=jobs, cache=cache, ready=ready)  # what shows it is imported while it runs
    from claimed_jlab.cli.progress import watch
    from claimed_jlab.cli.summary import print_reasons, print_summary

    record = watch(started)
    if as_json:
        print_json(record.model_dump(mode="json"))
    else:
        if explain:
            print_reasons({name: (task.state, task.error or task.reason) for name, task in record.tasks.items()})
        print_summary(record)
    if record.state != "COMPLETE":
        note(f"error: {record.error or 'the run was canceled'}")
        sys.exit(1)


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


def _start(planned: Plan, *, jobs: int | None, cache: bool, ready: StandBy | None) -> Run:
    """Starts the run; asks first, on a terminal, where components from outside have not been trusted yet."""
    from claimed_jlab.component.catalogs.trust import UntrustedComponents, trust
    from claimed_jlab.run.local.engine import submit

    try:
        return submit(planned, jobs=jobs, cache=cache, ready=ready)
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
    return submit(planned, jobs=jobs, cache=cache, ready=ready)


def _arguments(document: Pipeline, given: tuple[str, ...]) -> dict[str, Any]:
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

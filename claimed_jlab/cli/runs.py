"""`jupyter claimed runs`: list, show, follow, compare, repeat, cancel and remove runs."""

from __future__ import annotations

import sys
import time
from itertools import islice
from typing import TYPE_CHECKING

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_json
from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from claimed_jlab.run.record import TaskRecord

_CANCEL_SECONDS = 10.0
_REMOTE_CANCEL_SECONDS = 60.0


@click.group()
def runs() -> None:
    """List, show, follow, compare, repeat, cancel and delete runs. RUN is a run's id, its beginning, or `latest`."""


@runs.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1))
@click.option("--archived", is_flag=True, help="Also those that were put away.")
@json_option
@one_line
def list_runs(limit: int, archived: bool, as_json: bool) -> None:
    """List runs, the newest first."""
    from claimed_jlab.cli.engine import answer, engine_behind, up_to_date
    from claimed_jlab.run.history import each, records
    from claimed_jlab.run.runs import all_runs

    wanted = (run for run in all_runs() if archived or not run.archived)
    runs = list(islice(each(wanted, up_to_date), limit))
    if as_json:
        engines = {name: engine_behind(name) for name in {run.order.engine for run in runs}}
        return print_json({"runs": list(each(runs, lambda run: answer(run, engines[run.order.engine])))})
    found = [record for _, record in records(runs)]
    for record in found:
        seconds = f"{record.seconds:8.1f} s" if record.seconds is not None else " " * 10
        click.echo(f"{record.run_id}  {record.state:<9} {seconds}  {record.engine:<9} {record.pipeline}")
    if not found:
        note("no runs yet: start one with `jupyter claimed run FILE`")
    return None


@runs.command()
@click.argument("run")
@json_option
@one_line
def show(run: str, as_json: bool) -> None:
    """Show a run: its tasks, what went wrong, what it found."""
    from claimed_jlab.cli.engine import answer, engine_behind, up_to_date
    from claimed_jlab.run.runs import find_run

    found = up_to_date(find_run(run))
    record = found.record()
    how = answer(found, engine_behind(record.engine))
    if as_json:
        return print_json(how)
    from claimed_jlab.cli.summary import print_summary

    click.echo(f"{record.pipeline}  {record.path}")
    for line in (how["link"], how["notice"]):
        if line:
            click.echo(line)
    for name, task in record.tasks.items():
        seconds = f"{task.seconds:7.1f} s" if task.seconds is not None else " " * 9
        click.echo(f"{task.state:<9} {seconds}  {name}{_used(task)}  {task.error or task.reason}".rstrip())
        if task.traceback:
            click.echo(task.traceback)
    print_summary(record)
    return None


@runs.command()
@click.argument("run")
@click.argument("task", required=False)
@one_line
def logs(run: str, task: str | None) -> None:
    """Print what a run's tasks printed, or one task."""
    from claimed_jlab.cli.engine import up_to_date
    from claimed_jlab.run.runs import find_run

    found = up_to_date(find_run(run))
    tasks = found.record().tasks
    if task is not None and task not in tasks:
        raise ClaimedError(f"the run has no task {task!r}", hint=f"its tasks are: {', '.join(tasks)}")
    for name in [task] if task else list(tasks):
        if task is None:
            click.echo(f"== {name}")
        if found.log(name).exists():
            click.echo(found.log(name).read_text(encoding="utf-8"), nl=False)


@runs.command()
@click.argument("run")
@click.option("--jobs", type=click.IntRange(min=1), help="Tasks at once; by default one a core.")
@click.option("--cache", is_flag=True, help="Skip what nothing changed for; otherwise all of it runs.")
@json_option
@one_line
def rerun(run: str, jobs: int | None, cache: bool, as_json: bool) -> None:
    """Run an old run again, with the code and parameters it had."""
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.cli.run import run_and_show
    from claimed_jlab.run.runs import find_run
    from claimed_jlab.run.select import environment_changes

    found = find_run(run)
    runner = engine_of(found.order.engine)
    if not runner.remote:
        for change in environment_changes(found.order.plan, found.order.packages):
            note(f"other than then: {change}")
    run_and_show(lambda: runner.rerun(found, jobs=jobs, cache=cache), runner, as_json=as_json)


@runs.command()
@click.argument("run")
@json_option
@one_line
def cancel(run: str, as_json: bool) -> None:
    """Cancel a run, and wait until it has stopped."""
    from claimed_jlab.cli.engine import engine_of, up_to_date
    from claimed_jlab.run.runs import find_run

    found = up_to_date(find_run(run))
    record = found.record()
    if record.ended:
        raise ClaimedError(f"the run {record.run_id} has ended: {record.state}")
    engine = engine_of(record.engine)
    engine.cancel(found)
    end = time.monotonic() + (_REMOTE_CANCEL_SECONDS if engine.remote else _CANCEL_SECONDS)
    while not (record := found.record()).ended and time.monotonic() < end:
        time.sleep(1.0 if engine.remote else 0.1)
        engine.refresh(found)
    if as_json:
        print_json(record.model_dump(mode="json"))
    else:
        click.echo(f"{record.run_id}  {record.state}")
    sys.exit(0 if record.ended else 1)


@runs.command()
@click.argument("run")
@json_option
@one_line
def retry(run: str, as_json: bool) -> None:
    """Run what failed again, in the same run, where its engine can."""
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.run.runs import find_run

    found = find_run(run)
    engine_of(found.order.engine).retry(found)
    record = found.record()
    if as_json:
        return print_json(record.model_dump(mode="json"))
    click.echo(f"{record.run_id}  {record.state}")
    return None


@runs.command()
@click.argument("run", nargs=-1, required=True)
@one_line
def archive(run: tuple[str, ...]) -> None:
    """Put runs away: they are kept, and left out of lists."""
    _archive(run, True)


@runs.command()
@click.argument("run", nargs=-1, required=True)
@one_line
def unarchive(run: tuple[str, ...]) -> None:
    """Take runs back that were put away."""
    _archive(run, False)


def _archive(names: tuple[str, ...], archived: bool) -> None:
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.run.runs import find_run

    for found in map(find_run, names):
        engine_of(found.order.engine).archive(found, archived)
        click.echo(f"{found.run_id}  {'archived' if archived else 'back'}")


@runs.command()
@click.argument("run", nargs=-1, required=True)
@click.option("--all", "everything", is_flag=True, help="Print what is the same, too.")
@json_option
@one_line
def compare(run: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Put runs side by side, and tell what differs.

    Parameters, metrics, inputs, outputs, tasks, code and environments. A run that is not kept here, of a colleague
    say, is compared by what the lineage store tells of it.
    """
    from claimed_jlab.cli.lineage_node import opened
    from claimed_jlab.paths import home
    from claimed_jlab.run.compare import compare_runs
    from claimed_jlab.run.facts import find_facts

    found = compare_runs([find_facts(name, opened) for name in run], home())
    if as_json:
        return print_json(found.model_dump(mode="json"))
    from claimed_jlab.cli.side_by_side import print_comparison

    print_comparison(found, everything=everything)
    return None


@runs.command()
@click.argument("run", nargs=-1, required=True)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@one_line
def delete(run: tuple[str, ...], yes: bool) -> None:
    """Delete runs that have ended. Files that no other run needs go with the next `runs prune`."""
    from claimed_jlab.run.removal import delete as remove
    from claimed_jlab.run.runs import find_run

    found = list({one.run_id: one for one in map(find_run, run)}.values())
    names = ", ".join(one.run_id for one in found)
    if not yes and not sys.stdin.isatty():
        raise ClaimedError("deleting asks, and there is no terminal to ask on", hint="add --yes")
    if not yes and not click.confirm(f"Delete {names}?"):
        return
    for one in found:
        remove(one)
        click.echo(f"{one.run_id}  deleted")


@runs.command()
@click.option("--older-than", metavar="AGE", help="Remove runs older than this: 30d, 12h, 2w.")
@click.option("--max-size", metavar="SIZE", help="Remove the oldest runs until what is kept fits: 20G, 500M.")
@click.option(
    "--keep", default=1, show_default=True, type=click.IntRange(min=0), help="Newest runs kept of a pipeline."
)
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@json_option
@one_line
def prune(older_than: str | None, max_size: str | None, keep: int, dry_run: bool, as_json: bool) -> None:
    """Remove old runs, and files that no run needs any more."""
    from claimed_jlab.paths import home
    from claimed_jlab.pipeline.resources import quantity
    from claimed_jlab.run.prune import Rules, seconds_of
    from claimed_jlab.run.prune import prune as remove

    rules = Rules(
        older_than=None if older_than is None else seconds_of(older_than),
        max_bytes=None if max_size is None else int(quantity(max_size, "--max-size")),
        keep=keep,
    )
    found = remove(home(), rules, dry=dry_run)
    if as_json:
        return print_json({**found.model_dump(mode="json"), "dry_run": dry_run})
    for run in found.runs:
        click.echo(run)
    verb = "would free" if dry_run else "freed"
    counted = f"{len(found.runs)} runs, {found.objects} objects"
    click.echo(f"{verb} {_megabytes(found.bytes)}: {counted}; {_megabytes(found.kept_bytes)} kept")
    return None


def _used(task: TaskRecord) -> str:
    """What a task took of the machine, where it is known."""
    if task.cpu_seconds is None or task.memory_bytes is None:
        return ""
    return f"  ({task.cpu_seconds:.1f} s of processor, {_megabytes(task.memory_bytes)})"


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"

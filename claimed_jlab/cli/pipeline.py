"""`jupyter claimed pipeline`: validate and describe documents."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from claimed_jlab.cli.printing import json_option, one_line, print_diagnostics, print_json


@click.group()
def pipeline() -> None:
    """Validate and describe pipelines."""


@pipeline.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@one_line
def validate(file: Path, as_json: bool) -> None:
    """Check a pipeline: every finding names its task and field."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.describe import validate_text
    from claimed_jlab.pipeline.document import read_text

    answer = validate_text(read_text(file), file.absolute().parent, default_catalog())
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        print_diagnostics(answer.diagnostics)
        click.echo(f"{file}: {'valid' if answer.valid else 'not valid'}")
    sys.exit(0 if answer.valid else 1)


@pipeline.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@one_line
def describe(file: Path, as_json: bool) -> None:
    """Show a pipeline's parameters, its tasks and what feeds them."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.describe import describe_text
    from claimed_jlab.pipeline.document import read_text

    answer = describe_text(read_text(file), file.absolute().parent, default_catalog())
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        print_diagnostics(answer.diagnostics)
        click.echo(f"{answer.name}\n{answer.description}".rstrip())
        for name, parameter in answer.parameters.items():
            click.echo(f"  parameter  {name}: {parameter.type} = {parameter.default!r}  {parameter.description}")
        for task in answer.tasks:
            click.echo(f"  task       {task.name}: {task.component}  {task.title}")
            for edge in (edge for edge in answer.edges if edge.target == task.name):
                click.echo(f"               {edge.input} <- {edge.source}.{edge.output} ({edge.type})")
    sys.exit(0 if answer.valid else 1)

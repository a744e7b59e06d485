"""`jupyter claimed pipeline`: validate, describe, compare and merge documents, and read and write other formats."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_diagnostics, print_json
from claimed_jlab.errors import ClaimedError


@click.group()
def pipeline() -> None:
    """Validate, describe, compare, merge, import and export pipelines."""


@pipeline.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--engine", help="Also say what this engine can't: see `jupyter claimed engines`.")
@json_option
@one_line
def validate(file: Path, engine: str | None, as_json: bool) -> None:
    """Check a pipeline: every finding names its task and field."""
    from claimed_jlab.cli.engine import engine_of
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.describe import validate_text
    from claimed_jlab.pipeline.document import read_text

    findings = engine_of(engine).findings if engine else None
    answer = validate_text(read_text(file), file.absolute().parent, default_catalog(), findings)
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


@pipeline.command(name="diff")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
@one_line
def difference(files: tuple[Path, ...], as_json: bool) -> None:
    """Tell what differs between pipelines A and B.

    Tasks that were added, removed, changed, moved or renamed, and the fields of each.

    Git may call it too: git config diff.claimed.command "jupyter claimed pipeline diff"
    """
    from claimed_jlab.pipeline.difference import difference as compare
    from claimed_jlab.pipeline.document import parse_object, read_text

    if len(files) not in (2, 7, 9):
        raise click.UsageError("name two files: A and B")
    # Git names the file, then the old and the new version, each with its hash and mode.
    pair = files if len(files) == 2 else (files[1], files[4])
    before, after = ({} if str(path) == os.devnull else parse_object(read_text(path), where=str(path)) for path in pair)
    answer = compare(before, after)
    if as_json:
        print_json(answer.model_dump(mode="json"))
        return
    if len(files) > 2:
        click.echo(f"pipeline {files[0]}")
    for line in answer.lines:
        click.echo(line)


@pipeline.command()
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Where to write, instead of into OURS.")
@one_line
def merge(base: Path, ours: Path, theirs: Path, out: Path | None) -> None:
    """Merge two versions of a pipeline into OURS.

    As git's merge driver: git config merge.claimed.driver "jupyter claimed pipeline merge %O %A %B"
    """
    from claimed_jlab.pipeline.document import read_text
    from claimed_jlab.pipeline.merge import merge_texts

    texts = read_text(base), read_text(ours), read_text(theirs)
    text, conflicts = merge_texts(*texts, where=(str(base), str(ours), str(theirs)))
    (out or ours).write_text(text, encoding="utf-8", newline="\n")
    for conflict in conflicts:
        note(f"conflict: {conflict}")
    sys.exit(1 if conflicts else 0)


@pipeline.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "target",
    type=click.Choice(["python", "kfp"]),
    required=True,
    help="A module of KFP's DSL, or KFP's PipelineSpec (YAML; JSON where --out ends so).",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), help="Where to write; else on the terminal.")
@one_line
def export(file: Path, target: str, out: Path | None) -> None:
    """Write a pipeline as Python, or as what Kubeflow runs.

    A Python module that is there is brought up to date: only what differs changes.
    """
    if target == "kfp":
        return _export_spec(file, out)
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.pipeline.python.code import BadPython
    from claimed_jlab.pipeline.python.export import to_python
    from claimed_jlab.pipeline.python.update import update_python
    from claimed_jlab.pipeline.validate import check

    document = read_pipeline(file)
    specs = check(document, file.absolute().parent, default_catalog()).components
    if out is None or not out.exists():
        text, diagnostics = to_python(document, specs)
    else:
        try:
            text, diagnostics = update_python(out.read_bytes().decode(), document, specs, file=out.name)
        except BadPython as error:
            place = f"{out}, line {error.line}" if error.line else str(out)
            raise ClaimedError(error.message, where=place, hint="mend it, or choose another --out") from None
    print_diagnostics(diagnostics)
    _write(text, out)


def _export_spec(file: Path, out: Path | None) -> None:
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.pipeline.validate import check
    from claimed_jlab.run.kubeflow.compile import compile_pipeline, spec_text
    from claimed_jlab.run.plan import refuse_errors

    path = file.absolute()
    checked = check(read_pipeline(file), path.parent, default_catalog(), path)
    refuse_errors(checked, str(path))
    _write(spec_text(compile_pipeline(checked), as_json=out is not None and out.suffix == ".json"), out)


def _write(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8", newline="")  # the ends of lines as they were
        note(f"written: {out}")


@pipeline.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="The document; else FILE with .pipeline.")
@json_option
@one_line
def import_(file: Path, out: Path | None, as_json: bool) -> None:
    """Make a pipeline of FILE, another system's.

    KFP's Python, Elyra's .pipeline, or KFP's compiled YAML. Nothing of it is run.
    """
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.imports.read import import_file
    from claimed_jlab.pipeline.imports.resolving import resolver
    from claimed_jlab.pipeline.imports.save import save

    found = import_file(file, resolver(file.absolute().parent, default_catalog()))
    target = out or file.with_suffix(".pipeline")
    if target.exists() and target.absolute() == file.absolute():
        target = file.with_name(f"{file.stem}-imported.pipeline")
    written = save(found, target, replace=out is not None)
    if as_json:
        diagnostics = [item.model_dump(mode="json") for item in found.diagnostics]
        print_json({"path": str(target), "files": [str(path) for path in written], "diagnostics": diagnostics})
        return
    print_diagnostics(found.diagnostics)
    for path in written:
        note(f"written: {path}")

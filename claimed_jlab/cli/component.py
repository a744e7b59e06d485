"""`jupyter claimed component`: make, list, show, validate, trust and export components."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from claimed_jlab.cli.printing import json_option, note, one_line, print_diagnostics, print_json
from claimed_jlab.component.spec import ComponentSpec


@click.group()
def component() -> None:
    """Make, list, show, validate, trust and export components."""


@component.command("list")
@json_option
@one_line
def list_components(as_json: bool) -> None:
    """List the components of all catalogs, by category."""
    from claimed_jlab.component.catalog import default_catalog

    catalog = default_catalog()
    found = catalog.listing()
    if as_json:
        return print_json({"components": [spec.model_dump(mode="json") for spec in found]})
    width = max((len(spec.reference) for spec in found), default=0)
    for spec in found:
        lacking = f"  (needs: {spec.install})" if spec.missing else ""
        asks = "" if spec.trusted else "  (from outside: asks before it runs)"
        click.echo(f"{spec.reference:{width}}  {spec.title}{lacking}{asks}")
    if not found:
        note("no components yet: make one of a notebook with `jupyter claimed component create NOTEBOOK`")
    print_diagnostics(catalog.diagnostics)
    return None


@component.command()
@click.argument("name")
@json_option
@one_line
def show(name: str, as_json: bool) -> None:
    """Show a component: what goes in, what comes out, what it needs."""
    from claimed_jlab.component.catalog import default_catalog

    catalog = default_catalog()
    spec = catalog.listed(catalog.resolve(name))
    if as_json:
        return print_json(spec.model_dump(mode="json"))
    click.echo(f"{spec.reference}  {spec.title}\n{spec.description}\n")
    _print_interface(spec)
    by = f"{spec.author}, " if spec.author else ""
    asks = "" if spec.trusted else "  (asks before it runs: jupyter claimed component trust)"
    click.echo(f"\nfrom      {by}{spec.origin}{asks}")
    if spec.container is not None:
        click.echo(f"image     {spec.container.image}")
    click.echo(f"requires  {', '.join(spec.requirements) or 'nothing'}")
    click.echo(f"{'notebook' if spec.container is None else 'file    '}  {spec.path}")
    if spec.missing:
        click.echo(f"missing   {spec.install}")
    return None


@component.command()
@click.argument("path", type=click.Path(path_type=Path))
@json_option
@one_line
def validate(path: Path, as_json: bool) -> None:
    """Check a notebook, or a component's folder, as a component."""
    from claimed_jlab.component.catalog import component_at

    spec = component_at(path)
    valid = not spec.errors
    if as_json:
        print_json({"valid": valid, "diagnostics": [item.model_dump(mode="json") for item in spec.diagnostics]})
    else:
        print_diagnostics(spec.diagnostics)
        click.echo(f"{path}: {'valid' if valid else 'not valid'}, {len(spec.diagnostics)} findings")
    sys.exit(0 if valid else 1)


@component.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to make the component's folder in.")
@click.option("--force", is_flag=True, help="Replace a component that is there.")
@click.option("--no-sample", is_flag=True, help="Leave out the inputs that the notebook was run with.")
@json_option
@one_line
def create(notebook: Path, out: Path | None, force: bool, no_sample: bool, as_json: bool) -> None:
    """Make a component of a notebook.

    It goes among your own components, unless --out says where.
    """
    from claimed_jlab.component.create import create_component
    from claimed_jlab.component.inspection import inspect_notebook
    from claimed_jlab.paths import writable_home

    folder = out or writable_home() / "components"
    changes = inspect_notebook(notebook, folder).differences if force else []
    spec = create_component(notebook, folder, force=force, with_sample=not no_sample)
    if as_json:
        differences = [change.model_dump(mode="json") for change in changes]
        return print_json({**spec.model_dump(mode="json"), "differences": differences})
    print_diagnostics(spec.diagnostics)
    for change in changes:
        note(f"{change.level}: {change.words}")
    click.echo(f"{spec.reference}  {Path(spec.path).parent}")
    _print_interface(spec)
    return None


@component.command()
@click.argument("references", nargs=-1, required=True, metavar="REFERENCE...")
@json_option
@one_line
def trust(references: tuple[str, ...], as_json: bool) -> None:
    """Let components from outside run, as they are now. Changed code is asked about again."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.component.catalogs.trust import trust as let_run

    catalog = default_catalog()
    trusted = let_run([catalog.resolve(reference) for reference in references])
    if as_json:
        return print_json({"trusted": trusted})
    for reference in trusted:
        click.echo(f"{reference}  trusted")
    return None


@component.command()
@click.argument("name")
@click.option(
    "--to",
    "target",
    type=click.Choice(["kfp", "dockerfile", "job", "cwl"]),
    required=True,
    help="kfp: component.yaml; dockerfile: a build context; job: a Kubernetes Job; cwl: a CommandLineTool.",
)
@click.option("--out", type=click.Path(path_type=Path), help="New folder to write all its files into.")
@one_line
def export(name: str, target: str, out: Path | None) -> None:
    """Print or write a component in another system's format."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.component.export.formats import export_folder, export_text

    spec = default_catalog().resolve(name)
    if out is None:
        return click.echo(export_text(spec, target), nl=False)
    for path in export_folder(spec, target, out):
        click.echo(path)
    return None


def _print_interface(spec: ComponentSpec) -> None:
    for kind, ports in (("input ", spec.inputs), ("output", spec.outputs)):
        for port in ports:
            default = getattr(port, "default", None)
            shown = f" = {default!r}" if kind == "input " and default is not None else ""
            inferred = "  (inferred)" if port.inferred else ""
            click.echo(f"  {kind}  {port.name}: {port.type}{shown}{inferred}  {port.description}".rstrip())

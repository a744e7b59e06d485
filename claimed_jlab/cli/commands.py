"""The tree of commands. A group's module is imported only when one of its commands is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

from claimed_jlab import __version__


class LateGroup(click.Group):
    """A group that knows its commands by name and one line, and imports them when they are needed."""

    def __init__(self, *args: Any, late: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._late)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._late:
            return None
        module, _, name = self._late[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self._late.items()])


@click.group(
    cls=LateGroup,
    late={
        "component": (
            "claimed_jlab.cli.component:component",
            "Make, list, show, validate, trust and export components.",
        ),
        "catalog": ("claimed_jlab.cli.catalog:catalog", "List, add, refresh, switch and remove catalogs."),
        "pipeline": (
            "claimed_jlab.cli.pipeline:pipeline",
            "Check, describe, compare, merge, import and export pipelines.",
        ),
        "run": ("claimed_jlab.cli.run:run", "Run a pipeline, with live progress."),
        "runs": ("claimed_jlab.cli.runs:runs", "List, show, compare, repeat, cancel and delete runs."),
        "engines": ("claimed_jlab.cli.engines:engines", "List, set up and test what runs pipelines."),
        "schedules": ("claimed_jlab.cli.schedules:schedules", "Run pipelines again and again by a schedule."),
        "lineage": ("claimed_jlab.cli.lineage:lineage", "Ask where a result came from."),
    },
)
@click.version_option(__version__, prog_name="jupyter claimed")
def claimed() -> None:
    """CLAIMED for JupyterLab: trusted-AI components, pipelines and lineage."""

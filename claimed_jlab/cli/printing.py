"""How the commands answer: JSON on standard output, words for people, one clear line for a mistake."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

import click

from claimed_jlab.errors import ClaimedError

P = ParamSpec("P")
T = TypeVar("T")

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def print_json(data: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))


def note(text: str) -> None:
    """A line for the person, on standard error."""
    click.echo(text, err=True)


def one_line(command: Callable[P, T]) -> Callable[P, T]:
    """Turns what a user can mend into one line on standard error and exit code 1."""

    @functools.wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except ClaimedError as error:
            note(f"error: {error}")
        except BrokenPipeError:
            # The reader (`head`) has what it wanted; nothing may be flushed to it any more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            note(f"error: {place}{error.strerror or error}")
        sys.exit(1)

    return wrapped


def print_diagnostics(diagnostics: Iterable[Any]) -> None:
    """Findings, a line each, on standard error."""
    for item in diagnostics:
        note(f"{item.level}: {item}  [{item.code}]")

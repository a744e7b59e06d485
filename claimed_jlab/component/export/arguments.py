"""The words that hand a component's values to its step: the same for every format that calls it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from claimed_jlab.component.kfp_yaml import LARGEST_NOTEBOOK, lead_arguments, step_text
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec
from claimed_jlab.errors import ClaimedError


class NotebookTooLarge(ClaimedError):
    """The notebook does not fit into a command line."""

    code = "notebook-too-large"


def step_command(spec: ComponentSpec) -> list[str]:
    """The command that carries step, requirements and packed notebook; the arguments of the ports follow it.

    Raises NotANotebook, NotebookTooLarge.
    """
    words = ["python3", "-c", step_text(), *lead_arguments(spec)]
    if sum(map(len, words)) > LARGEST_NOTEBOOK:
        raise NotebookTooLarge(
            "is too large to travel on a command line",
            where=spec.path,
            hint="export it with `--to dockerfile`, which copies the notebook into an image",
        )
    return words


def lead_words(port: InputSpec) -> list[str]:
    """The words before an input's value: `--parameter factor float`."""
    environment = port.convention == "environment"
    if port.kind == "artifact":
        return ["--artifact-environment" if environment else "--artifact", port.name]
    return ["--environment" if environment else "--parameter", port.name, plain_type(port)]


def output_words(port: OutputSpec, path: str) -> list[str]:
    """The words that tell the step where an output goes."""
    option = "--output" if port.kind == "artifact" else "--output-parameter"
    return [option + ("-environment" if port.convention == "environment" else ""), port.name, path]


def plain_type(port: InputSpec | OutputSpec) -> str:
    """The type by which the step reads a value: that of its choices for a Literal."""
    kind = port.port_type
    return type(kind.choices[0]).__name__ if kind.choices else kind.name


def default_text(port: InputSpec) -> str | None:
    """A parameter's default as the step reads it; None when there is none to hand over.

    A secret's is never told, and neither is one that no command line can carry: the notebook has it. What stands
    before the paths of artifacts is empty, since they are whole here.
    """
    if port.prefix:
        return ""
    if port.kind == "artifact" or port.secret or port.default is None:
        return None
    text = text_of(port.default)
    return text if "\0" not in text and _encodable(text) else None


def text_of(value: Any) -> str:
    """A value as the step takes it."""
    return value if isinstance(value, str) else json.dumps(value)


def tells_in_json(value: Any) -> bool:
    """Whether a value can be written in JSON: not when it is, or holds, an infinity or NaN."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """For each name one of its own that is safe in paths, globs and identifiers: letters, digits, `_`."""
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_]+", "_", name).strip("_") or "port"
        plain = plain if plain[0].isalpha() else f"p_{plain}"
        chosen, number = plain, 2
        while chosen in found.values():
            chosen, number = f"{plain}_{number}", number + 1
        found[name] = chosen
    return found


def output_paths(spec: ComponentSpec, folder: str) -> dict[str, str]:
    """Where each output goes: a folder each below `folder`, with the file name that the notebook gives it."""
    safe = safe_names(port.name for port in spec.outputs)
    return {port.name: f"{folder}/{safe[port.name]}/{_file_name(port)}" for port in spec.outputs}


def _file_name(port: OutputSpec) -> str:
    if port.kind == "parameter":
        return "value.txt"
    given = PurePosixPath(port.default).name if isinstance(port.default, str) else ""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", given).strip("._-")
    return plain[-100:] or "data"


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

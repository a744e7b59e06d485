"""Types by use: a parameter that the code hands to a reader is an input artifact, to a writer an output one.

The table is `readers_writers.yaml`. A name is followed where it is handed over as it is, in an f-string, through `+`,
`os.path.join` and `Path(…)`. Only plain strings without an annotation or a cast are looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from claimed_jlab.component.environment import environment_call
from claimed_jlab.component.parameters import assignments
from claimed_jlab.component.source import NotebookSource
from claimed_jlab.component.spec import Diagnostic, InputSpec, OutputSpec


def infer_artifacts(
    source: NotebookSource, inputs: list[InputSpec], outputs: list[OutputSpec], diagnostics: list[Diagnostic]
) -> tuple[list[InputSpec], list[OutputSpec]]:
    """Turns inferred `str` inputs into artifacts where the code reads or writes the file they name."""
    uses = _uses(source)
    kept: list[InputSpec] = []
    made = list(outputs)
    for port in inputs:
        read, written = uses.get(port.name, {}).get("reads"), uses.get(port.name, {}).get("writes")
        if not port.inferred or port.type != "str" or not (read or written):
            kept.append(port)
        elif written:
            if read:
                diagnostics.append(_both(port.name))
            made.append(_as_output(port, written))
        else:
            kept.append(_as_input(port, str(read)))
    return kept, made


def _as_output(port: InputSpec, title: str) -> OutputSpec:
    return OutputSpec(
        name=port.name,
        type=f"Output[{title}]",
        description=port.description,
        default=port.default,
        inferred=True,
        convention=port.convention,
    )


def _as_input(port: InputSpec, title: str) -> InputSpec:
    optional = port.optional and port.default in (None, "")
    return port.model_copy(update={"type": f"Input[{title}]", "optional": optional})


def _both(name: str) -> Diagnostic:
    message = f"the file {name!r} is read and written: taken as an output; annotate it if it is an input"
    return Diagnostic(level="warning", code="read-and-written", message=message, field=name)


def _uses(source: NotebookSource) -> dict[str, dict[str, str]]:
    """How each input's file is used: {input: {"reads": "Dataset"}}."""
    aliases = _aliases(source)
    inputs_of = _bound_names(source)
    table = _table()
    found: dict[str, dict[str, str]] = {}
    for cell in source.cells:
        for node in ast.walk(cell.tree):
            if not isinstance(node, ast.Call):
                continue
            for way, title in _ways(node, aliases, table):
                for name in _names_handed_over(node, inputs_of):
                    found.setdefault(name, {}).setdefault(way, title)
    return found


def _ways(node: ast.Call, aliases: dict[str, str], table: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    dotted = _dotted(node.func)
    if dotted == "open":
        yield ("writes" if _open_mode(node).strip("b+t")[:1] in ("w", "a", "x") else "reads"), "Artifact"
        return
    head, _, rest = dotted.partition(".")
    full = f"{aliases.get(head, head)}.{rest}" if rest else aliases.get(head, head)
    method = f".{dotted.rsplit('.', 1)[-1]}"
    for way, calls in table.items():
        if full in calls or ("." in dotted and method in calls):
            yield way, calls.get(full) or calls[method]


def _names_handed_over(node: ast.Call, inputs_of: dict[str, set[str]]) -> set[str]:
    """Inputs whose value is (a part of) the path given to a call: its first two arguments, or its object."""
    places: list[ast.expr] = [*node.args[:2], *(keyword.value for keyword in node.keywords)]
    if isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Call | ast.BinOp):
        places.append(node.func.value)
    return {name for place in places for name in _path_names(place, inputs_of)}


def _path_names(node: ast.expr, inputs_of: dict[str, set[str]]) -> set[str]:
    if isinstance(node, ast.Name):
        return inputs_of.get(node.id, set())
    if isinstance(node, ast.JoinedStr):
        parts = [value.value for value in node.values if isinstance(value, ast.FormattedValue)]
        return set().union(*(_path_names(part, inputs_of) for part in parts), set())
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
        return _path_names(node.left, inputs_of) | _path_names(node.right, inputs_of)
    if isinstance(node, ast.Call) and _dotted(node.func).rsplit(".", 1)[-1] in (
        "join",
        "Path",
        "str",
        "open",
    ):
        return set().union(*(_path_names(argument, inputs_of) for argument in node.args), set())
    return set()


def _bound_names(source: NotebookSource) -> dict[str, set[str]]:
    """Variables to the inputs whose value they hold, through assignments in the order of the notebook."""
    bound: dict[str, set[str]] = {}
    for cell in source.cells:
        for item in assignments(cell):
            call = environment_call(item.value)
            if call is not None:
                bound[item.name] = {call.name}
            elif "parameters" in cell.tags:
                bound[item.name] = {item.name}
            elif item.value is not None and (names := _path_names(item.value, bound)):
                bound[item.name] = names
    return bound


def _aliases(source: NotebookSource) -> dict[str, str]:
    found: dict[str, str] = {}
    for cell in source.cells:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def _open_mode(node: ast.Call) -> str:
    given: list[Any] = [
        *node.args[1:2],
        *(keyword.value for keyword in node.keywords if keyword.arg == "mode"),
    ]
    return str(given[0].value) if given and isinstance(given[0], ast.Constant) else "r"


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    text = resources.files("claimed_jlab.component").joinpath("readers_writers.yaml").read_text(encoding="utf-8")
    return {way: dict(calls) for way, calls in yaml.safe_load(text).items()}

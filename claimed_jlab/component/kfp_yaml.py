"""`component.yaml`: a component as Kubeflow Pipelines loads it, with our own spec in its annotations.

Format: KFP's component specification (v1), which `kfp.components.load_component_from_file` still reads. Written with
a YAML library from data, so that no name, default or description can become syntax.
"""

from __future__ import annotations

import base64
import itertools
import json
import zlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from claimed_jlab.component.source import cell_text, read_notebook
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec
from claimed_jlab.component.types import PortType, UnknownType, parse_type
from claimed_jlab.component.yaml_text import yaml_text
from claimed_jlab.errors import ClaimedError

FILE_NAME = "component.yaml"
IMAGE = "python:3.11-slim"
PIECE = 98_304  # characters of one word: Linux takes no longer one than 128 KiB
# Characters of a packed notebook that travels on a command line. Linux takes 2 MB of words in all, and Kubernetes no
# object of more than 1.5 MB, in which the rest of the pipeline stands too.
LARGEST_NOTEBOOK = 1_000_000
KEPT = ("executed_notebook", "execution_log")
_SPEC, _DIGEST, _NOTEBOOK = "claimed.spec", "claimed.digest", "claimed.notebook"
# What the notebook says better, or would make the file another one wherever a line moves.
_PLACE: Any = {"__all__": {"cell", "line", "fix"}}
_OF_THE_NOTEBOOK: Any = {
    **dict.fromkeys(("path", "catalog", "container", "digest", "diagnostics"), True),
    "inputs": _PLACE,
    "outputs": _PLACE,
}
_AGAIN = "make it again with `jupyter claimed component create`"
_DAMAGED = (OSError, yaml.YAMLError, UnknownType, KeyError, TypeError, AttributeError, ValueError, RecursionError)
_KFP_TYPES = {
    "str": "String",
    "Secret": "String",
    "int": "Integer",
    "float": "Float",
    "bool": "Boolean",
    "list": "JsonArray",
    "dict": "JsonObject",
}


class BadComponentFile(ClaimedError):
    """A component.yaml that is no YAML, or not one that we wrote."""

    code = "bad-component-file"


class NotOurs(BadComponentFile):
    """A component.yaml that somebody else wrote; KFP may read it."""


def component_document(spec: ComponentSpec) -> dict[str, Any]:
    """The component as KFP's data. Raises NotANotebook when its notebook is gone."""
    described = spec.model_dump(mode="json", exclude=_OF_THE_NOTEBOOK)
    return {
        "name": spec.name,
        "description": spec.description or spec.title,
        "metadata": {
            "annotations": {
                _NOTEBOOK: Path(spec.path).name,
                _DIGEST: spec.digest,
                _SPEC: json.dumps(described, ensure_ascii=False, sort_keys=True),
            }
        },
        "inputs": [_input(port) for port in spec.inputs],
        "outputs": [_output(port) for port in (*spec.outputs, *kept_outputs(spec))],
        "implementation": {"container": _container(spec)},
    }


def component_yaml(spec: ComponentSpec) -> str:
    """The text of `component.yaml`; the same for the same component."""
    return yaml_text(component_document(spec))


def read_component_yaml(path: Path) -> ComponentSpec:
    """The spec that a `component.yaml` of ours carries; `digest` is that of the notebook it was made from.

    Raises BadComponentFile; NotOurs when nothing in it is of ours.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
        annotations = _annotations(document)
        if not {_SPEC, _NOTEBOOK, _DIGEST} & annotations.keys():
            raise NotOurs("is no component file of ours", where=str(path), hint=_AGAIN)
        described = json.loads(annotations[_SPEC])
        described.pop("container", None)  # what runs is the notebook, whatever the file says
        notebook = path.parent / annotations[_NOTEBOOK]
        spec = ComponentSpec(**described, path=str(notebook), digest=annotations[_DIGEST])
        for port in (*spec.inputs, *spec.outputs):
            parse_type(port.type)
        return spec
    except _DAMAGED as error:
        raise BadComponentFile(
            "is no component file of ours",
            where=str(path),
            hint=_AGAIN,
        ) from error


def _annotations(document: Any) -> dict[str, Any]:
    about = document.get("metadata") if isinstance(document, dict) else None
    annotations = about.get("annotations") if isinstance(about, dict) else None
    return annotations if isinstance(annotations, dict) else {}


def _input(port: InputSpec) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": port.name, "type": _kfp_type(port.port_type)}
    if port.description:
        entry["description"] = port.description
    if port.optional:
        entry["optional"] = True
        if port.prefix:
            entry["default"] = ""
        elif port.kind == "parameter" and port.default is not None and not port.secret:
            entry["default"] = _text(port.default)
    return entry


def _output(port: OutputSpec) -> dict[str, Any]:
    entry = {"name": port.name, "type": _kfp_type(port.port_type)}
    if port.description:
        entry["description"] = port.description
    return entry


def kept_outputs(spec: ComponentSpec) -> tuple[OutputSpec, OutputSpec]:
    """What is kept of each run of a notebook, beside its own outputs: the executed notebook, and all that it printed.

    Their names are others where the notebook has outputs that KFP knows by these.
    """
    taken = {port.name.lower() for port in spec.outputs}
    names = [next(name for name in _numbered(wanted) if name not in taken) for wanted in KEPT]
    described = ("The notebook with what its cells gave", "All that it printed")
    notebook, log = (
        OutputSpec(name=name, type="Output[Artifact]", description=text)
        for name, text in zip(names, described, strict=True)
    )
    return notebook, log


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}_{number}" for number in itertools.count(2))


def _container(spec: ComponentSpec) -> dict[str, Any]:
    arguments: list[Any] = [*lead_arguments(spec)]
    for port in spec.inputs:
        arguments += _input_arguments(port)
    for out in spec.outputs:
        option = "--output" if out.kind == "artifact" else "--output-parameter"
        if out.convention == "environment":
            option += "-environment"
        arguments += [option, out.name, {"outputPath": out.name}]
    for option, out in zip(("--executed-notebook", "--execution-log"), kept_outputs(spec), strict=True):
        arguments += [option, out.name, {"outputPath": out.name}]
    return {"image": IMAGE, "command": ["python3", "-c", step_text()], "args": arguments}


def step_text() -> str:
    """The program that runs a notebook."""
    return resources.files("claimed_jlab.component").joinpath("step.py").read_text(encoding="utf-8")


def lead_arguments(spec: ComponentSpec, notebook: bytes | None = None) -> list[str]:
    """The words before those of the ports: what is needed, and the notebook in pieces.

    notebook: as `packed` gives it, where it is at hand; none of it where it is empty.
    """
    words = ["--requirements", json.dumps(list(spec.requirements))]
    text = base64.b64encode(packed(spec) if notebook is None else notebook).decode()
    for at in range(0, len(text), PIECE):
        words += ["--notebook", text[at : at + PIECE]]
    return words


def _input_arguments(port: InputSpec) -> list[Any]:
    environment = port.convention == "environment"
    if port.kind == "artifact":
        words: list[Any] = [
            "--artifact" + ("-environment" if environment else ""),
            port.name,
            {"inputPath": port.name},
        ]
    else:
        kind = _plain(port.port_type)
        words = [
            "--environment" if environment else "--parameter",
            port.name,
            kind,
            {"inputValue": port.name},
        ]
    if port.optional and (port.kind == "artifact" or port.default is None):
        return [{"if": {"cond": {"isPresent": port.name}, "then": words}}]
    return words


def packed(spec: ComponentSpec) -> bytes:
    """The notebook's cells without outputs, compressed; the same bytes for the same cells. Raises NotANotebook."""
    content = read_notebook(Path(spec.path))
    cells = []
    for cell in content["cells"]:
        kept = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell_text(cell)}
        if tags := cell.get("metadata", {}).get("tags"):
            kept["metadata"] = {"tags": list(tags)}
        if cell["cell_type"] == "code":
            kept |= {"outputs": [], "execution_count": None}
        cells.append(kept)
    kernel = _KERNEL
    if spec.language != "python":
        kernel = {"display_name": spec.language, "language": spec.language, "name": spec.kernel}
    bare = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 4}
    return zlib.compress(json.dumps(bare, sort_keys=True).encode(), 9)


_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def _plain(kind: PortType) -> str:
    return type(kind.choices[0]).__name__ if kind.choices else kind.name


def _kfp_type(kind: PortType) -> str:
    if kind.kind == "artifact":
        return kind.name
    return _KFP_TYPES.get(_plain(kind), "String")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)

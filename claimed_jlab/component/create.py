"""Makes a component of a notebook: a folder with the cleaned notebook and what is derived from it.

That is `component.yaml`, `component.ir.yaml` (the same for KFP v2), `requirements.lock`, `README.md`, and a sample of
its inputs when the notebook has been run.
"""

from __future__ import annotations

import copy
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from claimed_jlab.component.catalog import existing_component, version_key
from claimed_jlab.component.difference import next_version
from claimed_jlab.component.export import ir, lock, readme
from claimed_jlab.component.kfp_yaml import FILE_NAME, component_yaml
from claimed_jlab.component.reader import modules_beside, read_component
from claimed_jlab.component.sample import sample
from claimed_jlab.component.source import read_notebook
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError


class ComponentExists(ClaimedError):
    """There is a component of that name already."""

    code = "component-exists"


def create_component(notebook: Path, out: Path, *, force: bool = False, with_sample: bool = True) -> ComponentSpec:
    """Writes the component of `notebook` into `out/<name>/` and returns its spec.

    When the notebook already stands in that folder, only `component.yaml` beside it is written anew. Otherwise the
    folder appears whole or not at all. Where a component is replaced, the version is at least what the difference to
    it demands (see `difference`), and the copy of the notebook says so. Raises NotANotebook, ComponentExists, or
    ClaimedError when the notebook has an error that makes it unusable as a component.

    with_sample: whether the inputs that the notebook was run with come along (see `sample`).
    """
    run = read_notebook(notebook)
    content = _without_injected(run)
    spec = read_component(notebook, content=content)
    if spec.errors:
        first = spec.errors[0]
        raise ClaimedError(first.message, where=f"{notebook}: {first.where or ''}".rstrip(": "), code=first.code)
    folder = out.absolute() / spec.name
    if folder == notebook.absolute().parent:
        _write(folder / FILE_NAME, component_yaml(spec))
        return spec
    if folder.exists() and not force:
        raise ComponentExists("exists already", where=str(folder), hint="choose another --out or use --force")
    replaced = existing_component(folder)
    if replaced is not None:
        version = max(spec.version, next_version(replaced, spec), key=version_key)
        spec = spec.model_copy(update={"version": version})
    sampled = sample(notebook, run, spec) if with_sample else {}
    return _publish(notebook, spec, folder, {f"{spec.name}.ipynb": clean(content, spec.version).encode(), **sampled})


def clean(content: dict[str, Any], version: str) -> str:
    """The notebook's text without outputs, execution counts and what editors leave in metadata, in this version."""
    content = copy.deepcopy(content)
    for cell in content["cells"]:
        if cell.get("cell_type") == "code":
            cell["outputs"], cell["execution_count"] = [], None
        cell["metadata"] = {key: cell["metadata"][key] for key in ("tags", "name") if key in cell.get("metadata", {})}
    keep = ("kernelspec", "language_info", "claimed")
    content["metadata"] = {key: content["metadata"][key] for key in keep if key in content["metadata"]}
    claimed = content["metadata"].get("claimed")
    content["metadata"]["claimed"] = {**(claimed if isinstance(claimed, dict) else {}), "version": version}
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    # Half a surrogate pair, which JSON may hold and UTF-8 may not, stays the escape that it was.
    return text.encode("utf-8", "backslashreplace").decode()


def _without_injected(content: dict[str, Any]) -> dict[str, Any]:
    """The notebook without the cell that papermill put in when it ran it."""
    cells = content["cells"]
    kept = [cell for cell in cells if "injected-parameters" not in (cell.get("metadata") or {}).get("tags", [])]
    return {**content, "cells": kept}


def _publish(notebook: Path, spec: ComponentSpec, folder: Path, files: dict[str, bytes]) -> ComponentSpec:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".create-", dir=folder.parent) as building:
        made = Path(building) / spec.name
        made.mkdir()
        for name, content in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_bytes(content)
        for module in modules_beside(notebook):
            shutil.copy2(module, made / module.name)
        spec = spec.model_copy(update={"path": str(made / f"{spec.name}.ipynb")})
        for name, text in _derived(spec).items():
            (made / name).write_text(text, encoding="utf-8")
        if folder.exists():
            folder.replace(Path(building) / "replaced")
        made.replace(folder)
    return spec.model_copy(update={"path": str(folder / f"{spec.name}.ipynb")})


def _derived(spec: ComponentSpec) -> dict[str, str]:
    return {
        FILE_NAME: component_yaml(spec),
        ir.FILE_NAME: ir.ir_yaml(spec),
        lock.FILE_NAME: lock.lock(spec.requirements, spec.kernel).text(),
        readme.FILE_NAME: readme.readme(spec),
    }


def _write(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as target:
        target.write(text)
    written = Path(target.name)
    written.chmod(0o644)
    written.replace(path)

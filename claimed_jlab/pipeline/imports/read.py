"""Reads a file of any format that can become a document, told apart by what is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claimed_jlab.component.catalogs.errors import NotKfp
from claimed_jlab.component.catalogs.kfp import load_documents
from claimed_jlab.pipeline.document import FORMAT, read_text
from claimed_jlab.pipeline.imports.elyra import is_elyra, read_elyra
from claimed_jlab.pipeline.imports.imported import Imported, NotImportable
from claimed_jlab.pipeline.imports.ir import is_ir, read_ir
from claimed_jlab.pipeline.python.code import BadPython
from claimed_jlab.pipeline.python.read import Resolve, read_python, unknown


def import_file(path: Path, resolve: Resolve = unknown) -> Imported:
    """The document of a file: Python of KFP's DSL, Elyra's `.pipeline`, a compiled pipeline of KFP's.

    resolve: the component of a reference, as far as it is known.  Raises NotImportable, BadPython, ClaimedError.
    """
    if path.suffix == ".py":
        try:
            module = read_python(read_text(path), file=path.name, resolve=resolve)
        except BadPython as error:
            raise NotImportable(error.message, where=_place(path, error.line)) from None
        return Imported(module.document, module.diagnostics)
    data, settings = [*_documents(path), None, None][:2]
    if is_elyra(data):
        return read_elyra(data, path.stem)
    if is_ir(data):
        return read_ir(data, path.stem, settings)
    if isinstance(data, dict) and data.get("format") == FORMAT:
        raise NotImportable("is a pipeline already", where=str(path))
    raise NotImportable(
        "is no pipeline that can be read", where=str(path), hint="Python of KFP's DSL, Elyra's .pipeline, or KFP's YAML"
    )


def _documents(path: Path) -> list[Any]:
    if path.suffix in (".yaml", ".yml"):
        try:
            return load_documents(path)
        except NotKfp as error:
            raise NotImportable(error.message, where=str(path)) from None
    try:
        return [json.loads(read_text(path))]
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise NotImportable(f"is not JSON: {getattr(error, 'msg', error)}", where=_place(path, line)) from None
    except RecursionError:
        raise NotImportable("is not JSON that can be read", where=str(path)) from None


def _place(path: Path, line: int | None) -> str:
    return f"{path}, line {line}" if line else str(path)

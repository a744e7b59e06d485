"""What a person sees of an artifact without loading it: a report's chart, a table's head, text, an image.

Nothing is executed: a pickled model is told of by its instructions, never opened. The readers of the kinds of files are
in `claimed_jlab.run.previews`; what they are given is bounded in time and in memory, whatever it claims to be.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from claimed_jlab.report import NotAReport, ReportError, load
from claimed_jlab.run.previews import dicom, estimators, images, networks, onnx, tables, tensors
from claimed_jlab.run.previews.separated import layout_of, named_layout
from claimed_jlab.run.previews.shown import Shown
from claimed_jlab.run.record import ArtifactValue

_TEXT_BYTES = 256 * 1024
_REPORT_BYTES = 32 << 20
# The type of an artifact whose file is looked into for a table, whatever its name.
_TABLES = "Dataset"
_READERS: dict[str, Callable[[Path], Shown]] = {
    ".parquet": tables.parquet,
    ".joblib": estimators.pickled_model,
    ".pkl": estimators.pickled_model,
    ".pickle": estimators.pickled_model,
    ".pt": tensors.torch_model,
    ".pth": tensors.torch_model,
    ".safetensors": tensors.safetensors,
    ".keras": networks.keras,
    ".onnx": onnx.onnx,
    **dict.fromkeys(images.KINDS, images.image),
}
_TEXTS = (".json", ".txt", ".log", ".md", ".yaml", ".yml", ".py", ".svg")


class Preview(BaseModel):
    """An artifact for the eye: a Jupyter MIME bundle. truncated: there is more than is shown."""

    name: str
    type: str
    uri: str
    artifact_id: int | None = None
    mimebundle: dict[str, Any] = Field(default_factory=dict)
    truncated: bool = False
    size: int | None = Field(None, description="Bytes, of an artifact")
    fetch: bool = Field(False, description="It is elsewhere, and comes when it is asked for")


def preview(value: ArtifactValue) -> Preview:
    """The preview of an artifact; one whose file is gone says so."""
    if value.is_elsewhere:
        bundle, truncated = {"text/plain": f"It is kept elsewhere: {value.uri}"}, False
    else:
        try:
            bundle, truncated = _bundle(value.path, value)
        except OSError as error:
            bundle, truncated = {"text/plain": f"The file can't be read: {error.strerror or error}"}, False
    return Preview(
        size=value.size,
        fetch=value.is_elsewhere,
        name=value.name,
        type=value.type,
        uri=value.uri,
        artifact_id=value.artifact_id,
        mimebundle=bundle,
        truncated=truncated,
    )


def value_preview(name: str, value: Any) -> Preview:
    """The preview of an output parameter."""
    text = value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)
    return Preview(name=name, type=type(value).__name__, uri="", mimebundle={"text/plain": text})


def _bundle(path: Path, value: ArtifactValue) -> tuple[dict[str, Any], bool]:
    if not path.exists():
        return {"text/plain": f"The file is gone: {path}"}, False
    if (path / "saved_model.pb").is_file():
        return networks.saved_model(path)
    if path.is_dir() and (files := dicom.series_files(path)):
        return dicom.series(files)
    if path.is_dir():
        return {"text/plain": f"A folder of {value.size:,} bytes: {path}"}, False
    if not path.is_file():
        # Reading from a pipe or a device would never end.
        return {"text/plain": f"It is neither a file nor a folder: {path}"}, False
    suffix = path.suffix.lower()
    if suffix in _READERS:
        return _READERS[suffix](path)
    layout = layout_of(path) if value.type == _TABLES else named_layout(path)
    if layout is not None:
        return tables.delimited(path, layout)
    if suffix == ".json" and path.stat().st_size <= _REPORT_BYTES:
        try:
            return dict(load(path)._repr_mimebundle_()), False
        except (NotAReport, ReportError):
            return _text(path, "text/plain")
    if suffix in (".html", ".htm"):
        return _text(path, "text/html")
    if suffix in _TEXTS:
        return _text(path, "text/markdown" if suffix == ".md" else "text/plain")
    if dicom.is_dicom(path):
        return dicom.dicom(path)
    return {"text/plain": f"{value.type}, {value.size:,} bytes\n{value.digest}\n{path}"}, False


def _text(path: Path, mime: str) -> tuple[dict[str, Any], bool]:
    limit = _TEXT_BYTES * 8 if mime == "text/html" else _TEXT_BYTES
    with path.open("rb") as file:
        content = file.read(limit + 1)
    return {mime: content[:limit].decode("utf-8", "replace")}, len(content) > limit

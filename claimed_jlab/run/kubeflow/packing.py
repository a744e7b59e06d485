"""A notebook on its way into a pod: in the spec, in pieces; a large one as a file below the pipeline root."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from claimed_jlab.component.export.arguments import NotebookTooLarge
from claimed_jlab.component.export.ir import ir_document, keys_of, schema_of
from claimed_jlab.component.kfp_yaml import IMAGE, LARGEST_NOTEBOOK, PIECE, lead_arguments, packed
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.run.kubeflow.containers import container_of
from claimed_jlab.run.kubeflow.options import CompileOptions

FOLDER = "claimed/notebooks"
FILES = "claimed/files"
LARGEST_CARRIED = 256 * 1024  # bytes of a file that travels in the spec, of which a cluster takes about 1 MB
LARGEST_FILE = 100_000_000  # bytes of a file beside a document that goes along with a run


_CARRIER = """import base64, os, sys, zlib
path = sys.argv[1]
os.makedirs(os.path.dirname(path), exist_ok=True)
open(path, "wb").write(zlib.decompress(base64.b64decode("".join(sys.argv[2:]))))
"""


@dataclass(frozen=True)
class Packed:
    """What runs a component. upload: its notebook's URI and bytes, where it is too large for the spec.

    notebook: the input by which the notebook then comes.
    """

    component: dict[str, Any]
    container: dict[str, Any]
    upload: tuple[str, bytes] | None = None
    notebook: str = ""


def pack(spec: ComponentSpec, image: str | None, pipeline_root: str | None) -> Packed:
    """The component with its definitions, and its container. image: another than its own.

    Raises NotANotebook, NotebookTooLarge.
    """
    if spec.container is not None:
        found = _of_container(spec)
    elif len(content := packed(spec)) * 4 > LARGEST_NOTEBOOK * 3:
        found = _by_upload(spec, content, pipeline_root)
    else:
        found = _of_document(spec)
    if image is None:
        return found
    return Packed(found.component, {**found.container, "image": image}, found.upload, found.notebook)


def file_problem(path: Path, options: CompileOptions) -> str | None:
    """Why a file beside a document can't go along with a run, in words; None when it can."""
    if is_carried(path, options):
        return None
    if not options.pipeline_root:
        small = f" (it has more than {LARGEST_CARRIED // 1024} KiB)" if options.carry_files and path.is_file() else ""
        return f"is a file of this machine, which no pod can read{small}: set the pipeline root, or give a URI"
    if not path.is_file():
        return "is no single file, which alone can go along: give a URI"
    if path.stat().st_size > LARGEST_FILE:
        return f"is too large to go along with a run (at most {LARGEST_FILE // 10**6} MB): give a URI"
    return None


def is_carried(path: Path, options: CompileOptions) -> bool:
    """Whether a file travels in the spec itself."""
    small = path.is_file() and path.stat().st_size <= LARGEST_CARRIED
    return options.carry_files and not options.pipeline_root and small


def carrier(path: Path, title: str, image: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(component, container) of a task that gives a file which is in its own words. title: the artifact's type."""
    text = base64.b64encode(zlib.compress(path.read_bytes(), 9)).decode()
    words = [text[start : start + PIECE] for start in range(0, len(text), PIECE)]
    component = {"outputDefinitions": {"artifacts": {"artifact": {"artifactType": schema_of(title)}}}}
    args = ["{{$.outputs.artifacts['artifact'].path}}", *words]
    return component, {"image": image or IMAGE, "command": ["python3", "-c", _CARRIER], "args": args}


def file_upload(path: Path, pipeline_root: str) -> tuple[str, bytes]:
    """A file's URI below the pipeline root, by its content, and its bytes."""
    content = path.read_bytes()
    return f"{pipeline_root.rstrip('/')}/{FILES}/{sha256(content).hexdigest()}/{path.name}", content


def _of_container(spec: ComponentSpec) -> Packed:
    from claimed_jlab.component.export.ir import definitions_of

    return Packed(definitions_of(spec), container_of(spec))


def _of_document(spec: ComponentSpec) -> Packed:
    document = ir_document(spec)
    [component] = document["components"].values()
    [executor] = document["deploymentSpec"]["executors"].values()
    component = {key: value for key, value in component.items() if key != "executorLabel"}
    return Packed(component, dict(executor["container"]))


def _by_upload(spec: ComponentSpec, content: bytes, pipeline_root: str | None) -> Packed:
    """An importer brings the notebook: named by its content, so that an unchanged one is there already."""
    if not pipeline_root:
        raise NotebookTooLarge(
            f"is too large for a pipeline's spec ({len(content) / 1e6:.1f} MB packed)",
            where=spec.path,
            hint="set the pipeline root in the settings of Kubeflow: it then travels through the object store",
        )
    whole = _of_document(spec)
    uri = f"{pipeline_root.rstrip('/')}/{FOLDER}/{sha256(content).hexdigest()}"
    inputs = whole.component.get("inputDefinitions", {})
    taken = [*inputs.get("parameters", {}), *inputs.get("artifacts", {})]
    name = list(keys_of([*taken, "claimed_notebook"]).values())[-1]
    about = {"artifactType": {"schemaTitle": "system.Artifact", "schemaVersion": "0.0.1"}}
    inputs = {**inputs, "artifacts": {**inputs.get("artifacts", {}), name: about}}
    words = whole.container["args"][len(lead_arguments(spec, content)) :]
    lead = [*lead_arguments(spec, b""), "--notebook-file", f"{{{{$.inputs.artifacts['{name}'].path}}}}"]
    lead = [word.replace("{{$", "{{\\u0024") if word.startswith("[") else word for word in lead]
    container = {**whole.container, "args": [*lead, *words]}
    return Packed({**whole.component, "inputDefinitions": inputs}, container, (uri, content), name)

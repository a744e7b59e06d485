"""A component of Kubeflow Pipelines as one of ours: component YAML (v1) and the intermediate representation (v2).

What runs is a container, so its image, command, arguments and environment are kept as data, KFP's placeholders in them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml
from blake3 import blake3
from pydantic import ValidationError

from claimed_jlab.component.catalogs.errors import NotKfp
from claimed_jlab.component.catalogs.kfp_v1 import V1
from claimed_jlab.component.catalogs.kfp_v2 import V2
from claimed_jlab.component.catalogs.loose import TooMuch, plain
from claimed_jlab.component.spec import ComponentSpec, Container

CATEGORY = "kubeflow"
LARGEST = 2 * 1024**2


def read_kfp(path: Path) -> ComponentSpec:
    """The component that a YAML file describes. Raises NotKfp."""
    return kfp_component(load_yaml(path), path)


def load_yaml(path: Path) -> Any:
    """The first document of a YAML file. Raises NotKfp when it can't be read or is larger than 2 MB."""
    return next(iter(load_documents(path)), None)


def load_documents(path: Path) -> list[Any]:
    """The documents of a YAML file: of a compiled pipeline, its Kubernetes settings are the second. Raises NotKfp."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    where = str(path)
    try:
        if path.stat().st_size > LARGEST:
            raise NotKfp(f"is larger than {LARGEST // 1024**2} MB", where=where)
        return list(yaml.load_all(path.read_text(encoding="utf-8"), Loader=loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise NotKfp(f"is not YAML{f' (line {mark.line + 1})' if mark else ''}", where=where) from None
    except (OSError, ValueError, RecursionError) as error:
        raise NotKfp(f"can't be read: {error}", where=where) from None


def is_kfp(document: Any) -> bool:
    """Whether data looks like a component of KFP, of either format."""
    return isinstance(document, dict) and ("implementation" in document or "deploymentSpec" in document)


def kfp_component(document: Any, path: Path) -> ComponentSpec:
    """The component that KFP's data describes. path: the file it was read from.  Raises NotKfp."""
    where = str(path)
    if not is_kfp(document):
        raise NotKfp("is no component of Kubeflow Pipelines: it has no `implementation`", where=where)
    try:
        data = plain(document)
        read = V1(data, where) if "implementation" in data else V2(data, where)
        return _spec(read, path)
    except (ValidationError, TooMuch, TypeError, AttributeError) as error:
        why = str(error) if isinstance(error, TooMuch) else "its fields are not what KFP's format says"
        raise NotKfp(f"is no component of Kubeflow Pipelines: {why}", where=where) from None


def _spec(read: V1 | V2, path: Path) -> ComponentSpec:
    container = read.container()
    title = read.title()
    return ComponentSpec(
        name=_dashed(title),
        title=title,
        description=read.description(),
        version=read.version(),
        category=CATEGORY,
        author=read.author(),
        inputs=tuple(read.inputs()),
        outputs=tuple(read.outputs()),
        diagnostics=tuple(read.diagnostics),
        container=container,
        path=str(path.absolute()),
        digest=_digest(container),
    )


def _digest(container: Container) -> str:
    text = json.dumps(container.model_dump(mode="json"), sort_keys=True)
    return f"blake3:{blake3(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _dashed(text: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in text.lower())
    return "-".join(part for part in kept.split("-") if part) or "component"

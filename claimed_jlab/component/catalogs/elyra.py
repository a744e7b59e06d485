"""Elyra's component catalogs: JSON files that list KFP component YAML by URL, by file or by directory.

Format: elyra-ai/elyra, `elyra/metadata/schemas/{url,local-file,local-directory}-catalog.json`; Elyra keeps them in
`<a Jupyter data folder>/metadata/component-catalogs/`. A relative path begins at `base_path`, else at `components/`
of the environment's Jupyter folder, as in Elyra's `catalog_connector.py`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claimed_jlab.component.catalogs.errors import CatalogError
from claimed_jlab.component.catalogs.loose import line, mapping, texts

FOLDER = ("metadata", "component-catalogs")
_LARGEST = 1024**2
_SCHEMAS = ("url-catalog", "local-file-catalog", "local-directory-catalog")


class BadConnector(CatalogError):
    """The file is no catalog of Elyra's, or one that can't be read here."""

    code = "bad-elyra-catalog"


@dataclass(frozen=True)
class Connector:
    """One of Elyra's catalogs. paths: URLs, or absolute paths of files or folders, by `schema`."""

    name: str
    schema: str
    paths: tuple[str, ...]
    category: str = ""
    recursive: bool = False

    @property
    def by_url(self) -> bool:
        return self.schema == "url-catalog"


def read_connector(path: Path) -> Connector:
    """Reads one of Elyra's catalog files. Raises BadConnector."""
    where = str(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise BadConnector("is too large for a catalog of Elyra's", where=where)
        data = mapping(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError) as error:
        raise BadConnector(f"can't be read: {error}", where=where) from None
    schema, about = line(data.get("schema_name")), mapping(data.get("metadata"))
    runtime = line(about.get("runtime_type")) or "KUBEFLOW_PIPELINES"
    if schema not in _SCHEMAS:
        can = ", ".join(_SCHEMAS)
        raise BadConnector(f"its connector {schema!r} can't be read here", where=where, hint=f"these can: {can}")
    if runtime != "KUBEFLOW_PIPELINES":
        raise BadConnector(f"is for {runtime}: only Kubeflow Pipelines' components can be read", where=where)
    paths = texts(about.get("paths"))
    if schema != "url-catalog":
        base = line(about.get("base_path"))
        paths = [str(_absolute(text, base)) for text in paths]
    return Connector(
        name=line(data.get("display_name")) or path.stem,
        schema=schema,
        paths=tuple(paths),
        category=_category(texts(about.get("categories"))),
        recursive=about.get("include_subdirs") is True,
    )


def connector_files() -> Iterator[Path]:
    """The catalog files of Elyra here, the user's own first; of two with one name the first counts."""
    seen: set[str] = set()
    for folder in _folders():
        try:
            names = sorted(name for name in os.listdir(folder) if name.endswith(".json"))  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            if name not in seen:
                seen.add(name)
                yield folder / name


def connectors_stamp() -> tuple[tuple[str, int, int], ...]:
    """Moves when one of Elyra's catalog files here does."""
    found = []
    for path in connector_files():
        try:
            about = path.stat()
        except OSError:
            continue
        found.append((str(path), about.st_mtime_ns, about.st_size))
    return tuple(found)


def _folders() -> list[Path]:
    from jupyter_core.paths import jupyter_path

    return [Path(folder) for folder in jupyter_path(*FOLDER)]


def _absolute(text: str, base: str) -> Path:
    # Not `Path.expanduser`, which raises for a user who is not there.
    path = Path(os.path.expanduser(text))  # noqa: PTH111
    if not path.is_absolute() and base:
        path = Path(os.path.expanduser(base)) / path  # noqa: PTH111
    return path if path.is_absolute() else Path(sys.prefix, "share", "jupyter", "components") / path


def _category(categories: list[str]) -> str:
    """The first category as the beginning of a reference."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in (categories or [""])[0].lower())
    return "-".join(part for part in kept.split("-") if part)

"""The facets of our events: OpenLineage's own where there is one, ours (`claimed_…`) for the rest."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from pathlib import PurePath, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from claimed_jlab import __version__
from claimed_jlab.lineage import names
from claimed_jlab.lineage.standards.openlineage.datasets import proper_uri
from claimed_jlab.lineage.standards.story import StoryArtifact, StoryRun, StoryTask

PRODUCER = f"https://github.com/claimed-framework/claimed-jlab/tree/v{__version__}"
SPEC = "https://openlineage.io/spec"
_OURS = "https://claimed-framework.github.io/claimed-jlab/openlineage/1-0-0"
# By facet: the version of its schema, and its name.
_VERSIONS = {
    "parent": ("1-2-0", "ParentRunFacet"),
    "errorMessage": ("1-0-1", "ErrorMessageRunFacet"),
    "processing_engine": ("1-1-1", "ProcessingEngineRunFacet"),
    "jobType": ("2-0-4", "JobTypeJobFacet"),
    "sourceCodeLocation": ("1-1-0", "SourceCodeLocationJobFacet"),
    "ownership": ("1-0-1", "OwnershipJobFacet"),
    "dataSource": ("1-0-1", "DatasourceDatasetFacet"),
    "storage": ("1-0-1", "StorageDatasetFacet"),
    "version": ("1-0-1", "DatasetVersionDatasetFacet"),
    "outputStatistics": ("1-0-2", "OutputStatisticsOutputDatasetFacet"),
}
_TITLES = {
    "claimed_run": "ClaimedRunFacet",
    "claimed_task": "ClaimedTaskRunFacet",
    "claimed_artifact": "ClaimedArtifactDatasetFacet",
    "claimed_port": "ClaimedPortDatasetFacet",
}
_FORMATS = {
    "parquet": "parquet",
    "orc": "orc",
    "avro": "avro",
    "json": "json",
    "csv": "csv",
    "txt": "text",
    "xml": "xml",
}
_ID = uuid.uuid5(uuid.NAMESPACE_URL, "https://claimed-framework.github.io/claimed-jlab/openlineage/run")


def run_id(key: str) -> str:
    """The UUID of a run or task: always the same of the same."""
    return str(uuid.uuid5(_ID, key))


def facet(name: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A facet, without fields that are None, with the address of its schema."""
    if name in _TITLES:
        address = f"{_OURS}/{_TITLES[name]}.json#/$defs/{_TITLES[name]}"
    else:
        version, title = _VERSIONS[name]
        address = f"{SPEC}/facets/{version}/{title}.json#/$defs/{title}"
    kept = {key: value for key, value in fields.items() if value is not None}
    return {"_producer": PRODUCER, "_schemaURL": address, **kept}


def tags(kind: str, given: Mapping[str, str]) -> dict[str, Any]:
    """The facet `tags` of a `Run` or `Dataset`; {} without any."""
    if not given:
        return {}
    rows = [{"key": tag, "value": text, "source": "USER"} for tag, text in given.items()]
    address = f"{SPEC}/facets/1-0-0/Tags{kind}Facet.json#/$defs/Tags{kind}Facet"
    return {"tags": {"_producer": PRODUCER, "_schemaURL": address, "tags": rows}}


def documentation(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The facet `documentation` of a `Job` or `Dataset`, from a note; {} without one."""
    note = properties.get(names.NOTE)
    held = note.get("mlmd-struct", note) if isinstance(note, Mapping) else None
    text = held.get("text") if isinstance(held, Mapping) else None
    if not isinstance(text, str) or not text:
        return {}
    version = "1-1-0"
    address = f"{SPEC}/facets/{version}/Documentation{kind}Facet.json#/$defs/Documentation{kind}Facet"
    given = {"description": text, "contentType": "text/markdown"}
    return {"documentation": {"_producer": PRODUCER, "_schemaURL": address, **given}}


def job_facets(run: StoryRun, one: StoryRun | StoryTask) -> dict[str, Any]:
    """What is known of a job."""
    is_run = isinstance(one, StoryRun)
    kind = "PIPELINE" if is_run else "TASK"
    fields = {"processingType": "BATCH", "integration": "CLAIMED", "jobType": kind}
    found = {"jobType": facet("jobType", fields), **documentation("Job", one.properties)}
    commit, path = (run.properties.get(name) for name in (names.GIT_COMMIT, names.PIPELINE_PATH))
    if isinstance(commit, str) and commit and isinstance(path, str) and path:
        branch = run.properties.get(names.GIT_BRANCH)
        where = {
            "type": "git",
            "url": _file(path),
            "version": commit,
            "branch": branch if isinstance(branch, str) else None,
        }
        found["sourceCodeLocation"] = facet("sourceCodeLocation", where)
    user = run.properties.get(names.USER)
    if is_run and isinstance(user, str) and user:
        found["ownership"] = facet("ownership", {"owners": [{"name": f"user:{user}", "type": "OWNER"}]})
    return found


def run_facets(run: StoryRun, one: StoryRun | StoryTask) -> dict[str, Any]:
    """What is known of a run, or of a task as a run."""
    found = dict(tags("Run", one.tags))
    engine = run.properties.get(names.ENGINE)
    if isinstance(engine, str) and engine:
        version = str(run.properties.get(names.VERSION) or __version__)
        fields = {"version": version, "name": engine, "openlineageAdapterVersion": __version__}
        found["processing_engine"] = facet("processing_engine", fields)
    error = one.properties.get(names.ERROR)
    if isinstance(error, str) and error and one.ended is not None:
        found["errorMessage"] = facet("errorMessage", {"message": error, "programmingLanguage": "PYTHON"})
    return found


def dataset_facets(one: StoryArtifact) -> dict[str, Any]:
    """What is known of an artifact."""
    found = {**tags("Dataset", one.tags), **documentation("Dataset", one.metadata)}
    if one.digest:
        found["version"] = facet("version", {"datasetVersion": one.digest})
    scheme = _scheme(one.uri)
    if scheme:
        host = f"{scheme}://{urlsplit(one.uri).netloc}" if "://" in one.uri else f"{scheme}:"
        found["dataSource"] = facet("dataSource", {"name": host, "uri": proper_uri(host)})
        suffix = PurePosixPath(urlsplit(one.uri).path).suffix.removeprefix(".").lower()
        if suffix in _FORMATS:
            found["storage"] = facet("storage", {"storageLayer": scheme, "fileFormat": _FORMATS[suffix]})
    about = {
        "key": one.key,
        "type": one.type,
        "name": one.name,
        "uri": one.uri,
        "state": one.state,
        "created": one.created,
        "updated": one.updated,
        "metadata": one.metadata,
    }
    found["claimed_artifact"] = facet("claimed_artifact", about)
    return found


def output_facets(one: StoryArtifact, ports: Iterable[str]) -> dict[str, Any]:
    """What is known of an artifact as an output."""
    found = {"claimed_port": facet("claimed_port", {"names": list(ports)})}
    rows, size = (one.metadata.get(name) for name in ("rows", "size"))
    counted = {"rowCount": _whole(rows), "size": _whole(size)}
    if any(value is not None for value in counted.values()):
        found["outputStatistics"] = facet("outputStatistics", counted)
    return found


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if float(value).is_integer() else None


def _scheme(uri: str) -> str:
    try:
        scheme = urlsplit(uri).scheme
    except ValueError:
        return ""
    return scheme if len(scheme) > 1 else ""


def _file(path: str) -> str:
    if _scheme(path) and "://" in path:
        return proper_uri(path)
    return PurePath(path).as_uri() if PurePath(path).is_absolute() else f"file:{quote(path)}"

"""What OpenLineage requires of a run's events and of the facets that we write: a table in our own words.

By OpenLineage.json 2-0-2 and facets/*.json in https://github.com/OpenLineage/OpenLineage/tree/main/spec. Stricter than
those in two things: a facet of the specification has no fields beyond its own, and any other facet is one of ours,
of which the schemas are in docs/openlineage.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator, FormatChecker

# A type; the name of a format; the words that are allowed; [rule] of a list's items; {field: rule} of an object, where
# `field!` must be there.
Rule: TypeAlias = Any
_FORMATS = FormatChecker(("uri", "uuid", "date-time"))
_SPEC = "https://openlineage.io/spec"
_OURS = Path(__file__).parents[3] / "docs" / "openlineage"
_RUN = {"runId!": "uuid"}
_NAMED = {"namespace!": str, "name!": str}
_BASE = {"_producer!": "uri", "_schemaURL!": "uri"}
_TAG = {"key!": str, "value!": str, "source": str}
_EVENT = {
    "eventType": {"START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"},
    "eventTime!": "date-time",
    "producer!": "uri",
    "schemaURL!": "uri",
    "run!": {**_RUN, "facets": dict},
    "job!": {**_NAMED, "facets": dict},
    "inputs": [{**_NAMED, "facets": dict, "inputFacets": dict}],
    "outputs": [{**_NAMED, "facets": dict, "outputFacets": dict}],
}
# By what a facet is of, and its name: the version of its schema and the schema's name, its fields.
_FACETS: Mapping[str, Mapping[str, tuple[str, Rule]]] = {
    "run": {
        "parent": ("1-2-0/ParentRunFacet", {"run!": _RUN, "job!": _NAMED, "root": {"run!": _RUN, "job!": _NAMED}}),
        "processing_engine": (
            "1-1-1/ProcessingEngineRunFacet",
            {"version!": str, "name": str, "openlineageAdapterVersion": str},
        ),
        "errorMessage": (
            "1-0-1/ErrorMessageRunFacet",
            {"message!": str, "programmingLanguage!": str, "stackTrace": str},
        ),
        "tags": ("1-0-0/TagsRunFacet", {"tags": [_TAG]}),
    },
    "job": {
        "jobType": ("2-0-4/JobTypeJobFacet", {"processingType!": str, "integration!": str, "jobType": str}),
        "sourceCodeLocation": (
            "1-1-0/SourceCodeLocationJobFacet",
            {"type!": str, "url!": "uri", **dict.fromkeys(("repoUrl", "path", "version", "tag", "branch"), str)},
        ),
        "ownership": ("1-0-1/OwnershipJobFacet", {"owners": [{"name!": str, "type": str}]}),
        "documentation": ("1-1-0/DocumentationJobFacet", {"description!": str, "contentType": str}),
    },
    "dataset": {
        "dataSource": ("1-0-1/DatasourceDatasetFacet", {"name": str, "uri": "uri"}),
        "storage": ("1-0-1/StorageDatasetFacet", {"storageLayer!": str, "fileFormat": str}),
        "version": ("1-0-1/DatasetVersionDatasetFacet", {"datasetVersion!": str}),
        "documentation": ("1-1-0/DocumentationDatasetFacet", {"description!": str, "contentType": str}),
        "tags": ("1-0-0/TagsDatasetFacet", {"tags": [{**_TAG, "field": str}]}),
    },
    "input": {},
    "output": {
        "outputStatistics": (
            "1-0-2/OutputStatisticsOutputDatasetFacet",
            {"rowCount": int, "size": int, "fileCount": int},
        ),
    },
}


def breaches(event: Mapping[str, Any]) -> list[str]:
    """What in an event of a run is not as the specification wants it: a line for each, none of a good one."""
    found = list(_breaches(event, _EVENT, "event"))
    if found:
        return found
    if event["schemaURL"] != f"{_SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent":
        found.append(f"event.schemaURL: {event['schemaURL']}")
    for kind in ("run", "job"):
        found += _of_facets(event[kind].get("facets", {}), kind, kind)
    for side in ("input", "output"):
        for number, one in enumerate(event.get(f"{side}s", [])):
            place = f"{side}s[{number}]"
            found += _of_facets(one.get("facets", {}), "dataset", place)
            found += _of_facets(one.get(f"{side}Facets", {}), side, place)
    return found


@cache
def _schemas() -> dict[str, Any]:
    """Of our own facets, by their addresses: what follows `openlineage` in one is a file's place in the folder."""
    found = {}
    for file in _OURS.rglob("*.json"):
        schema = json.loads(file.read_text(encoding="utf-8"))
        assert schema["$id"].endswith(f"/openlineage/{file.relative_to(_OURS).as_posix()}"), file
        found[schema["$id"]] = schema
    return found


def _of_facets(facets: Mapping[str, Any], kind: str, place: str) -> Iterator[str]:
    for name, value in facets.items():
        where = f"{place} facet {name}"
        if name in _FACETS[kind]:
            schema, fields = _FACETS[kind][name]
            address = f"{_SPEC}/facets/{schema}.json#/$defs/{schema.partition('/')[2]}"
            yield from _breaches(value, {**_BASE, **fields}, where)
            if value.get("_schemaURL") != address:
                yield f"{where}._schemaURL: {value.get('_schemaURL')}, not {address}"
        elif name.startswith("claimed_"):
            file, _, title = value["_schemaURL"].partition("#/$defs/")
            ours = _schemas()[file]
            assert title in ours["$defs"] and name in ours["properties"], where
            errors = Draft202012Validator(ours, format_checker=_FORMATS).iter_errors({name: value})
            yield from (f"{where}: {error.message}" for error in errors)
        else:
            yield f"{where}: no such facet"


def _breaches(value: Any, rule: Rule, where: str) -> Iterator[str]:
    if isinstance(rule, dict):
        if not isinstance(value, Mapping):
            yield f"{where}: {value!r} is no object"
            return
        fields = {name.removesuffix("!"): of for name, of in rule.items()}
        yield from (f"{where}: no {name[:-1]}" for name in rule if name.endswith("!") and name[:-1] not in value)
        yield from (f"{where}: {name!r} is no field of it" for name in value if name not in fields)
        for name, one in value.items():
            if name in fields:
                yield from _breaches(one, fields[name], f"{where}.{name}")
    elif isinstance(rule, list):
        if not isinstance(value, list):
            yield f"{where}: {value!r} is no list"
            return
        for number, one in enumerate(value):
            yield from _breaches(one, rule[0], f"{where}[{number}]")
    elif isinstance(rule, set):
        if value not in rule:
            yield f"{where}: {value!r} is none of {sorted(rule)}"
    elif isinstance(rule, str):
        if not isinstance(value, str) or not _FORMATS.conforms(value, rule):
            yield f"{where}: {value!r} is no {rule}"
    elif not isinstance(value, rule) or (rule is int and isinstance(value, bool)):
        yield f"{where}: {value!r} is no {rule.__name__}"

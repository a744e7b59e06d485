"""What the standards' own libraries say of a document, in an environment of their own (make_env.sh).

    judge.py openlineage FILE [FOLDER]   every event and facet is made from the official client's classes; with the
                                         folder of the specification (`spec`), it is valid against its JSON Schemas
    judge.py prov FILE OUT               the document is read, is equal to itself, and is written again to OUT
    judge.py crate PATH                  rocrate opens it, runcrate reports on it

Prints one JSON document; a refusal is an exception.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import types
import typing
from enum import Enum
from pathlib import Path

import attr


def official_classes() -> dict[str, type]:
    """By the address of its schema: each class of the client."""
    import openlineage.client.generated as generated

    found = {}
    for module in pkgutil.iter_modules(generated.__path__):
        loaded = importlib.import_module(f"{generated.__name__}.{module.name}")
        for one in vars(loaded).values():
            if isinstance(one, type) and attr.has(one) and "_get_schema" in vars(one):
                attr.resolve_types(one, vars(loaded), vars(importlib.import_module(f"{generated.__name__}.base")))
                found[one._get_schema()] = one
    return found


class Client:
    """Makes the client's own objects from JSON, and takes nothing it does not know."""

    def __init__(self) -> None:
        self.classes = official_classes()
        self.used: set[str] = set()

    def event(self, value: dict) -> None:
        address = value["schemaURL"]
        self.make(self.classes[address], value)

    def facet(self, value: dict, base: type) -> object:
        address = value["_schemaURL"]
        if address.startswith("https://openlineage.io/"):
            self.used.add(self.classes[address].__name__)
            assert issubclass(self.classes[address], base), (address, base)
            return self.make(self.classes[address], value)
        assert value["_producer"].startswith("https://"), value
        assert address.startswith("https://") and "#/$defs/" in address, address
        return base(producer=value["_producer"])

    def make(self, cls: type, value: dict) -> object:
        fields = {field.name: field for field in attr.fields(cls)}
        unknown = value.keys() - fields.keys()
        assert not unknown, f"{cls.__name__} has no {unknown}"
        given = {}
        for name, item in value.items():
            field = fields[name]
            if name in ("schemaURL", "_schemaURL"):
                assert item == cls._get_schema(), (item, cls)
                continue
            given[field.alias or name.lstrip("_")] = self.value(field.type, item)
        return cls(**given)

    def value(self, wanted: object, item: object) -> object:
        origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
        if origin in (typing.Union, types.UnionType):
            assert item is not None, wanted
            return self.value(next(one for one in arguments if one is not type(None)), item)
        if origin is list:
            assert isinstance(item, list), (wanted, item)
            return [self.value(arguments[0], one) for one in item]
        if origin is dict:
            assert isinstance(item, dict), (wanted, item)
            kind = arguments[1]
            if isinstance(kind, type) and kind.__name__.endswith("Facet"):
                return {name: self.facet(one, kind) for name, one in item.items()}
            return {name: self.value(kind, one) for name, one in item.items()}
        if isinstance(wanted, type) and attr.has(wanted):
            return self.make(wanted, item)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return wanted(item)
        if isinstance(wanted, type):
            assert isinstance(item, wanted) and not (wanted is int and isinstance(item, bool)), (wanted, item)
        return item


def judge_openlineage(path: str, folder: str | None = None) -> dict:
    client = Client()
    lines = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]
    for event in lines:
        client.event(event)
    return {"events": len(lines), "facets": sorted(client.used), "schemas": validate(lines, folder) if folder else 0}


def validate(events: list, folder: str) -> int:
    """How many instances were valid against the specification's own JSON Schemas: each event, each facet of theirs."""
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource

    # Named, for one without its library fails here; among all it would be passed over.
    formats = FormatChecker(("uri", "uuid", "date-time"))

    schemas = [json.loads(path.read_text()) for path in sorted(Path(folder).rglob("*.json"))]
    registry = Registry().with_resources([(one["$id"], Resource.from_contents(one)) for one in schemas if "$id" in one])

    def check(address: str, value: object) -> int:
        Draft202012Validator({"$ref": address}, registry=registry, format_checker=formats).validate(value)
        return 1

    count = 0
    for event in events:
        count += check(event["schemaURL"], event)
        datasets = [*event["inputs"], *event["outputs"]]
        places = [event["run"], event["job"], *datasets]
        facets = [one for place in places for one in place.get("facets", {}).items()]
        facets += [
            one for item in datasets for side in ("inputFacets", "outputFacets") for one in item.get(side, {}).items()
        ]
        for name, facet in facets:
            if facet["_schemaURL"].startswith("https://openlineage.io/"):
                check(facet["_schemaURL"], facet)
                count += check(facet["_schemaURL"].partition("#")[0], {name: facet})
    return count


def judge_prov(path: str, out: str) -> dict:
    from prov.model import ProvDocument

    text = Path(path).read_text(encoding="utf-8")
    first = ProvDocument.deserialize(content=text, format="json")
    again = first.serialize(format="json")
    Path(out).write_text(again, encoding="utf-8")
    counts: dict[str, int] = {}
    for record in first.get_records():
        name = type(record).__name__
        counts[name] = counts.get(name, 0) + 1
    return {"equal": ProvDocument.deserialize(content=again, format="json") == first, "records": counts}


def judge_crate(path: str) -> dict:
    import io

    from rocrate.rocrate import ROCrate
    from runcrate.report import dump_crate_actions

    crate = ROCrate(path)
    report = io.StringIO()
    dump_crate_actions(crate, f=report)
    root = crate.root_dataset
    return {
        "name": root.get("name"),
        "profiles": sorted(one.id if hasattr(one, "id") else one for one in root.get("conformsTo", [])),
        "main": crate.mainEntity.id if crate.mainEntity else None,
        "entities": len(crate.get_entities()),
        "types": sorted(
            {kind for one in crate.get_entities() for kind in ([one.type] if isinstance(one.type, str) else one.type)}
        ),
        "report": report.getvalue(),
    }


if __name__ == "__main__":
    ask = {"openlineage": judge_openlineage, "prov": judge_prov, "crate": judge_crate}[sys.argv[1]]
    print(json.dumps(ask(*sys.argv[2:])))

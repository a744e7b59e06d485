"""The entities of a crate while it is being written, and those that every crate has."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from claimed_jlab import __version__

METADATA = "ro-crate-metadata.json"
RECORD = "claimed:record"
_RUN = "https://w3id.org/ro/wfrun"
_PROFILES = {
    f"{_RUN}/process/0.5": ("Process Run Crate", "0.5"),
    f"{_RUN}/workflow/0.5": ("Workflow Run Crate", "0.5"),
    f"{_RUN}/provenance/0.5": ("Provenance Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
_CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
    {"claimed": "https://claimed-framework.github.io/claimed-jlab/ro-crate#"},
]
LANGUAGE = "#claimed-pipeline"

Entity = dict[str, Any]


def local(kind: str, *parts: str) -> str:
    """The id of an entity that is nowhere but in the crate."""
    return "#" + "/".join((kind, *(quote(part, safe="") for part in parts)))


def ref(id_: str) -> dict[str, str]:
    """A reference to an entity."""
    return {"@id": id_}


class Graph:
    """Entities by id; one that is added again keeps what it has and gets what is new."""

    def __init__(self) -> None:
        self.entities: dict[str, Entity] = {}

    def add(self, id_: str, type_: str | list[str], **about: Any) -> str:
        """Add an entity, without what is None or an empty list. Returns its id."""
        kept = {name.replace("__", ":"): value for name, value in about.items() if value is not None and value != []}
        self.entities[id_] = {"@id": id_, "@type": type_, **kept, **self.entities.get(id_, {})}
        return id_

    def link(self, id_: str, name: str, to: str) -> None:
        """Add a reference, once."""
        known = self.entities[id_].setdefault(name, [])
        if ref(to) not in known:
            known.append(ref(to))

    def document(self, name: str, description: str, date: str) -> dict[str, Any]:
        """The whole, with the root and what describes it. The entity `./` may have been added before."""
        for id_, (title, version) in _PROFILES.items():
            self.add(id_, "CreativeWork", name=title, version=version)
        self.add("#license", "CreativeWork", name="No licence was stated")
        self.add(
            LANGUAGE,
            "ComputerLanguage",
            name="CLAIMED pipeline",
            identifier="claimed-pipeline/1",
            url="https://github.com/claimed-framework",
            version=__version__,
        )
        root = {
            "@id": "./",
            "@type": "Dataset",
            "name": name,
            "description": description,
            "datePublished": date,
            "license": ref("#license"),
            "conformsTo": [ref(id_) for id_ in _PROFILES],
            **self.entities.pop("./", {}),
        }
        descriptor = {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": ref("./"),
            "conformsTo": [
                ref("https://w3id.org/ro/crate/1.1"),
                ref("https://w3id.org/workflowhub/workflow-ro-crate/1.0"),
            ],
        }
        return {"@context": _CONTEXT, "@graph": [_flat(one) for one in (descriptor, root, *self.entities.values())]}


def _flat(entity: Entity) -> Entity:
    """One value instead of a list of one, as RO-Crate wants it."""
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in entity.items()}

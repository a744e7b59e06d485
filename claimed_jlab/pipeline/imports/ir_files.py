"""The files that go beside an imported document: its components, and the documents in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from claimed_jlab.component.catalogs.loose import mapping
from claimed_jlab.component.yaml_text import yaml_text
from claimed_jlab.pipeline.imports.imported import unique
from claimed_jlab.pipeline.python.naming import identifier


@dataclass
class Files:
    """texts: by path, as seen from the outermost document.  folder: where all of them are.

    beside: whether the document that names them is in that folder too.
    """

    texts: dict[str, str]
    folder: str
    beside: bool = False

    def inside(self) -> Files:
        """The same files, as a document among them names them."""
        return Files(self.texts, self.folder, beside=True)

    def component(self, reference: str, component: dict[str, Any], executor: dict[str, Any]) -> str:
        """The file of a component, made when it is first used; as a document names it."""
        title = re.sub(r"-\d+$", "", reference.removeprefix("comp-")) or "component"
        label = str(component.get("executorLabel"))
        # What it takes of a machine is the task's.
        container = {key: value for key, value in mapping(executor.get("container")).items() if key != "resources"}
        document = {
            "components": {reference: component},
            "deploymentSpec": {"executors": {label: {**executor, "container": container}}},
            "pipelineInfo": {"name": title},
            "schemaVersion": "2.1.0",
        }
        text = yaml_text(document)
        same = next((path for path, other in self.texts.items() if _bare(other) == _bare(text)), None)
        return f"./{self._named(same or self._new(title, 'yaml', text))}"

    def document(self, name: str, text: str) -> str:
        """The file of a document inside, one for all that are alike but for their names; as a document names it."""
        for path, other in self.texts.items():
            if path.endswith(".pipeline") and _unnamed(other) == _unnamed(text):
                return self._named(path)
        return self._named(self._new(identifier(name), "pipeline", text))

    def _new(self, title: str, suffix: str, text: str) -> str:
        taken = [path.rpartition("/")[2].removesuffix(f".{suffix}") for path in self.texts]
        path = f"{self.folder}/{unique(title, taken)}.{suffix}"
        self.texts[path] = text
        return path

    def _named(self, path: str) -> str:
        return path.removeprefix(f"{self.folder}/") if self.beside else path


def _unnamed(text: str) -> Any:
    return {key: value for key, value in json.loads(text).items() if key != "name"}


def _bare(text: str) -> str:
    """A component's text without the number that KFP gives each of its uses."""
    return re.sub(r"((?:comp|exec)-[\w-]+?)-\d+\b", r"\1", text)

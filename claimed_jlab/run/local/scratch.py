"""The folder of one container: what of it, and of a task's inputs, is seen inside, and what came out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimed_jlab.component.spec import ComponentSpec, OutputSpec
from claimed_jlab.run.local.placeholders import Places
from claimed_jlab.run.local.task import TaskFailed
from claimed_jlab.run.plan import argument_from_text

WORK, INPUTS = "/claimed/work", "/claimed/inputs"


class ContainerFailed(TaskFailed):
    """A container that could not be started, or ended with another code than 0."""

    code = "container-failed"


@dataclass(frozen=True)
class Mount:
    """A place of this machine that a container sees."""

    source: Path
    target: str
    readonly: bool = True


class Scratch:
    """The folder of one container, what of it and of the inputs is seen inside, and where."""

    def __init__(
        self, spec: ComponentSpec, folder: Path, values: Mapping[str, Any], artifacts: Mapping[str, Path]
    ) -> None:
        self._spec = spec
        self._folder = folder
        self._artifacts = artifacts
        inputs = {name: f"{INPUTS}/{n}/{safe(path.name)}" for n, (name, path) in enumerate(artifacts.items())}
        seen = [Mount(path, inputs[name]) for name, path in artifacts.items()]
        self.mounts = (Mount(folder, WORK, readonly=False), *seen)
        outputs = {port.name: f"{WORK}/outputs/{n}/{safe(port.name)}" for n, port in enumerate(spec.outputs)}
        self.places = Places(values, inputs, outputs, f"{WORK}/output_metadata.json", self._spill, self._content)
        for path in outputs.values():
            self._here(path).parent.mkdir(parents=True)

    def parameters(self) -> dict[str, Any]:
        """The values that came out: from a file each, or from the one that KFP's packed functions write."""
        told = self._told()
        found = {}
        for port in self._spec.outputs:
            if port.kind == "parameter":
                if not self._here(self.places.outputs[port.name]).is_file() and port.name in told:
                    found[port.name] = told[port.name]
                else:
                    found[port.name] = self._value(port)
        return found

    def written(self, port: OutputSpec) -> Path:
        """The file or folder of an output. Raises ContainerFailed where there is none."""
        path = self._here(self.places.outputs[port.name])
        if not path.exists():
            raise ContainerFailed(
                f"the output {port.name!r} was declared and not written",
                hint=f"the container was told to write it to {self.places.outputs[port.name]}",
            )
        if not self._own(path):
            raise ContainerFailed(f"the output {port.name!r} is a link that leads out of the container's folder")
        return path

    def _own(self, path: Path) -> bool:
        """Whether a path stays here: inside, a link to `/etc` is the container's, and here it would be ours."""
        return path.resolve().is_relative_to(self._folder.resolve())

    def _value(self, port: OutputSpec) -> Any:
        path = self.written(port)
        try:
            return argument_from_text(port.port_type, path.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise ContainerFailed(f"the output {port.name!r} is declared as {port.type}: {error}") from None

    def _told(self) -> dict[str, Any]:
        path = self._here(self.places.metadata)
        with suppress(OSError, ValueError):
            read = json.loads(path.read_text(encoding="utf-8")) if self._own(path) else {}
            return dict(read.get("parameterValues") or {}) if isinstance(read, dict) else {}
        return {}

    def _spill(self, name: str, text: str) -> str:
        place = f"{WORK}/values/{safe(name)}"
        self._here(place).parent.mkdir(exist_ok=True)
        self._here(place).write_text(text, encoding="utf-8")
        return place

    def _content(self, name: str) -> str:
        try:
            return self._artifacts[name].read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ContainerFailed(f"the input {name!r} is asked for as text, and is none: {error}") from None

    def _here(self, inside: str) -> Path:
        return self._folder / Path(inside).relative_to(WORK)


def safe(name: str) -> str:
    """A name as a part of a path and of a container's name."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name).lstrip(".") or "_"

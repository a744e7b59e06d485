"""Runs one task: gathers its inputs, skips it when nothing changed, else executes it and publishes its outputs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any, Protocol

from claimed_jlab.component.spec import ComponentSpec, OutputSpec
from claimed_jlab.component.types import parse_type
from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.local import notebook
from claimed_jlab.run.local.kernels import KernelPool
from claimed_jlab.run.local.kernelspecs import kernel_for
from claimed_jlab.run.local.meter import Meter
from claimed_jlab.run.local.objects import ObjectStore, StoredObject
from claimed_jlab.run.local.result import MASK, Result, metrics_of
from claimed_jlab.run.planned import PlannedTask
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.runs import Run

_LOG_KEPT = 100_000


class TaskFailed(ClaimedError):
    """A task that could not do its work."""

    code = "task-failed"


class Interruptible(Protocol):
    """What runs a task now, and can be asked to end."""

    async def interrupt(self) -> None: ...


class TaskRun:
    """One attempt at one task. inputs: values, and ArtifactValue for artifacts; secrets are resolved here only.

    environment: variables that the task is given, unless whoever started the run has set them.
    """

    def __init__(
        self,
        run: Run,
        task: PlannedTask,
        inputs: Mapping[str, Any],
        objects: ObjectStore,
        pool: KernelPool,
        environment: Mapping[str, str],
    ) -> None:
        self.kernel: Interruptible | None = None
        self._run = run
        self._task = task
        self._spec = task.component
        self._inputs = inputs
        self._objects = objects
        self._pool = pool
        self._environment = {name: value for name, value in environment.items() if name not in os.environ}
        self._secret_values = self._secrets()

    async def execute(self) -> Result:
        """Executes the notebook in a kernel of its own. Raises TaskFailed, CellFailed, KernelFailed."""
        began = time.monotonic()
        path = Path(self._spec.path)
        kernel_name, note = kernel_for(self._spec.kernel, self._spec.language)
        log = self._open_log()
        log(note)
        executed = self._run.notebook(self._task.name)
        is_python = self._spec.language == "python"
        # A kernel of another language has its environment from its start; there is no other way to give it.
        self.kernel = kernel = await self._pool.take(kernel_name, None if is_python else self._environment)
        meter = Meter(kernel.pid)
        try:
            outputs = _output_paths(self._spec, kernel.folder)
            values = {**self._local_inputs(), **self._secret_values, **outputs}
            environment, parameters = _split(self._spec, values)
            copy = notebook.prepare(path, parameters, "" if is_python else self._spec.language)
            if is_python:
                await notebook.set_up(kernel, {**self._environment, **environment}, path.parent)
            await notebook.NotebookRun(copy, kernel, log).run(executed)
            names = [port.name for port in self._spec.outputs if port.kind == "parameter"]
            given = await notebook.read_values(kernel, names)
            _check_values(self._spec, given)
            artifacts = self._publish(outputs, kernel.folder)
        except notebook.CellFailed as error:
            traceback = self._masked(error.traceback or "") or None
            raise notebook.CellFailed(self._masked(error.message), cell=error.cell, traceback=traceback) from None
        finally:
            self.kernel = None
            cpu_seconds, memory_bytes = meter.stop()
            await kernel.stop()
            self._mask_notebook(executed)
        metadata = {name: metrics_of(Path(item.path)) for name, item in artifacts.items()}
        stored = {name: _value(self._spec.output(name), item) for name, item in artifacts.items()}
        return Result(
            artifacts=stored,
            parameters=given,
            notebook=_value(None, self._objects.put(executed)),
            log=self._run.log(self._task.name).read_text(encoding="utf-8")[-_LOG_KEPT:],
            seconds=round(time.monotonic() - began, 3),
            metadata=metadata,
            cpu_seconds=cpu_seconds,
            memory_bytes=memory_bytes,
        )

    def _local_inputs(self) -> dict[str, Any]:
        """Artifacts become paths; an optional input that nobody set keeps the notebook's own default."""
        # A prefix stands before the paths of artifacts, which are absolute.
        found: dict[str, Any] = {port.name: "" for port in self._spec.inputs if port.prefix}
        for name, value in self._inputs.items():
            found[name] = _local(value)
        return found

    def _secrets(self) -> dict[str, str]:
        found = {}
        for name, source in self._task.inputs.items():
            if source.kind == "secret":
                if source.value not in os.environ:
                    raise TaskFailed(
                        f"the secret {source.value!r} is not known here",
                        where=f"input {name!r}",
                        hint=f"set the environment variable {source.value} before the run",
                    )
                found[name] = os.environ[str(source.value)]
        return found

    def _publish(self, outputs: Mapping[str, str], folder: Path) -> dict[str, StoredObject]:
        stored = {}
        for name, text in outputs.items():
            path = Path(text)
            if not path.exists():
                written = sorted(str(item.relative_to(folder)) for item in folder.rglob("*") if item.is_file())
                raise TaskFailed(
                    f"the output {name!r} was declared and not written",
                    hint=f"the notebook wrote: {', '.join(written[:8]) or 'nothing'}",
                )
            if not path.resolve().is_relative_to(folder.resolve()):
                raise TaskFailed(
                    f"the output {name!r} is a link that leads out of the task's folder, to {path.resolve()}",
                    hint="copy what it leads to",
                )
            stored[name] = self._objects.put(path, move=True)
        return stored

    def _open_log(self) -> Callable[[str], None]:
        path = self._run.log(self._task.name)
        path.write_text("", encoding="utf-8")

        def write(text: str) -> None:
            with path.open("a", encoding="utf-8", errors="replace") as log:
                log.write(self._masked(text))

        return write

    def _masked(self, text: str) -> str:
        for secret in filter(None, self._secret_values.values()):
            text = text.replace(json.dumps(secret)[1:-1], MASK).replace(secret, MASK)
        return text

    def _mask_notebook(self, executed: Path) -> None:
        if self._secret_values and executed.exists():
            executed.write_text(self._masked(executed.read_text(encoding="utf-8")), encoding="utf-8")


def environment_text(value: Any) -> str:
    """A value as an environment variable that code which casts it reads as the value meant.

    False is the empty string, because `bool("False")` is True in Python.
    """
    if isinstance(value, bool):
        return "True" if value else ""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _local(value: Any) -> Any:
    """An artifact as its path, in a list too; another value as it is."""
    if isinstance(value, ArtifactValue):
        return str(value.path)
    return [_local(item) for item in value] if isinstance(value, list) else value


def _output_paths(spec: ComponentSpec, folder: Path) -> dict[str, str]:
    """Where a task's notebook is to write: a folder an output, the file name (and suffix) of its default."""
    paths = {}
    for number, port in enumerate(spec.outputs):
        if port.kind == "artifact":
            name = PurePath(str(port.default)).name if port.default else ""
            # No name that a notebook gives an output leads out of the folder.
            own = "".join(letter if letter.isalnum() else "_" for letter in port.name)
            plain = name if name not in ("", ".", "..") else own
            place = folder / "outputs" / str(number) / plain
            place.parent.mkdir(parents=True)
            paths[port.name] = str(place)
    return paths


def _split(spec: ComponentSpec, values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """Values by the way the notebook takes them: environment variables, and papermill parameters."""
    conventions = {port.name: port.convention for port in spec.inputs}
    conventions |= {port.name: port.convention for port in spec.outputs}
    environment = {
        name: environment_text(value) for name, value in values.items() if conventions[name] == "environment"
    }
    return environment, {name: value for name, value in values.items() if conventions[name] == "parameters"}


def _check_values(spec: ComponentSpec, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        port = spec.output(name)
        kind = parse_type(port.type) if port else None
        if kind is not None and not (port and port.inferred) and not kind.accepts(value):
            raise TaskFailed(f"the output {name!r} is declared as {kind}, but the notebook gave {value!r}")


def _value(port: OutputSpec | None, item: StoredObject) -> ArtifactValue:
    title = parse_type(port.type).name if port else "Artifact"
    return ArtifactValue(type=title, uri=item.uri, name=item.path.name, digest=item.digest, size=item.size)

"""Runs a component that is a container, by docker or podman: what KFP does in a pod, on this machine.

The container sees its scratch folder, where its outputs go, and each input artifact, read-only. It runs as who started
the run, so that what it writes is theirs. `arguments` is all that is asked of the program to run one, and the
documentation of `docker run` is what it is held to.
"""

from __future__ import annotations

import asyncio
import codecs
import csv
import io
import os
import secrets
import shutil
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimed_jlab.component.spec import Container
from claimed_jlab.pipeline.containers import container_program, needs_container
from claimed_jlab.pipeline.resources import Resources
from claimed_jlab.run.local.capacity import available_cores
from claimed_jlab.run.local.placeholders import resolve
from claimed_jlab.run.local.result import Result, metrics_of
from claimed_jlab.run.local.scratch import WORK, ContainerFailed, Mount, Scratch, safe
from claimed_jlab.run.local.task import TaskRun
from claimed_jlab.run.record import ArtifactValue

# Where the NVIDIA toolkit listens to which GPUs are meant.
_GPUS = "CUDA_VISIBLE_DEVICES"
_STOP_SECONDS = 3
_LONGEST_LINE = 64 * 1024
_LOG_KEPT = 100_000
_CLIENT_FAILED, _KILLED = 125, 137


@dataclass(frozen=True)
class Order:
    """What to run, and with what."""

    name: str
    container: Container
    entrypoint: str | None
    words: tuple[str, ...]
    mounts: tuple[Mount, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)
    gpus: str = ""


def arguments(program: str, order: Order) -> list[str]:
    """The command that runs a container: https://docs.docker.com/reference/cli/docker/container/run/."""
    found = [program, "run", "--rm", "--name", order.name]
    if hasattr(os, "getuid"):
        found += ["--user", f"{os.getuid()}:{os.getgid()}"]
        if Path(program).name == "podman" and os.getuid() != 0:
            found += ["--userns", "keep-id"]  # without root, podman has other users inside than outside
    if Path(program).name == "podman":
        found += ["--security-opt", "label=disable"]  # or SELinux hides what is mounted
    for mount in order.mounts:
        found += ["--mount", _mount(mount)]
    for name, value in order.environment.items():
        found += ["--env", f"{name}={value}"]
    if order.resources.cpu:
        found += ["--cpus", f"{min(order.resources.cpu, available_cores()):g}"]
    if order.resources.memory:
        found += ["--memory", f"{order.resources.memory}b"]
    if order.gpus:
        found += ["--gpus", f'"device={order.gpus}"']
    if order.entrypoint is not None:
        found += ["--entrypoint", order.entrypoint]
    return [*found, order.container.image, *order.words]


class ContainerRun(TaskRun):
    """One attempt at a task whose component is a container."""

    async def execute(self) -> Result:
        """Runs the container to its end. Raises ContainerFailed, TaskFailed, UnknownPlaceholder."""
        began = time.monotonic()
        program = container_program()
        if program is None:
            raise ContainerFailed(needs_container(self._spec.reference))
        log = self._open_log()
        self._run.scratch.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="container-", dir=self._run.scratch))
        try:
            scratch = Scratch(self._spec, folder, self._values(), self._artifacts())
            await self._follow(program, self._order(scratch), log)
            parameters = scratch.parameters()
            artifacts = self._kept(scratch)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return Result(
            artifacts=artifacts,
            parameters=parameters,
            notebook=None,
            log=self._run.log(self._task.name).read_text(encoding="utf-8")[-_LOG_KEPT:],
            seconds=round(time.monotonic() - began, 3),
            metadata={name: metrics_of(item.path) for name, item in artifacts.items()},
        )

    def _values(self) -> dict[str, Any]:
        """The parameters that are set; of the others, their defaults. KFP has no type for a secret, so none is here."""
        found = {port.name: port.default for port in self._spec.inputs if port.kind == "parameter"}
        found |= {name: value for name, value in self._inputs.items() if name in found}
        return {name: value for name, value in found.items() if value is not None}

    def _artifacts(self) -> dict[str, Path]:
        return {name: value.path for name, value in self._inputs.items() if isinstance(value, ArtifactValue)}

    def _order(self, scratch: Scratch) -> Order:
        container = self._spec.container
        assert container is not None  # what makes it a task for this class
        command = resolve(container.command, self._spec, scratch.places)
        words = resolve(container.args, self._spec, scratch.places)
        given = {name: "".join(resolve([value], self._spec, scratch.places)) for name, value in container.env.items()}
        shared = {name: value for name, value in self._environment.items() if name != _GPUS}
        return Order(
            name=f"claimed-{safe(self._run.run_id)}-{safe(self._task.name)}-{secrets.token_hex(4)}",
            container=container,
            entrypoint=command[0] if command else None,
            words=(*command[1:], *words),
            mounts=scratch.mounts,
            environment={"HOME": WORK, **shared, **given},
            resources=self._task.resources,
            gpus=self._environment.get(_GPUS, ""),
        )

    async def _follow(self, program: str, order: Order, log: Callable[[str], None]) -> None:
        """Runs the program until the container ends, its lines into the log; whatever happens, no container is left."""
        words = arguments(program, order)
        self._pool.guard.keep(order.name, [program, "rm", "--force", order.name])
        process = await asyncio.create_subprocess_exec(*words, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT)
        self.kernel = _Running(program, order.name)
        try:
            last = await _copy(process, log)
            code = await process.wait()
        finally:
            self.kernel = None
            if process.returncode is None:
                await _remove(program, order.name, process)
            self._pool.guard.release(order.name)
        if code:
            raise ContainerFailed(_why(Path(program).name, order.container.image, code, last))

    def _kept(self, scratch: Scratch) -> dict[str, ArtifactValue]:
        """The output artifacts, in the store."""
        found = {}
        for port in self._spec.outputs:
            if port.kind == "artifact":
                item = self._objects.put(scratch.written(port), move=True)
                found[port.name] = ArtifactValue(
                    type=port.port_type.name, uri=item.uri, name=item.path.name, digest=item.digest, size=item.size
                )
        return found


async def _copy(process: Process, log: Callable[[str], None]) -> str:
    """All that a process prints into the log, by whole lines, so that none is cut through a secret; the last one."""
    assert process.stdout is not None
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest, last = "", ""
    while chunk := await process.stdout.read(_LONGEST_LINE):
        text = rest + decoder.decode(chunk)
        whole, mark, rest = text.rpartition("\n")
        if not mark and len(rest) > _LONGEST_LINE:
            whole, rest = rest, ""
        if whole:
            log(whole + mark)
            last = next((line for line in reversed(whole.splitlines()) if line.strip()), last)
    if rest:
        log(rest + "\n")
        last = rest if rest.strip() else last
    return last.strip()


class _Running:
    """A container while it runs, to be stopped in good order."""

    def __init__(self, program: str, name: str) -> None:
        self._program = program
        self._name = name

    async def interrupt(self) -> None:
        """Asks it to end, and makes it after a few seconds."""
        await _quietly(self._program, "stop", "-t", str(_STOP_SECONDS), self._name)


async def _remove(program: str, name: str, process: Process) -> None:
    """Stops and removes a container, and the program that follows it."""
    await _quietly(program, "stop", "-t", str(_STOP_SECONDS), name)
    await _quietly(program, "rm", "--force", name)
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _quietly(*words: str) -> None:
    with suppress(OSError, asyncio.TimeoutError):
        ending = await asyncio.create_subprocess_exec(*words, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL)
        await asyncio.wait_for(ending.wait(), timeout=_STOP_SECONDS * 5)


def _why(program: str, image: str, code: int, last: str) -> str:
    said = f": {last}" if last else ""
    if code == _CLIENT_FAILED:
        return f"{program} could not run {image}{said}"
    killed = " (it was killed: it may have needed more memory than it has)" if code == _KILLED else ""
    return f"the container ended with exit code {code}{killed}{said}"


def _mount(mount: Mount) -> str:
    """`--mount` is a line of CSV, so that a path may hold a comma."""
    line = io.StringIO()
    parts = ["type=bind", f"source={mount.source}", f"target={mount.target}", *(["readonly"] if mount.readonly else [])]
    csv.writer(line, lineterminator="").writerow(parts)
    return line.getvalue()

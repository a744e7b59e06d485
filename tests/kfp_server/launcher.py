"""One pod: a container's command run on this machine, with the files that KFP's launcher would give and take.

A pod has a folder of its own with all that would be absolute in a container: an artifact minio://bucket/key is the
file minio/bucket/key in it, fetched before and uploaded after the command ended well. In the log of the pod the
folder's own path is left out, so that a path reads `/minio/bucket/key` as in a cluster.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.kfp_server.placeholders import Context, replaced, words_of
from tests.kfp_server.resolve import DriverError, Values, as_declared
from tests.kfp_server.state import new_id

Json = dict[str, Any]
_SCHEMES = {"minio": "minio", "s3": "s3", "gs": "gcs"}


@dataclass
class Work:
    """What a pod is told. artifacts: name to type of what it makes.  root: the URI below which that goes."""

    pod: str
    container: Json
    component: Json
    inputs: Values
    root: str
    names: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)
    deadline: float | None = None


@dataclass
class Ended:
    """How a pod ended. reason: as Kubernetes says it."""

    code: int
    values: Values = field(default_factory=Values)
    reason: str = ""


class Machine:
    """Where pods run: a folder with `pods`, `logs` and the buckets. At most `limit` containers run at once."""

    def __init__(self, folder: Path, python: str, limit: int) -> None:
        self.folder = folder
        self.python = python
        self._places = threading.Semaphore(limit)
        self._bin = folder / "bin"
        self._bin.mkdir(parents=True, exist_ok=True)
        (folder / "logs").mkdir(exist_ok=True)
        for name in ("python3", "python"):
            shim = self._bin / name
            shim.write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
            shim.chmod(0o755)

    def log_path(self, pod: str) -> Path:
        return self.folder / "logs" / f"{pod}.log"

    def say(self, pod: str, *lines: str) -> None:
        """Adds lines to the log of a pod."""
        with self.log_path(pod).open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    def blob(self, uri: str) -> Path | None:
        """Where the bytes behind a URI are kept; None for what is no bucket of ours."""
        place = _place(uri)
        return self.folder / place if place else None

    def run(self, work: Work, stop: threading.Event, started: Callable[[], None]) -> Ended:
        """Runs a container to its end, or until it is stopped. started: called once there is room for it."""
        with self._places:
            if stop.is_set():
                return Ended(143, reason="Terminated")
            started()
            return _Pod(self, work, stop).run()


def _place(uri: str) -> str | None:
    parts = urlsplit(uri)
    folder = _SCHEMES.get(parts.scheme)
    return f"{folder}/{parts.netloc}{parts.path}" if folder else None


class _Pod:
    def __init__(self, machine: Machine, work: Work, stop: threading.Event) -> None:
        self._machine = machine
        self._work = work
        self._stop = stop
        self._folder = machine.folder / "pods" / work.pod
        self._context = Context(parameters=work.inputs.parameters, names=work.names)

    def run(self) -> Ended:
        self._say('time="{}" level=info msg="capturing logs" argo=true')
        try:
            self._fetch()
            self._declare_outputs()
            command = words_of(
                [*self._work.container.get("command", []), *self._work.container.get("args", [])], self._context
            )
            ended = self._execute(command)
            if ended.code == 0:
                ended = self._collect()
        except (DriverError, OSError) as error:
            self._say(f"F1122 00:00:00.000000      28 main.go:49] failed to execute component: {error}")
            ended = Ended(1, reason="Error")
        self._say('time="{}" level=info msg="sub-process exited" argo=true error="<nil>"')
        return ended

    def _say(self, line: str) -> None:
        self._machine.say(self._work.pod, line.replace("{}", time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())))

    def _local(self, uri: str) -> Path | None:
        place = _place(uri)
        return self._folder / place if place else None

    def _fetch(self) -> None:
        """Copies the artifacts that go in."""
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in ("work", "home", "tmp/kfp/outputs", "tmp/kfp_outputs"):
            (self._folder / name).mkdir(parents=True)
        for name, artifacts in self._work.inputs.artifacts.items():
            self._context.artifacts[name] = []
            for artifact in artifacts:
                local, blob = self._local(artifact["uri"]), self._machine.blob(artifact["uri"])
                if local is None:
                    raise DriverError(
                        f"failed to parse bucket config: unrecognized pipeline root format: {artifact['uri']!r}"
                    )
                if blob and not local.exists():
                    if not blob.exists():
                        raise DriverError(f"failed to download input artifact {artifact['uri']!r}: no such object")
                    local.parent.mkdir(parents=True, exist_ok=True)
                    (shutil.copytree if blob.is_dir() else shutil.copyfile)(blob, local)
                self._context.artifacts[name].append({**artifact, "path": str(local)})

    def _declare_outputs(self) -> None:
        declared = self._work.component.get("outputDefinitions", {})
        for name in declared.get("parameters", {}):
            self._context.output_files[name] = str(self._folder / "tmp/kfp/outputs" / name)
        for name, definition in declared.get("artifacts", {}).items():
            uri = f"{self._work.root}/{new_id()}/{name}"
            local = self._local(uri)
            assert local is not None, uri
            local.parent.mkdir(parents=True, exist_ok=True)
            made = {"name": name, "type": definition.get("artifactType", {}), "uri": uri, "metadata": {}}
            self._context.outputs[name] = [{**made, "path": str(local)}]
        self._context.executor_input = {
            "inputs": {
                "parameterValues": self._work.inputs.parameters,
                "artifacts": {name: {"artifacts": _bare(held)} for name, held in self._context.artifacts.items()},
            },
            "outputs": {
                "parameters": {name: {"outputFile": path} for name, path in self._context.output_files.items()},
                "artifacts": {name: {"artifacts": _bare(held)} for name, held in self._context.outputs.items()},
                "outputFile": str(self._folder / "tmp/kfp_outputs/output_metadata.json"),
            },
        }

    def _execute(self, command: list[str]) -> Ended:
        if command[0] in ("python3", "python"):
            command[0] = self._machine.python
        with self._machine.log_path(self._work.pod).open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self._folder / "work",
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            return self._wait(process)

    def _wait(self, process: subprocess.Popen[bytes]) -> Ended:
        began, reason = time.monotonic(), ""
        while True:
            try:
                process.wait(0.05)
                break
            except subprocess.TimeoutExpired:
                late = self._work.deadline is not None and time.monotonic() - began > self._work.deadline
                if (late or self._stop.is_set()) and not reason:
                    reason = "DeadlineExceeded" if late else "Terminated"
                    os.killpg(process.pid, signal.SIGTERM)
                elif reason and time.monotonic() - began > (self._work.deadline or 0) + 5:
                    os.killpg(process.pid, signal.SIGKILL)
        code = process.returncode
        code = 128 - code if code < 0 else code
        return Ended(143 if reason else code, reason=reason or ("Error" if code else ""))

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ") if name in os.environ}
        given = {
            one["name"]: replaced(one.get("value", ""), self._context) for one in self._work.container.get("env", [])
        }
        return {
            **kept,
            "PATH": f"{self._machine.folder / 'bin'}:{os.environ.get('PATH', '/usr/bin:/bin')}",
            "HOME": str(self._folder / "home"),
            "TMPDIR": str(self._folder / "tmp"),
            "KFP_POD_NAME": self._work.pod,
            **given,
            **self._work.environment,
        }

    def _collect(self) -> Ended:
        """Reads the parameters and uploads the artifacts. Raises DriverError."""
        declared = self._work.component.get("outputDefinitions", {})
        said = self._said()
        values = Values()
        for name, definition in declared.get("parameters", {}).items():
            if name in said.get("parameterValues", {}):
                values.parameters[name] = said["parameterValues"][name]
                continue
            path = Path(self._context.output_files[name])
            if not path.exists():
                raise DriverError(f"failed to read output parameter {name!r}: open {path}: no such file or directory")
            values.parameters[name] = as_declared(path.read_text(), definition.get("parameterType", "STRING"))
        for name, held in self._context.outputs.items():
            told = (said.get("artifacts", {}).get(name, {}).get("artifacts") or [{}])[0]
            artifact = {**_bare(held)[0], "metadata": told.get("metadata", {})}
            self._upload(Path(held[0]["path"]), artifact["uri"])
            values.artifacts[name] = [artifact]
        return Ended(0, values)

    def _said(self) -> Json:
        path = self._folder / "tmp/kfp_outputs/output_metadata.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def _upload(self, local: Path, uri: str) -> None:
        if not local.exists():
            self._say(f"W1122 00:00:00.000000      28 launcher_v2.go:537] Local filepath {str(local)!r} does not exist")
            return
        blob = self._machine.blob(uri)
        assert blob is not None
        blob.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if local.is_dir() else shutil.copyfile)(local, blob)


def _bare(artifacts: list[Json]) -> list[Json]:
    return [{name: value for name, value in artifact.items() if name not in ("path", "id")} for artifact in artifacts]

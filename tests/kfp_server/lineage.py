"""ML Metadata of the runs, written as KFP's driver and launcher write it, by the official library in its own process."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.kfp_server.resolve import Json, Values

if TYPE_CHECKING:
    from tests.kfp_server.running import Place, Run

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-mlmd" / "bin" / "python"


class Lineage:
    """A store that nobody reads: ids and no more. KFP whose metadata can't be reached."""

    def __init__(self) -> None:
        self._ids = count(1)

    def start_run(self, run: Run, parameters: Json) -> int:
        return next(self._ids)

    def start(
        self,
        run: Run,
        kind: str,
        place: Place,
        task: Json,
        found: Values,
        pod: str,
        container: Json,
        iteration_count: int | None = None,
    ) -> int:
        """Records what begins; gives its execution."""
        return next(self._ids)

    def place(self, execution: int, pod: str) -> None:
        """Says in which pod an execution runs."""

    def finish(
        self,
        execution: int,
        state: str,
        values: Values,
        *,
        key: str = "",
        cached: int | None = None,
        reuse: bool = False,
    ) -> None:
        """Records how it ended. The artifacts get the ids that they have in the store."""

    def call(self, method: str, message: bytes) -> tuple[int, str, bytes]:
        """Asks the store itself: (gRPC status, message, answer)."""
        return 14, "no metadata store here", b""

    def close(self) -> None:
        pass


class StoredLineage(Lineage):
    """The real library on a SQLite file. Raises FileNotFoundError without its environment."""

    def __init__(self, path: Path, python: Path = PYTHON) -> None:
        super().__init__()
        if not python.exists():
            raise FileNotFoundError(f"no environment with ml-metadata at {python}: run tests/mlmd/make_env.sh")
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [str(python), str(Path(__file__).with_name("mlmd_process.py")), str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start_run(self, run: Run, parameters: Json) -> int:
        return self._ask(
            "start_run",
            run_id=run.id,
            pipeline=run.spec.name,
            namespace=run.namespace,
            resource_name="run-resource",
            pipeline_root=f"{run.root}/{run.spec.name}/{run.id}",
            inputs=parameters,
        )

    def start(
        self,
        run: Run,
        kind: str,
        place: Place,
        task: Json,
        found: Values,
        pod: str,
        container: Json,
        iteration_count: int | None = None,
    ) -> int:
        properties: Json = {
            "display_name": task.get("taskInfo", {}).get("name", place.name),
            "task_name": place.name,
            "parent_dag_id": place.dag,
        }
        if kind != "DAG":
            properties |= {"pod_name": pod, "pod_uid": "", "namespace": run.namespace}
        if container:
            properties["image"] = container.get("image", "")
        if place.iteration is not None:
            properties["iteration_index"] = place.iteration
        if iteration_count is not None:
            properties["iteration_count"] = iteration_count
        artifacts = [[name, one["id"]] for name, held in found.artifacts.items() for one in held if one.get("id")]
        return self._ask(
            "start",
            run_id=run.id,
            pipeline=run.spec.name,
            kind=kind,
            properties=properties,
            inputs=found.parameters,
            artifacts=artifacts,
        )

    def place(self, execution: int, pod: str) -> None:
        self._ask("place", execution=execution, pod=pod)

    def finish(
        self,
        execution: int,
        state: str,
        values: Values,
        *,
        key: str = "",
        cached: int | None = None,
        reuse: bool = False,
    ) -> None:
        held = [[name, one] for name, artifacts in values.artifacts.items() for one in artifacts]
        properties: Json = {"cache_fingerprint": key} if key else {}
        if cached is not None:
            properties["cached_execution_id"] = str(cached)
        found = self._ask(
            "finish",
            execution=execution,
            state=state,
            outputs=values.parameters,
            artifacts=held,
            properties=properties,
            reuse=reuse,
        )
        for (_, one), id_ in zip(held, found, strict=True):
            one["id"] = id_

    def call(self, method: str, message: bytes) -> tuple[int, str, bytes]:
        found = self._ask("call", method=method, message=base64.b64encode(message).decode())
        return found["status"], found["text"], base64.b64decode(found["message"])

    def close(self) -> None:
        with self._lock:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(10)

    def _ask(self, operation: str, **fields: Any) -> Any:
        with self._lock:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.write(json.dumps({"do": operation, **fields}) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["found"]

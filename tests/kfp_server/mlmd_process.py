"""Keeps a store of ML Metadata with Google's own library: JSON lines in, JSON lines out. Runs in tests/mlmd's environment.

Written as KFP's driver and launcher write it. No module of this repository is imported here.
"""

from __future__ import annotations

import base64
import contextlib
import json
import sys
from typing import Any

from google.protobuf import json_format
from ml_metadata import errors
from ml_metadata.metadata_store import metadata_store
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as metadata_store_serialized
from ml_metadata.proto import metadata_store_pb2 as pb
from ml_metadata.proto import metadata_store_service_pb2 as service

STATES = {name: pb.Execution.State.Value(name) for name in ("RUNNING", "COMPLETE", "FAILED", "CACHED", "CANCELED")}


class Store:
    """The operations; `do` of a line names one."""

    def __init__(self, path: str) -> None:
        config = pb.ConnectionConfig()
        config.sqlite.filename_uri = path
        config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
        self._store = metadata_store.MetadataStore(config)
        self._types = {
            kind: self._store.put_execution_type(pb.ExecutionType(name=f"system.{kind}Execution"))
            for kind in ("DAG", "Container", "Importer")
        }

    def start_run(
        self, run_id: str, pipeline: str, namespace: str, resource_name: str, pipeline_root: str, inputs: Any
    ) -> int:
        top = self._context("system.Pipeline", pipeline, {})
        said = {"namespace": namespace, "resource_name": resource_name, "pipeline_root": pipeline_root}
        mine = self._context("system.PipelineRun", run_id, said)
        with contextlib.suppress(errors.AlreadyExistsError):
            self._store.put_parent_contexts([pb.ParentContext(child_id=mine.id, parent_id=top.id)])
        found = self._store.get_execution_by_type_and_name("system.DAGExecution", f"run/{run_id}")
        execution = found or pb.Execution(type_id=self._types["DAG"], name=f"run/{run_id}")
        execution.last_known_state = pb.Execution.RUNNING
        self._fill(execution.custom_properties, {"display_name": "", "task_name": ""})
        _struct(execution.custom_properties["inputs"], inputs)
        id_, _, _ = self._store.put_execution(execution, [], [top, mine])
        return id_

    def start(self, run_id: str, pipeline: str, kind: str, properties: Any, inputs: Any, artifacts: list[Any]) -> int:
        execution = pb.Execution(type_id=self._types[kind], last_known_state=pb.Execution.RUNNING)
        self._fill(execution.custom_properties, properties)
        _struct(execution.custom_properties["inputs"], inputs)
        contexts = [self._context("system.Pipeline", pipeline, {}), self._context("system.PipelineRun", run_id, {})]
        read, seen = [], set()
        for name, id_ in artifacts:
            if id_ not in seen:
                seen.add(id_)
                event = pb.Event(type=pb.Event.INPUT, artifact_id=id_)
                event.path.steps.add(key=name)
                read.append((None, event))
        found, _, _ = self._store.put_execution(execution, read, contexts)
        return found

    def place(self, execution: int, pod: str) -> None:
        [one] = self._store.get_executions_by_id([execution])
        one.custom_properties["pod_name"].string_value = pod
        self._store.put_executions([one])

    def finish(
        self, execution: int, state: str, outputs: Any, artifacts: list[Any], properties: Any, reuse: bool
    ) -> list[int]:
        [one] = self._store.get_executions_by_id([execution])
        one.last_known_state = STATES[state]
        self._fill(one.custom_properties, properties)
        if outputs:
            _struct(one.custom_properties["outputs"], outputs)
        is_dag = one.type_id == self._types["DAG"]
        made = []
        for name, told in artifacts if not is_dag else []:
            event = pb.Event(type=pb.Event.OUTPUT)
            event.path.steps.add(key=name)
            artifact = self._artifact(name, told, reuse)
            if artifact.id:
                event.artifact_id = artifact.id
            made.append((artifact, event))
        contexts = self._store.get_contexts_by_execution(execution)
        _, ids, _ = self._store.put_execution(one, made, contexts)
        return [told.get("id") or 0 for _, told in artifacts] if is_dag else list(ids)

    def call(self, method: str, message: str) -> dict[str, Any]:
        name = method.rsplit("/", 1)[-1]
        request = getattr(service, f"{name}Request", None)
        if request is None or not hasattr(metadata_store_serialized, name):
            return {"status": 12, "text": f"unknown method {name}", "message": ""}
        asked, answer = request(), getattr(service, f"{name}Response")()
        try:
            asked.ParseFromString(base64.b64decode(message))
            self._store._call(name, asked, answer)
        except errors.StatusError as error:
            return {"status": error.error_code, "text": str(error), "message": ""}
        return {"status": 0, "text": "", "message": base64.b64encode(answer.SerializeToString()).decode()}

    def _artifact(self, name: str, told: Any, reuse: bool) -> Any:
        if told.get("id"):
            return self._store.get_artifacts_by_id([told["id"]])[0]
        title = told.get("type", {}).get("schemaTitle") or "system.Artifact"
        type_id = self._store.put_artifact_type(pb.ArtifactType(name=title))
        if reuse:
            for one in self._store.get_artifacts_by_uri(told["uri"]):
                if one.type_id == type_id:
                    return one
        artifact = pb.Artifact(type_id=type_id, uri=told["uri"], state=pb.Artifact.LIVE)
        self._fill(artifact.custom_properties, {"display_name": name, **told.get("metadata", {})})
        return artifact

    def _context(self, type_: str, name: str, said: Any) -> Any:
        found = self._store.get_context_by_type_and_name(type_, name)
        if found is None:
            context = pb.Context(type_id=self._store.put_context_type(pb.ContextType(name=type_)), name=name)
            self._fill(context.custom_properties, said)
            [made] = self._store.put_contexts([context])
            [found] = self._store.get_contexts_by_id([made])
        return found

    def _fill(self, properties: Any, given: Any) -> None:
        for name, value in given.items():
            if isinstance(value, bool):
                properties[name].int_value = int(value)
            elif isinstance(value, str):
                properties[name].string_value = value
            elif isinstance(value, int) and name in ("parent_dag_id", "iteration_index", "iteration_count"):
                properties[name].int_value = value
            elif isinstance(value, (int, float)):
                properties[name].double_value = value
            elif value is not None:
                key = "list" if isinstance(value, list) else "struct"
                json_format.ParseDict({key: value}, properties[name].struct_value)


def _struct(value: Any, given: Any) -> None:
    """Sets a value to an object. An empty one must be said, or the library ends the process."""
    value.struct_value.SetInParent()
    value.struct_value.update(given)


def main(path: str) -> None:
    store = Store(path)
    for line in sys.stdin:
        fields = json.loads(line)
        try:
            answer = {"found": getattr(store, fields.pop("do"))(**fields)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])

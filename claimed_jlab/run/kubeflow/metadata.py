"""What the cluster's own ML Metadata tells of a run, asked as Kubeflow's user interface asks: gRPC-web below the API.

It is there in Kubeflow Pipelines 2.0 to 2.17. It knows what a task gave that prints no outcome, and what a task that
was skipped took over.  Wire format: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError

from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.kubeflow.metadata_messages import message

_SERVICE = "/ml_metadata.MetadataStoreService"
_KIND = "application/grpc-web+proto"
_RUN = "system.PipelineRun"
_DAG = "system.DAGExecution"
_OUTPUT = 4
_PAGE = 100
_AT_ONCE = 500
_CACHED = 5


@dataclass(frozen=True)
class StoredArtifact:
    """An artifact. kind: its schema title."""

    kind: str
    uri: str
    metadata: dict[str, Any]


@dataclass
class StoredTask:
    """An execution: its parameters and artifacts by KFP's keys. path: of its task from the root's tasks on."""

    path: tuple[str, ...]
    index: tuple[int, ...]
    pod: str
    cached: bool
    outputs: dict[str, Any] = field(default_factory=dict)
    artifacts: dict[str, list[StoredArtifact]] = field(default_factory=dict)


def tasks_of(client: Client, remote_id: str) -> list[StoredTask]:
    """All tasks of a run that the store knows. Raises ClusterError where it can't be asked."""
    asked = message("GetContextByTypeAndNameRequest")(type_name=_RUN, context_name=remote_id)
    context = _ask(client, "GetContextByTypeAndName", asked).context
    if not context.id:
        return []
    executions = {item.id: item for item in _pages(client, "Executions", context.id)}
    artifacts = {item.id: item for item in _pages(client, "Artifacts", context.id)}
    found = {
        key: _task(executions, item)
        for key, item in executions.items()
        if item.type != _DAG and item.custom_properties["task_name"].string_value
    }
    for event in _events(client, list(found)):
        artifact = artifacts.get(event.artifact_id)
        name = next((step.key for step in event.path.steps if step.key), "")
        if event.type == _OUTPUT and artifact is not None and name:
            found[event.execution_id].artifacts.setdefault(name, []).append(_artifact(artifact))
    return list(found.values())


def _task(executions: dict[int, Any], item: Any) -> StoredTask:
    properties = item.custom_properties
    path: list[str] = [properties["task_name"].string_value]
    index: list[int] = []
    parent = executions.get(properties["parent_dag_id"].int_value)
    while parent is not None and parent.custom_properties["parent_dag_id"].int_value:
        above = parent.custom_properties
        if "iteration_index" in above:
            # The execution of one item stands in that of the loop, which has the same name.
            index.insert(0, above["iteration_index"].int_value)
        else:
            path.insert(0, above["task_name"].string_value)
        parent = executions.get(above["parent_dag_id"].int_value)
    outputs = MessageToDict(properties["outputs"].struct_value) if "outputs" in properties else {}
    return StoredTask(
        path=tuple(path),
        index=tuple(index),
        pod=properties["pod_name"].string_value,
        cached=item.last_known_state == _CACHED,
        outputs=outputs,
    )


def _artifact(item: Any) -> StoredArtifact:
    metadata = {
        name: getattr(value, kind)
        for name, value in item.custom_properties.items()
        for kind in ("string_value", "int_value", "double_value", "bool_value")
        if value.HasField(kind) and name not in ("display_name", "store_session_info")
    }
    return StoredArtifact(item.type.removeprefix("system."), item.uri, metadata)


def _pages(client: Client, what: str, context: int) -> Iterator[Any]:
    token = ""
    while True:
        options = message("ListOperationOptions")(
            max_result_size=_PAGE, **({"next_page_token": token} if token else {})
        )
        asked = message(f"Get{what}ByContextRequest")(context_id=context, options=options)
        answer = _ask(client, f"Get{what}ByContext", asked)
        yield from getattr(answer, what.lower())
        token = answer.next_page_token
        if not token:
            return


def _events(client: Client, executions: list[int]) -> Iterator[Any]:
    for start in range(0, len(executions), _AT_ONCE):
        asked = message("GetEventsByExecutionIDsRequest")(execution_ids=executions[start : start + _AT_ONCE])
        yield from _ask(client, "GetEventsByExecutionIDs", asked).events


def _ask(client: Client, method: str, asked: Any) -> Any:
    data = asked.SerializeToString()
    body = b"\0" + struct.pack(">I", len(data)) + data
    headers = {"Content-Type": _KIND, "Accept": _KIND, "X-Grpc-Web": "1"}
    answer = _sent(client, f"{_SERVICE}/{method}", body, headers)
    try:
        return message(f"{method}Response").FromString(_message(answer))
    except (DecodeError, struct.error, ValueError) as error:
        where = client.settings.endpoint
        raise ClusterError(f"its ML Metadata can't be read: {error}", step="API", status=502, where=where) from None


def _sent(client: Client, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The answer from below the API's address, else from the gateway's root, where a whole Kubeflow has it."""
    try:
        answer = client.raw("POST", path, body=body, headers=headers)
        if answer[:1] in (b"\0", b"\x80"):
            return answer
    except ClusterError as error:
        if error.status not in (404, 405):
            raise
    return client.raw("POST", path, body=body, headers=headers, at_root=True)


def _message(answer: bytes) -> bytes:
    """The message of an answer; raises ValueError for the status of a failure."""
    at, found = 0, b""
    while at < len(answer):
        flag, length = struct.unpack_from(">BI", answer, at)
        part = answer[at + 5 : at + 5 + length]
        if len(part) != length:
            raise ValueError("it is cut")
        if flag & 0x80:
            status = dict(line.split(":", 1) for line in part.decode("utf-8", "replace").split("\r\n") if ":" in line)
            if status.get("grpc-status", "0").strip() != "0":
                raise ValueError(status.get("grpc-message", "no reason given").strip())
        else:
            found += part
        at += 5 + length
    return found

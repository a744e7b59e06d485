"""Reads an ML Metadata service (Kubeflow's metadata-grpc-service) for `grpc_source.py`, in the official library's
environment: a program of its own that imports nothing of ours.

    python -I grpc_reader.py HOST:PORT|tls:HOST:PORT

A line of JSON on standard input asks ({"ask": name, …}); a line on standard output answers ({"answer": …} or
{"error": text}).
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import grpc
from ml_metadata.proto import metadata_store_pb2 as pb
from ml_metadata.proto import metadata_store_service_pb2 as service
from ml_metadata.proto import metadata_store_service_pb2_grpc as stubs

KINDS = ("Execution", "Artifact", "Context")
PAGE = 100
STRUCT_PREFIX = "mlmd-struct::"


class Reader:
    def __init__(self, address: str) -> None:
        options = [("grpc.max_receive_message_length", 256 * 2**20)]
        secure, plain = address.startswith("tls:"), address.removeprefix("tls:")
        if secure:
            channel = grpc.secure_channel(plain, grpc.ssl_channel_credentials(), options=options)
        else:
            channel = grpc.insecure_channel(plain, options=options)
        self.stub = stubs.MetadataStoreServiceStub(channel)

    def call(self, method: str, **fields: Any) -> Any:
        request = getattr(service, f"{method}Request")(**fields)
        return getattr(self.stub, method)(request, timeout=120)

    def types(self) -> list[dict[str, Any]]:
        found = []
        for number, kind in enumerate(KINDS):
            listed = getattr(self.call(f"Get{kind}Types"), f"{kind.lower()}_types")
            # A listing leaves external ids out.
            ids = [one.id for one in listed]
            full = getattr(self.call(f"Get{kind}TypesByID", type_ids=ids), f"{kind.lower()}_types") if ids else []
            found += [a_type(one, number) for one in full]
        return found

    def nodes(self, kind: int, after: int, limit: int, since: int | None = None) -> list[dict[str, Any]]:
        query = f"id > {after}" + ("" if since is None else f" AND last_update_time_since_epoch >= {since}")
        return self.listed(kind, query, limit, pb.ListOperationOptions.OrderByField.ID, True)

    def listed(self, kind: int, query: str, limit: int, field: int, ascending: bool) -> list[dict[str, Any]]:
        word, token = KINDS[kind], ""
        found: list[dict[str, Any]] = []
        while len(found) < limit:
            options = pb.ListOperationOptions(max_result_size=min(PAGE, limit - len(found)), next_page_token=token)
            options.order_by_field.field, options.order_by_field.is_asc = field, ascending
            options.filter_query = query
            answer = self.call(f"Get{word}s", options=options)
            found += [node(one) for one in getattr(answer, f"{word.lower()}s")]
            token = answer.next_page_token
            if not token:
                break
        return found

    def latest(self, kind: int) -> int:
        field = pb.ListOperationOptions.OrderByField.LAST_UPDATE_TIME
        found = self.listed(kind, "", 1, field, False)
        return int(found[0]["updated"]) if found else 0

    def by_ids(self, kind: int, ids: list[int]) -> list[dict[str, Any]]:
        word = KINDS[kind]
        answer = self.call(f"Get{word}sByID", **{f"{word.lower()}_ids": ids})
        return [node(one) for one in getattr(answer, f"{word.lower()}s")]

    def events(self, executions: list[int]) -> list[dict[str, Any]]:
        return [an_event(one) for one in self.call("GetEventsByExecutionIDs", execution_ids=executions).events]

    def contexts(self, kind: int, ids: list[int]) -> list[list[int]]:
        word = KINDS[kind]
        return [
            [context.id, id_]
            for id_ in ids
            for context in self.call(f"GetContextsBy{word}", **{f"{word.lower()}_id": id_}).contexts
        ]

    def parents(self, ids: list[int]) -> list[list[int]]:
        return [
            [id_, parent.id]
            for id_ in ids
            for parent in self.call("GetParentContextsByContext", context_id=id_).contexts
        ]


def field(message: Any, name: str) -> Any:
    return getattr(message, name) if message.HasField(name) else None


def columns(value: pb.Value) -> dict[str, Any] | None:
    """As a row of the database has it."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    held = getattr(value, kind)
    if kind == "struct_value":
        return {"string_value": STRUCT_PREFIX + base64.b64encode(held.SerializeToString()).decode()}
    if kind == "proto_value":
        return {kind: base64.b64encode(held.SerializeToString()).decode()}
    return {kind: held}


def node(message: Any) -> dict[str, Any]:
    found = {
        "id": message.id,
        "type_id": message.type_id,
        "type": message.type,
        "name": field(message, "name"),
        "external_id": field(message, "external_id"),
        "created": message.create_time_since_epoch,
        "updated": message.last_update_time_since_epoch,
        "properties": {name: columns(value) for name, value in message.properties.items()},
        "custom_properties": {name: columns(value) for name, value in message.custom_properties.items()},
    }
    for name in ("uri", "state", "last_known_state"):
        if name in message.DESCRIPTOR.fields_by_name:
            found["state" if name == "last_known_state" else name] = field(message, name)
    return found


def a_type(message: Any, kind: int) -> dict[str, Any]:
    base = None
    if kind != 2 and message.base_type:
        base = "mlmd." + type(message).SystemDefinedBaseType.Name(message.base_type).capitalize()
    return {
        "id": message.id,
        "name": message.name,
        "kind": kind,
        "version": field(message, "version"),
        "description": field(message, "description"),
        "external_id": field(message, "external_id"),
        "properties": dict(message.properties.items()),
        "base": base,
    }


def an_event(message: pb.Event) -> dict[str, Any]:
    return {
        "artifact_id": message.artifact_id,
        "execution_id": message.execution_id,
        "type": message.type,
        "path": [getattr(step, step.WhichOneof("value")) for step in message.path.steps],
        "milliseconds": field(message, "milliseconds_since_epoch"),
    }


def main(address: str) -> None:
    reader = Reader(address)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"answer": getattr(reader, request.pop("ask"))(**request)}
        except grpc.RpcError as error:
            answer = {"error": f"{error.code().name}: {error.details()}"}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

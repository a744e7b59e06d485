"""The messages of ML Metadata's service that a look at a run needs, made without its library, for any protobuf.

Google's library pins protobuf below 5. Names and numbers: ml_metadata/proto/metadata_store.proto and
metadata_store_service.proto. They live in a pool of their own, so that the library may be in the same process.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2

_PACKAGE = "ml_metadata"
_FIELD = descriptor_pb2.FieldDescriptorProto
_KINDS = {
    "int64": _FIELD.TYPE_INT64,
    "int32": _FIELD.TYPE_INT32,
    "double": _FIELD.TYPE_DOUBLE,
    "string": _FIELD.TYPE_STRING,
    "bool": _FIELD.TYPE_BOOL,
}
# name: (number, type); a type with `*` is repeated, one with `map ` is a map from strings.
_MESSAGES: dict[str, dict[str, tuple[int, str]]] = {
    "Value": {
        "int_value": (1, "int64"),
        "double_value": (2, "double"),
        "string_value": (3, "string"),
        "struct_value": (4, "google.protobuf.Struct"),
        "bool_value": (6, "bool"),
    },
    "Artifact": {
        "id": (1, "int64"),
        "name": (7, "string"),
        "type": (8, "string"),
        "uri": (3, "string"),
        "custom_properties": (5, "map Value"),
    },
    "Execution": {
        "id": (1, "int64"),
        "type": (7, "string"),
        "last_known_state": (3, "int32"),
        "custom_properties": (5, "map Value"),
    },
    "Context": {"id": (1, "int64"), "name": (3, "string")},
    "Step": {"index": (1, "int64"), "key": (2, "string")},
    "Path": {"steps": (1, "*Step")},
    "Event": {
        "artifact_id": (1, "int64"),
        "execution_id": (2, "int64"),
        "path": (3, "Path"),
        "type": (4, "int32"),
    },
    "ListOperationOptions": {"max_result_size": (1, "int32"), "next_page_token": (3, "string")},
    "GetContextByTypeAndNameRequest": {"type_name": (1, "string"), "context_name": (2, "string")},
    "GetContextByTypeAndNameResponse": {"context": (1, "Context")},
    "GetExecutionsByContextRequest": {"context_id": (1, "int64"), "options": (2, "ListOperationOptions")},
    "GetExecutionsByContextResponse": {"executions": (1, "*Execution"), "next_page_token": (2, "string")},
    "GetArtifactsByContextRequest": {"context_id": (1, "int64"), "options": (2, "ListOperationOptions")},
    "GetArtifactsByContextResponse": {"artifacts": (1, "*Artifact"), "next_page_token": (2, "string")},
    "GetEventsByExecutionIDsRequest": {"execution_ids": (1, "*int64")},
    "GetEventsByExecutionIDsResponse": {"events": (1, "*Event")},
}


@cache
def message(name: str) -> Any:
    """The class of a message."""
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"{_PACKAGE}.{name}"))


@lru_cache(maxsize=1)
def _pool() -> Any:
    pool = descriptor_pool.DescriptorPool()
    struct = descriptor_pb2.FileDescriptorProto()
    struct_pb2.DESCRIPTOR.CopyToProto(struct)
    pool.Add(struct)
    # Enumerations are read as numbers, which is how both travel.
    file = descriptor_pb2.FileDescriptorProto(
        name="metadata_of_runs.proto", package=_PACKAGE, syntax="proto2", dependency=[struct.name]
    )
    for name, fields in _MESSAGES.items():
        described = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            _add(described, name, field, number, kind)
    pool.Add(file)
    return pool


def _add(described: Any, owner: str, field: str, number: int, kind: str) -> None:
    repeated = kind.startswith(("*", "map "))
    plain = kind.removeprefix("*")
    if kind.startswith("map "):
        plain = f"{owner}.CustomPropertiesEntry"
        entry = described.nested_type.add(name="CustomPropertiesEntry")
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, type=_FIELD.TYPE_STRING, label=_FIELD.LABEL_OPTIONAL)
        _add(entry, owner, "value", 2, kind.removeprefix("map "))
    more: dict[str, Any] = {"type": _KINDS[plain]} if plain in _KINDS else {"type": _FIELD.TYPE_MESSAGE}
    if plain not in _KINDS:
        more["type_name"] = f".{plain}" if plain.startswith("google.") else f".{_PACKAGE}.{plain}"
    label = _FIELD.LABEL_REPEATED if repeated else _FIELD.LABEL_OPTIONAL
    described.field.add(name=field, number=number, label=label, **more)

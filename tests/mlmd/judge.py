"""Google's ml-metadata, as the judge of our lineage store. Runs in an environment of its own (make_env.sh).

judge.py dump STORE                     every type, node, edge and membership, as JSON
judge.py write STORE                    makes a store with one of everything, then dumps it
judge.py add STORE RUN COUNT            adds a run of COUNT tasks in a line, as Kubeflow Pipelines does
judge.py filter STORE KIND QUERY        ids of `artifacts`, `executions` or `contexts` that a filter_query finds
judge.py subgraph STORE ARTIFACT HOPS   node ids upstream of an artifact, by get_lineage_subgraph
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

from google.protobuf import json_format, wrappers_pb2
from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb

KINDS = ("DAG", "Container")


def connect(path: str) -> metadata_store.MetadataStore:
    config = pb.ConnectionConfig()
    config.sqlite.filename_uri = path
    config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
    return metadata_store.MetadataStore(config)


def field(message: Any, name: str) -> Any:
    return getattr(message, name) if message.HasField(name) else None


def value(message: pb.Value) -> list[Any]:
    kind = message.WhichOneof("value")
    held = getattr(message, kind)
    if kind == "struct_value":
        held = json_format.MessageToDict(held)
    elif kind == "proto_value":
        held = [held.type_url, base64.b64encode(held.value).decode()]
    return [kind.removesuffix("_value"), held]


def node(message: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": message.id,
        "type_id": message.type_id,
        "type": message.type,
        "name": field(message, "name"),
        "external_id": field(message, "external_id"),
        "created": message.create_time_since_epoch,
        "updated": message.last_update_time_since_epoch,
        "properties": {name: value(held) for name, held in sorted(message.properties.items())},
        "custom_properties": {name: value(held) for name, held in sorted(message.custom_properties.items())},
        **more,
    }


def a_type(message: Any, kind: int) -> dict[str, Any]:
    base = None
    if kind != 2 and message.base_type:
        base = "mlmd." + type(message).SystemDefinedBaseType.Name(message.base_type).capitalize()
    shapes = {}
    for side in ("input_type", "output_type"):
        held = field(message, side) if kind == 0 else None
        shapes[side] = None if held is None else json_format.MessageToDict(held)
    return {
        "id": message.id,
        "name": message.name,
        "kind": kind,
        "version": field(message, "version"),
        "description": field(message, "description"),
        "external_id": field(message, "external_id"),
        "properties": dict(sorted(message.properties.items())),
        "base": base,
        **shapes,
    }


def an_event(message: pb.Event) -> dict[str, Any]:
    return {
        "artifact_id": message.artifact_id,
        "execution_id": message.execution_id,
        "type": message.type,
        "path": [getattr(step, step.WhichOneof("value")) for step in message.path.steps],
        "milliseconds": message.milliseconds_since_epoch,
    }


def dump(store: metadata_store.MetadataStore) -> dict[str, Any]:
    artifacts, executions, contexts = store.get_artifacts(), store.get_executions(), store.get_contexts()
    types = []
    for number, kind in enumerate(("execution", "artifact", "context")):
        listed = [one.id for one in getattr(store, f"get_{kind}_types")()]
        # A listing leaves external ids out.
        types += [a_type(one, number) for one in getattr(store, f"get_{kind}_types_by_id")(listed)]
    events = store.get_events_by_execution_ids([one.id for one in executions]) if executions else []
    return {
        "types": sorted(types, key=lambda one: one["id"]),
        "artifacts": sorted(
            (node(one, uri=field(one, "uri"), state=field(one, "state")) for one in artifacts),
            key=lambda one: one["id"],
        ),
        "executions": sorted(
            (node(one, state=field(one, "last_known_state")) for one in executions), key=lambda one: one["id"]
        ),
        "contexts": sorted((node(one) for one in contexts), key=lambda one: one["id"]),
        "events": sorted(map(an_event, events), key=lambda one: (one["artifact_id"], one["execution_id"], one["type"])),
        "associations": sorted([c.id, e.id] for c in contexts for e in store.get_executions_by_context(c.id)),
        "attributions": sorted([c.id, a.id] for c in contexts for a in store.get_artifacts_by_context(c.id)),
        "parent_contexts": sorted([c.id, p.id] for c in contexts for p in store.get_parent_contexts_by_context(c.id)),
    }


def fill(properties: Any, prefix: str = "") -> None:
    """One property of every kind."""
    properties[f"{prefix}int"].int_value = -(2**62) - 1
    properties[f"{prefix}double"].double_value = 0.125
    properties[f"{prefix}string"].string_value = "Größe ≥ 3 🧬\nsecond line"
    properties[f"{prefix}struct"].struct_value.update({"list": [1, 2.5, None, True, {"deep": ["ä", {}]}], "n": None})
    properties[f"{prefix}proto"].proto_value.Pack(wrappers_pb2.StringValue(value="packed"))
    properties[f"{prefix}bool"].bool_value = True


def put_types(store: metadata_store.MetadataStore) -> tuple[int, int, int]:
    kinds = ("INT", "DOUBLE", "STRING", "STRUCT", "PROTO", "BOOLEAN")
    names = ("int", "double", "string", "struct", "proto", "bool")
    artifact = pb.ArtifactType(name="Table", version="v2", description="rows", external_id="type-table")
    artifact.base_type = pb.ArtifactType.DATASET
    execution = pb.ExecutionType(name="Fit")
    execution.base_type = pb.ExecutionType.TRAIN
    execution.input_type.dict.properties["data"].any.SetInParent()
    execution.output_type.none.SetInParent()
    context = pb.ContextType(name="Study", description="")
    for one in (artifact, execution, context):
        for name, kind in zip(names, kinds, strict=True):
            one.properties[name] = getattr(pb, kind)
    return store.put_artifact_type(artifact), store.put_execution_type(execution), store.put_context_type(context)


def put_events(store: metadata_store.MetadataStore, artifacts: list[int], executions: list[int]) -> None:
    """One of every type, with every sort of path; and one that leaves time and path to the library."""
    paths: list[list[Any]] = [[], ["data"], ["data", 3], [0], [""], ["a/b", 7, "c"], ["ü"]]
    events = []
    for type_, path in enumerate(paths, 1):
        event = pb.Event(artifact_id=artifacts[-1], execution_id=executions[-1], type=type_)
        event.milliseconds_since_epoch = 1_700_000_000_000 + type_
        for step in path:
            event.path.steps.add(**({"index": step} if isinstance(step, int) else {"key": step}))
        events.append(event)
    events.append(pb.Event(artifact_id=artifacts[0], execution_id=executions[0], type=pb.Event.INPUT))
    store.put_events(events)


def write(store: metadata_store.MetadataStore) -> None:
    table, fit, study = put_types(store)
    store.put_artifact_type(pb.ArtifactType(name="Table"))
    artifacts = [pb.Artifact(type_id=table, state=state) for state in range(7)]
    artifacts += [pb.Artifact(type_id=table), pb.Artifact(type_id=table, uri="s3://b/k?x=1#y", name="named")]
    artifacts[-1].external_id = "artifact-external"
    artifacts[-1].custom_properties["empty"].string_value = ""
    artifacts[-1].custom_properties["nothing"].struct_value.SetInParent()
    artifacts[-1].custom_properties["false"].bool_value = False
    fill(artifacts[-1].properties)
    fill(artifacts[-1].custom_properties)
    executions = [pb.Execution(type_id=fit, last_known_state=state) for state in range(7)]
    executions.append(pb.Execution(type_id=fit, name="run/1", external_id="execution-external"))
    fill(executions[-1].properties)
    fill(executions[-1].custom_properties)
    contexts = [pb.Context(type_id=study, name=name) for name in ("parent", "child", "grandchild")]
    contexts[0].external_id = "context-external"
    fill(contexts[0].properties)
    fill(contexts[0].custom_properties)
    artifact_ids, execution_ids = store.put_artifacts(artifacts), store.put_executions(executions)
    context_ids = store.put_contexts(contexts)
    put_events(store, artifact_ids, execution_ids)
    store.put_attributions_and_associations(
        [pb.Attribution(context_id=context_ids[1], artifact_id=one) for one in artifact_ids[:4]],
        [pb.Association(context_id=context_ids[1], execution_id=one) for one in execution_ids[2:]],
    )
    store.put_parent_contexts(
        [
            pb.ParentContext(child_id=context_ids[1], parent_id=context_ids[0]),
            pb.ParentContext(child_id=context_ids[2], parent_id=context_ids[1]),
        ]
    )


def add(store: metadata_store.MetadataStore, run: str, count: int) -> None:
    """A run as Kubeflow Pipelines records it: `count` tasks in a line, in a DAG inside the root DAG."""
    types = {name: store.put_execution_type(pb.ExecutionType(name=f"system.{name}Execution")) for name in KINDS}
    dataset = store.put_artifact_type(pb.ArtifactType(name="system.Dataset"))
    contexts = []
    for type_, name in (("system.Pipeline", "judged"), ("system.PipelineRun", run)):
        found = store.get_context_by_type_and_name(type_, name)
        if found is None:
            id_ = store.put_context_type(pb.ContextType(name=type_))
            [made] = store.put_contexts([pb.Context(type_id=id_, name=name)])
            [found] = store.get_contexts_by_id([made])
        contexts.append(found)
    store.put_parent_contexts([pb.ParentContext(child_id=contexts[1].id, parent_id=contexts[0].id)])
    root = pb.Execution(type_id=types["DAG"], name=f"run/{run}", last_known_state=pb.Execution.RUNNING)
    dag, _, _ = store.put_execution(root, [], contexts)
    inner = pb.Execution(type_id=types["DAG"], last_known_state=pb.Execution.RUNNING)
    inner.custom_properties["parent_dag_id"].int_value = dag
    dag, _, _ = store.put_execution(inner, [], contexts)
    read: list[Any] = []
    for number in range(count):
        execution = pb.Execution(type_id=types["Container"], last_known_state=pb.Execution.COMPLETE)
        execution.custom_properties["task_name"].string_value = f"task-{number}"
        execution.custom_properties["display_name"].string_value = f"Task {number}" if number else ""
        execution.custom_properties["parent_dag_id"].int_value = dag
        execution.custom_properties["inputs"].struct_value.update({"number": number})
        artifact = pb.Artifact(type_id=dataset, uri=f"gs://judge/{run}/{number}.csv", state=pb.Artifact.LIVE)
        event = pb.Event(type=pb.Event.OUTPUT)
        event.path.steps.add(key="out")
        _, made, _ = store.put_execution(execution, [*read, (artifact, event)], contexts)
        reading = pb.Event(type=pb.Event.INPUT, artifact_id=made[-1])
        reading.path.steps.add(key="in")
        read = [(None, reading)]


def find(store: metadata_store.MetadataStore, kind: str, query: str) -> list[int]:
    found = getattr(store, f"get_{kind}")(list_options=metadata_store.ListOptions(filter_query=query))
    return sorted(one.id for one in found)


def subgraph(store: metadata_store.MetadataStore, artifact: int, hops: int) -> list[str]:
    options = pb.LineageSubgraphQueryOptions(max_num_hops=hops)
    options.starting_artifacts.filter_query = f"id = {artifact}"
    options.direction = pb.LineageSubgraphQueryOptions.UPSTREAM
    graph = store.get_lineage_subgraph(options)
    return sorted(
        [f"artifact/{one.id}" for one in graph.artifacts] + [f"execution/{one.id}" for one in graph.executions]
    )


def main(verb: str, path: str, *rest: str) -> Any:
    store = connect(path)
    if verb == "write":
        write(store)
    elif verb == "add":
        add(store, rest[0], int(rest[1]))
        return None
    elif verb == "filter":
        return find(store, rest[0], rest[1])
    elif verb == "subgraph":
        return subgraph(store, int(rest[0]), int(rest[1]))
    return dump(store)


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)

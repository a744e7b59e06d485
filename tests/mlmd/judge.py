"""Google's ml-metadata, as the judge of our lineage store. Runs in an environment of its own (make_env.sh).

judge.py dump STORE                     every type, node, edge and membership, as JSON
judge.py write STORE                    makes a store with one of everything, then dumps it
judge.py add STORE RUN COUNT            adds a run of COUNT tasks in a line, as Kubeflow Pipelines does
judge.py filter STORE KIND QUERY        ids of `artifacts`, `executions` or `contexts` that a filter_query finds
judge.py subgraph STORE ARTIFACT HOPS   node ids upstream of an artifact, by get_lineage_subgraph
judge.py put STORE                      writes the graph that standard input describes (tests/python/lineage/lineage_graphs.py)
judge.py downgrade STORE VERSION        makes a store of an older schema of it

STORE is a path, or a URL as claimed_jlab.lineage takes it (with the socket of the server in it).
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

from google.protobuf import json_format, wrappers_pb2
from ml_metadata import errors
from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb

KINDS = ("DAG", "Container")


def connect(place: str) -> metadata_store.MetadataStore:
    return metadata_store.MetadataStore(configuration(place))


def configuration(place: str) -> pb.ConnectionConfig:
    config = pb.ConnectionConfig()
    url = urlsplit(place)
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    if url.scheme == "postgresql":
        config.postgresql.host = query["host"]
        # The library wants one, also for a socket and a user without a password.
        config.postgresql.port = "5432"
        config.postgresql.user, config.postgresql.dbname = url.username or "", url.path[1:]
        config.postgresql.password = "none"
        config.postgresql.skip_db_creation = True
    elif url.scheme == "mysql":
        config.mysql.socket = query["unix_socket"]
        config.mysql.user, config.mysql.database = url.username or "", url.path[1:]
        config.mysql.skip_db_creation = True
    else:
        config.sqlite.filename_uri = place
        config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
    return config


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


def fill(properties: Any, least: int) -> None:
    """One property of every kind."""
    properties["int"].int_value = least
    properties["double"].double_value = 0.125
    properties["string"].string_value = "Größe ≥ 3 🧬\nsecond line"
    properties["struct"].struct_value.update({"list": [1, 2.5, None, True, {"deep": ["ä", {}]}], "n": None})
    properties["proto"].proto_value.Pack(wrappers_pb2.StringValue(value="packed"))
    properties["bool"].bool_value = True


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


def write(store: metadata_store.MetadataStore, least: int) -> None:
    table, fit, study = put_types(store)
    store.put_artifact_type(pb.ArtifactType(name="Table"))
    artifacts = [pb.Artifact(type_id=table, state=state) for state in range(7)]
    artifacts += [pb.Artifact(type_id=table), pb.Artifact(type_id=table, uri="s3://b/k?x=1#y", name="named")]
    artifacts[-1].external_id = "artifact-external"
    artifacts[-1].custom_properties["empty"].string_value = ""
    artifacts[-1].custom_properties["nothing"].struct_value.SetInParent()
    artifacts[-1].custom_properties["false"].bool_value = False
    fill(artifacts[-1].properties, least)
    fill(artifacts[-1].custom_properties, least)
    executions = [pb.Execution(type_id=fit, last_known_state=state) for state in range(7)]
    executions.append(pb.Execution(type_id=fit, name="run/1", external_id="execution-external"))
    fill(executions[-1].properties, least)
    fill(executions[-1].custom_properties, least)
    contexts = [pb.Context(type_id=study, name=name) for name in ("parent", "child", "grandchild")]
    contexts[0].external_id = "context-external"
    fill(contexts[0].properties, least)
    fill(contexts[0].custom_properties, least)
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


def fill_from(properties: Any, given: dict[str, list[Any]]) -> None:
    for name, (kind, held) in given.items():
        if kind == "struct":
            properties[name].struct_value.SetInParent()
            properties[name].struct_value.update(held)
        elif kind == "proto":
            properties[name].proto_value.type_url = held[0]
            properties[name].proto_value.value = base64.b64decode(held[1])
        else:
            setattr(properties[name], f"{kind}_value", held)


def put(store: metadata_store.MetadataStore, graph: dict[str, Any]) -> None:
    """Writes types, nodes (by the place of their type in the list), and what joins them (by places of nodes)."""
    types = []
    for one in graph["types"]:
        made = (pb.ExecutionType, pb.ArtifactType, pb.ContextType)[one["kind"]](name=one["name"])
        for field_name in ("version", "description", "external_id"):
            if one[field_name] is not None:
                setattr(made, field_name, one[field_name])
        if one["base"]:
            made.base_type = made.SystemDefinedBaseType.Value(one["base"])
        for name, kind in one["properties"].items():
            made.properties[name] = kind
        types.append(getattr(store, f"put_{('execution', 'artifact', 'context')[one['kind']]}_type")(made))
    ids: dict[str, list[int]] = {}
    for what, message in (("artifacts", pb.Artifact), ("executions", pb.Execution), ("contexts", pb.Context)):
        nodes = []
        for one in graph[what]:
            made = message(type_id=types[one["type"]])
            for field_name in ("name", "external_id", "uri", "state", "last_known_state"):
                if one.get(field_name) is not None:
                    setattr(made, field_name, one[field_name])
            fill_from(made.properties, one["properties"])
            fill_from(made.custom_properties, one["custom_properties"])
            nodes.append(made)
        ids[what] = list(getattr(store, f"put_{what}")(nodes)) if nodes else []
    events = []
    for artifact, execution, type_, path in graph["events"]:
        event = pb.Event(artifact_id=ids["artifacts"][artifact], execution_id=ids["executions"][execution], type=type_)
        for step in path:
            event.path.steps.add(**({"index": step} if isinstance(step, int) else {"key": step}))
        events.append(event)
    if events:
        store.put_events(events)
    store.put_attributions_and_associations(
        [
            pb.Attribution(context_id=ids["contexts"][c], artifact_id=ids["artifacts"][a])
            for c, a in graph["attributions"]
        ],
        [
            pb.Association(context_id=ids["contexts"][c], execution_id=ids["executions"][e])
            for c, e in graph["associations"]
        ],
    )
    parents = [
        pb.ParentContext(child_id=ids["contexts"][child], parent_id=ids["contexts"][parent])
        for child, parent in graph["parent_contexts"]
    ]
    if parents:
        store.put_parent_contexts(parents)


def downgrade(place: str, version: int) -> None:
    try:
        metadata_store.downgrade_schema(configuration(place), downgrade_to_schema_version=version)
    except errors.CancelledError:
        return  # so it says that it is done


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
    if verb == "downgrade":
        return downgrade(path, int(rest[0]))
    store = connect(path)
    if verb == "put":
        put(store, json.load(sys.stdin))
    elif verb == "write":
        # Servers' tables have four bytes for an integer.
        write(store, -(2**31) if "://" in path else -(2**62) - 1)
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

"""Pipelines and their versions, and the uploads that make them."""

from __future__ import annotations

import json
from email.parser import BytesParser
from typing import Any

from tests.kfp_server.cluster import Cluster
from tests.kfp_server.experiments import namespace_of
from tests.kfp_server.listing import page_of
from tests.kfp_server.refusals import Refused, exists, invalid, not_found
from tests.kfp_server.request import Answer, Request
from tests.kfp_server.specs import Spec, read_spec, spec_of
from tests.kfp_server.state import new_id
from tests.kfp_server.wire import now, present, stamp

Json = dict[str, Any]
FIELDS = frozenset({"pipeline_id", "display_name", "name", "description", "created_at", "namespace", "tags"})
VERSION_FIELDS = frozenset(
    [
        "pipeline_id",
        "pipeline_version_id",
        "display_name",
        "name",
        "description",
        "created_at",
        "package_url",
        "code_source_url",
        "pipeline_spec",
        "tags",
    ]
)
KEYS = {
    "id": "id",
    "pipeline_id": "id",
    "name": "name",
    "display_name": "display_name",
    "created_at": "created_at",
    "namespace": "namespace",
    "description": "description",
}
VERSION_KEYS = {**KEYS, "pipeline_version_id": "id", "pipeline_id": "pipeline_id"}
LARGEST_UPLOAD = 32 << 20


def shown(one: Json) -> Json:
    names = {"display_name": one["display_name"], "name": one["name"]}
    rest = {"description": one.get("description"), "namespace": one.get("namespace"), "tags": one.get("tags")}
    return present({"pipeline_id": one["id"], **names, "created_at": stamp(one["created_at"]), **rest})


def shown_version(one: Json) -> Json:
    return present(
        {
            "pipeline_id": one["pipeline_id"],
            "pipeline_version_id": one["id"],
            "display_name": one["display_name"],
            "name": one["name"],
            "description": one.get("description"),
            "created_at": stamp(one["created_at"]),
            "code_source_url": one.get("code_source_url"),
            "tags": one.get("tags"),
            "pipeline_spec": one["spec"],
        }
    )


def known(cluster: Cluster, request: Request, id_: str) -> Json:
    one = cluster.state["pipelines"].get(id_)
    if one is None:
        raise not_found("Pipeline", id_).wrapped(f"Failed to get a pipeline by id {id_}")
    if cluster.options.multi_user and one.get("namespace"):
        request.check_namespace(one["namespace"])
    return one  # type: ignore[no-any-return]


def known_version(cluster: Cluster, request: Request, id_: str) -> Json:
    one = cluster.state["versions"].get(id_)
    if one is None:
        raise not_found("PipelineVersion", id_).wrapped("Failed to get a pipeline version")
    known(cluster, request, one["pipeline_id"])
    return one  # type: ignore[no-any-return]


def versions_of(cluster: Cluster, pipeline: str) -> list[Json]:
    return [one for one in cluster.state["versions"].values() if one["pipeline_id"] == pipeline]


def latest(cluster: Cluster, pipeline: str) -> Json:
    found = versions_of(cluster, pipeline)
    if not found:
        raise not_found("PipelineVersion", "").wrapped(f"Failed to get the latest pipeline version of {pipeline}")
    return max(found, key=lambda one: (one["created_at"], one["order"]))


def _add(cluster: Cluster, fields: Json, namespace: str) -> Json:
    name = fields.get("name") or fields.get("display_name") or ""
    if not name:
        raise invalid("pipeline's name cannot be empty")
    if len(name) > 128:
        raise invalid(f"Pipeline.Name length cannot exceed 128 (got {len(name)})")
    held = cluster.state["pipelines"]
    if any(one["name"] == name and one.get("namespace", "") == namespace for one in held.values()):
        raise exists(
            f"Failed to create a new pipeline. The name {name} already exist. Please specify a new name"
        ).wrapped("Failed to create a pipeline")
    one = {
        "id": new_id(),
        "name": name,
        "display_name": fields.get("display_name") or name,
        "description": fields.get("description", ""),
        "namespace": namespace,
        "tags": fields.get("tags"),
        "created_at": now(),
        "order": len(held),
    }
    held[one["id"]] = one
    cluster.state.touch()
    return one


def _add_version(cluster: Cluster, pipeline: Json, fields: Json, spec: Spec) -> Json:
    name = fields.get("name") or fields.get("display_name") or spec.name
    held = cluster.state["versions"]
    if any(one["name"] == name for one in versions_of(cluster, pipeline["id"])):
        raise exists(
            f"Failed to create a new pipeline version. The name {name} already exist. Specify a new name"
        ).wrapped("Failed to create a pipeline version")
    one = {
        "id": new_id(),
        "pipeline_id": pipeline["id"],
        "name": name,
        "display_name": fields.get("display_name") or name,
        "description": fields.get("description", ""),
        "code_source_url": fields.get("code_source_url"),
        "tags": fields.get("tags"),
        "spec": spec.struct(),
        "created_at": now(),
        "order": len(held),
    }
    held[one["id"]] = one
    cluster.state.touch()
    return one


def create(cluster: Cluster, request: Request) -> Json:
    fields = request.json(FIELDS)
    namespace = namespace_of(cluster, request, fields.get("namespace"), "Failed to create a pipeline")
    with cluster.state.lock:
        return shown(_add(cluster, fields, namespace))


def get(cluster: Cluster, request: Request) -> Json:
    return shown(known(cluster, request, request.parts["id"]))


def by_name(cluster: Cluster, request: Request) -> Json:
    namespace = request.query.get("namespace", "") if cluster.options.multi_user else ""
    for one in cluster.state["pipelines"].values():
        if one["name"] == request.parts["name"] and one.get("namespace", "") == namespace:
            return shown(one)
    raise not_found("Pipeline", request.parts["name"]).wrapped("Failed to get a pipeline by name")


def list_(cluster: Cluster, request: Request) -> Json:
    namespace = request.query.get("namespace", "") if cluster.options.multi_user else ""
    if namespace:
        request.check_namespace(namespace)
    with cluster.state.lock:
        held = [one for one in cluster.state["pipelines"].values() if one.get("namespace", "") == namespace]
        page, rest = page_of(held, request.query, KEYS, "pipeline")
        return present({"pipelines": [shown(one) for one in page], **rest})


def delete(cluster: Cluster, request: Request) -> Json:
    one = known(cluster, request, request.parts["id"])
    with cluster.state.lock:
        versions = versions_of(cluster, one["id"])
        if versions and request.query.get("cascade") != "true":
            raise invalid(
                f"Failed to delete pipeline with id {one['id']} as it has existing pipeline versions"
                f" (e.g. {versions[-1]['id']})"
            ).wrapped("Failed to delete pipeline")
        for version in versions:
            del cluster.state["versions"][version["id"]]
        del cluster.state["pipelines"][one["id"]]
        cluster.state.touch()
    return {}


def create_version(cluster: Cluster, request: Request) -> Json:
    """From a spec in the body; KFP wants a package_url, which a machine without a network can't fetch."""
    fields = request.json(VERSION_FIELDS)
    pipeline = known(cluster, request, request.parts["id"])
    if "pipeline_spec" not in fields:
        raise invalid(
            "Failed to convert v2beta1 API pipeline version to its internal representation due to missing pipeline URL"
        ).wrapped("Failed to create a pipeline version")
    with cluster.state.lock:
        return shown_version(_add_version(cluster, pipeline, fields, spec_of([fields["pipeline_spec"]])))


def get_version(cluster: Cluster, request: Request) -> Json:
    return shown_version(known_version(cluster, request, request.parts["version"]))


def list_versions(cluster: Cluster, request: Request) -> Json:
    known(cluster, request, request.parts["id"])
    with cluster.state.lock:
        page, rest = page_of(versions_of(cluster, request.parts["id"]), request.query, VERSION_KEYS, "version")
        return present({"pipeline_versions": [shown_version(one) for one in page], **rest})


def delete_version(cluster: Cluster, request: Request) -> Json:
    one = known_version(cluster, request, request.parts["version"])
    with cluster.state.lock:
        del cluster.state["versions"][one["id"]]
        cluster.state.touch()
    return {}


def upload(cluster: Cluster, request: Request) -> Answer:
    """A file as a new pipeline with its first version. Answers errors in the upload's own way."""
    try:
        filename, text = _file(request)
        namespace = namespace_of(cluster, request, request.query.get("namespace"), "")
        fields = _named(request.query, filename)
        spec = read_spec(text)
        with cluster.state.lock:
            pipeline = _add(cluster, fields, namespace)
            _add_version(cluster, pipeline, fields, spec)
        return Answer(shown(pipeline))
    except Refused as error:
        return _refused(error, "Failed to create a pipeline and a pipeline version")


def upload_version(cluster: Cluster, request: Request) -> Answer:
    """A file as a new version of a pipeline."""
    try:
        filename, text = _file(request)
        if not request.query.get("pipelineid"):
            raise invalid("Failed to create a pipeline version")
        pipeline = known(cluster, request, request.query["pipelineid"])
        fields = _named(request.query, filename)
        with cluster.state.lock:
            return Answer(shown_version(_add_version(cluster, pipeline, fields, read_spec(text))))
    except Refused as error:
        return _refused(error, "Failed to create a pipeline version")


def _named(query: dict[str, str], filename: str) -> Json:
    name = query.get("name") or query.get("display_name") or filename
    fields = {**query, "name": name, "display_name": query.get("display_name") or name}
    if "tags" in query:
        try:
            fields["tags"] = json.loads(query["tags"])
        except ValueError as error:
            raise invalid("Failed to parse tags query parameter. Expected JSON object with string keys") from error
    return {name: value for name, value in fields.items() if name not in ("pipelineid", "namespace")}


def _refused(error: Refused, doing: str) -> Answer:
    """What the upload endpoints say: no more than that it failed, unless the input is wrong."""
    status = {3: 400, 5: 400, 6: 409, 7: 400}.get(error.code, 500)
    message = ": ".join(error.chain) if error.code == 3 else doing
    return Answer({"error_message": message, "error_details": f"{doing}: {': '.join(error.chain)}"}, status)


def _file(request: Request) -> tuple[str, bytes]:
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise invalid("Failed to read pipeline from file")
    if len(request.body) > LARGEST_UPLOAD:
        raise invalid("File size too large. Maximum supported file size: 32MB")
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body)
    for part in message.walk():
        if part.get_param("name", header="content-disposition") == "uploadfile":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            name = part.get_filename() or "pipeline.yaml"
            if not name.endswith((".yaml", ".yml", ".json")):
                raise invalid("Unexpected pipeline file format. Support .zip, .tar.gz, .json or YAML")
            return name, payload
    raise invalid("Failed to read pipeline from file")

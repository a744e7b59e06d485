"""What KFP's UI server gives besides the API: logs, artifacts, pods, and the way to ML Metadata."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path
from typing import Any

from tests.kfp_server import runs
from tests.kfp_server.argo import Node
from tests.kfp_server.cluster import Cluster
from tests.kfp_server.request import Answer, Request

SCHEMES = {"minio": "minio", "s3": "s3", "gcs": "gs"}


def text(body: str, status: int = 200) -> Answer:
    headers = {"X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"}
    return Answer(body.encode(), status, headers, "text/plain; charset=utf-8")


def _pod(cluster: Cluster, name: str) -> Node | None:
    for record in list(cluster.state["runs"].values()):
        if name.startswith(record.get("workflow", "\0")):
            node = cluster.flow(record).pods().get(name)
            if node is not None:
                return node
    return None


def logs(cluster: Cluster, request: Request) -> Answer:
    """The log of a pod's container, as the pod would have written it: paths as they are in the container."""
    name = request.query.get("podname")
    if not name:
        return text("podname argument is required", 400)
    namespace = request.query.get("podnamespace", "")
    if cluster.options.multi_user and not namespace:
        return text("podnamespace argument is required", 422)
    if request.namespaces is not None and namespace not in request.namespaces:
        return text("Access denied to namespace", 403)
    node, path = _pod(cluster, name), cluster.machine.log_path(name)
    if node is None:
        return text(f'Could not get main container logs: Error: pods "{name}" not found', 500)
    if node.phase == "Pending":
        reason = node.message.partition(":")[0] or "PodInitializing"
        message = f'container "main" in pod "{name}" is waiting to start: {reason}'
        return text(f"Could not get main container logs: Error: {message}", 500)
    if not path.exists():
        return text("")
    mine = str(cluster.folder / "pods" / name).encode()
    return Answer(path.read_bytes().replace(mine, b""), 200, text("").headers, "text/plain; charset=utf-8")


def run_log(cluster: Cluster, request: Request) -> Answer:
    """The same from the API server itself, by the run and the pod (which it calls a node)."""
    runs.known(cluster, request, request.parts["id"])
    request.query = {"podname": request.parts["pod"], "podnamespace": cluster.options.namespace}
    request.namespaces = None
    found = logs(cluster, request)
    if found.status == 200:
        return found
    message = f"Failed to read logs for run {request.parts['id']}"
    return Answer({"error_message": message, "error_details": found.bytes().decode()}, 500)


def pod(cluster: Cluster, request: Request) -> Answer:
    """A pod as Kubernetes describes it: the only place where a reason stands."""
    name = request.query.get("podname", "")
    node = _pod(cluster, name)
    if not name or not (request.query.get("podnamespace") or not cluster.options.multi_user):
        return text("podname and podnamespace arguments are required", 422)
    if node is None:
        return text(f'Could not get pod {name}: Error: pods "{name}" not found', 500)
    reason, _, message = node.message.partition(":")
    phase = {"Pending": "Pending", "Running": "Running", "Succeeded": "Succeeded"}.get(node.phase, "Failed")
    if phase == "Pending":
        held: dict[str, Any] = {"waiting": {"reason": reason or "ContainerCreating", "message": message.strip()}}
    elif phase == "Running":
        held = {"running": {}}
    else:
        why = reason.partition(" (")[0] or ("Completed" if phase == "Succeeded" else "Error")
        held = {"terminated": {"exitCode": node.exit_code or 0, "reason": why}}
    status: dict[str, Any] = {"phase": phase, "containerStatuses": [{"name": "main", "state": held}]}
    if node.message.startswith("Evicted"):
        status |= {"reason": "Evicted", "message": "The node was low on resource: memory."}
    return Answer({"metadata": {"name": name, "namespace": request.query.get("podnamespace")}, "status": status})


def events(cluster: Cluster, request: Request) -> Answer:
    """The events of a pod that does not start."""
    node = _pod(cluster, request.query.get("podname", ""))
    items = []
    if node is not None and node.message and node.phase == "Pending":
        reason, _, message = node.message.partition(":")
        items.append({"type": "Warning", "reason": reason, "message": message.strip()})
    return Answer({"items": items})


def artifact(cluster: Cluster, request: Request) -> Answer:
    """The bytes of an artifact; `peek` gives only the first."""
    query = {**request.query, **request.parts}
    source, bucket, key = (query.get(name, "") for name in ("source", "bucket", "key"))
    for name, value in (("source", source), ("bucket", bucket), ("key", key)):
        if not value and not (name != "key" and source in ("http", "https")):
            return text(f"Storage {name} is missing from artifact request", 500)
    if cluster.options.multi_user and request.namespaces is not None:
        namespace = query.get("namespace", "")
        if not namespace:
            return text("Namespace parameter is required when authentication is enabled", 400)
        if namespace not in request.namespaces:
            return text(f"User is not authorized to GET VIEWERS in namespace {namespace}", 403)
    if source not in SCHEMES:
        return text("Unknown storage source", 500)
    path = cluster.machine.blob(f"{SCHEMES[source]}://{bucket}/{key}")
    root = cluster.folder / source
    if path is None or not path.exists() or root not in Path(path).resolve().parents:
        return text(
            f"Failed to get object in bucket {bucket} at path {key}: S3Error: The specified key does not exist.", 500
        )
    if path.is_dir():
        return text(f"Failed to get object in bucket {bucket} at path {key}: S3Error: is a prefix", 500)
    found = path.read_bytes()
    if found[:2] == b"\x1f\x8b" and source == "minio":
        found = gzip.decompress(found)
    peek = int(query.get("peek") or 0)
    return Answer(found[:peek] if peek else found, 200, text("").headers, "application/octet-stream")


def metadata(cluster: Cluster, request: Request) -> Answer:
    """gRPC-web, as the UI speaks it with the metadata store through envoy."""
    kind = "application/grpc-web+proto"
    if not cluster.options.metadata:
        return text("upstream connect error or disconnect/reset before headers. reset reason: connection failure", 503)
    if len(request.body) < 5:
        return Answer(b"", 200, {"grpc-status": "13", "grpc-message": "no message"}, kind)
    size = struct.unpack(">I", request.body[1:5])[0]
    status, words, message = cluster.lineage.call(request.parts["method"], request.body[5 : 5 + size])
    trailer = f"grpc-status:{status}\r\n" + (f"grpc-message:{json.dumps(words)[1:-1]}\r\n" if words else "")
    frames = b"\x80" + struct.pack(">I", len(trailer)) + trailer.encode()
    if status == 0:
        frames = b"\x00" + struct.pack(">I", len(message)) + message + frames
    return Answer(frames, 200, {}, kind)

"""Which path does what."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.kfp_server import control, experiments, pipelines, recurring, runs, ui
from tests.kfp_server.cluster import Cluster
from tests.kfp_server.request import Request

Handler = Callable[[Cluster, Request], Any]
API = "/apis/v2beta1"


def health(cluster: Cluster, request: Request) -> Any:
    """Says `multi_user` only where it is so; an empty object else."""
    return {"multi_user": True} if cluster.options.multi_user else {}


def old_health(cluster: Cluster, request: Request) -> Any:
    """The first API's, which the UI asks for the release."""
    return {"commit_sha": "0" * 40, "tag_name": cluster.options.release, "multi_user": cluster.options.multi_user}


def _table() -> list[tuple[str, re.Pattern[str], Handler]]:
    one = "(?P<id>[^/:]+)"
    routes: list[tuple[str, str, Handler]] = [
        ("GET", f"{API}/healthz", health),
        ("GET", "/apis/v1beta1/healthz", old_health),
        ("POST", f"{API}/experiments", experiments.create),
        ("GET", f"{API}/experiments", experiments.list_),
        ("GET", f"{API}/experiments/{one}", experiments.get),
        ("DELETE", f"{API}/experiments/{one}", experiments.delete),
        ("POST", f"{API}/experiments/{one}:archive", experiments.archive),
        ("POST", f"{API}/experiments/{one}:unarchive", experiments.unarchive),
        ("POST", f"{API}/pipelines/upload", pipelines.upload),
        ("POST", f"{API}/pipelines/upload_version", pipelines.upload_version),
        ("POST", f"{API}/pipelines", pipelines.create),
        ("GET", f"{API}/pipelines", pipelines.list_),
        ("GET", f"{API}/pipelines/names/(?P<name>[^/]+)", pipelines.by_name),
        ("GET", f"{API}/pipelines/{one}", pipelines.get),
        ("DELETE", f"{API}/pipelines/{one}", pipelines.delete),
        ("POST", f"{API}/pipelines/{one}/versions", pipelines.create_version),
        ("GET", f"{API}/pipelines/{one}/versions", pipelines.list_versions),
        ("GET", f"{API}/pipelines/{one}/versions/(?P<version>[^/]+)", pipelines.get_version),
        ("DELETE", f"{API}/pipelines/{one}/versions/(?P<version>[^/]+)", pipelines.delete_version),
        ("POST", f"{API}/runs", runs.create),
        ("GET", f"{API}/runs", runs.list_),
        ("GET", f"{API}/runs/{one}", runs.get),
        ("DELETE", f"{API}/runs/{one}", runs.delete),
        ("POST", f"{API}/runs/{one}:terminate", runs.terminate),
        ("POST", f"{API}/runs/{one}:retry", runs.retry),
        ("POST", f"{API}/runs/{one}:archive", runs.archive),
        ("POST", f"{API}/runs/{one}:unarchive", runs.unarchive),
        ("POST", f"{API}/recurringruns", recurring.create),
        ("GET", f"{API}/recurringruns", recurring.list_),
        ("GET", f"{API}/recurringruns/{one}", recurring.get),
        ("DELETE", f"{API}/recurringruns/{one}", recurring.delete),
        ("POST", f"{API}/recurringruns/{one}:enable", recurring.enable),
        ("POST", f"{API}/recurringruns/{one}:disable", recurring.disable),
        ("GET", "/apis/v1alpha1/runs/(?P<id>[^/]+)/nodes/(?P<pod>[^/]+)/log", ui.run_log),
        ("GET", "/k8s/pod/logs", ui.logs),
        ("GET", "/k8s/pod", ui.pod),
        ("GET", "/k8s/pod/events", ui.events),
        ("GET", "/artifacts/get", ui.artifact),
        ("GET", "/artifacts/(?P<source>[^/]+)/(?P<bucket>[^/]+)/(?P<key>.+)", ui.artifact),
        ("POST", r"/ml_metadata\.MetadataStoreService/(?P<method>\w+)", ui.metadata),
        ("GET", "/_control/faults", control.faults),
        ("POST", "/_control/faults", control.add_fault),
        ("DELETE", "/_control/faults", control.clear),
        ("POST", "/_control/expire", control.expire),
    ]
    return [(method, re.compile(path), handler) for method, path, handler in routes]


PAGE = b"<!doctype html><html><head><title>Kubeflow Pipelines</title></head><body><div id=root></div></body></html>"
ROUTES = _table()


def found(request: Request) -> Handler | int:
    """The handler of a request, its parts set on it; else 404 or 405 (which grpc-gateway says as 501)."""
    known = False
    for method, path, handler in ROUTES:
        parts = path.fullmatch(request.path)
        if parts is None:
            continue
        known = True
        if method == request.method:
            request.parts = parts.groupdict()
            return handler
    return 501 if known else 404

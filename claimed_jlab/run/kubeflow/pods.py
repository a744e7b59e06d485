"""What the user interface's server gives of a run's pods: logs, files, and why one does not start."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.faults import ClusterError

_LOG_BYTES = 8 << 20
_WAITS = {"ContainerCreating", "PodInitializing"}


def log_of(client: Client, names: Sequence[str], namespace: str, remote_id: str) -> str:
    """What a pod printed, its first 8 MiB. names: that it may have.  Raises ClusterError where no pod has one."""
    for name in names:
        asked = {"podname": name, "podnamespace": namespace or "kubeflow", "runid": remote_id}
        try:
            data = client.raw("GET", "/k8s/pod/logs", asked, limit=_LOG_BYTES, headers={"Accept": "*/*"})
        except ClusterError as error:
            if name == names[-1] or error.status not in (404, 500):
                raise
            continue
        return data.decode("utf-8", "replace")
    return ""


def file_of(client: Client, uri: str, namespace: str, limit: int) -> bytes:
    """The bytes of an artifact, at most `limit` and one. Raises ClusterError."""
    parts = urlsplit(uri)
    source = {"gs": "gcs"}.get(parts.scheme, parts.scheme)
    asked = {"source": source, "bucket": parts.netloc, "key": parts.path.lstrip("/")}
    if namespace:
        asked["namespace"] = namespace
    return client.raw("GET", "/artifacts/get", asked, limit=limit + 1, headers={"Accept": "*/*"})


def trouble_of(client: Client, names: Sequence[str], namespace: str) -> str | None:
    """Why a pod does not start, or was ended by the cluster, in one line; None where nothing is known of that."""
    for name in names:
        asked = {"podname": name, "podnamespace": namespace or "kubeflow"}
        with suppress(ClusterError, ValueError):
            return _trouble(json.loads(client.raw("GET", "/k8s/pod", asked)))
    return None


def _trouble(found: Any) -> str | None:
    status = found.get("status", {}) if isinstance(found, dict) else {}
    if status.get("reason") == "Evicted":
        return f"the pod was evicted: {status.get('message') or 'the node ran out of something'}"
    for container in status.get("containerStatuses", []):
        said = _said(container.get("state", {}), str(container.get("image", "")))
        if said:
            return said
    return None


def _said(state: dict[str, Any], image: str) -> str | None:
    waiting, ended = state.get("waiting") or {}, state.get("terminated") or {}
    reason = waiting.get("reason", "")
    if reason in ("ImagePullBackOff", "ErrImagePull", "InvalidImageName"):
        named = f"the image {image!r}" if image else "its image"
        return f"{named} can't be pulled: {waiting.get('message') or reason}"
    if reason and reason not in _WAITS:
        return f"the pod waits: {waiting.get('message') or reason}"
    if ended.get("reason") == "OOMKilled":
        return "the pod was killed: it took more memory than it was given (OOMKilled)"
    if ended.get("exitCode", 0) > 1:  # 1 is what a program says that tells more in its log
        return f"the pod ended with exit code {ended['exitCode']}"
    return None

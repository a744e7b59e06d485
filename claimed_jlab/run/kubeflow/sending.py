"""Sending a pipeline to a cluster, and starting it there, once however often the answer is lost.

KFP knows no key by which a request made twice is one. So a run has a display name that no other has, and wherever it
is not sure whether the cluster got it, it is looked up by that name before anything else is done.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.kubeflow.findings import LARGEST_PARAMETERS
from claimed_jlab.run.kubeflow.state import RemoteRun

_TRIES = 3
_WAIT_SECONDS = 0.5
_EXISTS = 409


def experiment_of(client: Client) -> str:
    """The id of the experiment of the settings, which is made when it is not there. Raises ClusterError."""
    settings = client.settings
    body = {"display_name": settings.experiment, **settings.place}
    found = _one(
        client,
        lambda: client.named("/experiments", "experiments", settings.experiment, settings.place),
        lambda: client.call("POST", "/experiments", body=body),
    )
    return _needed(client, found, "experiment_id")


def version_of(client: Client, name: str, description: str, package: str) -> tuple[str, str]:
    """(pipeline, version): the ids of a pipeline's version with this package, uploaded where it is new.

    Raises ClusterError.
    """
    place = client.settings.place
    version = hashlib.sha256(package.encode()).hexdigest()[:16]
    more = {**place, "name": name, **({"description": description[:255]} if description else {})}
    found = _one(
        client,
        lambda: client.named("/pipelines", "pipelines", name, place),
        lambda: _upload(client, "/pipelines/upload", package, more),
    )
    pipeline = _needed(client, found, "pipeline_id")
    path = f"/pipelines/{pipeline}/versions"
    known = _one(
        client,
        lambda: client.named(path, "pipeline_versions", version),
        lambda: _upload(client, "/pipelines/upload_version", package, {"pipelineid": pipeline, "name": version}),
    )
    return pipeline, _needed(client, known, "pipeline_version_id")


def start(client: Client, remote: RemoteRun, root: str = "", service_account: str = "") -> str | None:
    """Starts a run; returns its id there, None where it is not known whether the cluster got it.

    Raises ClusterError when the cluster surely did not.
    """
    config: dict[str, Any] = {"parameters": remote.parameters}
    if root:
        config["pipeline_root"] = root
    body: dict[str, Any] = {
        "display_name": remote.name,
        "experiment_id": remote.experiment_id,
        "pipeline_version_reference": {
            "pipeline_id": remote.pipeline_id,
            "pipeline_version_id": remote.version_id,
        },
        "runtime_config": config,
    }
    if service_account:
        body["service_account"] = service_account
    for number in range(1, _TRIES + 1):
        try:
            return str(client.call("POST", "/runs", body=body)["run_id"])
        except KeyError:
            return None  # an answer without an id: it is looked for by its name
        except ClusterError as error:
            if not error.passing:
                raise
            sent = _looked_up(client, remote)
            if sent:
                return sent
            if error.unsure and (sent is None or error.status is None):
                return None  # it may still be on its way: to send it again could make two
            if number == _TRIES:
                raise
            time.sleep(error.retry_after if error.retry_after is not None else _WAIT_SECONDS * number)
    return None


def find_sent(client: Client, remote: RemoteRun) -> str | None:
    """The id of the run that was sent, if the cluster has it. Raises ClusterError."""
    query: Mapping[str, Any] = {"experiment_id": remote.experiment_id} if remote.experiment_id else {}
    found = client.named("/runs", "runs", remote.name, query)
    return str(found["run_id"]) if found else None


def send_files(uploads: Mapping[str, bytes]) -> None:
    """Puts what was too large for the spec where the pipeline root is. Raises ClaimedError."""
    if not uploads:
        return
    try:
        import fsspec
    except ImportError:
        hint = "pip install 'claimed_jlab[kubeflow]'"
        raise ClaimedError("fsspec is needed to reach the pipeline root", hint=hint, code="missing-libraries") from None
    for uri, data in uploads.items():
        try:
            system, path = fsspec.core.url_to_fs(uri.replace("minio://", "s3://", 1))
            if not (system.exists(path) and system.size(path) == len(data)):
                system.makedirs(path.rpartition("/")[0], exist_ok=True)
                system.pipe_file(path, data)
        except ImportError as error:
            raise ClaimedError(f"the pipeline root can't be reached: {error}", where=uri) from None
        except Exception as error:  # each file system has errors of its own
            message = f"the notebook can't be put below the pipeline root: {type(error).__name__}: {error}"
            raise ClaimedError(message, where=uri, hint="are its credentials set in the environment?") from None


def refuse_large(parameters: Mapping[str, Any]) -> None:
    """Raises ClaimedError where KFP takes no parameters of that size (apiserver/validation: MaxParameterBytes)."""
    sizes = {name: len(json.dumps(value).encode()) for name, value in parameters.items()}
    if sizes and sum(sizes.values()) > LARGEST_PARAMETERS:
        name = max(sizes, key=lambda one: sizes[one])
        raise ClaimedError(
            f"the parameter {name!r} has {sizes[name]:,} bytes: Kubeflow takes {LARGEST_PARAMETERS:,} of all together",
            where=f"parameters.{name}",
            hint="give what is large as an artifact",
            code="bad-parameter",
        )


def _needed(client: Client, found: Mapping[str, Any], key: str) -> str:
    """A field of an answer that must be there. Raises ClusterError."""
    if not isinstance(found.get(key), str):
        message = f"it answers what can't be understood: there is no {key}"
        raise ClusterError(message, step="API", status=502, where=client.settings.endpoint)
    return str(found[key])


def _looked_up(client: Client, remote: RemoteRun) -> str | None:
    """The id by its name; empty where it surely is not there, None where that can't be told either."""
    try:
        return find_sent(client, remote) or ""
    except ClusterError:
        return None


def _one(client: Client, find: Callable[[], Any], make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What is found, else what is made; somebody else may make it at the same time."""
    for number in range(1, _TRIES + 1):
        found = find()
        if found is not None:
            return dict(found)
        try:
            return make()
        except ClusterError as error:
            if error.status != _EXISTS and (not error.passing or number == _TRIES):
                raise
            time.sleep(error.retry_after if error.retry_after is not None else _WAIT_SECONDS * number)
    raise ClusterError(
        "something of that name is there and can't be seen", step="API", status=_EXISTS, where=client.settings.endpoint
    )


def _upload(client: Client, path: str, package: str, query: Mapping[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pipeline.yaml"
        file.write_text(package, encoding="utf-8")
        return client.call("POST", path, query, files={"uploadfile": str(file)})


def without_caching(spec: dict[str, Any]) -> dict[str, Any]:
    """The spec with no task that KFP may skip."""
    copy: dict[str, Any] = json.loads(json.dumps(spec))
    dags = [copy["root"].get("dag"), *(component.get("dag") for component in copy.get("components", {}).values())]
    for dag in dags:
        for task in (dag or {}).get("tasks", {}).values():
            task["cachingOptions"] = {}
    return copy

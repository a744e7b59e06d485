"""Runs: made, followed, stopped, run again, put away."""

from __future__ import annotations

import json
from typing import Any

from tests.kfp_server import experiments, pipelines
from tests.kfp_server.cluster import FINAL, Cluster
from tests.kfp_server.listing import page_of
from tests.kfp_server.refusals import PRECONDITION, Refused, internal, invalid, not_found
from tests.kfp_server.request import Request
from tests.kfp_server.specs import Spec, check_compiles, check_parameters, spec_of
from tests.kfp_server.state import new_id
from tests.kfp_server.wire import now, present, stamp

Json = dict[str, Any]
FIELDS = frozenset(
    [
        "experiment_id",
        "run_id",
        "display_name",
        "storage_state",
        "description",
        "pipeline_version_id",
        "pipeline_spec",
        "pipeline_version_reference",
        "runtime_config",
        "service_account",
        "created_at",
        "scheduled_at",
        "finished_at",
        "state",
        "error",
        "run_details",
        "recurring_run_id",
        "state_history",
        "plugins_input",
        "plugins_output",
    ]
)
CONFIG_FIELDS = frozenset({"parameters", "pipeline_root"})
LARGEST_PARAMETERS = 10_000
KEYS = {
    "id": "id",
    "run_id": "id",
    "name": "display_name",
    "display_name": "display_name",
    "created_at": "created_at",
    "scheduled_at": "scheduled_at",
    "finished_at": "finished_at",
    "state": "state",
    "status": "state",
    "storage_state": "storage_state",
    "experiment_id": "experiment_id",
    "pipeline_version_id": "pipeline_version_id",
    "recurring_run_id": "recurring_run_id",
}


def shown(cluster: Cluster, one: Json) -> Json:
    """As the API gives it."""
    config = present({"parameters": one["parameters"], "pipeline_root": one.get("pipeline_root")})
    details = cluster.details(one)
    return present(
        {
            "experiment_id": one["experiment_id"],
            "run_id": one["id"],
            "display_name": one["display_name"],
            "storage_state": one["storage_state"],
            "description": one.get("description"),
            **source_shown(one),
            "runtime_config": config,
            "service_account": one.get("service_account") or "pipeline-runner",
            "created_at": stamp(one["created_at"]),
            "scheduled_at": stamp(one.get("scheduled_at") or one["created_at"]),
            "finished_at": stamp(one.get("finished_at")),
            "state": one["state"],
            "run_details": {"task_details": details} if details else None,
            "recurring_run_id": one.get("recurring_run_id"),
            "state_history": [{"update_time": stamp(time), "state": state} for time, state in one["history"]],
        }
    )


def source_shown(one: Json) -> Json:
    """Where a run or a schedule has its spec from."""
    if one.get("pipeline_version_id"):
        both = {"pipeline_id": one["pipeline_id"], "pipeline_version_id": one["pipeline_version_id"]}
        return {"pipeline_version_reference": both}
    return {"pipeline_spec": one["spec"]}


def source_of(cluster: Cluster, request: Request, fields: Json) -> tuple[Spec, Json]:
    """(the spec, what refers to it) of a body. Raises Refused."""
    reference = fields.get("pipeline_version_reference") or {}
    reference = {("pipeline_id" if name == "pipelineId" else name): value for name, value in reference.items()}
    reference = {
        ("pipeline_version_id" if name == "pipelineVersionId" else name): value for name, value in reference.items()
    }
    version_id = reference.get("pipeline_version_id") or fields.get("pipeline_version_id")
    if version_id:
        version = pipelines.known_version(cluster, request, version_id)
        if reference.get("pipeline_id") and reference["pipeline_id"] != version["pipeline_id"]:
            raise invalid(
                f"Pipeline version {version_id} belongs to pipeline {version['pipeline_id']} (not"
                f" {reference['pipeline_id']})"
            )
    elif reference.get("pipeline_id"):
        pipelines.known(cluster, request, reference["pipeline_id"])
        version = pipelines.latest(cluster, reference["pipeline_id"])
    elif fields.get("pipeline_spec"):
        try:
            return spec_of([fields["pipeline_spec"]]), {}
        except Refused as error:
            raise internal(
                error.message,
                "Failed to create a run due to error fetching manifest",
                "Failed to fetch a template with an invalid pipeline spec manifest",
            ) from error
    else:
        raise invalid("Failed to fetch a template with an empty pipeline spec manifest")
    return spec_of([version["spec"]]), {"pipeline_id": version["pipeline_id"], "pipeline_version_id": version["id"]}


def config_of(fields: Json, spec: Spec) -> tuple[Json, str]:
    """(parameters, pipeline root) of a body. Raises Refused."""
    config = fields.get("runtime_config") or {}
    config = {("pipeline_root" if name == "pipelineRoot" else name): value for name, value in config.items()}
    unknown = sorted(set(config) - CONFIG_FIELDS)
    if unknown:
        raise invalid(f'proto: (line 1:2): unknown field "{unknown[0]}"')
    parameters = config.get("parameters") or {}
    if len(json.dumps(parameters)) > LARGEST_PARAMETERS:
        raise invalid(f"The input parameter length exceed maximum size of {LARGEST_PARAMETERS}")
    check_parameters(spec, parameters)
    return parameters, config.get("pipeline_root") or ""


def experiment_of(cluster: Cluster, request: Request, fields: Json) -> Json:
    if fields.get("experiment_id"):
        return experiments.known(cluster, request, fields["experiment_id"])
    if cluster.options.multi_user:
        raise invalid("Run cannot have an empty experiment id in multi-user mode: namespace is required")
    return experiments.default(cluster)


def create(cluster: Cluster, request: Request) -> Json:
    fields = request.json(FIELDS)
    if not fields.get("display_name"):
        raise internal(
            "Failed to convert a API run detail to its internal representation: Run name cannot be empty",
            "Failed to create a run",
        )
    try:
        spec, reference = source_of(cluster, request, fields)
        experiment = experiment_of(cluster, request, fields)
        parameters, root = config_of(fields, spec)
        _fits(cluster, spec, parameters)
    except Refused as error:
        raise error.wrapped("Failed to create a run") from error
    more = {"description": fields.get("description", ""), "service_account": fields.get("service_account", "")}
    run = begin(cluster, fields["display_name"], spec, reference, experiment, parameters, root, more)
    answer = shown(cluster, run)
    cluster.launch(run)
    return answer


def begin(
    cluster: Cluster,
    name: str,
    spec: Spec,
    reference: Json,
    experiment: Json,
    parameters: Json,
    root: str,
    more: Json,
) -> Json:
    """Makes a run; it does not run yet."""
    moment = now()
    with cluster.state.lock:
        held = cluster.state["runs"]
        one = {
            "id": new_id(),
            "display_name": name,
            "experiment_id": experiment["id"],
            "namespace": experiment.get("namespace", ""),
            "storage_state": "AVAILABLE",
            "spec": spec.struct(),
            **reference,
            "parameters": parameters,
            "pipeline_root": root,
            "created_at": moment,
            "scheduled_at": moment,
            "finished_at": None,
            "state": "PENDING",
            "history": [[moment, "PENDING"]],
            "order": len(held),
            **more,
        }
        held[one["id"]] = one
        experiment["last_run_at"] = moment
        cluster.state.touch()
    return one


def _fits(cluster: Cluster, spec: Spec, parameters: Json) -> None:
    try:
        check_compiles(spec, artifact_iterators=cluster.options.artifact_iterators)
    except Refused as error:
        raise internal(
            ": ".join(error.chain), "Failed to generate the ExecutionSpec", "Failed to compile job"
        ) from error
    size = len(json.dumps(spec.struct())) + len(json.dumps(parameters))
    if size > cluster.options.largest_workflow:
        raise internal(
            "etcdserver: request is too large",
            f"Failed to create a workflow for ({spec.name}-)",
            "Request entity too large",
        )


def known(cluster: Cluster, request: Request, id_: str) -> Json:
    one = cluster.state["runs"].get(id_)
    if one is None:
        raise not_found("Run", id_).wrapped(f"Failed to fetch run {id_}")
    if cluster.options.multi_user:
        request.check_namespace(one["namespace"])
    return one  # type: ignore[no-any-return]


def get(cluster: Cluster, request: Request) -> Json:
    return shown(cluster, known(cluster, request, request.parts["id"]))


def list_(cluster: Cluster, request: Request) -> Json:
    held = list(cluster.state["runs"].values())
    experiment = request.query.get("experiment_id")
    if experiment:
        experiments.known(cluster, request, experiment)
        held = [one for one in held if one["experiment_id"] == experiment]
    elif cluster.options.multi_user:
        namespace = experiments.namespace_of(cluster, request, request.query.get("namespace"), "Failed to list runs")
        held = [one for one in held if one["namespace"] == namespace]
    with cluster.state.lock:
        page, rest = page_of(held, request.query, KEYS, "run")
        return present({"runs": [shown(cluster, one) for one in page], **rest})


def terminate(cluster: Cluster, request: Request) -> Json:
    one = known(cluster, request, request.parts["id"])
    if one["state"] in FINAL:
        raise internal(f"Failed to terminate run {one['id']}. Row not found", f"Failed to terminate run {one['id']}")
    cluster.set_state(one, "CANCELING")
    cluster.terminate(one["id"])
    return {}


def retry(cluster: Cluster, request: Request) -> Json:
    """Runs again what failed, in the same run."""
    one = known(cluster, request, request.parts["id"])
    if one["state"] != "FAILED":
        raise internal(
            f"Workflow must be Failed/Error to retry: Workflow is {one['state'].title()}",
            f"Failed to retry run {one['id']} as it does not allow reties",
        )
    one["finished_at"] = None
    cluster.set_state(one, "PENDING")
    cluster.launch(one)
    return {}


def archive(cluster: Cluster, request: Request) -> Json:
    known(cluster, request, request.parts["id"])["storage_state"] = "ARCHIVED"
    cluster.state.touch()
    return {}


def unarchive(cluster: Cluster, request: Request) -> Json:
    one = known(cluster, request, request.parts["id"])
    experiment = cluster.state["experiments"].get(one["experiment_id"], {})
    if experiment.get("storage_state") == "ARCHIVED":
        raise Refused(
            PRECONDITION,
            f"Failed to unarchive run {one['id']} as experiment {one['experiment_id']} must be un-archived first",
        )
    one["storage_state"] = "AVAILABLE"
    cluster.state.touch()
    return {}


def delete(cluster: Cluster, request: Request) -> Json:
    one = known(cluster, request, request.parts["id"])
    cluster.forget(one["id"])
    with cluster.state.lock:
        del cluster.state["runs"][one["id"]]
        cluster.state.touch()
    return {}

"""What a driver lets run: containers with their attempts and their cache, and importers."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from tests.kfp_server.argo import Node
from tests.kfp_server.faults import PodFault
from tests.kfp_server.launcher import Ended, Work
from tests.kfp_server.placeholders import Context, replaced
from tests.kfp_server.resolve import DriverError, Json, Result, Values, inputs_of, seconds_of
from tests.kfp_server.running import Place, Run, wait


@dataclass
class Call:
    """One container task that runs."""

    run: Run
    task: Json
    component: Json
    container: Json
    kubernetes: Json
    inputs: Values
    place: Place
    names: dict[str, str]
    execution: int


def container(call: Call, driver: Node) -> Result:
    """Runs a container, or takes what it gave before."""
    run, path = call.run, call.place.path
    key = fingerprint(call) if call.task.get("cachingOptions", {}).get("enableCache") else ""
    kept = run.cache.get(key) if key else None
    run.workflow.phase(driver, "Succeeded")
    node = run.workflow.start(path, "DAG", after=[driver.name], phase="Running")
    node.leaves = [f"{path}.executor"]
    run.changed()
    if kept is not None:
        executor = run.workflow.start(f"{path}.executor", "Skipped", parent=path, phase="Skipped")
        run.workflow.phase(executor, "Skipped", "when 'true != true' evaluated false")
        values = Values(**json.loads(json.dumps(kept["values"])))
        run.lineage.finish(call.execution, "CACHED", values, key=key, cached=kept["execution"])
        return _done(call, node, Result("Succeeded", values), [driver.name, path, executor.name])
    ended = _attempts(call)
    if ended.code:
        run.workflow.phase(node, "Failed")
        if ended.reason not in ("OOMKilled", "Evicted", "Terminated"):
            run.lineage.finish(call.execution, "FAILED", Values())
        return Result("Failed", message=f"{call.place.name}: {ended.reason} (exit code {ended.code})")
    run.lineage.finish(call.execution, "COMPLETE", ended.values, key=key)
    if key:
        run.cache[key] = {"values": ended.values.json(), "execution": call.execution}
    return _done(call, node, Result("Succeeded", ended.values), [driver.name, path, f"{path}.executor"])


def _done(call: Call, node: Node, result: Result, nodes: list[str]) -> Result:
    flow = call.run.workflow
    flow.phase(node, "Succeeded")
    nodes += [name for name in flow.nodes if name.startswith(f"{call.place.path}.executor(")]
    call.run.done[call.place.path] = {"phase": "Succeeded", "values": result.values.json(), "nodes": nodes}
    call.run.changed()
    return result


def _attempts(call: Call) -> Ended:
    run, path = call.run, f"{call.place.path}.executor"
    policy = call.task.get("retryPolicy")
    if policy is None:
        return _attempt(call, path, call.place.path, "system-container-impl")
    group = run.workflow.start(path, "Retry", parent=call.place.path, phase="Running")
    pause = seconds_of(policy.get("backoffDuration"))
    longest = seconds_of(policy.get("backoffMaxDuration")) or 3600
    for attempt in range(int(policy.get("maxRetryCount", 0)) + 1):
        if attempt:
            wait(run, min(pause, longest) * run.options.backoff)
            pause *= float(policy.get("backoffFactor") or 2)
        ended = _attempt(call, f"{path}({attempt})", path, "retry-system-container-impl")
        if ended.code == 0 or run.stop.is_set():
            break
    group.leaves = [f"{path}({attempt})"]
    run.workflow.phase(group, "Failed" if ended.code else "Succeeded")
    return ended


def _attempt(call: Call, name: str, parent: str, template: str) -> Ended:
    run = call.run
    node = run.workflow.start(name, "Pod", parent=parent, template=_labelled(template, call.kubernetes))
    run.changed()
    environment, problem = _environment(call)
    ended = _held_up(call, node, problem) or _faulted(call, node)
    if ended is None:
        run.lineage.place(call.execution, node.pod)
        deadline = call.kubernetes.get("activeDeadlineSeconds")
        root = f"{run.root}/{run.spec.name}/{run.id}/{call.place.name}"
        ended = run.machine.run(
            Work(
                node.pod,
                call.container,
                call.component,
                call.inputs,
                root,
                {**call.names, ".pipeline_task_uuid": str(call.execution)},
                environment,
                float(deadline) if deadline else None,
            ),
            run.stop,
            lambda: run.workflow.phase(node, "Running"),
        )
    node.exit_code = ended.code
    message = f"{ended.reason} (exit code {ended.code})" if ended.code else ""
    run.workflow.phase(node, "Failed" if ended.code else "Succeeded", message)
    run.changed()
    return ended


def _labelled(template: str, kubernetes: Json) -> str:
    """The template of pods that have labels or annotations of their own: KFP from 2.15 names it by their numbers."""
    given = kubernetes.get("podMetadata")
    if not given:
        return template
    return f"metadata-{len(given.get('annotations', {}))}-{len(given.get('labels', {}))}-{template}"


def _held_up(call: Call, node: Node, problem: str) -> Ended | None:
    """Waits while a pod can't start; it never does unless what is wrong goes away."""
    while not call.run.stop.is_set():
        fault = call.run.fault(call.place.name, "image")
        message = problem
        if fault is not None:
            image = call.container.get("image", "")
            message = f'ImagePullBackOff: Back-off pulling image "{image}"'
        if not message:
            return None
        node.message = message
        wait(call.run, 0.1)
    return Ended(143, reason="Terminated")


def _faulted(call: Call, node: Node) -> Ended | None:
    fault: PodFault | None = call.run.fault(call.place.name, "pod")
    if fault is None:
        return None
    if fault.seconds:
        wait(call.run, fault.seconds)
    if fault.kind == "slow":
        return None
    call.run.workflow.phase(node, "Running")
    if fault.log:
        call.run.machine.say(node.pod, fault.log)
    code, reason = {"oom": (137, "OOMKilled"), "evicted": (137, "Evicted")}.get(fault.kind, (1, "Error"))
    return Ended(code, reason=reason)


def _environment(call: Call) -> tuple[dict[str, str], str]:
    """(variables from secrets and config maps, why the pod can't start)."""
    found: dict[str, str] = {}
    options = call.run.options
    for field, word, kind, known in (
        ("secretAsEnv", "secret", "secretKey", options.secrets),
        ("configMapAsEnv", "configmap", "configMapKey", options.config_maps),
    ):
        for one in call.kubernetes.get(field, []):
            name = _named(one, "secretName" if word == "secret" else "configMapName", call.inputs)
            for pair in one.get("keyToEnv", []):
                held = known.get(name, {}).get(pair[kind])
                if held is not None:
                    found[pair["envVar"]] = held
                elif not one.get("optional"):
                    missing = f'{word} "{name}" not found' if name not in known else f"couldn't find key {pair[kind]}"
                    return found, f"CreateContainerConfigError: {missing}"
    return found, ""


def _named(one: Json, field: str, inputs: Values) -> str:
    parameter = one.get(f"{field}Parameter", {})
    if "componentInputParameter" in parameter:
        return str(inputs.parameters.get(parameter["componentInputParameter"], ""))
    constant = parameter.get("runtimeValue", {}).get("constant")
    return str(constant or one.get(field, ""))


def fingerprint(call: Call) -> str:
    """The key of the cache: what goes in, what comes out, and the container."""
    artifacts = {name: [one["uri"] for one in held] for name, held in call.inputs.artifacts.items()}
    container_ = {name: call.container.get(name) for name in ("image", "command", "args", "env")}
    held: list[Any] = [
        call.run.spec.name,
        call.run.namespace,
        call.inputs.parameters,
        artifacts,
        call.component.get("outputDefinitions", {}),
        container_,
    ]
    return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


def importer(
    run: Run,
    task: Json,
    component: Json,
    spec: Json,
    given: Values,
    results: dict[str, Result],
    place: Place,
    names: dict[str, str],
) -> Result:
    """Brings an artifact in by its URI: a pod of its own, without a driver."""
    node = run.workflow.start(
        place.path, "Pod", parent=place.parent, after=list(place.after), template="system-importer", phase="Running"
    )
    try:
        found = inputs_of(task, component, given, results, names)
        source = spec["artifactUri"]
        constant = source.get("constant") or source.get("constantValue", {}).get("stringValue")
        uri = constant or found.parameters[source["runtimeParameter"]]
    except (DriverError, KeyError) as error:
        run.machine.say(node.pod, f"F1122 00:00:00.000000      16 main.go:79] importer: {error}")
        run.workflow.phase(node, "Failed")
        return Result("Failed", message=str(error))
    metadata = _metadata(spec.get("metadata", {}), found, names)
    [name] = component["outputDefinitions"]["artifacts"]
    artifact = {"name": name, "type": spec.get("typeSchema", {}), "uri": uri, "metadata": metadata}
    execution = run.lineage.start(run, "Importer", place, task, found, node.pod, {})
    values = Values(artifacts={name: [artifact]})
    run.lineage.finish(execution, "COMPLETE", values, reuse=not spec.get("reimport"))
    run.workflow.phase(node, "Succeeded")
    run.done[place.path] = {"phase": "Succeeded", "values": values.json(), "nodes": [node.name]}
    return Result("Succeeded", values)


def _metadata(given: Any, found: Values, names: dict[str, str]) -> Any:
    if isinstance(given, dict):
        return {name: _metadata(value, found, names) for name, value in given.items()}
    return replaced(given, Context(parameters=found.parameters, names=names)) if isinstance(given, str) else given

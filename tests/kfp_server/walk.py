"""The DAGs of a run, walked as Argo walks KFP's workflow: drivers first, then what they let run."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.kfp_server import pods
from tests.kfp_server.argo import Node
from tests.kfp_server.cel import CelError, holds
from tests.kfp_server.resolve import (
    DriverError,
    Json,
    Result,
    Values,
    collected,
    inputs_of,
    items_of,
    outputs_of,
    waits_for,
)
from tests.kfp_server.running import Place, Run


def walk(run: Run, given: Values) -> Result:
    """Runs the root DAG to its end."""
    flow, root = run.workflow, run.spec.pipeline["root"]
    entry = flow.start(flow.name, "DAG", phase="Running")
    flow.link(_driver(run, f"{flow.name}.root", "system-dag-driver", flow.name, ()).name, parent=flow.name)
    dag = run.lineage.start_run(run, given.parameters)
    flow.phase(flow.nodes[f"{flow.name}.root-driver"], "Succeeded")
    node = _dag_node(run, f"{flow.name}.root")
    result = _dag(run, root, given, Place(node.name, node.name, dag=dag))
    flow.phase(node, result.phase)
    flow.phase(entry, result.phase)
    run.lineage.finish(dag, "COMPLETE" if result.phase == "Succeeded" else "FAILED", result.values)
    return result


def _dag_node(run: Run, path: str) -> Node:
    node = run.workflow.start(path, "DAG", after=[f"{path}-driver"], phase="Running")
    run.changed()
    return node


def _driver(run: Run, path: str, template: str, parent: str, after: tuple[str, ...]) -> Node:
    name = f"{path}-driver"
    node = run.workflow.start(name, "Pod", parent=parent, after=list(after), template=template, phase="Running")
    run.machine.say(node.pod, f"I1122 00:00:00.000000      16 main.go:108] input TaskSpec of {name}")
    run.changed()
    return node


def _dag(run: Run, component: Json, given: Values, place: Place) -> Result:
    """Runs the tasks of a DAG, each when what it waits for has succeeded."""
    tasks: dict[str, Json] = component["dag"]["tasks"]
    exits = {name for name, task in tasks.items() if _is_exit(task)}
    results: dict[str, Result] = {}
    ended = {name: threading.Event() for name in tasks}
    failed = threading.Event()

    def one(name: str) -> None:
        try:
            before = waits_for(tasks[name])
            for other in before:
                ended[other].wait()
            results[name] = _when_ready(run, name, tasks[name], given, results, before, place, failed)
            for hook in sorted(exits):
                if name in waits_for(tasks[hook]):
                    results[hook] = _exit(run, hook, tasks[hook], given, results, place, name)
                    ended[hook].set()
        except Exception as error:
            results[name] = Result("Error", message=repr(error))
            raise
        finally:
            if results[name].phase in ("Failed", "Error"):
                failed.set()
            ended[name].set()

    with ThreadPoolExecutor(max(1, len(tasks))) as threads:
        for future in [threads.submit(one, name) for name in tasks if name not in exits]:
            future.result()
    bad = [name for name, result in results.items() if result.phase in ("Failed", "Error")]
    message = results[bad[0]].message if bad else ""
    return Result("Failed" if bad else "Succeeded", outputs_of(component["dag"], results), message)


def _is_exit(task: Json) -> bool:
    return bool(task.get("triggerPolicy", {}).get("strategy") == "ALL_UPSTREAM_TASKS_COMPLETED")


def _when_ready(
    run: Run,
    name: str,
    task: Json,
    given: Values,
    results: dict[str, Result],
    before: list[str],
    place: Place,
    failed: threading.Event,
) -> Result:
    path = f"{place.path}.{name}"
    after = tuple(f"{place.path}.{other}" for other in before)
    if any(results[other].phase != "Succeeded" for other in before):
        if all(other in run.workflow.nodes for other in after):
            for part in [path] if _alone(run, task) else [f"{path}-driver", path]:
                node = run.workflow.start(part, "Skipped", after=list(after), phase="Omitted")
                run.workflow.phase(node, "Omitted", "omitted: depends condition not met")
        return Result("Omitted")
    if failed.is_set() or run.stop.is_set():
        return Result("Omitted")
    here = Place(path, place.parent if not after else "", after, place.dag, name=name)
    return _task(run, task, given, results, here)


def _alone(run: Run, task: Json) -> bool:
    """Whether a task is one of Argo's, without a driver beside it: a loop (its driver is in it), an importer."""
    if any(name.endswith("Iterator") for name in task):
        return True
    component = run.component(task["componentRef"]["name"])
    return "dag" not in component and "importer" in run.executor(component)[0]


def _exit(
    run: Run, name: str, task: Json, given: Values, results: dict[str, Result], place: Place, handler: str
) -> Result:
    """Runs an exit task, as a hook of the task that it waits for."""
    if run.stop.is_set():
        return Result("Omitted")
    hook = run.workflow.start(
        f"{place.path}.{handler}.onExit", "DAG", parent=f"{place.path}.{handler}", phase="Running"
    )
    result = _task(run, task, given, results, Place(f"{hook.name}.{name}", hook.name, dag=place.dag, name=name))
    run.workflow.phase(hook, result.phase)
    return result


def _task(run: Run, task: Json, given: Values, results: dict[str, Result], place: Place) -> Result:
    component = run.component(task["componentRef"]["name"])
    if "parameterIterator" in task or "artifactIterator" in task:
        return _loop(run, task, component, given, results, place)
    executor, kubernetes = ({}, {}) if "dag" in component else run.executor(component)
    names = {**run.names, ".pipeline_task_name": place.name, ".pipeline_task_uuid": place.path}
    kept = run.done.get(place.path)
    if kept is not None and "dag" not in component:
        run.workflow.link(kept["nodes"][0], parent=place.parent, after=list(place.after))
        return Result(kept["phase"], Values(**kept["values"]))
    if "importer" in executor:
        return pods.importer(run, task, component, executor["importer"], given, results, place, names)
    template = "system-dag-driver" if "dag" in component else "system-container-driver"
    driver = _driver(run, place.path, template, place.parent, place.after)
    try:
        run.fault(place.name, "driver")
        found = inputs_of(task, component, given, results, names)
        condition = task.get("triggerPolicy", {}).get("condition")
        goes = condition is None or holds(condition, found.parameters)
    except (DriverError, CelError) as error:
        return _driver_failed(run, driver, place, str(error))
    return _go(run, task, component, executor, kubernetes, found, goes, driver, place, names)


def _driver_failed(run: Run, driver: Node, place: Place, message: str) -> Result:
    run.machine.say(driver.pod, f"F1122 00:00:00.000000      16 main.go:79] KFP driver: {message}")
    run.workflow.phase(driver, "Failed", message)
    driver.exit_code = 1
    if place.path not in run.workflow.nodes:
        node = run.workflow.start(place.path, "Skipped", after=[driver.name], phase="Omitted")
        run.workflow.phase(node, "Omitted")
    return Result("Failed", message=message)


def _go(
    run: Run,
    task: Json,
    component: Json,
    executor: Json,
    kubernetes: Json,
    found: Values,
    goes: bool,
    driver: Node,
    place: Place,
    names: dict[str, str],
) -> Result:
    kind = "DAG" if "dag" in component else "Container"
    execution = run.lineage.start(run, kind, place, task, found, driver.pod, executor.get("container", {}))
    if not goes:
        run.lineage.finish(execution, "CANCELED", Values())
        run.workflow.phase(driver, "Succeeded")
        node = run.workflow.start(place.path, "Skipped", after=[driver.name], phase="Skipped")
        run.workflow.phase(node, "Skipped", "when 'false != false' evaluated false")
        return Result("Skipped")
    if "dag" not in component:
        call = pods.Call(run, task, component, executor["container"], kubernetes, found, place, names, execution)
        return pods.container(call, driver)
    run.workflow.phase(driver, "Succeeded")
    node = _dag_node(run, place.path)
    result = _dag(run, component, found, Place(node.name, node.name, dag=execution))
    node.leaves = _last(component, place.path, run)
    run.workflow.phase(node, result.phase)
    run.lineage.finish(execution, "COMPLETE" if result.phase == "Succeeded" else "FAILED", result.values)
    return result


def _last(component: Json, path: str, run: Run) -> list[str]:
    """The nodes of a DAG that no other task of it waits for."""
    tasks = component["dag"]["tasks"]
    waited = {other for task in tasks.values() if not _is_exit(task) for other in waits_for(task)}
    return [f"{path}.{name}" for name in tasks if name not in waited and f"{path}.{name}" in run.workflow.nodes]


def _loop(run: Run, task: Json, component: Json, given: Values, results: dict[str, Result], place: Place) -> Result:
    """A task that is repeated: a DAG of its driver and of the rounds."""
    flow = run.workflow
    outer = flow.start(place.path, "DAG", parent=place.parent, after=list(place.after), phase="Running")
    driver = _driver(run, f"{place.path}.iteration", "system-dag-driver", outer.name, ())
    try:
        found = inputs_of(task, component, given, results, run.names)
        condition = task.get("triggerPolicy", {}).get("condition")
        goes = condition is None or holds(condition, found.parameters)
        kind, wanted, items = items_of(task, found)
    except (DriverError, CelError) as error:
        result = _driver_failed(run, driver, Place(f"{place.path}.iteration-iterations", outer.name), str(error))
        flow.phase(outer, "Failed")
        return result
    execution = run.lineage.start(run, "DAG", place, task, found, driver.pod, {}, iteration_count=len(items))
    flow.phase(driver, "Succeeded")
    group = flow.start(
        f"{place.path}.iteration-iterations", "TaskGroup" if goes else "Skipped", after=[driver.name], phase="Running"
    )
    if not goes:
        flow.phase(group, "Skipped")
        flow.phase(outer, "Succeeded")
        run.lineage.finish(execution, "CANCELED", Values())
        return Result("Skipped")
    single = {name: value for name, value in task.items() if not name.endswith("Iterator")}
    single.pop("triggerPolicy", None)

    def one(index: int) -> Result:
        if run.stop.is_set():
            return Result("Failed")
        mine = Values({**found.parameters}, {**found.artifacts})
        getattr(mine, kind)[wanted] = [items[index]] if kind == "artifacts" else items[index]
        round_ = flow.start(f"{group.name}({index}:{index})", "DAG", parent=group.name, phase="Running")
        item = Place(f"{round_.name}.iteration-item", round_.name, (), execution, index, place.name)
        result = _task(run, _passing(single, mine), mine, {}, item)
        round_.leaves = [item.path]
        flow.phase(round_, "Succeeded" if result.phase == "Skipped" else result.phase)
        return result

    limit = int(task.get("iteratorPolicy", {}).get("parallelismLimit", 0)) or max(1, len(items))
    with ThreadPoolExecutor(limit) as threads:
        rounds = list(threads.map(one, range(len(items))))
    bad = [result for result in rounds if result.phase in ("Failed", "Error")]
    result = Result("Failed" if bad else "Succeeded", collected(rounds), bad[0].message if bad else "")
    _empty_lists(component, result.values, items)
    group.leaves = [f"{group.name}({index}:{index})" for index in range(len(items))]
    outer.leaves = [group.name]
    flow.phase(group, result.phase)
    flow.phase(outer, result.phase)
    run.lineage.finish(execution, "FAILED" if bad else "COMPLETE", result.values)
    return result


def _empty_lists(component: Json, values: Values, items: list[Any]) -> None:
    if not items:
        declared = component.get("outputDefinitions", {})
        values.parameters |= {name: [] for name in declared.get("parameters", {})}
        values.artifacts |= {name: [] for name in declared.get("artifacts", {})}


def _passing(task: Json, values: Values) -> Json:
    """The task of one round: what was resolved for the loop comes in under its own name."""
    return {
        **task,
        "inputs": {
            "parameters": {name: {"componentInputParameter": name} for name in values.parameters},
            "artifacts": {name: {"componentInputArtifact": name} for name in values.artifacts},
        },
    }

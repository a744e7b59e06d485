"""A PipelineSpec as what it means, free of the names that a compiler chose for blocks, channels and components.

Every task by the path of pipelines that it is in and its shown name; each input traced to what it comes from; the
conditions and loops that hold for it; what it waits for; what runs. Two specs that resolve alike do the same.
"""

from __future__ import annotations

import re
from typing import Any

_PLUMBING = ("condition-", "for-loop-", "exit-handler-")

_DEFINITIONS = ("inputDefinitions", "outputDefinitions")


def resolve(spec: dict[str, Any], platform: dict[str, Any] | None = None) -> dict[str, Any]:
    """By task path: what it means. Also `inputs` and `outputs` of the whole."""
    own = ((platform or {}).get("platforms") or {}).get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {})
    found = _Resolver(spec, own)
    found.dag(spec["root"], {}, (), [])
    return {
        "tasks": found.tasks,
        "inputs": spec["root"].get("inputDefinitions", {}),
        "outputs": found.outputs(spec["root"], found.root_names),
    }


class _Resolver:
    def __init__(self, spec: dict[str, Any], kubernetes: dict[str, Any]) -> None:
        self._components = spec["components"]
        self._executors = spec["deploymentSpec"]["executors"]
        self._kubernetes = kubernetes
        self.tasks: dict[str, Any] = {}
        self.root_names: dict[str, Any] = {}

    def dag(self, component, bound, path, guards):
        """Resolves all tasks of a DAG. bound: what the component's inputs are. Returns what tasks' outputs are."""
        tasks = component["dag"]["tasks"]
        names: dict[str, Any] = {}
        for name in self._in_order(tasks):
            names[name] = self._task(name, tasks[name], bound, names, path, guards)
        if not path and not guards:
            self.root_names = names
        return names

    def _in_order(self, tasks):
        done: list[str] = []
        while len(done) < len(tasks):
            ready = [n for n, t in tasks.items() if n not in done and set(t.get("dependentTasks", [])) <= set(done)]
            assert ready, "the tasks wait for each other, or for one that is not there"
            done += ready
        return done

    def _task(self, name, task, bound, names, path, guards):
        given = {
            key: self._source(wire, bound, names)
            for kind in task.get("inputs", {}).values()
            for key, wire in kind.items()
        }
        component = self._components[task["componentRef"]["name"]]
        waits = sorted(label for other in task.get("dependentTasks", []) for label in names[other]["labels"])
        if "dag" not in component:
            return self._leaf(task, component, given, waits, path, guards)
        iterator = task.get("parameterIterator") or task.get("artifactIterator")
        condition = task.get("triggerPolicy", {}).get("condition")
        is_block = name.startswith(_PLUMBING) and (iterator or condition or name.startswith("exit-handler-"))
        inside = path if is_block else (*path, task["taskInfo"]["name"])
        held = [*guards]
        if condition:
            text = re.sub(r"inputs\.parameter_values\['(.*?)'\]", lambda found: f"<{given[found[1]]}>", condition)
            held.append(["if", text])
        if iterator:
            items = iterator["items"]
            what = items.get("raw") or given[items.get("inputParameter") or items.get("inputArtifact")]
            given[iterator["itemInput"]] = f"item of {what}"
            held.append(["for", what, task.get("iteratorPolicy", {}).get("parallelismLimit")])
        before = set(self.tasks)
        inner = self.dag(component, given, inside, held)
        labels = sorted(set(self.tasks) - before)
        self._also_waits(labels, waits, is_block)
        return {"labels": labels, "outputs": self.outputs(component, inner), "collected": bool(iterator)}

    def _also_waits(self, labels, waits, is_block):
        """What a block waits for, all in it wait for."""
        for label in labels:
            self.tasks[label]["waits"] = sorted({*self.tasks[label]["waits"], *waits} - set(labels if is_block else ()))

    def _leaf(self, task, component, given, waits, path, guards):
        label = "/".join((*path, task["taskInfo"]["name"]))
        executor = dict(self._executors[component["executorLabel"]])
        if "importer" in executor:
            label = "/".join((*path, f"importer of {given['uri']}"))
        while label in self.tasks:
            label += "'"
        self.tasks[label] = {
            "inputs": given,
            "waits": waits,
            "guards": guards,
            "executor": executor,
            "kubernetes": self._kubernetes.get(component["executorLabel"], {}),
            "definitions": {name: _bare(component[name]) for name in _DEFINITIONS if name in component},
            "caching": task.get("cachingOptions"),
            "retry": task.get("retryPolicy"),
            "strategy": task.get("triggerPolicy", {}).get("strategy"),
        }
        return {"labels": [label], "outputs": None, "label": label}

    def _source(self, wire, bound, names):
        if "runtimeValue" in wire:
            return ["value", wire["runtimeValue"]["constant"]]
        selector = wire.get("parameterExpressionSelector")
        for key in ("componentInputParameter", "componentInputArtifact"):
            if key in wire:
                found = bound.get(wire[key], f"parameter {wire[key]}")
                return f"{found} by {selector}" if selector else found
        out = wire.get("taskOutputParameter") or wire.get("taskOutputArtifact")
        key = out.get("outputParameterKey") or out.get("outputArtifactKey")
        return self._output(names[out["producerTask"]], key)

    def _output(self, made, key):
        if made["outputs"] is None:
            return f"output {made['label']}.{key}"
        found = made["outputs"][key]
        return f"all of {found}" if made["collected"] else found

    def outputs(self, component, names):
        found = {}
        given = component["dag"].get("outputs", {})
        for key, selector in given.get("parameters", {}).items():
            one = selector["valueFromParameter"]
            found[key] = self._output(names[one["producerSubtask"]], one["outputParameterKey"])
        for key, selector in given.get("artifacts", {}).items():
            [one] = selector["artifactSelectors"]
            found[key] = self._output(names[one["producerSubtask"]], one["outputArtifactKey"])
        return found


def _bare(definitions):
    """Ports without their descriptions, which KFP's compiler drops of components that it loads, and ours keeps."""
    return {
        kind: {
            name: {key: value for key, value in port.items() if key != "description"} for name, port in ports.items()
        }
        for kind, ports in definitions.items()
    }

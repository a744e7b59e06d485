"""Elyra's `.pipeline` (pipeline-flow-ui, versions 3 to 8): notebooks and scripts, components of KFP's, links, places.

Format: elyra-ai/elyra, `pipeline_definition.py` and `pipeline_constants.py`; what changed from version to version is
in elyra-ai/pipeline-editor, `packages/pipeline-services/src/migration/`. A link of Elyra's is order only, unless a
component takes another's output by `{"widget": "inputpath", "value": {"value": <node>, "option": "output_model"}}`,
earlier without the widget.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from claimed_jlab.component.catalogs.loose import line, mapping, mappings, texts
from claimed_jlab.component.secrets import looks_secret
from claimed_jlab.pipeline.document import FORMAT
from claimed_jlab.pipeline.imports.imported import Imported, NotImportable, unique
from claimed_jlab.pipeline.python.naming import identifier

VERSIONS = range(3, 9)
_GENERIC = ("execute-notebook-node", "execute-python-node")
_R = "execute-r-node"
_TYPES = {"str": "str", "string": "str", "int": "int", "integer": "int", "float": "float", "bool": "bool"}
# Fields of a node that are no inputs of its component.
_OWN = (
    "label",
    "component_source",
    "component_parameters",
    "ui_data",
    "invalidNodeError",
    "disallow_cached_output",
    "kubernetes_secrets",
    "inputs_header",
    "outputs_header",
)
# What only a cluster has; a document says none of it.
_OF_KUBERNETES = (
    "mounted_volumes",
    "kubernetes_pod_annotations",
    "kubernetes_pod_labels",
    "kubernetes_tolerations",
    "kubernetes_shared_mem_size",
)


def is_elyra(data: Any) -> bool:
    """Whether JSON's data looks like a pipeline of Elyra's."""
    return isinstance(data, dict) and isinstance(data.get("pipelines"), list) and "primary_pipeline" in data


def read_elyra(data: dict[str, Any], name: str) -> Imported:
    """The document of a pipeline of Elyra's. name: of the file, where it has none itself.  Raises NotImportable."""
    flows = mappings(data.get("pipelines"))
    flow = next((item for item in flows if item.get("id") == data.get("primary_pipeline")), flows[0] if flows else None)
    if flow is None:
        raise NotImportable("has no pipeline in it", where="pipelines")
    return _Reader(flow, name).read(others=len(flows) - 1)


class _Reader:
    def __init__(self, flow: dict[str, Any], name: str) -> None:
        self._flow = flow
        self._about = mapping(flow.get("app_data"))
        self._properties = mapping(self._about.get("properties")) or self._about
        title = line(self._properties.get("name")) or line(mapping(self._about.get("ui_data")).get("name")) or name
        self._found = Imported({"format": FORMAT, "name": title})
        self._names: dict[str, str] = {}
        self._nodes = {str(node.get("id")): node for node in mappings(flow.get("nodes"))}
        self._defaults = mapping(self._properties.get("pipeline_defaults"))

    def read(self, others: int) -> Imported:
        found, data = self._found, self._found.data
        version = self._about.get("version")
        if version not in VERSIONS:
            message = f"its version is {version!r}; versions {VERSIONS[0]} to {VERSIONS[-1]} are known: look it over"
            found.lose(message, "app_data.version")
        if others:
            found.lose(f"{others} more pipelines in the file (supernodes)", "pipelines")
        description = line(self._properties.get("description"))
        if description:
            data["description"] = description
        parameters = dict(self._parameters())
        if parameters:
            data["parameters"] = parameters
        data["tasks"], data["layout"] = {}, {}
        for identity, node in self._nodes.items():
            if node.get("type") == "execution_node":
                self._names[identity] = unique(self._task_name(node), self._names.values())
            elif node.get("type") not in ("binding", "comment"):
                found.lose(f"a node of type {node.get('type')!r}", f"nodes.{identity}")
        for identity, task in self._names.items():
            data["tasks"][task] = self._task(identity, task)
            place = mapping(mapping(self._nodes[identity].get("app_data")).get("ui_data"))
            if isinstance(place.get("x_pos"), int | float) and isinstance(place.get("y_pos"), int | float):
                data["layout"][task] = [round(place["x_pos"]), round(place["y_pos"])]
        self._comments()
        return found

    def _parameters(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for item in mappings(self._properties.get("pipeline_parameters")):
            default = mapping(item.get("default_value"))
            kind = _TYPES.get(line(default.get("type")).lower(), "str")
            about = {"description": line(item.get("description"))} if item.get("description") else {}
            value = {"default": default["value"]} if default.get("value") not in (None, "") else {}
            yield line(item.get("name")), {"type": kind, **value, **about}

    def _task_name(self, node: dict[str, Any]) -> str:
        about = mapping(node.get("app_data"))
        label = line(about.get("label")) or line(mapping(about.get("ui_data")).get("label"))
        file = line(_parameters_of(node).get("filename")).rpartition("/")[2]
        return identifier((label or file or line(node.get("op"))).removesuffix(".ipynb").removesuffix(".py"))

    def _task(self, identity: str, task: str) -> dict[str, Any]:
        node, operation = self._nodes[identity], line(self._nodes[identity].get("op"))
        given = _parameters_of(node)
        if operation == _R:
            self._found.lose("an R script, which no component can be", f"tasks.{task}", task)
        if operation in (*_GENERIC, _R):
            made = self._generic(given, task)
        else:
            made = self._component(_source_of(node) or operation, given, task)
        after = sorted(self._before(node) - _feeding(made), key=list(self._names.values()).index)
        for key in _OF_KUBERNETES:
            if given.get(key):
                self._found.lose(f"{key}: only Kubernetes has this", f"tasks.{task}.{key}", task)
        if given.get("disallow_cached_output") in (True, "True", "true"):
            made["cache"] = False
        return {**made, **({"after": after} if after else {})}

    def _generic(self, given: dict[str, Any], task: str) -> dict[str, Any]:
        """A notebook or a script: its environment variables are its inputs."""
        file = line(given.get("filename"))
        made: dict[str, Any] = {"component": file if file.startswith(("../", "/")) else f"./{file}"}
        inputs = {name: {"value": value} for name, value in _variables({**self._shared(), **given})}
        for name in [name for name, source in inputs.items() if looks_secret(name) and source["value"]]:
            inputs[name] = {"secret": name}
            self._found.lose(
                f"the value of {name}, which looks like a secret: set it as one", f"tasks.{task}.{name}", task
            )
        for item in mappings(given.get("kubernetes_secrets")):
            secret, key = line(item.get("name")), line(item.get("key"))
            inputs[line(item.get("env_var"))] = {"secret": f"{secret}/{key}" if key else secret}
        for name in texts(given.get("pipeline_parameters")):
            inputs[name] = {"parameter": name}
        if inputs:
            made["inputs"] = inputs
        resources = _resources(given)
        if resources:
            made["resources"] = resources
        image = line(given.get("runtime_image")) or line(self._defaults.get("runtime_image"))
        if image:
            self._found.lose(
                f"the image {image}: a component names its own requirements", f"tasks.{task}.runtime_image", task
            )
        for key in ("dependencies", "outputs"):
            files = [name for name in texts(given.get(key)) if name]
            if files:
                message = f"{key} ({', '.join(files)}): files are inputs and outputs of the component here"
                self._found.lose(message, f"tasks.{task}.{key}", task)
        return made

    def _shared(self) -> dict[str, Any]:
        return {"env_vars": [*_listed(self._defaults.get("env_vars"))]}

    def _component(self, reference: str, given: dict[str, Any], task: str) -> dict[str, Any]:
        """A component of a catalog. reference: the URL or the file that Elyra has it from."""
        where = f"tasks.{task}.component"
        if reference.startswith("/"):
            self._found.lose(f"{reference} is a file of another machine: put it beside the document", where, task)
            reference = reference.rpartition("/")[2]
        elif reference.startswith(("http://", "https://")):
            self._found.lose(f"{reference}: save it beside the document, or add a catalog that has it", where, task)
            reference = reference.rpartition("/")[2]
        shown = reference if reference.startswith(("./", "../")) else f"./{reference}"
        made: dict[str, Any] = {"component": shown}
        inputs = {name: source for name, value in _component_values(given) if (source := self._source(value))}
        if inputs:
            made["inputs"] = inputs
        return made

    def _source(self, value: Any) -> dict[str, Any] | None:
        """What a field of a component's form holds."""
        about = mapping(value)
        widget = line(about.get("widget")) or line(about.get("activeControl"))
        if not widget and "option" in about and "value" in about:
            about, widget = {"value": about}, "inputpath"
        if not widget:
            return None if value in (None, "") else {"value": value}
        inner = about.get("value") if "value" in about else about.get(widget)
        if widget in ("inputpath", "inputvalue") and isinstance(inner, dict):
            origin = self._names.get(str(inner.get("value")), str(inner.get("value")))
            option = line(inner.get("option")).removeprefix("elyra_").removeprefix("output_")
            return {"output": f"{origin}.{option}"}
        if widget == "parameter":
            return {"parameter": str(inner)}
        return None if inner in (None, "") else {"value": inner}

    def _before(self, node: dict[str, Any]) -> set[str]:
        """The tasks whose links lead to a node."""
        links = [link for port in mappings(node.get("inputs")) for link in mappings(port.get("links"))]
        return {self._names[name] for link in links if (name := str(link.get("node_id_ref"))) in self._names}

    def _comments(self) -> None:
        comments = mappings(mapping(self._about.get("ui_data")).get("comments"))
        notes = {}
        for number, item in enumerate(comments, 1):
            position = [round(item.get("x_pos") or 0), round(item.get("y_pos") or 0)]
            size = [round(item.get("width") or 175), round(item.get("height") or 42)]
            notes[f"note{number}"] = {"text": str(item.get("content") or ""), "position": position, "size": size}
        if notes:
            self._found.data["canvas"] = {"notes": notes}


def _parameters_of(node: dict[str, Any]) -> dict[str, Any]:
    """A node's fields: of versions before 5 they stand in `app_data` itself."""
    about = mapping(node.get("app_data"))
    return mapping(about.get("component_parameters")) or about


def _source_of(node: dict[str, Any]) -> str:
    """Where a component is from: a URL or a path, from version 8 on in JSON."""
    given = line(mapping(node.get("app_data")).get("component_source"))
    if not given.startswith("{"):
        return given
    try:
        about = mapping(mapping(json.loads(given)).get("component_ref"))
    except ValueError:
        return given
    return next((text for key in ("url", "path", "filepath") if (text := line(about.get(key)))), given)


def _component_values(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        plain = name.removeprefix("elyra_")
        if plain not in (*_OWN, *_OF_KUBERNETES) and not plain.startswith("output_"):
            yield plain, value


def _variables(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Environment variables: `NAME=value`, or from version 7 on `{"env_var": NAME, "value": …}`."""
    for item in _listed(given.get("env_vars")):
        if isinstance(item, str) and "=" in item:
            name, _, value = item.partition("=")
            yield name.strip(), value
        elif isinstance(item, dict) and item.get("env_var"):
            yield line(item["env_var"]), str(item.get("value") or "")


def _resources(given: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in ("cpu", "memory", "gpu"):
        amount = given.get(key)
        if isinstance(amount, int | float) and amount and not isinstance(amount, bool):
            found[key] = f"{amount}Gi" if key == "memory" else amount
    return found


def _feeding(task: dict[str, Any]) -> set[str]:
    sources = mapping(task.get("inputs")).values()
    return {source["output"].partition(".")[0] for source in sources if "output" in source}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

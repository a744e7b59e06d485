"""What a pipeline that was exported to Python imports: components by reference, as KFP's own.

    from claimed_jlab.kfp import load_component

    fit = load_component("train/sklearn-classifier@1.0.0")     # from the catalogs
    clean = load_component("./clean.ipynb", beside=__file__)   # from beside the module

`fit(data=…, C=1.0)` is a task of KFP's, like one of `kfp.components.load_component_from_file`; inputs and outputs may
be named as in the component, where KFP itself knows them in small letters only.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claimed_jlab.component.spec import ComponentSpec


class Component:
    """A component of KFP's under the names that it has in its notebook."""

    def __init__(self, loaded: Any, spec: ComponentSpec) -> None:
        from claimed_jlab.component.export.ir import port_keys

        self._loaded = loaded
        self._spec = spec
        self._inputs = port_keys(spec, spec.inputs)
        self._outputs = port_keys(spec, spec.outputs)
        self.__name__ = spec.name

    @property
    def component_spec(self) -> Any:
        """KFP's own description of it."""
        return self._loaded.component_spec

    def __call__(self, **inputs: Any) -> Any:
        """A task with these inputs. A secret needs none here: it comes to the task as an environment variable."""
        given = {self._inputs.get(name, name): value for name, value in inputs.items()}
        for port in self._spec.inputs:
            if port.secret and not port.optional:
                given.setdefault(self._inputs[port.name], "")
        task = self._loaded(**given)
        task._outputs = _Outputs(task.outputs, self._outputs)
        return task


class _Outputs(dict[str, Any]):
    """A task's outputs, also by the names that they have in the notebook."""

    def __init__(self, outputs: Mapping[str, Any], names: Mapping[str, str]) -> None:
        super().__init__(outputs)
        self._names = names

    def __missing__(self, name: str) -> Any:
        key = self._names.get(name)
        if key is None or key not in self:
            raise KeyError(name)
        return self[key]


def load_component(reference: str, beside: str | None = None, image: str | None = None) -> Any:
    """A component for a pipeline of KFP's: from the catalogs, or from beside a module.

    reference: as a `.pipeline` document has it: `category/name@version`, or the path of a notebook, a script, a
    function (`./tools.py:clean`), a component of KFP's, or another `.pipeline`.  beside: the module's `__file__`.
    image: the container image of a notebook, or of those in a pipeline that name none.
    Raises ClaimedError for a component that is not there or not usable.
    """
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import Task
    from claimed_jlab.pipeline.nested import is_pipeline
    from claimed_jlab.pipeline.resolve import resolve_component

    folder = Path(beside).absolute().parent if beside else Path.cwd()
    if is_pipeline(reference):
        return _pipeline(folder / reference, image)
    return _component(resolve_component(Task(component=reference), folder, default_catalog()), image)


def _component(spec: ComponentSpec, image: str | None) -> Component:
    from kfp import components

    from claimed_jlab.component.export.ir import ir_document
    from claimed_jlab.component.yaml_text import yaml_text

    if spec.container is not None:
        return Component(components.load_component_from_file(spec.path), spec)
    document = ir_document(spec)
    for executor in document["deploymentSpec"]["executors"].values():
        executor["container"]["image"] = image or executor["container"]["image"]
    return Component(components.load_component_from_text(yaml_text(document)), spec)


def _pipeline(path: Path, image: str | None) -> Any:
    """A pipeline in a pipeline: its own module, made and run."""
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.pipeline.python.export import to_python
    from claimed_jlab.pipeline.validate import check

    document = read_pipeline(path)
    document = document if document.image or not image else document.model_copy(update={"image": image})
    checked = check(document, path.parent, default_catalog(), path)
    text, _ = to_python(document, checked.components)
    names: dict[str, Any] = {"__file__": str(path.with_suffix(".py")), "__name__": f"claimed_pipeline_{path.stem}"}
    exec(
        compile(text, str(path), "exec", dont_inherit=True), names
    )  # our own text of data, in which every value is a literal
    from kfp.dsl import graph_component

    made = [value for value in names.values() if isinstance(value, graph_component.GraphComponent)]
    return made[-1]

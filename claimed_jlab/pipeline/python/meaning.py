"""What the code of a module says, as a document: names of tasks, sources, conditions, loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from claimed_jlab.pipeline.document import FORMAT
from claimed_jlab.pipeline.python.body import Report, variable_of
from claimed_jlab.pipeline.python.cluster import asked_in
from claimed_jlab.pipeline.python.code import BlockCode, ModuleCode, TaskCode
from claimed_jlab.pipeline.python.conditions import opposite
from claimed_jlab.pipeline.python.naming import is_task_name
from claimed_jlab.pipeline.python.syntax import last_name, literal_of
from claimed_jlab.pipeline.python.values import Scope, Unsayable
from claimed_jlab.pipeline.resources import GPU

Inputs = Callable[[str], set[str] | None]


def meant(
    module: ModuleCode, scope: Scope, outputs: dict[str, str], inputs_of: Inputs, report: Report
) -> dict[str, Any]:
    """The document of a module's code. outputs: what is said of each output of the pipeline."""
    return _Meaning(module, scope, inputs_of, report).document(outputs)


class _Meaning:
    def __init__(self, module: ModuleCode, scope: Scope, inputs_of: Inputs, report: Report) -> None:
        self._module = module
        self._scope = scope
        self._inputs_of = inputs_of
        self._report = report
        self._texts: dict[int, list[str]] = {}
        self._implied: dict[str, list[str]] = {}

    def document(self, outputs: dict[str, str]) -> dict[str, Any]:
        self._name_tasks()
        found: dict[str, Any] = {"format": FORMAT, **self._head()}
        parameters = self._parameters()
        if parameters:
            found["parameters"] = parameters
        found["tasks"] = {task.name: self._task(task) for task in self._module.tasks}
        returned = self._returned(outputs)
        if returned:
            found["outputs"] = returned
        image = self._default_image()
        if image is not None:
            found["image"] = image
        for block in self._module.blocks:
            end = self._scope.tasks.get(last_name(block.node)) if block.kind == "exit" else None
            if end is not None:
                found["on_exit"] = end.name
        return found

    def _name_tasks(self) -> None:
        taken: set[str] = set()
        for task in self._module.tasks:
            shown = task.settings.get("name")
            wanted = shown.value if shown is not None and isinstance(shown.value, str) else ""
            if not is_task_name(wanted) or wanted in taken:
                wanted = variable_of(task)
            task.name, number = wanted, 2
            while task.name in taken:
                task.name, number = f"{wanted}_{number}", number + 1
            taken.add(task.name)

    def _head(self) -> dict[str, Any]:
        function = self._module.function
        found: dict[str, Any] = {"name": function.name.replace("_", "-")}
        for key in ("name", "description"):
            given = function.decorator.get(key)
            if given is None:
                continue
            try:
                found[key] = literal_of(given.node)
            except ValueError:
                self._report(f"the pipeline's {key} is worked out by Python", given.node)
        if function.about and "description" not in found:
            found["description"] = function.about
        return found

    def _default_image(self) -> str | None:
        """The image that all components are loaded with; of a part of them it is the tasks'."""
        images = {self._module.images.get(name) for name in self._module.loaders}
        return images.pop() if len(images) == 1 else None

    def _parameters(self) -> dict[str, Any]:
        found = {}
        for name, parameter in self._module.function.parameters.items():
            about = {"description": parameter.description} if parameter.description else {}
            default = {"default": parameter.value} if parameter.has_default else {}
            found[name] = {"type": parameter.type, **default, **about}
        return found

    def _returned(self, outputs: dict[str, str]) -> dict[str, Any]:
        found = {}
        for name, code in self._module.function.returned.items():
            try:
                source = self._scope.source(code.node)
                if "output" not in source:
                    raise Unsayable("it is no output of a task")
                about = {"description": outputs[name]} if outputs.get(name) else {}
                found[name] = {**source, **about}
            except Unsayable as error:
                self._report(f"the pipeline's output {name!r}: {error}", code.node)
        return found

    def _task(self, task: TaskCode) -> dict[str, Any]:
        found: dict[str, Any] = {"component": task.reference}
        if task.description:
            found["description"] = task.description
        loops = tuple(block for block in (task.block.chain() if task.block else []) if block.kind == "for")
        inputs, item = self._task_inputs(task, loops)
        if inputs:
            found["inputs"] = inputs
        each = self._for_each(loops, item)
        own = self._own_conditions(task, [*inputs.values(), each])
        if own:
            found["when"] = " and ".join(own)
        if each:
            found["for_each"] = each
        return {**found, **self._set(task)}

    def _task_inputs(self, task: TaskCode, loops: tuple[BlockCode, ...]) -> tuple[dict[str, Any], str | None]:
        """The inputs, and the one that takes the items of the loop."""
        inputs: dict[str, Any] = {}
        item = None
        for name, code in task.arguments.items():
            node = code.node
            if loops and isinstance(node, cst.Name) and node.value == loops[-1].item and item is None:
                item = name
                continue
            of_item = isinstance(node, cst.Attribute) and last_name(node.value) in {loop.item for loop in loops}
            if of_item and isinstance(node, cst.Attribute) and node.attr.value == name:
                continue
            try:
                inputs[name] = self._scope.source(node, loops)
            except Unsayable as error:
                self._report(f"input {name!r} of task {task.name!r}: {error}", node)
        return {**inputs, **self._secrets(task)}, item

    def _secrets(self, task: TaskCode) -> dict[str, Any]:
        return {field: {"secret": secret} for field, secret in self._variables(task, of_inputs=True).items()}

    def _variables(self, task: TaskCode, *, of_inputs: bool) -> dict[str, str]:
        """The variables from secrets that are inputs of the component, or those that are not."""
        known = self._inputs_of(task.reference)
        named = {key.partition(":")[2]: item.value for key, item in task.settings.items() if key.startswith("secret:")}
        return {field: secret for field, secret in named.items() if (known is None or field in known) == of_inputs}

    def _kubernetes(self, task: TaskCode) -> dict[str, Any]:
        asked = asked_in({key: item.value for key, item in task.settings.items()})
        variables = self._variables(task, of_inputs=False)
        return {**({"secrets_as_env": variables} if variables else {}), **asked}

    def _for_each(self, loops: tuple[BlockCode, ...], item: str | None) -> dict[str, Any]:
        if not loops:
            return {}
        loop = loops[-1]
        if len(loops) > 1 and loop.node is not None:
            self._report(
                "a loop in a loop: a document has loops of one task, so the outer one is kept here only", loop.node
            )
        if loop.node is None:
            return {}
        try:
            source = self._scope.source(loop.node)
        except Unsayable as error:
            self._report(f"the loop: {error}", loop.node)
            return {}
        taken = {"input": item} if item is not None else {}
        return {**source, **taken, **({"max_parallel": loop.limit} if loop.limit is not None else {})}

    def _own_conditions(self, task: TaskCode, sources: list[dict[str, Any]]) -> list[str]:
        """The conditions around a task that do not follow from what it takes from."""
        chain = [block for block in (task.block.chain() if task.block else []) if block.kind == "if"]
        full = [text for block in chain for text in self._conditions(block)]
        named = [source["output"].partition(".")[0] for source in sources if "output" in source]
        named += [word.partition(".")[0] for text in full for word in text.split() if "." in word]
        named += [other.name for other in task.after]
        implied = {text for name in named for text in self._implied.get(name, [])}
        self._implied[task.name] = list({*full, *implied})
        return [text for text in dict.fromkeys(full) if text not in implied]

    def _conditions(self, block: BlockCode) -> list[str]:
        if id(block) not in self._texts:
            found: list[str] = []
            try:
                for node in block.negated:
                    found.append(_opposite(self._scope.expression(node)))
                if block.node is not None:
                    found.append(self._scope.expression(block.node))
            except Unsayable as error:
                self._report(f"the condition: {error}", block.node or block.negated[0])
            self._texts[id(block)] = block.texts = found
        return self._texts[id(block)]

    def _set(self, task: TaskCode) -> dict[str, Any]:
        settings = task.settings
        found: dict[str, Any] = {}
        for key in ("retry", "timeout"):
            if key in settings:
                found[key] = settings[key].value
        resources: dict[str, Any] = {key: settings[key].value for key in ("cpu", "memory", "gpu") if key in settings}
        kind = settings.get("gpu_type")
        if "gpu" in resources and kind is not None and kind.value != GPU:
            resources["accelerator"] = kind.value
        if resources:
            found["resources"] = resources
        image = settings["image"].value if "image" in settings else self._module.images.get(task.component)
        if image is not None and ("image" in settings or image != self._default_image()):
            found["image"] = image
        kubernetes = self._kubernetes(task)
        if kubernetes:
            found["kubernetes"] = kubernetes
        if "cache" in settings:
            found["cache"] = settings["cache"].value
        if task.after:
            found["after"] = [other.name for other in task.after]
        return found


def _opposite(text: str) -> str:
    return opposite(text) or f"not ({text})"

"""The pieces of a pipeline in KFP's Python: where a value comes from, how a task is called, what is set of it.

A piece that KFP's Python has no words for is None, or left out; `remainder` says it then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.component.types import PortType
from claimed_jlab.pipeline.document import ForEach, Pipeline, PipelineParameter, Source, Task
from claimed_jlab.pipeline.nested import is_pipeline
from claimed_jlab.pipeline.python.cluster import kubernetes_settings, variable_setting
from claimed_jlab.pipeline.python.conditions import Comparison, Side
from claimed_jlab.pipeline.python.literals import literal, string
from claimed_jlab.pipeline.python.naming import is_name
from claimed_jlab.pipeline.python.plain import plain_type
from claimed_jlab.pipeline.python.setting import Setting
from claimed_jlab.pipeline.resources import GPU


class Phrases:
    """Pieces of one module. variables: Python's names of tasks.  parameters: those of parameters."""

    def __init__(
        self,
        document: Pipeline,
        variables: Mapping[str, str],
        parameters: Mapping[str, str],
        specs: Mapping[str, ComponentSpec],
    ) -> None:
        self._document = document
        self._variables = variables
        self._parameters = parameters
        self._specs = specs

    def output(self, text: str, defined: Collection[str]) -> str | None:
        """`train.model` as `train.outputs["model"]`, collected where the task runs for each item."""
        task, dot, name = text.partition(".")
        if not dot or task not in defined:
            return None
        code = f"{self._variables[task]}.outputs[{string(name)}]"
        return f"dsl.Collected({code})" if self._document.tasks[task].for_each is not None else code

    def source(
        self, source: Source, defined: Collection[str], port: PortType | None = None, indent: str = ""
    ) -> str | None:
        """Where a value comes from; a file, which KFP has to import, by `dsl.importer`."""
        if source.kind == "output":
            return self.output(str(source.output), defined)
        if source.kind == "secret":
            return None
        if source.kind == "parameter":
            code = self._parameters.get(str(source.parameter))
        else:
            code = literal(source.value, indent, len(indent) + 20)
        is_file = port is not None and port.kind == "artifact" and (source.kind == "parameter" or source.value)
        if code is None or not is_file or not (source.kind == "parameter" or isinstance(source.value, str)):
            return code
        assert port is not None
        return f"dsl.importer(artifact_uri={code}, artifact_class=dsl.{port.name}).output"

    def arguments(self, name: str, defined: Collection[str], item: str | None, indent: str) -> list[tuple[str, str]]:
        """(input, code) for each input of a task that a call can give."""
        task = self._document.tasks[name]
        defined = {*defined} - {name}
        spec = self._specs.get(name)
        found = []
        for field, source in task.inputs.items():
            port = spec.input(field) if spec else None
            code = self.source(source, defined, port.port_type if port else None, indent)
            if code is not None:
                found.append((field, code))
        return found + [pair for pair in self.items(task.for_each, item) if pair[0] not in task.inputs]

    @staticmethod
    def items(each: ForEach | None, item: str | None) -> list[tuple[str, str]]:
        """(input, code) for each input that an item of a loop gives."""
        if each is None or item is None:
            return []
        if each.input is not None:
            return [(each.input, item)]
        first = each.value[0] if each.kind == "value" and each.value else None
        names = first if isinstance(first, dict) else {}
        return [(field, f"{item}.{field}") for field in names if is_name(field)]

    def loop(self, each: ForEach, defined: Collection[str]) -> str | None:
        """The head of a task's loop, up to the name of its item."""
        if each.kind == "value" and not isinstance(each.value, list):
            return None
        code = self.source(each, defined)
        if code is None:
            return None
        limit = f", parallelism={each.max_parallel}" if each.max_parallel is not None else ""
        return f"dsl.ParallelFor({code}{limit})"

    def condition(self, comparison: Comparison, defined: Collection[str]) -> str | None:
        """The head of a block that runs only when a comparison holds."""
        left, right = self._side(comparison.left, defined), self._side(comparison.right, defined)
        return f"dsl.If({left} {comparison.sign} {right})" if left and right else None

    def _side(self, side: Side, defined: Collection[str]) -> str | None:
        if not side.named:
            return side.text
        return self.output(side.text, defined) if "." in side.text else self._parameters.get(side.text)

    def settings(self, name: str, defined: Collection[str]) -> Iterator[Setting]:
        """All that is set of a task, one statement each."""
        task = self._document.tasks[name]
        yield Setting("name", "set_display_name", string(name))
        if task.image is not None and not is_pipeline(task.component):
            yield Setting("image", "set_container_image", string(task.image))
        if task.retry is not None:
            wait = task.retry.backoff
            backoff = (
                f', backoff_duration="{int(wait)}s"'
                if "backoff" in task.retry.model_fields_set and wait == int(wait)
                else ""
            )
            yield Setting("retry", "set_retry", f"num_retries={task.retry.attempts}{backoff}")
        if task.timeout is not None and task.timeout == int(task.timeout):
            yield Setting("timeout", "set_timeout", f"seconds={int(task.timeout)}", of_kubernetes=True)
        yield from _resources(task)
        if "cache" in task.model_fields_set:
            yield Setting("cache", "set_caching_options", str(task.cache))
        for field, source in task.inputs.items():
            if source.secret is not None:
                yield variable_setting("secret", field, source.secret)
        yield from kubernetes_settings(task.kubernetes)
        names = [self._variables[other] for other in task.after if other in defined and other != name]
        if names:
            yield Setting("after", "after", ", ".join(names))

    @staticmethod
    def parameter(parameter: PipelineParameter) -> tuple[str, str | None]:
        """(type, default) of a parameter as a function has them; None: it must be given."""
        given = "default" in parameter.model_fields_set
        return plain_type(parameter.type), literal(parameter.default, "    ", 30) if given else None


def _resources(task: Task) -> Iterator[Setting]:
    given = task.resources or {}
    for key in ("cpu", "memory"):
        amount = given.get(key)
        if isinstance(amount, str | int | float) and not isinstance(amount, bool):
            yield Setting(key, f"set_{key}_limit", string(str(amount)))
    if given.get("gpu") and isinstance(given["gpu"], int) and not isinstance(given["gpu"], bool):
        yield Setting("gpu_type", "set_accelerator_type", string(str(given.get("accelerator") or GPU)))
        yield Setting("gpu", "set_accelerator_limit", str(given["gpu"]))

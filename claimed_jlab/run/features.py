"""What an engine can, feature by feature, and what a document asks for that one can't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.pipeline.document import Task
from claimed_jlab.pipeline.findings import finding
from claimed_jlab.pipeline.validate import Checked

Feature = Literal[
    "when",
    "for_each",
    "nested",
    "on_exit",
    "retry",
    "retry_on",
    "timeout",
    "run_timeout",
    "cpu_memory",
    "gpu",
    "image",
    "containers",
    "kernels",
    "kubernetes",
    "secrets",
    "environment",
    "cache",
    "jobs",
    "parts",
    "archive",
    "retry_run",
    "schedules",
]
FEATURES: frozenset[Feature] = frozenset(get_args(Feature))
# What is passed over without another result: the run goes on, and is told of it.
_ONLY_ADVICE: frozenset[Feature] = frozenset({"cpu_memory", "image", "kubernetes", "environment"})
_WORDS: dict[Feature, tuple[str, str]] = {
    "when": ("when", "decide a condition"),
    "for_each": ("for_each", "run a task for each item of a list"),
    "nested": ("component", "run a pipeline in a pipeline"),
    "on_exit": ("on_exit", "run a task when all others have ended"),
    "retry": ("retry", "try a task again"),
    "retry_on": ("retry.on", "choose by the error whether to try again"),
    "timeout": ("timeout", "end a task that takes too long"),
    "run_timeout": ("timeout", "end a run that takes too long"),
    "cpu_memory": ("resources", "hold cores or memory for a task"),
    "gpu": ("resources", "give a task a GPU"),
    "image": ("image", "run a notebook in a container image"),
    "containers": ("component", "run a component that is a container"),
    "kernels": ("component", "run a notebook of another language than Python"),
    "kubernetes": ("kubernetes", "do what is Kubernetes' own"),
    "secrets": ("inputs", "give a task a secret"),
    "environment": ("environment", "look at environment variables"),
}


def cant(checked: Checked, title: str, features: frozenset[Feature]) -> list[Diagnostic]:
    """What the document asks for that an engine of these features can't, each on its task and field.

    title: the engine's, for the message.  What changes no result is a warning, the rest is an error.
    """
    return [_finding(task, feature, title) for task, feature in _asked(checked) if feature not in features]


def _finding(task: str | None, feature: Feature, title: str) -> Diagnostic:
    field, words = _WORDS[feature]
    level: Literal["error", "warning"] = "warning" if feature in _ONLY_ADVICE else "error"
    message = f"{title} can't {words}"
    message += ": it is passed over" if level == "warning" else ""
    if task is None:
        return Diagnostic(level=level, code="engine-cant", message=message, where=field, field=field)
    return finding(task, field, "engine-cant", message, level=level)


def _asked(checked: Checked, prefix: str = "") -> Iterator[tuple[str | None, Feature]]:
    """(task, feature) for all that a document asks for; what a pipeline in it asks for is its task's."""
    document = checked.document
    if document.on_exit:
        yield prefix or None, "on_exit"
    if document.timeout is not None:
        yield prefix or None, "run_timeout"
    for name, task in document.tasks.items():
        place = prefix or name
        for feature in _of_task(task, checked.components.get(name)):
            yield place, feature
        if name in checked.nested:
            yield place, "nested"
            yield from _asked(checked.nested[name], place)


def _of_task(task: Task, spec: ComponentSpec | None) -> Iterator[Feature]:
    resources = task.resources or {}
    asked: dict[Feature, object] = {
        "when": task.when,
        "for_each": task.for_each,
        "retry": task.retry,
        "retry_on": task.retry is not None and task.retry.on,
        "timeout": task.timeout,
        "cpu_memory": resources.get("cpu") or resources.get("memory"),
        "gpu": resources.get("gpu"),
        "image": task.image,
        "kubernetes": task.kubernetes,
        "secrets": any(source.kind == "secret" for source in task.inputs.values()),
        "environment": task.environment,
        "containers": spec is not None and spec.container is not None,
        "kernels": spec is not None and bool(spec.kernel) and spec.kernel != "python3",
    }
    return (feature for feature, given in asked.items() if given)

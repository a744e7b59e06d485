"""A run that is not on this machine, as the lineage store tells of it: enough to run a part of it again.

Of each task the store has its component and the hash of its code, its parameters, and by hash what it read and wrote.
The code is looked for where the run had it, among what is kept here, and in the catalogs; a file where it lay, and
among the objects here. Only what has the very hash is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from claimed_jlab.component.catalog import component_at, default_catalog
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage import Store, names
from claimed_jlab.lineage.standards.choose import of_run
from claimed_jlab.lineage.standards.gather import gather
from claimed_jlab.lineage.standards.story import Story, StoryRun, StoryTask
from claimed_jlab.run.facts import RunFacts, in_lists, told
from claimed_jlab.run.local.hashing import digest_of
from claimed_jlab.run.local.objects import ObjectStore
from claimed_jlab.run.local.result import MASK
from claimed_jlab.run.planned import Plan, PlannedInput, PlannedTask
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.sources import Sources


class CannotReproduce(ClaimedError):
    """What a run needs to be run again is not there any more, or never was."""

    code = "cannot-reproduce"


class RetoldRun:
    """A run by its id. Raises UnknownRun when the store knows nothing of it."""

    def __init__(self, store: Store, run_id: str) -> None:
        self.run_id = run_id
        self._story: Story
        self._story, _ = gather(store, of_run(store, run_id))
        self._run: StoryRun = next(run for run in self._story.runs if run.id == run_id)
        ran = (task for task in self._run.tasks if task.properties.get(names.NOTEBOOK_DIGEST))
        self._tasks = {task.name: task for task in ran}
        self._makers = {key: (task.name, port) for task in self._tasks.values() for port, key in task.writes}

    def facts(self) -> RunFacts:
        """All that is told of it."""
        return told(self._run, {key: self._value(key) for key in self._story.artifacts})

    def plan_up_to(self, wanted: str, home: Path) -> Plan:
        """The plan of a task and of all that leads to it. home: the CLAIMED home, with what is kept here.

        Raises CannotReproduce.
        """
        if wanted not in self._tasks:
            raise CannotReproduce(f"the lineage store does not say what the task {wanted!r} ran", where=self.run_id)
        found: dict[str, PlannedTask] = {}
        waiting = [wanted]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = self._planned(self._tasks[name], home)
                waiting += found[name].needs
        # In the order of the run, in which each came after what it needed.
        tasks = [found[name] for name in self._tasks if name in found]
        return Plan(pipeline=self._run.pipeline, path=self._path, parameters=dict(self._run.parameters), tasks=tasks)

    @property
    def _path(self) -> str:
        return str(self._run.properties.get(names.PIPELINE_PATH, ""))

    def _value(self, key: str) -> ArtifactValue:
        artifact = self._story.artifacts[key]
        type_ = artifact.type.removeprefix("system.")
        return ArtifactValue(type=type_, uri=artifact.uri, name=artifact.name, digest=artifact.digest or "")

    def _planned(self, task: StoryTask, home: Path) -> PlannedTask:
        inputs = dict(self._inputs(task, home))
        needs = {producer for source in inputs.values() for producer, _ in source.outputs()}
        return PlannedTask(name=task.name, component=_component(task, home), inputs=inputs, needs=sorted(needs))

    def _inputs(self, task: StoryTask, home: Path) -> Iterator[tuple[str, PlannedInput]]:
        for name, value in task.parameters.items():
            yield name, _secret(task, name) if value == MASK else PlannedInput(kind="value", value=value)
        for port, source in in_lists({port: self._source(key, home) for port, key in task.reads}).items():
            # A list is all that a loop gave.
            yield port, PlannedInput(kind="list", parts=source) if isinstance(source, list) else source

    def _source(self, key: str, home: Path) -> PlannedInput:
        """An artifact as it is had again: made by a task of the run, or a file that came from outside."""
        if key in self._makers:
            return PlannedInput(kind="output", output=self._makers[key])
        return PlannedInput(kind="file", value=str(_file(self._value(key), home)))


def _secret(task: StoryTask, name: str) -> PlannedInput:
    secrets = task.properties.get(names.SECRETS)
    if not isinstance(secrets, Mapping) or name not in secrets:
        raise CannotReproduce(f"the lineage store does not say which secret {name!r} was", where=task.name)
    return PlannedInput(kind="secret", value=secrets[name])


def _component(task: StoryTask, home: Path) -> ComponentSpec:
    properties = task.properties
    digest, reference = str(properties[names.NOTEBOOK_DIGEST]), str(properties.get(names.COMPONENT, ""))
    for spec in _candidates(properties, digest, reference, home):
        if spec.digest == digest:
            return spec
    raise CannotReproduce(
        f"the code of {reference or task.name} is not here as it was ({digest[:19]}…)",
        where=task.name,
        hint="add the catalog that has it",
    )


def _candidates(properties: Mapping[str, Any], digest: str, reference: str, home: Path) -> Iterator[ComponentSpec]:
    """The component as it is wherever it may be."""
    places = [Path(str(properties[names.SOURCE]))] if properties.get(names.SOURCE) else []
    kept = Sources(home / "sources").kept(digest)
    places += sorted(kept.iterdir()) if kept else []
    for place in places:
        if place.is_file() and place.suffix != ".py":
            try:
                yield component_at(place)
            except (ClaimedError, OSError):
                continue
    try:
        yield default_catalog().resolve(reference)
    except ClaimedError:
        return


def _file(artifact: ArtifactValue, home: Path) -> Path:
    """The file that an artifact is, unchanged. Raises CannotReproduce."""
    path = artifact.path
    if not artifact.is_elsewhere and path.exists() and (not artifact.digest or digest_of(path) == artifact.digest):
        return path
    objects = ObjectStore(home / "objects")
    if artifact.digest and objects.holds(artifact.digest, path.name):
        return objects.path(artifact.digest, path.name)
    raise CannotReproduce(f"{artifact.name or path.name} is not here as it was", where=artifact.uri)

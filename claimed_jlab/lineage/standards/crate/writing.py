"""From a story to a crate."""

from __future__ import annotations

import json
import mimetypes
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from claimed_jlab.lineage import names
from claimed_jlab.lineage.standards.crate.graph import LANGUAGE, METADATA, RECORD, Graph, local, ref
from claimed_jlab.lineage.standards.crate.payload import Payload, pack
from claimed_jlab.lineage.standards.moments import iso
from claimed_jlab.lineage.standards.story import LeftOut, Ports, Story, StoryArtifact, StoryRun, StoryTask
from claimed_jlab.lineage.values import Json

_STATUS = {
    "COMPLETE": "CompletedActionStatus",
    "CACHED": "CompletedActionStatus",
    "FAILED": "FailedActionStatus",
    "CANCELED": "FailedActionStatus",
    "RUNNING": "ActiveActionStatus",
    "NEW": "PotentialActionStatus",
}
_FORMAL = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"


def write_crate(story: Story, out: Path, *, with_files: bool = False) -> LeftOut:
    """Make a crate at `out`, a folder or (by its suffix) a .zip, whole or not at all; says what it lacks.

    with_files: bring local files along. Raises LineageError when something is there already.
    """
    with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=f".{out.name}.") as temporary:
        folder = Path(temporary) / "crate"
        folder.mkdir()
        payload = Payload(folder, with_files)
        document = _Crate(story, payload).made()
        text = json.dumps(document, ensure_ascii=False, indent=2)
        (folder / METADATA).write_text(text + "\n", encoding="utf-8")
        pack(folder, out)
    return payload.left


class _Crate:
    def __init__(self, story: Story, payload: Payload) -> None:
        self._story, self._payload, self._graph = story, payload, Graph()
        self._ids: dict[str, str] = {}
        self._graph.entities["./"] = {}

    def made(self) -> dict[str, Any]:
        for run in self._story.runs:
            workflow = self._workflow(run)
            self._graph.entities["./"].setdefault("mainEntity", ref(workflow))
        for artifact in self._story.artifacts.values():
            self._artifact(artifact)
        for run in self._story.runs:
            self._run(run)
        pipelines = sorted({run.pipeline for run in self._story.runs})
        title = f"Runs of {', '.join(pipelines)}" if pipelines else "No runs"
        tasks = sum(len(run.tasks) for run in self._story.runs)
        said = f"{len(self._story.runs)} runs with {tasks} tasks and {len(self._story.artifacts)} artifacts"
        date = iso(max((run.updated for run in self._story.runs), default=0))
        return self._graph.document(title, said, date)

    def _part(self, id_: str) -> None:
        self._graph.link("./", "hasPart", id_)

    def _workflow(self, run: StoryRun) -> str:
        known = self._ids.get(f"pipeline {run.pipeline}")
        if known is not None:
            return known
        path = run.properties.get(names.PIPELINE_PATH)
        file = self._payload.document(path) if isinstance(path, str) else None
        commit = run.properties.get(names.GIT_COMMIT)
        id_ = self._graph.add(
            file or self._payload.outline(run),
            ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
            name=run.pipeline or run.id,
            description=None if file else "The tasks of a run: the pipeline's document was not there",
            programmingLanguage=ref(LANGUAGE),
            version=commit if isinstance(commit, str) else None,
        )
        self._part(id_)
        self._ids[f"pipeline {run.pipeline}"] = id_
        return id_

    def _artifact(self, one: StoryArtifact) -> None:
        copy, known = self._payload.artifact(one)
        id_ = copy or _address(one.uri) or local("artifact", one.key)
        if id_ in self._graph.entities:
            # Another artifact lay at the same place.
            id_ = f"{id_.partition('#')[0]}{local('artifact', one.key)}"
        is_file = not id_.startswith("#")
        format_, _ = mimetypes.guess_type(one.name)
        self._ids[f"artifact {one.key}"] = self._graph.add(
            id_,
            "File" if is_file else "CreativeWork",
            name=one.name or None,
            encodingFormat=format_,
            dateCreated=iso(one.created),
            keywords=", ".join(one.tags) or None,
            identifier=one.digest,
            **{RECORD.replace(":", "__"): _record(one)},
            **known,
        )
        if is_file:
            self._part(id_)

    def _run(self, run: StoryRun) -> None:
        graph, workflow = self._graph, self._workflow(run)
        user, engine = (_word(run.properties.get(name)) for name in (names.USER, names.ENGINE))
        agent = ref(graph.add(local("user", user), "Person", name=user)) if user else None
        version = _word(run.properties.get(names.VERSION)) or None
        tool = graph.add(
            local("engine", engine), "SoftwareApplication", name=engine or "engine", softwareVersion=version
        )
        action = local("run", run.key)
        written = {key for task in run.tasks if task.type != names.IMPORTER for _, key in task.writes}
        read = {key for task in run.tasks for _, key in task.reads}
        wanted = _named((task, port, key) for task in run.tasks for port, key in task.reads if key not in written)
        final = _named((task, port, key) for task in run.tasks for port, key in task.writes if key in written - read)
        inputs = [*self._values(workflow, action, run.parameters, "in"), *self._files(workflow, wanted, "in")]
        results = [*self._values(workflow, action, run.outputs, "out"), *self._files(workflow, final, "out")]
        times = {"startTime": iso(run.began), "endTime": None if run.ended is None else iso(run.ended)}
        shared = {**times, "agent": agent}
        title = f"Run {run.id} of {run.pipeline}"
        graph.add(
            action, "CreateAction", name=title, instrument=ref(workflow), object=inputs, result=results,
            **shared, **_status(run), **{RECORD.replace(":", "__"): _record(run)},
        )  # fmt: skip
        controls = [self._task(run, task, workflow, agent, place) for place, task in enumerate(run.tasks)]
        organize = local("organize", run.key)
        graph.add(
            organize, "OrganizeAction", name=f"Orchestration of {run.id}", instrument=ref(tool),
            object=[ref(id_) for id_ in controls], result=ref(action), **shared,
        )  # fmt: skip
        for id_ in (action, organize):
            graph.link("./", "mentions", id_)

    def _task(self, run: StoryRun, task: StoryTask, workflow: str, agent: Any, place: int) -> str:
        graph, action = self._graph, local("task", task.key)
        component = _word(task.properties.get(names.COMPONENT))
        version = _word(task.properties.get(names.COMPONENT_VERSION)) or None
        known = component or f"{run.pipeline}/{task.name}"
        tool = graph.add(
            local("tool", known), "SoftwareApplication", name=component or task.title, softwareVersion=version
        )
        step = graph.add(
            local("step", run.pipeline, task.name),
            "HowToStep",
            name=task.title,
            position=str(place),
            workExample=ref(tool),
        )
        graph.link(workflow, "hasPart", tool)
        graph.link(workflow, "step", step)
        graph.add(
            action, "CreateAction", name=task.title, instrument=ref(tool), agent=agent, startTime=iso(task.began),
            endTime=None if task.ended is None else iso(task.ended),
            object=[*self._values(tool, action, task.parameters, "in"), *self._files(tool, task.reads, "in")],
            result=[*self._values(tool, action, task.outputs, "out"), *self._files(tool, task.writes, "out")],
            **_status(task), **{RECORD.replace(":", "__"): _record(task, run)},
        )  # fmt: skip
        graph.link("./", "mentions", action)
        control = local("control", task.key)
        return graph.add(control, "ControlAction", name=f"Run {task.title}", instrument=ref(step), object=ref(action))

    def _parameter(self, owner: str, side: str, name: str, type_: str) -> str:
        id_ = f"#parameter/{owner.removeprefix('#')}/{side}/{quote(name, safe='')}"
        self._graph.add(id_, "FormalParameter", name=name, additionalType=type_, conformsTo=ref(_FORMAL))
        self._graph.link(owner, "input" if side == "in" else "output", id_)
        return id_

    def _values(self, owner: str, action: str, values: Any, side: str) -> list[dict[str, str]]:
        found = []
        for name, value in values.items():
            parameter = self._parameter(owner, side, name, _type(value))
            held = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            id_ = f"{action}/{side}/{quote(name, safe='')}"
            self._graph.add(id_, "PropertyValue", name=name, value=held, exampleOfWork=ref(parameter))
            found.append(ref(id_))
        return found

    def _files(self, owner: str, ports: Ports | list[tuple[str, str]], side: str) -> list[dict[str, str]]:
        found: dict[str, None] = {}
        for name, key in ports:
            id_ = self._ids[f"artifact {key}"]
            self._graph.link(id_, "exampleOfWork", self._parameter(owner, side, name, "File"))
            found[id_] = None
        return [ref(id_) for id_ in found]


def _named(flows: Iterable[tuple[StoryTask, str, str]]) -> list[tuple[str, str]]:
    """A pipeline's own ports: those of its tasks."""
    return [(f"{task.name}.{port}", key) for task, port, key in flows]


def _record(one: StoryArtifact | StoryRun | StoryTask, run: StoryRun | None = None) -> str:
    """All of it, for an exact way back."""
    fields = asdict(one)
    fields.pop("tasks", None)
    if run is not None:
        fields["run"] = run.key
    return json.dumps(fields, ensure_ascii=False, sort_keys=True)


def _status(one: StoryRun | StoryTask) -> dict[str, Any]:
    status = _STATUS.get(one.state)
    error = _word(one.properties.get(names.ERROR)) or None
    return {"actionStatus": status and f"http://schema.org/{status}", "error": error}


def _type(value: Json) -> str:
    if isinstance(value, bool):
        return "Boolean"
    if isinstance(value, int):
        return "Integer"
    if isinstance(value, float):
        return "Float"
    return "Text" if isinstance(value, str) else "PropertyValue"


def _word(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _address(uri: str) -> str:
    """A URI that may be an id in JSON-LD; empty for what is none."""
    scheme, colon, _ = uri.partition(":")
    if uri.startswith("/"):
        return "file://" + quote(uri)
    if not colon or not scheme.isascii() or not scheme.replace("+", "").replace("-", "").replace(".", "").isalnum():
        return ""
    return quote(uri, safe="%/:=&?~#+!$,;'@()*[]-._")

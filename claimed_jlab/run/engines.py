"""An engine runs plans: here, or elsewhere. Engines are plug-ins, found by the entry point `claimed.engines`.

An entry of that group names a class that is an `Engine`; its name is the engine's. What the class says it can
(`features`) is what the editor and `pipeline validate --engine NAME` hold a document to.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import Any, ClassVar, Literal, NoReturn

from pydantic import BaseModel

from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.validate import Checked
from claimed_jlab.run.features import FEATURES, Feature, cant
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.record import RunRecord
from claimed_jlab.run.runs import Run
from claimed_jlab.run.schedules import Schedule, Timing

ENTRY_POINT = "claimed.engines"
_OURS = {
    "local": "claimed_jlab.run.local.offer:LocalEngine",
    "kubeflow": "claimed_jlab.run.kubeflow.offer:KubeflowEngine",
}


class UnknownEngine(ClaimedError):
    """There is no engine of that name."""

    code = "unknown-engine"


class EngineCant(ClaimedError):
    """An engine was asked for what it can't."""

    code = "engine-cant"


@dataclass(frozen=True)
class Work:
    """What an engine is to run. arguments: those that were given.  jobs: tasks at once; None: as the engine likes."""

    plan: Plan
    checked: Checked
    arguments: Mapping[str, Any] = field(default_factory=dict)
    jobs: int | None = None
    cache: bool = True


class TestedStep(BaseModel):
    """One step of a test of a connection."""

    name: str
    state: Literal["ok", "failed", "skipped"]
    message: str = ""
    hint: str | None = None


class ConnectionTest(BaseModel):
    """What a test of a connection found, up to the first step that failed."""

    ok: bool
    steps: list[TestedStep]


class Credential(BaseModel):
    """Where an engine's credential is. Never the credential. name: of the environment variable or the file."""

    kind: str = "none"
    is_set: bool = False
    kept_in: str | None = None
    name: str | None = None
    storable: bool = False
    why_not: str | None = None


class Engine(ABC):
    """What runs plans. One object serves a process; its methods are called from several threads.

    site: what the site's configuration fixes of the engine's settings (`c.ClaimedApp.engines`).
    remote: its runs live elsewhere, and `refresh` brings their news. Else a process of the engine holds a run's
    `worker.lock` while the run lives, and one that is free before the end is a dead run.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str] = ""
    features: ClassVar[frozenset[Feature]] = FEATURES
    remote: ClassVar[bool] = False
    Settings: ClassVar[type[BaseModel] | None] = None

    def __init__(self, site: Mapping[str, Any] | None = None) -> None:
        self.site = dict(site or {})

    def problem(self) -> str | None:
        """Why it can't run anything now, in one line with what to do; None when it is ready."""
        return None

    def findings(self, checked: Checked) -> list[Diagnostic]:
        """All that is wrong with a document, for this engine: what the validator found, and what it can't."""
        return [*checked.diagnostics, *cant(checked, self.title, self.features)]

    def part(self, work: Work, choose: Callable[[Plan], Plan]) -> Work:
        """The part of a work that `choose` takes of its plan. Raises EngineCant where it can run only all of it."""
        chosen = choose(work.plan)
        if chosen is not work.plan and "parts" not in self.features:
            self._refuse("run a part of a pipeline")
        return replace(work, plan=chosen)

    @abstractmethod
    def submit(self, work: Work) -> Run:
        """Starts a run and returns at once. Raises ClaimedError when it can't be started."""

    @abstractmethod
    def rerun(self, run: Run, *, jobs: int | None = None, cache: bool = False) -> Run:
        """Runs an old run of this engine again, with the code and the parameters that it had, as a new run."""

    def cancel(self, run: Run) -> None:
        """Asks a run to stop."""
        run.request_cancel()

    def retry(self, run: Run) -> None:
        """Runs what failed again, in the same run. Raises EngineCant."""
        self._refuse("try what failed again in the same run")

    def archive(self, run: Run, archived: bool) -> None:
        """Puts a run away, or back."""
        run.archive(archived)

    def refresh(self, run: Run) -> bool:
        """Brings news of a run that lives elsewhere into its event log; whether there was any.

        Never raises for a cluster that is away: the run's `notice` tells of it.
        """
        return False

    def discover(self) -> None:  # noqa: B027 (most engines start nothing by themselves)
        """Makes runs here of those that its schedules have started. Never raises for a cluster that is away."""

    def fetch(self, run: Run, task: str, output: str) -> None:
        """Brings a large output of a run that lives elsewhere to this machine. Raises ClaimedError."""
        self._refuse("fetch an output")

    def standing(self, run: Run, record: RunRecord) -> dict[str, Any]:
        """What the engine knows of a run beside its record: `link`, `notice`, `remote_id`."""
        return {}

    def settings(self) -> dict[str, Any]:
        """The values of its settings, without a credential."""
        return {}

    def fixed(self) -> list[str]:
        """The settings that the site's configuration fixes."""
        return sorted(self.site)

    def credential(self) -> Credential:
        """Where its credential is."""
        return Credential()

    def configure(self, values: Mapping[str, Any], **credential: str | None) -> None:
        """Changes its settings. credential: keeps one; None forgets it. Raises ClaimedError with the field."""
        self._refuse("be configured")

    def test(self, values: Mapping[str, Any] | None = None, credential: str | None = None) -> ConnectionTest:
        """Tries the connection with these settings, or with those that it has."""
        return ConnectionTest(ok=True, steps=[])

    def schedules(self) -> list[Schedule]:
        """What it runs by itself. Raises EngineCant, ClaimedError."""
        self._refuse("run by a schedule")

    def find_schedule(self, schedule: str) -> Schedule:
        """One of its schedules. Raises EngineCant, ClaimedError."""
        self._refuse("run by a schedule")

    def schedule(self, work: Work, timing: Timing) -> Schedule:
        """Runs `work` by a schedule from now on. Raises EngineCant, ClaimedError."""
        self._refuse("run by a schedule")

    def enable_schedule(self, schedule: str, enabled: bool) -> Schedule:
        """Lets a schedule go on, or rest. Raises EngineCant, ClaimedError."""
        self._refuse("run by a schedule")

    def delete_schedule(self, schedule: str) -> None:
        """Ends a schedule for good; its runs stay. Raises EngineCant, ClaimedError."""
        self._refuse("run by a schedule")

    def link(self) -> str | None:
        """The address of its own user interface."""
        return None

    def _refuse(self, words: str) -> NoReturn:
        raise EngineCant(f"{self.title} can't {words}")


def find_engine(name: str, site: Mapping[str, Any] | None = None) -> Engine:
    """The engine of a name. site: by the names of engines.  Raises UnknownEngine."""
    given = (site or {}).get(name)
    if name in _OURS:  # without looking through all that is installed
        return _loaded(metadata.EntryPoint(name, _OURS[name], ENTRY_POINT), given)
    known = {entry.name: entry for entry in metadata.entry_points(group=ENTRY_POINT)}
    if name not in known:
        raise UnknownEngine(f"there is no engine {name!r}", hint=f"there are: {', '.join(engine_names())}")
    return _loaded(known[name], given)


def engine_names() -> list[str]:
    """The names of all engines that are installed, the local one first."""
    found = sorted(entry.name for entry in metadata.entry_points(group=ENTRY_POINT))
    return list(dict.fromkeys([*_OURS, *found]))


def _loaded(entry: metadata.EntryPoint, site: Any) -> Engine:
    try:
        found = entry.load()
    except Exception as error:  # whatever another team's module does when it is imported
        raise UnknownEngine(f"the engine {entry.name!r} can't be loaded: {error}", where=entry.value) from error
    if not (isinstance(found, type) and issubclass(found, Engine)):
        raise UnknownEngine(f"the engine {entry.name!r} is no Engine", where=entry.value)
    engine: Engine = found(site)
    return engine
